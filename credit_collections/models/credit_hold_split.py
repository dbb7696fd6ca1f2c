from odoo import fields, models
from odoo.exceptions import UserError


class CreditHold(models.Model):
    """Release of a part of an order; the rest goes on waiting as a quotation."""

    _inherit = "credit.hold"

    split_from_id = fields.Many2one(
        "credit.hold",
        "Rest Of",
        readonly=True,
        index="btree_not_null",
        help="The hold of the order that was released in part.",
    )
    split_ids = fields.One2many("credit.hold", "split_from_id", "Rests", readonly=True)

    def action_release_part(self):
        """Ask what of the order is released now."""
        self.ensure_one()
        self.order_id.sudo()._credit_check_splittable()
        return self._open_wizard("credit.hold.split", self.env._("Release a Part"))

    def _release_part(self, quantities, reason, *, note=""):
        """Release a part of an order, and hold the rest as a quotation of its own.

        :param quantities: ``{order line: quantity}`` to release now; lines that are not
            in it wait with the rest
        :param reason: ``credit.reason`` of kind release
        :return: the quotation of the rest
        """
        self.ensure_one()
        self._check_may_decide()
        self._claim()
        # whoever may release writes the order for it, also without rights on sales
        order = self.order_id.sudo()
        order._credit_check_splittable()
        order._credit_check_quantities(quantities)
        rest = order._credit_split_off(quantities)
        errors = self._release(reason, note=note)
        if errors:
            raise UserError(errors[self])
        self._hold_rest(rest)
        order._credit_tell_split(rest)
        return rest

    def _hold_rest(self, rest):
        """Hold what was not released; a reason by hand goes on with it.

        Where no rule has anything against the rest, it keeps the reasons of before as
        cleared, and shows as ready to be released.
        """
        # holds are written by decisions alone
        rest = rest.sudo()
        rest._credit_record_holds(rest._credit_findings())
        hold = rest.credit_hold_id
        now = fields.Datetime.now()
        before = self.sudo().line_ids.filtered(
            lambda line: not (line._is_of_rules() and hold.line_ids)
        )
        hold.write(
            {
                "split_from_id": self.id,
                "is_forced": self.is_forced,
                "hold_reason_id": self.hold_reason_id.id,
                "held_by_id": self.held_by_id.id,
                "missing_amount": 0.0 if self.is_forced else hold.missing_amount,
                "line_ids": [
                    fields.Command.create(
                        line.copy_data({"cleared_date": line._is_of_rules() and now})[0]
                    )
                    for line in before
                ],
            }
        )
