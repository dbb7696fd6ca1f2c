from odoo import api, models
from odoo.exceptions import AccessError


class AccountMoveLine(models.Model):
    """What settles an order is an invoice to the same customer."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any("sale_line_ids" in vals for vals in vals_list):
            lines._check_credit_sale_lines()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if "sale_line_ids" in vals:
            self._check_credit_sale_lines()
        return res

    def _check_credit_sale_lines(self):
        """Refuse to bill an order to somebody else; what core makes of an order comes
        as superuser, and credit notes go to who was billed.

        No constraint: those are all checked as superuser.
        """
        if self.env.su:
            return
        # facts of orders, which those who bill may not read
        for item in self.sudo():
            for order in item.sale_line_ids.order_id:
                payer = item.move_id.commercial_partner_id
                here = item.company_id.root_id == order.company_id.root_id
                if not here or payer != order._credit_partner():
                    raise AccessError(
                        self.env._(
                            "%(order)s is to be paid by another customer than this "
                            "entry is of.",
                            order=order.name,
                        )
                    )
