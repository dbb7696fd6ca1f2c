from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from ...engine.hold.release import MOST, Bounds
from ...tools.access import (
    CONTROLLER,
    MANAGER,
    is_allowed,
    is_within_authority,
    require,
)
from ...tools.batches import apart, explain
from ...tools.client_actions import open_dialog

#: Checkpoints that look at the whole order; the others look at a part of it.
WHOLE_ORDER = ("confirm", "change")

#: Reasons, by kind and code, that no person gives: no rule was left, a payment arrived.
BY_SYSTEM = {("release", "AUTO"), ("release", "PREPAID")}


class CreditHold(models.Model):
    """An order that was held at a checkpoint, what people decided, and what became of
    it."""

    _name = "credit.hold"
    _description = "Credit Hold"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.record.mixin"]
    _order = "id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, precompute=True
    )
    profile_id = fields.Many2one(
        "credit.profile", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", store=True, string="Customer", precompute=True
    )
    salesperson_id = fields.Many2one(
        related="order_id.user_id", store=True, string="Salesperson", precompute=True
    )
    order_state = fields.Selection(related="order_id.state", string="Order Status")
    checkpoint = fields.Selection(
        [
            ("confirm", "Confirmation"),
            ("change", "Change after confirmation"),
            ("invoice", "Invoice"),
        ],
        required=True,
        readonly=True,
        default="confirm",
        help="What was stopped: the confirmation of the order, its growth later, or "
        "the posting of an invoice.",
    )
    state = fields.Selection(
        [
            ("held", "Held"),
            ("released", "Released"),
            ("rejected", "Rejected"),
            ("lapsed", "Lapsed"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="held",
        index=True,
        tracking=True,
        help="Lapsed: the reasons fell away, or the order was cancelled.",
    )
    is_over = fields.Boolean(
        "No Longer in Force",
        readonly=True,
        help="What was rejected of a confirmed order was taken back, or the order went "
        "through confirmation anew: nothing waits any more.",
    )
    line_ids = fields.One2many(
        "credit.hold.line", "hold_id", string="Reasons", readonly=True
    )
    reason_summary = fields.Char(
        "Reason", compute="_compute_reason_summary", store=True, readonly=True
    )
    is_ready = fields.Boolean(
        "Ready to Release",
        compute="_compute_reason_summary",
        store=True,
        help="No reason of the hold is left.",
    )
    has_cleared = fields.Boolean(compute="_compute_has_cleared")

    # === THE NUMBERS OF THE DECISION === #
    currency_id = fields.Many2one(related="profile_id.currency_id", store=True)
    amount = fields.Monetary(
        "Order Amount", readonly=True, help="Total of the order when it was held."
    )
    amount_on_credit = fields.Monetary(
        readonly=True, help="What the order would add to the exposure."
    )
    is_limited = fields.Boolean("Had a Limit", readonly=True)
    limit_amount = fields.Monetary("Limit", readonly=True)
    exposure_amount = fields.Monetary(
        "Exposure", readonly=True, help="Exposure of the customer without this order."
    )
    overdue_amount = fields.Monetary("Overdue", readonly=True)
    overdue_days = fields.Integer(readonly=True, aggregator="max")
    amount_over = fields.Monetary(
        "Over Limit",
        readonly=True,
        help="How far the order takes the customer over the limit.",
    )
    missing_amount = fields.Monetary(
        "Payment Needed",
        readonly=True,
        help="Payment that would clear all reasons; 0 where money alone does not help.",
    )

    # === WHO AND WHEN === #
    held_date = fields.Datetime(
        "Held On", readonly=True, default=fields.Datetime.now, required=True
    )
    age_days = fields.Integer("Age", compute="_compute_age_days", aggregator=None)
    asked_by_id = fields.Many2one("res.users", "Release Asked By", readonly=True)
    asked_date = fields.Datetime("Release Asked On", readonly=True)
    asked_note = fields.Char("Why It Should Pass", readonly=True)
    review_date = fields.Date(tracking=True, help="When to look at this hold again.")
    approver_id = fields.Many2one("res.users", readonly=True, index=True)
    send_confirmation = fields.Boolean(
        readonly=True,
        help="The customer signed or paid: confirming will mail the confirmation.",
    )

    # === RELEASE OR REJECTION === #
    release_reason_id = fields.Many2one(
        "credit.reason", "Decision Reason", readonly=True
    )
    released_by_id = fields.Many2one("res.users", "Decided By", readonly=True)
    released_date = fields.Datetime("Decided On", readonly=True)
    release_note = fields.Char("Decision Note", readonly=True)
    released_amount = fields.Monetary(
        readonly=True, help="Total of the order when it was released."
    )
    valid_until = fields.Date(
        readonly=True, help="Until then the order is not held again."
    )
    tolerance = fields.Float(
        readonly=True, help="Share by which the order may grow without a new decision."
    )
    may_decide = fields.Boolean(
        "Mine to Decide",
        compute="_compute_may_decide",
        help="The user may reject the order and release a part of it.",
    )

    _one_per_order = models.UniqueIndex(
        "(order_id) WHERE state = 'held'",
        "This order is held already.",
    )

    # === COMPUTE === #

    @api.depends("order_id.name", "partner_id.name")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = f"{hold.order_id.name} · {hold.partner_id.name}"

    @api.model
    def _search_display_name(self, operator, value):
        return Domain("order_id.name", operator, value) | Domain(
            "partner_id.display_name", operator, value
        )

    @api.depends("state", "line_ids.message", "line_ids.cleared_date")
    def _compute_reason_summary(self):
        """Name the reasons that are left; of a decided hold those it was for, where
        none was left when it was decided."""
        labels = dict(self.env["credit.hold.line"]._selection_kind())
        for hold in self:
            current = hold.line_ids.filtered(lambda line: not line.cleared_date)
            hold.is_ready = bool(hold.line_ids) and not current
            if hold.is_ready and hold.state == "held":
                hold.reason_summary = self.env._("Ready to release")
                continue
            kinds = dict.fromkeys((current or hold.line_ids).mapped("kind"))
            hold.reason_summary = ", ".join(labels[kind] for kind in kinds)

    @api.depends("line_ids.cleared_date")
    def _compute_has_cleared(self):
        for hold in self:
            hold.has_cleared = any(hold.line_ids.mapped("cleared_date"))

    @api.depends("held_date", "released_date")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for hold in self:
            end = hold.released_date or now
            hold.age_days = (end - hold.held_date).days if hold.held_date else 0

    @api.depends("state", "amount")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        for hold in self:
            hold.may_decide = hold.state == "held" and hold._is_within_authority()

    # === CRUD === #

    def write(self, vals):
        """Refuse changes of the record to users; decisions write it with their reason.

        What people may set themselves is when to look again.
        """
        if not self.env.su and not all(map(self._is_free_to_write, vals)):
            raise AccessError(
                self.env._("Held orders are changed by decisions only, not by hand.")
            )
        return super().write(vals)

    @api.model
    def _is_free_to_write(self, name):
        return name == "review_date" or name.startswith(("message_", "activity_"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Holds are the record of credit decisions and can't be deleted.")
        )

    # === ACTIONS === #

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    def action_open_profile(self):
        self.ensure_one()
        return self.profile_id._get_records_action()

    def action_try_rules(self):
        self.ensure_one()
        return self.order_id.action_try_rules()

    def action_release(self):
        return self._open_wizard("credit.hold.release", self.env._("Release"))

    def action_reject(self):
        return self._open_wizard("credit.hold.reject", self.env._("Reject"))

    def _open_wizard(self, model, name):
        self.env[model].check_access("create")
        holds = self.filtered(lambda hold: hold.state == "held")
        if not holds:
            raise UserError(self.env._("Nothing here is held any more."))
        return open_dialog(self.env, model, name, hold_ids=holds.ids)

    # === STATE === #

    def _get_state_ways(self):
        """A hold is decided once, and never held again."""
        held = ("held",)
        return {"held": (), "released": held, "rejected": held, "lapsed": held}

    def _on_state_set(self, target):
        super()._on_state_set(target)
        # the task of whoever was to decide is done, whoever did
        self.sudo().activity_unlink(["credit_collections.mail_activity_credit_release"])

    def _set_lapsed(self):
        return self._set_state("lapsed", released_date=fields.Datetime.now())

    # === RIGHTS === #

    def _check_may_decide(self, tolerance=0.0):
        """Refuse decisions to those who may not take them on these orders.

        :param tolerance: share by which the orders may grow with the decision; the
            company's where it is ``None``
        """
        if self.env.su:
            return
        require(
            self.env,
            self.env._("Only credit controllers and managers decide on held orders."),
            CONTROLLER,
        )
        for hold in self.filtered(
            lambda hold: not hold._is_within_authority(tolerance)
        ):
            # a parameter of the policy, and what the order is called
            authority = hold.company_id.sudo().credit_controller_authority
            order_name = hold.order_id.sudo().name
            raise AccessError(
                self.env._(
                    "%(order)s comes to %(amount)s. You may decide up to "
                    "%(authority)s; a credit manager is needed.",
                    order=order_name,
                    amount=self._money(
                        hold._amount_to_decide(tolerance), hold.currency_id
                    ),
                    authority=self._money(authority, hold.currency_id),
                )
            )

    def _is_within_authority(self, tolerance=0.0):
        """Tell whether the user may decide alone, where no approval tier says more."""
        return self.env.su or is_within_authority(
            self.env.user, self.company_id, self._amount_to_decide(tolerance)
        )

    def _amount_to_decide(self, tolerance=0.0):
        """Return the amount of the order, which may have grown since it was held, and
        may grow further by what is let through with it."""
        # who decides need not have rights on sales
        amount = max(self.amount, self.order_id.sudo()._credit_total())
        return amount * (1 + self._get_tolerance(tolerance))

    def _claim(self):
        """Lock holds for a decision; refuse those that somebody else decided."""
        self.check_access("write")
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is deciding on these orders. Try again.")
            ) from error
        self.invalidate_recordset(["state"])
        states = dict(self._fields["state"]._description_selection(self.env))
        for hold in self.filtered(lambda hold: hold.state != "held"):
            raise UserError(
                self.env._(
                    "%(order)s is no longer held: %(state)s by %(user)s.",
                    order=hold.order_id.sudo().name,  # what it is called
                    state=states[hold.state].lower(),
                    user=hold.released_by_id.name or self.env._("the system"),
                )
            )

    # === RELEASE === #

    def _release(
        self, reason, *, note="", confirm=True, valid_days=None, tolerance=None
    ):
        """Release held orders.

        :param reason: ``credit.reason`` of kind release
        :param confirm: also continue what was stopped; otherwise the salesperson
            confirms, and is not held again within validity and tolerance
        :param valid_days: days of validity, default the company's
        :param tolerance: share by which the order may grow, default the company's
        :return: ``{hold: error message}`` of orders that could not be confirmed;
            they are released all the same
        """
        self._check_reason(reason, "release")
        self._check_bounds(valid_days, tolerance)
        self._check_may_decide(tolerance)
        self._claim()
        for hold in self.sudo():  # what was released is written by decisions alone
            hold.released_amount = hold.order_id._credit_total()
            hold.released_as = hold._weight_to_release().to_json()
            hold.released_status = hold._status_to_release(reason)
        for company, holds in self.grouped("company_id").items():
            # a parameter of the policy
            days = company.sudo().credit_release_validity_days
            days = days if valid_days is None else valid_days
            holds._set_state(
                "released",
                **self._prepare_decision_vals(reason, note),
                valid_until=company._credit_today() + timedelta(days=days),
                tolerance=holds[0]._get_tolerance(tolerance),
            )
        self._tell_salespeople(self.env._("Released"))
        return self._continue() if confirm else {}

    def _status_to_release(self, reason):
        """Return what the status of the customer may stop without overruling a release
        that is given now."""
        return self.profile_id.credit_status

    def _check_reason(self, reason, kind):
        """Refuse reasons of other decisions, and those that the system alone gives."""
        if self.env.su:
            return
        if reason.kind != kind or (kind, reason.code) in BY_SYSTEM:
            raise UserError(
                self.env._("“%s” is no reason for this decision.", reason.name or "")
            )

    def _get_tolerance(self, tolerance):
        """Return a share by which the order may grow, the company's for ``None``."""
        if tolerance is not None:
            return tolerance
        return self.company_id.sudo().credit_release_tolerance  # of the policy

    def _check_bounds(self, valid_days, tolerance):
        """Refuse releases for longer, or of more, than who releases may grant.

        :param valid_days: as :meth:`_release` takes it, like ``tolerance``
        """
        asked = (valid_days or 0, tolerance or 0.0)
        if not all(value >= 0 for value in asked):  # nor anything that is no number
            raise UserError(
                self.env._(
                    "The validity and the tolerance of releases can't be negative."
                )
            )
        if MOST.exceeded_by(*asked):
            raise UserError(
                self.env._(
                    "A release is valid for at most %(days)s days, and an order may "
                    "grow by at most %(share)s %%.",
                    days=MOST.days,
                    share=round(MOST.tolerance * 100),
                )
            )
        if is_allowed(self.env, MANAGER):
            return
        for policy_sudo in self.company_id.sudo():  # parameters of the policy
            bounds = Bounds(
                policy_sudo.credit_release_validity_cap_days,
                policy_sudo.credit_release_tolerance_cap,
            )
            if bounds.exceeded_by(*asked):
                raise AccessError(
                    self.env._(
                        "You may release for up to %(days)s days, and let an order "
                        "grow by up to %(share)s %%; a credit manager is needed for "
                        "more.",
                        days=bounds.days,
                        share=round(bounds.tolerance * 100, 2),
                    )
                )

    def _prepare_decision_vals(self, reason, note):
        return {
            "release_reason_id": reason.id,
            "release_note": note,
            "released_by_id": self.env.uid,
            "released_date": fields.Datetime.now(),
        }

    def _continue(self):
        """Continue what was stopped, one order after the other.

        An order that can't be confirmed for a reason of its own does not stop the rest.
        """
        errors = {}
        for hold in self:
            failed = apart(hold, lambda one: one._continue_one(), "going on")
            errors |= {one: explain(error) for one, error in failed.items()}
        return errors

    def _continue_one(self):
        """Do what the order was held from. Override to continue other checkpoints."""
        # whoever may release lets the order go on, also without rights on sales
        order_sudo = self.order_id.sudo()
        if order_sudo.state in ("draft", "sent"):
            order_sudo.with_context(send_email=self.send_confirmation).action_confirm()
            order_sudo.transaction_ids._credit_invoice_released()
        elif order_sudo.state == "sale" and self.checkpoint in WHOLE_ORDER:
            order_sudo.order_line._credit_run_withheld()

    # === REJECTION === #

    def _reject(self, reason, *, note=""):
        """Reject held orders, and tell the salesperson why. Quotations stay quotations;
        what was held of a confirmed order stays where it is, see :meth:`_is_refused`.
        """
        self._check_reason(reason, "reject")
        self._check_may_decide()
        self._claim()
        self._set_state("rejected", **self._prepare_decision_vals(reason, note))
        self._tell_salespeople(self.env._("Rejected"))

    @api.model
    def _money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency)
