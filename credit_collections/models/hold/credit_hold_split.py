from odoo import fields, models
from odoo.exceptions import UserError

from .credit_hold_notice import RELEASE_ACTIVITY


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
        # who releases need not have rights on sales
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
        order_sudo = self.order_id.sudo()
        order_sudo._credit_check_splittable()
        order_sudo._credit_check_quantities(quantities)
        rest = order_sudo._credit_split_off(quantities)
        request = self._take_back_for_part(rest)
        errors = self._release(reason, note=note)
        if errors:
            raise UserError(self._explain_part(errors[self]))
        self._hold_rest(rest)
        rest.credit_hold_id._go_on_asking(request)
        order_sudo._credit_tell_split(rest)
        return rest

    def _explain_part(self, error):
        """Return why a part is not released, where another level is in the way."""
        if self.approval_state != "pending":
            return error
        return self.env._(
            "This part needs the approval of “%(tier)s” too, so nothing was released. "
            "Release less, or the whole order.",
            tier=self.approval_id.sudo().step_id.name,  # for whom it waits is no secret
        )

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
        # the reasons go on with the rest
        before_sudo = self.sudo().line_ids.filtered(
            lambda line: not (line._is_of_rules() and hold.line_ids)
        )
        hold.write(
            {
                "split_from_id": self.id,
                "is_forced": self.is_forced,
                "hold_reason_id": self.hold_reason_id.id,
                "held_by_id": self.held_by_id.id,
                "asked_by_id": self.asked_by_id.id,
                "asked_date": self.asked_date,
                "asked_note": self.asked_note,
                "missing_amount": 0.0 if self.is_forced else hold.missing_amount,
                "line_ids": [
                    fields.Command.create(
                        line.copy_data({"cleared_date": line._is_of_rules() and now})[0]
                    )
                    for line in before_sudo
                ],
            }
        )

    # === A REQUEST FOR THE WHOLE === #

    def _take_back_for_part(self, rest):
        """Take back what was asked for of the whole order: the part is judged by its
        own amount.

        :param rest: quotation of what is not released
        :return: the request that goes on for the rest; none where who releases the
            part is who was asked, and has decided so
        """
        self.ensure_one()
        request_sudo = self.approval_id.sudo()  # of whoever asked
        if request_sudo.state != "pending":
            return request_sudo.browse()
        is_decided = self.env.user in request_sudo.decider_ids
        request_sudo._cancel(
            self.env._(
                "Released in part by %(user)s. The rest waits in %(rest)s.",
                user=self.env.user.name,
                rest=rest.name,
            )
        )
        request_sudo._tell_recalled()
        return request_sudo.browse() if is_decided else request_sudo

    def _go_on_asking(self, request):
        """Ask for the release of the rest as it was asked for of the whole.

        Where nobody could approve it, the rest is held like any other order.
        """
        if not request:
            return
        try:
            with self.env.cr.savepoint():
                self._request_approvals(
                    request.request_note, request.options, request.requested_by_id
                )
        except UserError as error:
            self.message_post(body=str(error), subtype_xmlid="mail.mt_note")
            return
        # it is the approval's turn, as in _ask_for_release
        self.sudo().activity_unlink([RELEASE_ACTIVITY])
