from odoo import fields, models


class ResCompany(models.Model):
    """How limits are changed, set on the root company for all its branches."""

    _inherit = "res.company"

    credit_blank_expiry_blocks = fields.Boolean(
        "Limits Need an End",
        help="For rules about expired limits: a limit without a last day counts as "
        "expired. Otherwise it is good for ever.",
        prefetch="credit",
    )
    credit_limit_manual_edit = fields.Boolean(
        "Edit Limits by Hand",
        help="Credit managers write limits on the page of the customer. Otherwise they "
        "only change with limit changes, which are proposed, approved and posted.",
        prefetch="credit",
    )
    credit_limit_validity_months = fields.Integer(
        "Limits Are Good For",
        default=12,
        help="Months after which a new limit expires unless the change says otherwise. "
        "0: the last day is entered each time.",
        prefetch="credit",
    )
    credit_limit_maximum = fields.Monetary(
        "Highest Limit",
        help="Nobody gets a limit above this amount. 0: no such bound.",
        prefetch="credit",
    )

    _check_credit_limit_change = models.Constraint(
        "CHECK (credit_limit_validity_months BETWEEN 0 AND 120 "
        "AND credit_limit_maximum >= 0)",
        "Limits are good for 0 to 120 months, and the highest limit can't be negative.",
    )

    def _credit_has_rate(self, currency):
        """Tell whether amounts in a currency can be compared with the company's.

        Odoo takes a currency without a rate for worth as much as the company's.
        """
        root = self.sudo().root_id  # rates of the tree, whatever the user may open
        if currency == root.currency_id:
            return True
        rates = self.env["res.currency.rate"].sudo()  # just whether there is one
        return bool(
            rates.search_count(
                [
                    ("currency_id", "=", currency.id),
                    ("company_id", "in", (False, root.id)),
                    ("name", "<=", self._credit_today()),
                ],
                limit=1,
            )
        )
