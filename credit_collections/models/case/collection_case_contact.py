from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

#: Invoicing works on cases, too, but has no right on contacts and promises.
READERS = "account.group_account_readonly,credit_collections.group_collector"


class CollectionCase(models.Model):
    """What the customer said and promised about the items of cases."""

    _inherit = "collection.case"

    interaction_ids = fields.One2many(
        "collection.interaction",
        "case_id",
        string="Contacts",
        readonly=True,
        groups=READERS,
    )
    promise_ids = fields.Many2many(
        "collection.promise",
        string="Promises",
        compute="_compute_promise_ids",
        compute_sudo=False,
        groups=READERS,
        help="Promises about items of the case.",
    )

    @api.depends("move_line_ids.collection_promise_line_ids")
    def _compute_promise_ids(self):
        lines = self.env["collection.promise.line"].search(
            [("move_line_id.case_id", "in", self.ids)]
        )
        by_case = lines.grouped(lambda line: line.move_line_id.case_id)
        for case in self:
            case.promise_ids = by_case.get(case._origin, lines.browse()).promise_id

    # === HISTORY === #

    def _get_history(self):
        entries = super()._get_history()
        if self.env["collection.promise"].has_access("read"):
            entries += self._get_contact_history() + self._get_promise_history()
        return sorted(entries, key=lambda entry: entry["date"])

    def _get_contact_history(self):
        """Return the contacts by hand; those of runs are there as steps already."""
        channels = dict(
            self.env["collection.interaction"]
            ._fields["channel"]
            ._description_selection(self.env)
        )
        return [
            {
                "date": fields.Datetime.context_timestamp(one, one.date).date(),
                "text": ": ".join(
                    filter(None, (channels[one.channel], one.outcome_id.name))
                ),
            }
            for one in self.interaction_ids
            if not one.action_id
        ]

    def _get_promise_history(self):
        return [
            {
                "date": promise.made_on,
                "text": self.env._(
                    "Promised: %(amount)s by %(date)s",
                    amount=format_amount(self.env, promise.amount, promise.currency_id),
                    date=format_date(self.env, promise.date),
                ),
            }
            for promise in self.promise_ids
            if promise.state != "cancelled"
        ]

    # === BUTTONS === #

    def action_log_contact(self):
        """Log a contact about these items."""
        self.ensure_one()
        self._check_open()
        action = self.profile_id.action_log_contact()
        return {**action, "context": {**action["context"], "default_case_id": self.id}}

    def action_promise(self):
        """Take a promise for what is open and not promised yet."""
        self.ensure_one()
        self._check_open()
        items = self.move_line_ids._open_receivables().filtered(
            lambda item: (
                "open"
                not in item.collection_promise_line_ids.promise_id.mapped("state")
            )
        )
        if not items:
            raise UserError(
                self.env._(
                    "Case %s has no open item that is not promised already.", self.name
                )
            )
        return items.action_promise()
