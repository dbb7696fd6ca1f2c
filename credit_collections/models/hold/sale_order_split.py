from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Quotations for what was not released of an order."""

    _inherit = "sale.order"

    def _credit_split_lines(self):
        """Return the lines that can be released on their own."""
        return self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )

    def _credit_check_splittable(self):
        """Refuse orders that can't be released in part."""
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%s is no quotation any more. Only quotations are released in "
                    "part.",
                    self.name,
                )
            )
        if any(line.combo_item_id for line in self.order_line):
            raise UserError(
                self.env._(
                    "%s has a combo, whose parts belong together. Release the whole "
                    "order.",
                    self.name,
                )
            )

    def _credit_check_quantities(self, quantities):
        """Refuse what is no part of an order: nothing, all, more than was ordered."""
        lines = self._credit_split_lines()
        if any(line not in lines for line in quantities):
            raise UserError(
                self.env._("%s has changed meanwhile. Choose again.", self.name)
            )
        if not any(quantities.values()):
            raise UserError(
                self.env._("Choose what to release: all quantities are zero.")
            )
        for line, quantity in quantities.items():
            lowest, highest = sorted((0.0, line.product_uom_qty))
            if not lowest <= quantity <= highest:
                raise UserError(
                    self.env._(
                        "Of %(product)s, %(ordered)s are ordered; %(quantity)s can't "
                        "be released.",
                        product=line.product_id.display_name or line.name,
                        ordered=line.product_uom_qty,
                        quantity=quantity,
                    )
                )
        if all(quantities.get(line, 0.0) == line.product_uom_qty for line in lines):
            raise UserError(
                self.env._("That is the whole order: use “Release” instead.")
            )

    def _credit_split_off(self, quantities):
        """Move what is not released into a new quotation at the same prices.

        :return: the quotation
        """
        kept = {line: quantities.get(line, 0.0) for line in self._credit_split_lines()}
        commands = []
        for line in self.order_line.filtered(lambda line: not line.is_downpayment):
            left = line.product_uom_qty - kept.get(line, 0.0)
            if line.display_type or left:
                values = line.copy_data({"product_uom_qty": left})[0]
                commands.append(fields.Command.create(values))
        rest = self.copy(
            {
                "order_line": commands,
                "origin": self.name,
                "commitment_date": self.commitment_date,
            }
        )
        rest.state = self.state
        for line, quantity in kept.items():
            if quantity and quantity != line.product_uom_qty:
                line.write(
                    {
                        "product_uom_qty": quantity,
                        # the price that was agreed on, not that of a smaller quantity
                        "price_unit": line.price_unit,
                        "discount": line.discount,
                    }
                )
        self.order_line.browse(
            line.id for line, quantity in kept.items() if not quantity
        ).unlink()
        return rest

    def _credit_tell_split(self, rest):
        """Put on record in both orders where the other part is."""
        self.message_post(
            body=self.env._(
                "Released in part. The rest waits in %s.", rest._get_html_link()
            ),
            subtype_xmlid="mail.mt_note",
        )
        rest.message_post(
            body=self.env._(
                "The rest of %s, which was released in part.", self._get_html_link()
            ),
            subtype_xmlid="mail.mt_note",
        )
