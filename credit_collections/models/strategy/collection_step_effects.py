from odoo import fields, models


class CollectionStep(models.Model):
    """What a step brings with it, besides the contact."""

    _inherit = "collection.step"

    grouping = fields.Selection(
        [
            ("customer", "One for all items"),
            ("document", "One per document"),
        ],
        string="E-mails",
        required=True,
        default="customer",
        help="One e-mail that lists all items, or one per invoice: one contact with "
        "the customer either way.",
    )
    attach_invoices = fields.Boolean(
        help="The e-mail carries the invoices as PDF. They are made after the run, "
        "before the e-mail leaves."
    )
    attach_statement = fields.Boolean(
        help="The e-mail carries the statement of all open items as PDF."
    )
    has_portal_link = fields.Boolean(
        "Link to Pay",
        help="Documents in the text lead to their page in the portal, without a login.",
    )
    fee_amount = fields.Float(
        "Fee",
        help="Reminder fee that the text names, in the currency of the company. It is "
        "not booked.",
    )
    interest_rate = fields.Float(
        "Interest (% p.a.)",
        help="Late interest per year that the text names: on the open amount, for the "
        "days since the due date, 365 days a year. It is not booked.",
    )
    puts_on_hold = fields.Boolean(
        "Hold Orders",
        help="When the step has been done, new orders of the customer are held until "
        "somebody lifts it.",
    )
    escalate_to = fields.Selection(
        [
            ("manager", "Credit manager"),
            ("salesperson", "Salesperson"),
            ("user", "A certain person"),
        ],
        help="Who gets a task to look into it, besides the contact with the customer.",
    )
    escalate_user_id = fields.Many2one(
        "res.users", string="Person", domain="[('share', '=', False)]"
    )

    _check_charges = models.Constraint(
        "CHECK (fee_amount >= 0 AND interest_rate >= 0)",
        "Fees and interest rates of steps can't be negative.",
    )
    _check_escalation = models.Constraint(
        "CHECK (escalate_to IS DISTINCT FROM 'user' OR escalate_user_id IS NOT NULL)",
        "Say who the step escalates to.",
    )
