from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CollectionDisputeOpen(models.TransientModel):
    """Ask what a customer complains about, and how much of which item."""

    _name = "collection.dispute.open"
    _description = "Open a Dispute"

    move_line_ids = fields.Many2many("account.move.line", string="Items")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", compute="_compute_partner_id"
    )
    reason_id = fields.Many2one(
        "credit.reason", required=True, domain="[('kind', '=', 'dispute')]"
    )
    department_id = fields.Many2one(
        "collection.department",
        required=True,
        compute="_compute_department_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
    )
    customer_reference = fields.Char()
    description = fields.Text("What the Customer Says")
    line_ids = fields.One2many(
        "collection.dispute.open.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("move_line_ids")
    def _compute_partner_id(self):
        for wizard in self:
            partners = wizard.move_line_ids.partner_id.commercial_partner_id
            wizard.partner_id = partners[:1]

    @api.depends("reason_id")
    def _compute_department_id(self):
        for wizard in self:
            department = wizard.reason_id.department_id
            wizard.department_id = department or wizard.department_id

    @api.depends("department_id")
    def _compute_user_id(self):
        for wizard in self:
            wizard.user_id = wizard.department_id._get_lead()

    @api.depends("move_line_ids")
    def _compute_line_ids(self):
        # all items of a customer are there to choose from, not all to be disputed
        is_choice = self.env.context.get("dispute_is_choice")
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "move_line_id": item.id,
                        "amount": 0.0
                        if is_choice
                        else max(
                            item.amount_residual_currency
                            - item.collection_disputed_amount,
                            0.0,
                        ),
                    }
                )
                for item in wizard.move_line_ids
            ]

    def action_open(self):
        """Open the dispute and show it."""
        self.ensure_one()
        lines = self.line_ids.filtered("amount")
        if not lines:
            raise UserError(self.env._("Say how much of which item is disputed."))
        dispute = lines.move_line_id._open_dispute(
            {
                "reason_id": self.reason_id.id,
                "department_id": self.department_id.id,
                "user_id": self.user_id.id,
                "customer_reference": self.customer_reference,
                "description": self.description,
            },
            [line._prepare_line() for line in lines],
        )
        return dispute._get_records_action()


class CollectionDisputeOpenLine(models.TransientModel):
    """How much of one item is disputed."""

    _name = "collection.dispute.open.line"
    _description = "Item of a New Dispute"

    wizard_id = fields.Many2one(
        "collection.dispute.open", required=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        "account.move.line", required=True, ondelete="cascade"
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id", related_sudo=False, string="Invoice"
    )
    date_maturity = fields.Date(
        related="move_line_id.date_maturity", related_sudo=False, string="Due"
    )
    currency_id = fields.Many2one(
        related="move_line_id.currency_id", related_sudo=False
    )
    open_amount = fields.Monetary(
        related="move_line_id.amount_residual_currency",
        related_sudo=False,
        string="Open",
    )
    disputed_amount = fields.Monetary(
        related="move_line_id.collection_disputed_amount",
        related_sudo=False,
        string="Already in Dispute",
    )
    invoice_line_ids = fields.Many2many(
        "account.move.line",
        "collection_dispute_open_line_invoice_line_rel",
        string="About",
        domain="[('move_id', '=', move_id), ('display_type', '=', 'product')]",
        help="Lines of the invoice that the complaint is about. Empty: the whole.",
    )
    amount = fields.Monetary("Disputed")

    @api.onchange("invoice_line_ids")
    def _onchange_invoice_line_ids(self):
        """Propose what the chosen lines come to, as far as it is open."""
        if self.invoice_line_ids:
            total = sum(self.invoice_line_ids.mapped("price_total"))
            left = self.open_amount - self.disputed_amount
            self.amount = max(min(total, left), 0.0)

    def _prepare_line(self):
        return {
            "move_line_id": self.move_line_id.id,
            "amount": self.amount,
            "invoice_line_ids": [Command.set(self.invoice_line_ids.ids)],
        }
