from types import SimpleNamespace

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ...engine.limit import limits
from ...sql.limit.standing import FACTS, READS, lock_standing, read_standing
from ...tools.statements import flush


class CreditProfile(models.Model):
    """What was decided about customers, read at once; what limit that makes today, and
    in words where it comes from."""

    _inherit = "credit.profile"

    limit_origin = fields.Char(
        "Where It Comes From",
        compute="_compute_limit_origin",
        compute_sudo=True,
        help="What the limit that counts today is made of.",
    )

    # === COMPUTE === #

    @api.depends("effective_limit", "is_limited", "group_id", "limit_policy")
    @api.depends_context("lang")
    def _compute_limit_origin(self):
        for company, profiles in self.grouped("company_id").items():
            saved = profiles._origin
            found = saved._find_limits(company) if saved else {}
            for profile in profiles:
                limit = found.get(profile.partner_id.id)
                profile.limit_origin = limit and profile._explain_limit(limit)

    # === STANDING === #

    @api.model
    def _flush_exposure_fields(self):
        super()._flush_exposure_fields()
        flush(self.env, READS)

    @api.model
    def _get_facts(self):
        """Return what a decision knows about a customer: ``{name: Fact}``.

        Override to add a :class:`~..sql.limit.standing.Fact` that a kind of rule looks
        at, in ``standing.more``. It is made once, beside the class, not on every call.
        """
        return dict(FACTS)

    @api.model
    def _read_standing(self, root, partner_ids, lock, pot, skip=frozenset()):
        """Return ``{partner_id: namespace}`` with the facts of :meth:`_get_facts`.

        With ``lock`` a profile is made where there is none.
        """
        select = lock_standing if lock else read_standing
        facts = self._get_facts()
        rows = self.env.execute_query(
            select(pot, partner_ids, tuple(facts.values()), skip)
        )
        found = {}
        for contact_ids, *row in rows:
            standing = SimpleNamespace(**dict(zip(facts, row, strict=True)))
            found.update(dict.fromkeys(contact_ids, standing))
        missing = self.env["res.partner"].browse(set(partner_ids) - set(found))
        if missing and lock:
            self._ensure(root, missing.commercial_partner_id.ids)
            return found | self._read_standing(root, missing.ids, lock, pot, skip)
        unknown = {name: fact.unknown for name, fact in facts.items()}
        for partner in missing:
            customer = partner.commercial_partner_id
            term = customer.with_company(root).property_payment_term_id
            known = {"customer_id": customer.id, "payment_terms": {root.id: term.id}}
            found[partner.id] = SimpleNamespace(**{**unknown, **known})
        return found

    @api.model
    def _get_terms(self, standing):
        """Return the :class:`~..engine.limits.Terms` of a customer's standing."""
        return limits.Terms(
            standing.temporary_limit, standing.collateral, standing.group_limit
        )

    def _find_limits(self, company):
        """Return ``{partner_id: engine.limits.Limit}`` of today."""
        self._flush_exposure_fields()
        pot = company._credit_pot()
        scope = company._credit_scope(company.id)
        standings = self._read_standing(company, self.partner_id.ids, False, pot)
        return {
            partner_id: limits.find_limit(
                standing.policy,
                float(standing.own_limit or 0.0),
                scope.default_policy,
                scope.default_limit,
                self._get_terms(standing),
            )
            for partner_id, standing in standings.items()
        }

    # === WORDS === #

    def _explain_limit(self, limit):
        """Say in one line where a limit comes from."""

        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        if limit.amount is limits.UNLIMITED:
            parts = [self._explain_unlimited(limit)]
        else:
            parts = [self._explain_base(limit, money)]
        if limit.collateral:
            parts.append(self.env._("+ %s collateral", money(limit.collateral)))
        if limit.is_capped:
            parts.append(
                self.env._(
                    "but the group %(group)s may owe %(limit)s",
                    group=self.group_id.name,
                    limit=money(limit.amount),
                )
            )
        return " ".join(parts)

    def _explain_unlimited(self, limit):
        if limit.source == limits.OWN and self.group_id:
            return self.env._("Unlimited, also beyond the limit of the group")
        if limit.source == limits.OWN:
            return self.env._("Unlimited for this customer")
        return self.env._("Unlimited by default of the company")

    def _explain_base(self, limit, money):
        amount = money(limit.base)
        if limit.source == limits.TEMPORARY:
            if not self.temporary_until:  # until the next refresh
                return self.env._("Temporary limit of %s", amount)
            return self.env._(
                "Temporary limit of %(amount)s until %(date)s",
                amount=amount,
                date=format_date(self.env, self.temporary_until),
            )
        if limit.source == limits.GROUP:
            return self.env._(
                "Limit of the group %(group)s: %(amount)s",
                group=self.group_id.name,
                amount=amount,
            )
        if limit.source == limits.COMPANY:
            return self.env._("Default of the company: %s", amount)
        return self.env._("Own limit of %s", amount)
