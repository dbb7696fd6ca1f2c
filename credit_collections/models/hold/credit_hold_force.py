from markupsafe import Markup

from odoo import api, fields, models

from ...tools.access import CONTROLLER, require


class CreditHold(models.Model):
    """Orders that people put on hold by hand, whatever the rules say."""

    _inherit = "credit.hold"

    is_forced = fields.Boolean(
        "Held by Hand",
        readonly=True,
        help="A credit controller put this very order on hold. Only a person releases "
        "it.",
    )
    hold_reason_id = fields.Many2one(
        "credit.reason", "Held by Hand For", readonly=True, ondelete="restrict"
    )
    held_by_id = fields.Many2one("res.users", readonly=True)

    # === FORCE === #

    @api.model
    def _check_may_force(self):
        require(
            self.env,
            self.env._("Only credit controllers and managers put orders on hold."),
            CONTROLLER,
        )

    @api.model
    def _force(self, orders, reason, *, note="", review_date=False):
        """Put orders on hold by hand.

        What the rules say against an order is put on record too. An order that is held
        already gets the new reason on top.

        :param orders: quotations or confirmed orders
        :param reason: ``credit.reason`` of kind hold
        :param review_date: until then it does not show as ready to be released
        :return: the holds
        """
        self._check_may_force()
        self._check_reason(reason, "hold")
        orders._credit_check_forcible()
        # whoever may put on hold writes holds, which nobody may by hand
        orders_sudo = orders.sudo()
        orders_sudo._credit_record_holds(orders_sudo._credit_findings())
        holds = orders_sudo._credit_get_hold()
        holds.write(
            {
                "is_forced": True,
                "hold_reason_id": reason.id,
                "held_by_id": self.env.uid,
                "review_date": review_date,
                "missing_amount": 0.0,  # no money takes away what a person decided
                "line_ids": [
                    fields.Command.create(holds.line_ids._prepare_forced(reason, note))
                ],
            }
        )
        holds._tell_forced(note)
        return holds.with_env(self.env)

    def _tell_forced(self, note):
        """Put on record in the orders who held them by hand, and why."""
        for hold in self:
            hold.order_id.message_post(
                body=Markup("<p>%s</p>")
                % self.env._(
                    "Put on credit hold by %(user)s: %(reason)s. %(note)s",
                    user=hold.held_by_id.name,
                    reason=hold.hold_reason_id.name,
                    note=note,
                ),
                partner_ids=hold.salesperson_id.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    # === WHAT FOLLOWS === #

    def _stays_held(self):
        """Tell whether only a release lets the order go on: neither a rejection nor a
        cancellation ends what a person decided."""
        return self.is_forced and self.state != "released"

    def _go_on_by_hand(self, before):
        """Hold for what a person held the order for before, and nobody released."""
        reason = before.line_ids.filtered(lambda line: not line._is_of_rules())[-1:]
        self.write(
            {
                "is_forced": True,
                "hold_reason_id": before.hold_reason_id.id,
                "held_by_id": before.held_by_id.id,
                "missing_amount": 0.0,
                "line_ids": [
                    fields.Command.create(vals)
                    for vals in reason.copy_data({"cleared_date": False})
                ],
            }
        )

    def _may_release_itself(self):
        return not self.is_forced and super()._may_release_itself()

    def _update_reasons(self, verdict):
        """The reason given by hand stands while the rules have one too, and up to the
        day of review; after that the hold shows as ready, and waits."""
        res = super()._update_reasons(verdict)
        # reasons are written by decisions only
        forced_sudo = self.sudo().line_ids.filtered(
            lambda line: not line._is_of_rules()
        )
        if forced_sudo:
            today = self.company_id._credit_today()
            stands = verdict.findings or (self.review_date and self.review_date > today)
            if stands:
                forced_sudo.cleared_date = False
            else:
                forced_sudo.filtered(
                    lambda line: not line.cleared_date
                ).cleared_date = fields.Datetime.now()
        return res
