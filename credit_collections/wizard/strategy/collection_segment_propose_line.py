from odoo import fields, models


class CollectionSegmentProposeLine(models.TransientModel):
    """One proposed segment: its condition, and how much falls in."""

    _name = "collection.segment.propose.line"
    _description = "Proposed Segment"
    _order = "sequence, id"

    propose_id = fields.Many2one(
        "collection.segment.propose", required=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="propose_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="propose_id.currency_id", related_sudo=False)
    name = fields.Char(required=True)
    condition = fields.Text(readonly=True)
    domain = fields.Char(required=True, readonly=True)
    customer_count = fields.Integer("Customers", readonly=True)
    open_amount = fields.Monetary("Open", readonly=True)
    overdue_amount = fields.Monetary("Overdue", readonly=True)
    strategy_id = fields.Many2one(
        "collection.strategy",
        ondelete="cascade",
        domain="[('company_id', 'in', (False, company_id))]",
    )
