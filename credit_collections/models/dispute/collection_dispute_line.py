from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import float_round, formatLang

from ...sql.dispute import write_disputed
from ...sql.hub.open_items import is_owed


class CollectionDisputeLine(models.Model):
    """How much of one open item is disputed, and how much of that was accepted.

    What people without rights on the ledger need is kept here, as it was on the day.
    """

    _name = "collection.dispute.line"
    _description = "Disputed Item"
    _order = "id"

    dispute_id = fields.Many2one(
        "collection.dispute",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    # an invoice that is reset to draft may lose its items: the complaint stays
    move_line_id = fields.Many2one(
        "account.move.line", "Item", index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id", string="Invoice Entry", store=True
    )
    invoice_line_ids = fields.Many2many(
        "account.move.line",
        "collection_dispute_line_invoice_line_rel",
        string="About",
        domain="[('move_id', '=', move_id), ('display_type', '=', 'product')]",
        help="Lines of the invoice that the complaint is about. Empty: the whole.",
    )
    subject = fields.Char("Goods", readonly=True, help="What the complaint is about.")
    invoice_name = fields.Char("Invoice", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date("Due", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        related="dispute_id.currency_id", string="Company Currency"
    )
    item_amount = fields.Monetary(
        "Of", readonly=True, help="Open amount of the item when it was disputed."
    )
    rate = fields.Float(
        digits=0,
        readonly=True,
        help="Booked amount in company currency of one unit of the currency.",
    )
    amount = fields.Monetary("Disputed", required=True)
    accepted_amount = fields.Monetary(
        "Accepted", help="What the customer gets as a credit note."
    )
    suspended_amount = fields.Monetary(
        "Not Collected Now", compute="_compute_suspended_amount", store=True
    )
    company_amount = fields.Monetary(
        "Disputed in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_company_amounts",
        store=True,
    )
    company_accepted_amount = fields.Monetary(
        "Accepted in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_company_amounts",
        store=True,
    )
    company_suspended_amount = fields.Monetary(
        "Not Collected in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_company_amounts",
        store=True,
    )

    _check_amount = models.Constraint(
        "CHECK (amount > 0)", "The disputed amount has to be above zero."
    )
    _check_accepted_amount = models.Constraint(
        "CHECK (accepted_amount IS NULL "
        "OR accepted_amount >= 0 AND accepted_amount <= amount)",
        "Not more than the disputed amount can be accepted.",
    )

    # === COMPUTE === #

    @api.depends(
        "amount",
        "accepted_amount",
        "dispute_id.state",
        "dispute_id.credit_note_ids.state",
    )
    def _compute_suspended_amount(self):
        """What is accepted stays suspended until the credit note is posted."""
        for line in self:
            state = line.dispute_id.state
            if state in ("open", "review"):
                line.suspended_amount = line.amount
            elif state == "accepted" and not line._is_credited():
                line.suspended_amount = line.accepted_amount
            else:
                line.suspended_amount = 0.0

    def _is_credited(self):
        notes = self.dispute_id.credit_note_ids.filtered(
            lambda note: note.reversed_entry_id == self.move_id
        )
        return "posted" in notes.mapped("state")

    @api.depends("amount", "accepted_amount", "suspended_amount", "rate")
    def _compute_company_amounts(self):
        for line in self:
            for name in ("amount", "accepted_amount", "suspended_amount"):
                amount = line[name] * line.rate
                rounding = line.company_currency_id.rounding or 0.01
                line[f"company_{name}"] = float_round(
                    amount, precision_rounding=rounding
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # snapshots for people without rights on the ledger; rights on the items were
        # checked by whoever opens the dispute
        items_sudo = self.env["account.move.line"].sudo()
        ids = [vals["move_line_id"] for vals in vals_list]
        items_sudo.browse(ids).fetch(["move_id", "amount_residual_currency"])
        for vals in vals_list:
            vals.update(self._prepare_snapshot(items_sudo.browse(vals["move_line_id"])))
        lines = super().create(vals_list)
        lines._check_open_amounts()
        for line in lines.filtered("invoice_line_ids"):
            names = line.sudo().invoice_line_ids.mapped("name")  # a snapshot
            line.subject = ", ".join(filter(None, names)).replace("\n", " ")
        lines._write_disputed()
        return lines

    @api.model
    def _prepare_snapshot(self, item):
        open_amount = item.amount_residual_currency
        return {
            "invoice_name": item.move_id.name,
            "invoice_date": item.move_id.invoice_date or item.date,
            "date_maturity": item.date_maturity,
            "currency_id": item.currency_id.id,
            "item_amount": open_amount,
            "rate": item.amount_residual / open_amount if open_amount else 1.0,
        }

    def write(self, vals):
        if not self.env.su:
            raise AccessError(
                self.env._("Disputes are decided by their buttons, not by hand.")
            )
        return super().write(vals)

    def _accept(self, amount):
        """Note how much is right, in the currency of the item."""
        self.ensure_one()
        if amount < 0 or self.currency_id.compare_amounts(amount, self.amount) > 0:
            raise ValidationError(
                self.env._(
                    "Of %(invoice)s, %(disputed)s is disputed: accept an amount up to "
                    "that.",
                    invoice=self.invoice_name,
                    disputed=formatLang(
                        self.env, self.amount, currency_obj=self.currency_id
                    ),
                )
            )
        self.accepted_amount = amount

    def _check_open_amounts(self):
        """Refuse to dispute what is not open, or is disputed already."""
        self.env["account.move.line"].flush_model()
        others = {
            item_sudo.id: amount
            for item_sudo, amount in self.sudo()._read_group(  # of all who complain
                [
                    ("move_line_id", "in", self.move_line_id.ids),
                    ("suspended_amount", ">", 0),
                ],
                ["move_line_id"],
                ["suspended_amount:sum"],
            )
        }
        for line_sudo in self.sudo():  # the ledger is no data of who complains
            item_sudo = line_sudo.move_line_id
            self._check_item(item_sudo)
            disputed = others.get(item_sudo.id, 0.0)
            left = item_sudo.amount_residual_currency - (disputed - line_sudo.amount)
            if line_sudo.currency_id.compare_amounts(line_sudo.amount, left) > 0:
                raise ValidationError(
                    self.env._(
                        "Of %(invoice)s, %(open)s is open and not disputed yet: "
                        "%(amount)s can't be disputed.",
                        invoice=line_sudo.invoice_name,
                        open=formatLang(
                            self.env, max(left, 0.0), currency_obj=line_sudo.currency_id
                        ),
                        amount=formatLang(
                            self.env,
                            line_sudo.amount,
                            currency_obj=line_sudo.currency_id,
                        ),
                    )
                )

    @api.model
    def _check_item(self, item):
        if not is_owed(item):
            raise ValidationError(
                self.env._(
                    "Only open items of posted invoices can be disputed, which %s is "
                    "not.",
                    item.move_id.name or item.display_name,
                )
            )

    # === WHAT IS SUSPENDED === #

    def _write_disputed(self):
        """Write into the items what collection runs leave out of them."""
        # whatever the user may see of the ledger: the amounts are the dispute's
        items_sudo = self.sudo().move_line_id
        if not items_sudo:
            return
        self.flush_model(["suspended_amount", "move_line_id"])
        self.env["account.move.line"].flush_model(["collection_disputed_amount"])
        self.env.cr.execute(write_disputed(items_sudo.ids))
        items_sudo.invalidate_recordset(["collection_disputed_amount"], flush=False)
