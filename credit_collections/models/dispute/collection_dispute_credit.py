from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import access


class CollectionDispute(models.Model):
    """Credit notes for what was accepted: made as drafts, posted by a button."""

    _inherit = "collection.dispute"

    credit_note_ids = fields.One2many(
        "account.move", "dispute_id", string="Credit Notes", readonly=True
    )
    credit_note_count = fields.Integer(compute="_compute_credit_note_count")
    has_draft_credit = fields.Boolean(compute="_compute_credit_note_count")

    @api.depends("credit_note_ids.state")
    def _compute_credit_note_count(self):
        for dispute in self:
            # how many there are is told to people without rights on invoices too
            notes_sudo = dispute.sudo().credit_note_ids
            dispute.credit_note_count = len(notes_sudo)
            dispute.has_draft_credit = "draft" in notes_sudo.mapped("state")

    # === BUTTONS === #

    def action_open_credit_notes(self):
        self.ensure_one()
        return self.credit_note_ids._get_records_action(
            name=self.env._("Credit Notes"), context={"create": False}
        )

    def action_post_credit_notes(self):
        """Post the drafts; they are matched with the disputed items."""
        self._check_may_post()
        disputes_sudo = self.sudo()  # a credit manager approved this very credit
        drafts = disputes_sudo.credit_note_ids.filtered(
            lambda note: note.state == "draft"
        )
        for dispute in disputes_sudo - drafts.dispute_id:
            raise UserError(self.env._("%s has no draft credit note.", dispute.name))
        drafts.action_post()
        return True

    def _check_may_post(self):
        self.check_access("read")
        access.require(
            self.env,
            self.env._("Only credit managers and accountants post credit notes."),
            access.MANAGER,
            "account.group_account_invoice",
        )

    # === CREDIT NOTES === #

    def _create_credit_notes(self):
        """Make a draft credit note for each invoice of which something was accepted."""
        self.ensure_one()
        lines = self.line_ids.filtered("accepted_amount")
        for invoice, of_invoice in lines.grouped("move_id").items():
            if invoice.move_type != "out_invoice":
                raise UserError(
                    self.env._(
                        "%s is no invoice that a credit note could be made for. Book "
                        "the correction by hand and withdraw the dispute.",
                        of_invoice[:1].invoice_name,
                    )
                )
            amount = sum(of_invoice.mapped("accepted_amount"))
            is_whole = invoice.currency_id.compare_amounts(amount, invoice.amount_total)
            note = (
                self._credit_part(invoice, amount, of_invoice.invoice_line_ids)
                if is_whole
                else self._reverse(invoice)
            )
            note.dispute_id = self

    def _reverse(self, invoice):
        """Return a draft that takes the whole invoice back, made by core."""
        wizard = self.env["account.move.reversal"].with_company(invoice.company_id)
        wizard = wizard.with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"reason": self._credit_reason(), "journal_id": invoice.journal_id.id})
        wizard.refund_moves()
        return wizard.new_move_ids

    def _credit_part(self, invoice, amount, about):
        """Return a draft credit note of exactly an amount, taxes included.

        The amount is shared out over accounts and taxes as those lines of the invoice
        have it that the complaint is about, by core's way of making down payments.

        :param amount: in the currency of the invoice
        :param about: lines of the invoice, all of them when empty
        """
        products = invoice.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        bases = self._get_base_lines(invoice, about or products)
        taxes = self.env["account.tax"]
        parts = taxes._prepare_down_payment_lines(
            bases,
            invoice.company_id,
            "fixed",
            amount,
            computation_key=f"dispute,{self.id}",
            grouping_function=lambda line: {"account_id": line["account_id"]},
        )
        return self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "company_id": invoice.company_id.id,
                "currency_id": invoice.currency_id.id,
                "journal_id": invoice.journal_id.id,
                "fiscal_position_id": invoice.fiscal_position_id.id,
                "invoice_user_id": invoice.invoice_user_id.id,
                "invoice_date": invoice.company_id._credit_today(),
                "invoice_payment_term_id": False,
                "reversed_entry_id": invoice.id,
                "ref": self.env._(
                    "%(invoice)s: %(reason)s",
                    invoice=invoice.name,
                    reason=self._credit_reason(),
                ),
                "invoice_line_ids": [
                    Command.create(self._prepare_credit_line(part, about))
                    for part in parts
                ],
            }
        )

    @api.model
    def _get_base_lines(self, invoice, products):
        taxes = self.env["account.tax"]
        bases = [
            invoice._prepare_product_base_line_for_taxes_computation(line)
            for line in products
        ]
        taxes._add_tax_details_in_base_lines(bases, invoice.company_id)
        taxes._round_base_lines_tax_details(bases, invoice.company_id)
        return bases

    def _prepare_credit_line(self, part, about):
        """Return the values of a line of a credit note; override to change them."""
        names = ", ".join(filter(None, about.mapped("name")))
        return {
            "name": names or self._credit_reason(),
            "quantity": part["quantity"],
            "price_unit": part["price_unit"],
            "tax_ids": [Command.set(part["tax_ids"].ids)],
            "account_id": part["account_id"].id,
            "analytic_distribution": part["analytic_distribution"],
            "extra_tax_data": self.env["account.tax"]._export_base_line_extra_tax_data(
                part
            ),
        }

    def _credit_reason(self):
        return f"{self.name} {self.reason_id.name}"
