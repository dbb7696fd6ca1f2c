import io

import qrcode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...engine.hold.change import Weight, is_within
from ...engine.hold.release import PAID_BACK
from ...engine.pay.payment_needed import payment_needed
from ...tools.batches import in_turn


class CreditHold(models.Model):
    """Payment that releases a held order by itself."""

    _inherit = "credit.hold"

    pay_amount = fields.Monetary(
        "Payment Asked For",
        currency_field="pay_currency_id",
        readonly=True,
        help="The customer got a link for it. When it is paid, the order goes on.",
    )
    pay_currency_id = fields.Many2one("res.currency", readonly=True)
    pay_settles_overdue = fields.Boolean(
        "For Overdue Invoices",
        readonly=True,
        help="The payment is for invoices that are past due, not for the order.",
    )
    pay_asked_as = fields.Json(
        readonly=True, help="What the order was when the payment was asked for."
    )
    pay_asked_status = fields.Char(
        readonly=True,
        help="What the status of the customer stopped when the payment was asked for.",
    )
    pay_has_changed = fields.Boolean(
        readonly=True, help="The order changed since the payment was first asked for."
    )
    pay_asked_by_id = fields.Many2one("res.users", "Payment Asked By", readonly=True)
    pay_asked_date = fields.Datetime("Payment Asked On", readonly=True)
    pay_begun_date = fields.Datetime(
        "Payment Begun On",
        readonly=True,
        help="When the customer last went on to pay: of two who do so at once, one is "
        "looked at again.",
    )
    pay_transaction_ids = fields.One2many("payment.transaction", "credit_hold_id")
    pay_received_amount = fields.Monetary(
        "Paid of It",
        compute="_compute_pay_received_amount",
        currency_field="pay_currency_id",
    )

    @api.depends(
        "pay_transaction_ids.state",
        "pay_transaction_ids.amount",
        "pay_transaction_ids.payment_id.state",
        "pay_transaction_ids.child_transaction_ids.state",
    )
    def _compute_pay_received_amount(self):
        for hold in self:
            # payments are a fact of the hold, also for those who see no transactions
            transactions_sudo = hold.sudo().pay_transaction_ids
            hold.pay_received_amount = sum(
                transaction._credit_paid() for transaction in transactions_sudo
            )

    # === ASK === #

    def action_pay_link(self):
        """Show the link by which the customer pays what is needed."""
        self.ensure_one()
        self.check_access("read")
        self._ask_for_payment()
        wizard = self.env["credit.hold.pay"].create({"hold_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay to Release"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _ask_for_payment(self):
        """Work out what has to be paid today, and keep it as what was asked for."""
        if self.state != "held":
            raise UserError(
                self.env._(
                    "%s is no longer held; no payment is needed.",
                    self.order_id.sudo().name,  # what it is called
                )
            )
        needed = self._get_payment_needed()
        # facts of the order, for who may see the hold
        order_sudo = self.order_id.sudo()
        company = order_sudo.company_id
        amount, currency = needed.amount, company.currency_id
        if not needed.settles_overdue and order_sudo.currency_id != currency:
            amount = currency._convert(
                amount,
                order_sudo.currency_id,
                company,
                company._credit_today(),
            )
            currency = order_sudo.currency_id
        # who asks for a payment may not write the record otherwise
        self.sudo().write(
            {
                "pay_amount": currency.round(amount + self._paid_in(currency)),
                "pay_currency_id": currency.id,
                "pay_settles_overdue": needed.settles_overdue,
                "pay_has_changed": bool(self.pay_asked_as) and self._has_outgrown(),
                "pay_asked_as": order_sudo._credit_weight().to_json(),
                "pay_asked_status": self.profile_id.sudo().credit_status,
                "pay_asked_by_id": self.env.uid,
                "pay_asked_date": fields.Datetime.now(),
            }
        )

    def _paid_in(self, currency):
        """Return what was paid by an earlier link: it is in the figures already."""
        return self.pay_received_amount if self.pay_currency_id == currency else 0.0

    def _get_payment_needed(self):
        """Return the payment that is needed today; tell why where none helps."""
        # facts of the customer, for who sees the hold
        order_sudo = self.order_id.sudo()
        verdict = order_sudo._credit_verdicts()[order_sudo]
        reasons = [(finding.kind, finding.missing) for finding in verdict.findings]
        reasons += [
            (line.kind, 0.0)
            for line in self.line_ids
            if not line._is_of_rules()
            and not (line.kind == PAID_BACK and verdict.findings)
        ]
        if not reasons:
            raise UserError(
                self.env._(
                    "No reason is left to hold %s; evaluate it again.", order_sudo.name
                )
            )
        kinds = self.env["credit.rule"]._get_kinds()
        needed = payment_needed(
            reasons,
            order_sudo._credit_to_pay(),
            {name: kind.engine for name, kind in kinds.items()},
        )
        if not needed:
            raise UserError(
                self.env._(
                    "%s is held for a reason that no payment takes away.",
                    order_sudo.name,
                )
            )
        return needed

    def _awaits_payment(self):
        """Tell whether the customer was asked for a payment that is still needed."""
        return self.state == "held" and self._get_amount_to_pay() > 0

    def _can_be_paid(self):
        """Tell whether a payment is taken now: none is on its way, and it would be for
        the order as it is."""
        return (
            self._awaits_payment()
            and not self._is_payment_pending()
            and not self._has_outgrown()
        )

    def _begin_payment(self):
        """Let no second payment begin at the same time.

        The row is written, not only locked: who read it before, and comes here after
        this is committed, is sent back to begin anew, and reads of the payment.

        :raise LockError: somebody else begins to pay at this moment
        """
        self.lock_for_update()
        self.pay_begun_date = fields.Datetime.now()
        self.invalidate_recordset(["pay_transaction_ids"])

    def _is_payment_pending(self):
        """Tell whether the customer paid, and the money is on its way."""
        states = self.sudo().pay_transaction_ids.mapped("state")  # a fact of the hold
        return not {"pending", "authorized"}.isdisjoint(states)

    def _has_outgrown(self):
        """Tell whether the order is more than what the payment was asked for, beyond
        the tolerance of the company."""
        # facts of the order, for who sees the hold
        order_sudo = self.order_id.sudo()
        share = self._get_tolerance(None)
        if not self.pay_asked_as:
            currency = self.currency_id
            most = self.amount * (1 + share)
            return currency.compare_amounts(order_sudo._credit_total(), most) > 0
        asked = Weight.from_json(self.pay_asked_as)
        return not is_within(asked.grown_by(share), order_sudo._credit_weight())

    def _get_amount_to_pay(self):
        """Return what is left of the payment that was asked for."""
        currency = self.pay_currency_id
        left = self.pay_amount - self.pay_received_amount
        return currency.round(left) if currency else 0.0

    def _can_pay_online(self):
        """Tell whether the company has any way to pay online."""
        # that there is one is no secret; how it is set up stays one
        providers_sudo = self.env["payment.provider"].sudo()
        return bool(
            providers_sudo.search_count(
                [
                    ("state", "in", ("enabled", "test")),
                    ("company_id", "parent_of", self.company_id.id),
                ],
                limit=1,
            )
        )

    def _get_pay_url(self):
        """Return the address at which the customer pays."""
        order_sudo = self.order_id.sudo()  # the token is made for who may see the hold
        token = order_sudo._portal_ensure_token()
        base = order_sudo.get_base_url()
        return f"{base}/my/orders/{order_sudo.id}/credit?access_token={token}"

    def _get_pay_qr_url(self):
        """Return the address of the picture of :meth:`_make_pay_qr_code`."""
        return self._get_pay_url().replace("/credit?", "/credit/qr?")

    def _make_pay_qr_code(self):
        """Return a picture (PNG) of the address at which the customer pays."""
        picture = io.BytesIO()
        qrcode.make(self._get_pay_url(), box_size=5, border=2).save(picture, "PNG")
        return picture.getvalue()

    # === RECEIVE === #

    def _is_paid_up(self):
        """Tell whether all that was asked for is paid, and nothing on record holds it
        that money does not take away."""
        if self.state != "held" or not self.pay_amount or self._get_amount_to_pay() > 0:
            return False
        if self._has_outgrown():
            return False
        current = self.line_ids.filtered(lambda line: not line.cleared_date)
        return not self.is_forced and not any(one._is_by_hand() for one in current)

    def _filter_paid_up(self):
        """Return those that are paid up, and that nothing holds which people decided
        since: that goes on record."""
        paid = self.filtered(lambda hold: hold._is_paid_up())
        verdicts = paid._verdicts()
        for hold in paid:
            verdict = verdicts[hold.order_id]
            if any(map(hold.line_ids._is_found_by_hand, verdict.findings)):
                hold._update_reasons(verdict)
        return paid.filtered(lambda hold: hold._is_paid_up())

    def _on_payment(self):
        """Release what is paid up, without going on yet; say what is missing else.

        :return: the holds that were released
        """
        released = self.browse()
        # the payment of the customer decides, nobody's rights
        held = self.sudo().filtered(lambda hold: hold.state == "held")
        paid = held._filter_paid_up()
        for hold in held:
            if hold in paid or hold._decide_again():
                hold._release_paid(confirm=False)
                released += hold
            else:
                hold._tell_payment()
        return released

    def _decide_again(self):
        """Ask the rules about an order that changed after the payment was asked for;
        tell whether nothing is left that holds it."""
        if not self._has_outgrown():
            return False
        self._update_reasons(self._verdicts()[self.order_id])
        return self.is_ready and self._may_release_itself()

    def _status_to_release(self, reason):
        """A payment releases from what was stopped when it was asked for."""
        if self.pay_asked_status and reason == self._paid_reason():
            return self.pay_asked_status
        return super()._status_to_release(reason)

    def _release_paid(self, confirm=True):
        reason = self._paid_reason()
        self.send_confirmation = True  # who paid is told that the order goes on
        return self._release(reason, confirm=confirm)

    def _tell_payment(self):
        """Put on record that money came and the order waits all the same."""

        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.pay_currency_id)

        if self._get_amount_to_pay() > 0:
            body = self.env._(
                "%(paid)s of %(asked)s was paid; the order stays on hold.",
                paid=money(self.pay_received_amount),
                asked=money(self.pay_amount),
            )
        elif self._has_outgrown():
            body = self.env._(
                "%(paid)s was paid as asked for, but the order has changed since: it "
                "stays on hold. Ask for the payment again.",
                paid=money(self.pay_received_amount),
            )
        else:
            body = self.env._(
                "%(paid)s was paid. The order or its customer was held by hand: "
                "somebody has to release it.",
                paid=money(self.pay_received_amount),
            )
        self.message_post(
            body=body,
            partner_ids=(self.salesperson_id + self.approver_id).partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _go_on_paid(self):
        """Continue orders that their payment released, if core did not."""
        waiting = self.filtered(lambda hold: hold.order_id.state in ("draft", "sent"))
        for hold, error in waiting._continue().items():
            hold.order_id.message_post(
                body=self.env._("Paid and released, but not confirmed: %s", error),
                partner_ids=hold.salesperson_id.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    # === TAKEN BACK === #

    def _is_paid_back(self):
        """Tell whether the payment that gave the release was paid back or bounced."""
        if super()._is_paid_back():
            return True
        reason = self._paid_reason()
        return self.release_reason_id == reason and self._get_amount_to_pay() > 0

    def _paid_reason(self):
        return self.env.ref("credit_collections.credit_reason_release_payment")

    def _on_payment_gone(self):
        """Hold orders again whose release was paid for with what is gone."""
        for hold in self.filtered(
            lambda hold: (
                hold.state == "released"
                and hold.order_id.state != "cancel"
                and hold._is_in_force()
                and hold._is_paid_back()
            )
        ):
            hold._hold_again()
        self.is_evaluation_due = False
        return True

    def _is_in_force(self):
        """Tell whether the order stands on this release: also where a change of it is
        held, or was rejected, on top."""
        current = self.order_id._credit_get_hold()
        if current == self:
            return True
        return current.state in ("held", "rejected") and (
            current._released_before() == self
        )

    def _continue_unchanged(self):
        """What was paid back while the change was held is not gone on with."""
        gone = self.filtered(lambda hold: hold.order_id.credit_hold_id._is_paid_back())
        for hold in gone:
            hold.order_id.credit_hold_id._hold_again()
        return super(CreditHold, self - gone)._continue_unchanged()

    def _hold_again(self):
        """Hold the order anew, all of it, with the payment that is gone as the
        reason; once is enough."""
        order = self.order_id
        if order._credit_get_hold()._has_lost_payment():
            return
        order._credit_record_holds(order._credit_findings())
        message = self.env._(
            "The payment that released it was paid back or bounced: %(left)s of "
            "%(asked)s is missing.",
            left=self._money(self._get_amount_to_pay(), self.pay_currency_id),
            asked=self._money(self.pay_amount, self.pay_currency_id),
        )
        hold = order.credit_hold_id
        hold._approve_as(False)
        hold.line_ids.create(
            {"hold_id": hold.id, "kind": PAID_BACK, "message": message}
        )
        hold.message_post(
            body=message,
            partner_ids=(hold.salesperson_id + hold.approver_id).partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _has_lost_payment(self):
        """Tell whether it is held because a payment was taken back."""
        return self.state == "held" and any(
            line.kind == PAID_BACK and not line.cleared_date for line in self.line_ids
        )

    # === EVALUATE === #

    @api.model
    def _cron_evaluate(self):
        """Releases whose payment was taken back are looked at too, where that failed
        when it happened."""
        # what a payment released, the system takes back
        waiting = self.sudo().search(
            [("state", "=", "released"), ("is_evaluation_due", "=", True)]
        )
        is_over = in_turn(
            waiting._batches(),
            lambda some: some._on_payment_gone(),
            "taking releases back",
            failed=lambda hold, error: hold._note_failure(error),
        )
        return super()._cron_evaluate() if is_over else None

    def _evaluate(self):
        """What is paid up is released, whatever the rules say now but for what people
        decided."""
        paid = self._filter_paid_up()
        paid_sudo = paid.sudo()  # the payment of the customer decides
        paid_sudo.is_evaluation_due = False
        errors = paid_sudo._release_paid() if paid else {}
        released, more = super(CreditHold, self - paid)._evaluate()
        return paid + released, {**errors, **more}
