from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.run import guard
from ...sql.run.collection_plan import (
    FACTS,
    READS,
    contact_facts,
    waiting_profiles,
)
from ...tools import access
from ...tools.statements import flush


class CreditProfile(models.Model):
    """Contacts by hand: may one contact the customer, and what was said before."""

    _inherit = "credit.profile"

    interaction_ids = fields.One2many(
        "collection.interaction", "profile_id", groups=access.OFFICE
    )
    interaction_count = fields.Integer("Contacts", compute="_compute_interaction_count")

    def _compute_interaction_count(self):
        # the number is no secret of those who may see the profile
        interactions_sudo = self.env["collection.interaction"].sudo()
        counts = dict(
            interactions_sudo._read_group(
                [("profile_id", "in", self.ids)], ["profile_id"], ["__count"]
            )
        )
        for profile in self:
            profile.interaction_count = counts.get(profile, 0)

    # === ACTIONS === #

    def action_log_contact(self):
        """Log a contact; one that a run scheduled is closed by it."""
        self.ensure_one()
        self.env["collection.interaction"].check_access("create")
        call = self._get_open_calls()[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Contact"),
            "res_model": "collection.interaction",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref(
                        "credit_collections.collection_interaction_view_form_log"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
            "context": {
                "default_profile_id": self.id,
                "default_action_id": call.id,
                "default_partner_id": (call.partner_id or self._get_contact("call")).id,
            },
        }

    def action_open_interactions(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_interaction_action"
        )
        return {
            **action,
            "domain": [("profile_id", "=", self.id)],
            "context": {"default_profile_id": self.id},
        }

    # === GUARD === #

    def _guard_reason(self, channel):
        """Return the reason not to contact the customer now, ``None`` when one may."""
        self.ensure_one()
        return self._guard_reasons(channel)[self.id]

    def _guard_reasons(self, channel, expected=()):
        """Return ``{profile_id: first reason or None}``, see
        :meth:`_get_guard_reasons`."""
        found = self._get_guard_reasons(channel, expected)
        return {
            profile_id: next(iter(reasons), None)
            for profile_id, reasons in found.items()
        }

    def _get_guard_reasons(self, channel, expected=(), facts=None):
        """Return ``{profile_id: all reasons against a contact over a channel today}``.

        The same facts and the same gate as those of runs, about what is overdue.

        :param expected: ids of customers who expect the contact, because it was agreed
            or scheduled: quiet days do not speak against it
        :param facts: those of :meth:`_get_contact_facts`, where they are known
        """
        facts = facts or self._get_contact_facts()
        behind = self._get_companies_behind()
        return {
            profile.id: guard.reasons(
                profile._prepare_contact(
                    facts[profile.id],
                    channel,
                    is_expected=profile.id in expected,
                    is_bank_current=profile.company_id not in behind,
                ),
                profile.company_id._credit_today(),
            )
            for profile in self
        }

    def _get_companies_behind(self):
        """Return the companies whose bank statements are behind, as runs see it."""
        runs = self.env["collection.run"]
        runs = runs.union(
            *(
                runs.new({"company_id": company.id, "date": company._credit_today()})
                for company in self.company_id
            )
        )
        gaps = runs._get_bank_gaps()
        return {run.company_id._origin for run in runs if gaps.get(run)}

    def _prepare_contact(self, facts, channel, is_expected, is_bank_current):
        need = self._get_need(channel)
        # the call that was planned is what waits
        is_planned = is_expected and self._is_spoken(channel)
        return guard.Contact(
            items=facts["overdue_items"],
            amount=float(facts["overdue_amount"]),
            credit=float(facts["overdue_credit"]),
            excluded=facts["excluded"],
            promised=facts["promised"],
            disputed=facts["disputed"],
            is_legal=bool(facts["is_legal"]),
            not_before=facts["not_before"],
            # who owes nothing is not below it
            minimum=self.strategy_id.minimum_amount if self._owes(facts) else 0.0,
            is_waiting=bool(facts["is_waiting"]) and not is_planned,
            last_contact=None if is_expected else facts["last_contact"],
            quiet_days=self.strategy_id.quiet_days,
            is_bank_current=is_bank_current,
            has_address=bool(facts[need]) if need else True,
            is_archived=not self.partner_id.active,
        )

    @api.model
    def _owes(self, facts):
        """Tell whether something is overdue, though it may be left alone."""
        names = ("overdue_items", "excluded", "promised", "disputed")
        return any(facts[name] for name in names)

    def _get_stops(self):
        """Return the reasons that stop people as well."""
        contact = guard.Contact(
            items=1,
            amount=1.0,
            is_legal=self.is_legal,
            not_before=self.do_not_contact_until,
        )
        return guard.reasons(contact, self.company_id._credit_today())

    @api.model
    def _is_spoken(self, channel):
        channels = self.env["collection.interaction"]._get_channels()
        return channel in channels and channels[channel].is_spoken

    @api.model
    def _get_need(self, channel):
        """Return whom a channel needs, nobody for contacts of the log alone."""
        channels = self.env["collection.interaction"]._get_channels()
        return channels[channel].need if channel in channels else None

    def _get_contact_facts(self):
        """Return ``{profile_id: facts}``, one statement per company."""
        flush(self.env, READS)
        facts = {}
        for company, profiles in self.grouped("company_id").items():
            statement = contact_facts(company._credit_pot(), profiles.ids)
            for row in self.env.execute_query(statement):
                values = dict(zip(FACTS, row, strict=True))
                facts[values["profile_id"]] = values
        others = self.filtered(lambda profile: profile.id not in facts)
        addresses = others._get_contacts()
        waiting = others._get_waiting_ids()
        for profile in others:  # with nothing overdue
            facts[profile.id] = {
                **dict.fromkeys(FACTS, 0),
                "is_legal": profile.is_legal,
                "not_before": profile.do_not_contact_until,
                "last_contact": profile.last_contact_date,
                "is_waiting": profile.id in waiting,
                **addresses[profile.id],
            }
        return facts

    def _get_waiting_ids(self):
        """Return the ids of those to whom something is on its way."""
        if not self:
            return set()
        rows = self.env.execute_query(waiting_profiles(self.ids))
        return {row[0] for row in rows}

    def _get_contact(self, channel):
        """Return who is written to or called over a channel."""
        self.ensure_one()
        return self._get_contacts_of(channel)[self]

    def _get_contacts_of(self, channel):
        """Return ``{profile: who is written to or called}``, one statement."""
        need = self._get_need(channel) or "contact_id"
        partners = self.env["res.partner"]
        found = self._get_contacts()
        return {
            profile: partners.browse(
                found[profile.id][need]
                or found[profile.id]["contact_id"]
                or profile.partner_id.id
            )
            for profile in self
        }

    def _get_expecting(self):
        """Return those who expect a call: it was agreed, or a run planned it."""
        agreed = self.env["collection.interaction"].search(
            Domain("profile_id", "in", self.ids)
            & Domain("activity_id", "!=", False)
            & self.env["res.company"]._credit_day_domain("next_date", "<=")
        )
        return agreed.profile_id | self._get_open_calls().profile_id

    def _get_open_calls(self):
        """Return the calls that runs scheduled and nobody made yet."""
        return self.env["collection.action"].search(
            [
                ("profile_id", "in", self.ids),
                ("channel", "=", "call"),
                ("state", "=", "queued"),
            ],
            order="id desc",
        )

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        """What was said to these customers, and what forbids to contact them."""
        super()._merge_into(kept)
        together = self + kept
        until = max(filter(None, together.mapped("do_not_contact_until")), default=None)
        kept.write(
            {
                "do_not_contact_until": until,
                "is_legal": any(together.mapped("is_legal")),
            }
        )
        # the day of the last contact follows from the log
        self.interaction_ids.profile_id = kept
