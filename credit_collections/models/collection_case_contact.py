from odoo import api, fields, models
from odoo.exceptions import UserError

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
