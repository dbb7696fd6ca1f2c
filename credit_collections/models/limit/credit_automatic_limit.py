from odoo import api, fields, models

from ...engine.limit import automatic_limits


class CreditAutomaticLimit(models.Model):
    """Which limit customers of a risk class are due, by what is known about them."""

    _name = "credit.automatic.limit"
    _description = "Automatic Limit"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="The first that is for a customer decides."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: it counts in all companies."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Of all amounts here; converted on the day of the proposal.",
    )
    class_ids = fields.Many2many(
        "credit.risk.class",
        "credit_automatic_limit_class_rel",
        string="Risk Classes",
        help="Empty: all customers who have a class.",
    )
    max_revenue = fields.Monetary(
        "Maximum Turnover",
        help="Customers with a larger turnover in twelve months are left to a person. "
        "0: no maximum.",
    )
    has_base = fields.Boolean(
        "Limit Otherwise", help="Customers whom no line fits get a limit too."
    )
    base_limit = fields.Monetary(help="The limit of customers whom no line fits.")
    line_ids = fields.One2many(
        "credit.automatic.limit.line", "automatic_id", string="Limits", copy=True
    )

    _check_amounts = models.Constraint(
        "CHECK (base_limit >= 0 AND max_revenue >= 0)", "Amounts can't be negative."
    )

    @api.model
    def _get_limits(self, company, day):
        """Return what counts in a company, in its currency, for
        ``engine.automatic_limits``."""
        # proposals do not depend on who asks for them
        found = self.sudo().search([("company_id", "in", (False, company.id))])
        return tuple(one._as_engine(company, day) for one in found)

    def _as_engine(self, company, day):
        def worth(amount):
            return self.currency_id._convert(amount, company.currency_id, company, day)

        return automatic_limits.AutomaticLimit(
            class_ids=frozenset(self.class_ids.ids),
            max_revenue=worth(self.max_revenue) or None,
            base=worth(self.base_limit) if self.has_base else None,
            criteria=tuple(line._as_engine(worth) for line in self.line_ids),
        )
