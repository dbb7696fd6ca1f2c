from odoo import fields, models

from ...sql.hold.release_outcome import release_outcome
from ...sql.hub import undone
from ...sql.hub.matching import READS


class CreditReleaseOutcome(models.Model):
    """Released orders and what became of their invoices: who let pass what went bad."""

    _name = "credit.release.outcome"
    _description = "Outcome of Released Orders"
    _auto = False
    _rec_name = "order_id"
    _order = "released_date desc, id desc"
    _depends = {
        **READS,
        "account.move": [*READS["account.move"], "state"],
        "account.move.line": [
            *READS["account.move.line"],
            *undone.READS["account.move.line"],
        ],
        "account.partial.reconcile": [*READS["account.partial.reconcile"], "max_date"],
        "collection.dispute": ["state"],
        "collection.dispute.line": ["company_amount", "move_line_id"],
        "credit.hold": [
            "amount_over",
            "order_id",
            "release_reason_id",
            "released_amount",
            "released_by_id",
            "released_date",
            "state",
        ],
        "res.company": [*READS["res.company"], "credit_gone_bad_days"],
        "sale.order.line": ["invoice_lines", "order_id"],
    }

    hold_id = fields.Many2one("credit.hold", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    profile_id = fields.Many2one("credit.profile", "Credit Profile", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    released_by_id = fields.Many2one("res.users", readonly=True)
    release_reason_id = fields.Many2one("credit.reason", readonly=True)
    released_date = fields.Datetime("Released On", readonly=True)
    released_amount = fields.Monetary(readonly=True)
    amount_over = fields.Monetary("Over Limit", readonly=True)
    invoice_count = fields.Integer("Invoices", readonly=True)
    invoiced_amount = fields.Monetary("Invoiced", readonly=True)
    open_amount = fields.Monetary(
        "Overdue Today", readonly=True, help="What is still open and past due."
    )
    late_days = fields.Integer(
        "Days Late",
        readonly=True,
        aggregator="max",
        help="How late the latest item was paid, or is today.",
    )
    late_amount = fields.Monetary(
        "Paid or Open Too Late",
        readonly=True,
        help="Items that were or are past due for longer than the credit policy allows "
        "before a released order counts as gone bad.",
    )
    written_off_amount = fields.Monetary("Written Off", readonly=True)
    disputed_amount = fields.Monetary("Disputed", readonly=True)
    outcome = fields.Selection(
        [
            ("written_off", "Written off"),
            ("disputed", "Disputed"),
            ("late", "Too late"),
            ("paid", "Paid"),
            ("open", "Still open"),
        ],
        readonly=True,
        help="The worst that happened: written off, disputed, or past due for longer "
        "than the credit policy allows.",
    )

    @property
    def _table_query(self):
        return release_outcome(
            self.env["res.company"]._credit_day_sql,
            self.env["account.account"]._credit_roles(),
        )

    # === DRILL-DOWN === #

    def action_open_hold(self):
        """Open the release with its reasons and numbers."""
        self.ensure_one()
        return self.hold_id._get_records_action()

    def action_open_invoices(self):
        """Open the invoices of the order that was released."""
        self.ensure_one()
        # name and invoices of an order; they open with the rights of the user
        order_sudo = self.order_id.sudo()
        invoices = order_sudo.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return {
            **action,
            "name": self.env._("Invoices of %s", order_sudo.name),
            "domain": [("id", "in", invoices.ids)],
            "context": {"create": False},
        }
