from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.promise.promises import OPEN
from ...sql.promise import write_promise_record
from ...tools import access


class CreditProfile(models.Model):
    """The promises of the customer, and how well they are kept."""

    _inherit = "credit.profile"

    promise_ids = fields.One2many(
        "collection.promise", "profile_id", string="Promises", groups=access.OFFICE
    )
    open_promise_count = fields.Integer(
        "Open Promises", compute="_compute_open_promises"
    )
    promised_until = fields.Date(
        compute="_compute_open_promises",
        help="Collection runs leave the promised items alone up to this day.",
    )
    # written set-wise whenever a promise changes
    broken_promise_count = fields.Integer(
        "Broken Promises", readonly=True, figure=True, groups=access.OFFICE
    )
    kept_promise_rate = fields.Float(
        "Promises Kept",
        readonly=True,
        aggregator="avg",
        help="Kept promises as a share of those whose last day is over.",
        figure=True,
        groups=access.OFFICE,
    )
    kept_promise_value_rate = fields.Float(
        "Promised Amounts Paid in Time",
        readonly=True,
        aggregator="avg",
        help="What was paid in time as a share of what was promised.",
        figure=True,
        groups=access.OFFICE,
    )

    def _compute_open_promises(self):
        # the number is no secret of those who may see the profile
        promises_sudo = self.env["collection.promise"].sudo()
        domain = Domain("profile_id", "in", self.ids) & Domain("state", "=", "open")
        counts = dict(promises_sudo._read_group(domain, ["profile_id"], ["__count"]))
        domain &= Domain("line_ids.suspended_until", "!=", False)
        until = dict(
            promises_sudo._read_group(domain, ["profile_id"], ["grace_until:max"])
        )
        for profile in self:
            profile.open_promise_count = counts.get(profile, 0)
            profile.promised_until = until.get(profile, False)

    # === ACTIONS === #

    def action_promise(self):
        """Take a promise for all overdue items, or for what is open if none is."""
        self.ensure_one()
        self.env["collection.promise"].check_access("create")
        items = self._get_items_to_promise()
        if not items:
            raise UserError(
                self.env._(
                    "%s has no open item that is not promised already.",
                    self.partner_id.name,
                )
            )
        return items.action_promise()

    def action_open_promises(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_promise_action"
        )
        return {
            **action,
            "domain": [("profile_id", "=", self.id)],
            "context": {"default_profile_id": self.id},
        }

    def _get_items_to_promise(self):
        """Return the overdue items without an open promise, else the open ones."""
        items = self._get_open_items(
            Domain(
                "collection_promise_line_ids",
                "not any",
                [("promise_id.state", "=", "open")],
            )
        )
        today = self.company_id[:1]._credit_today()
        overdue = items.filtered(lambda item: (item.date_maturity or today) < today)
        return overdue or items

    # === WHAT FOLLOWS === #

    def _on_promises_changed(self):
        """Bring what depends on promises up to date, set-wise."""
        self.env.cr.execute(write_promise_record(self.ids))
        self.invalidate_recordset(
            ["broken_promise_count", "kept_promise_rate", "kept_promise_value_rate"],
            flush=False,
        )
        for company, profiles in self.grouped("company_id").items():
            profiles._write_next_steps(company)

    def _judge_promises(self, root):
        """Judge, by night, what is open, and what is kept by money that waits to be
        matched."""
        waits = Domain("state", "=", OPEN) | Domain("unapplied_amount", ">", 0)
        promises_sudo = self.env["collection.promise"].sudo()  # for everybody
        promises_sudo.search(Domain("profile_id", "in", self.ids) & waits)._evaluate()

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        super()._merge_into(kept)
        promises = self.env["collection.promise"]
        promises.search([("profile_id", "in", self.ids)]).profile_id = kept
