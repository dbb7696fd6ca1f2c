from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

from ..engine import promises as engine
from .client_actions import open_dialog

METHODS = [
    ("transfer", "Bank transfer"),
    ("cheque", "Cheque by post"),
    ("courier", "Picked up by courier"),
    ("card", "Card"),
    ("cash", "Cash"),
    ("other", "Other"),
]

#: What nobody writes by hand; it comes from the items and from the money.
FIXED = {
    "profile_id",
    "currency_id",
    "amount",
    "line_ids",
    "made_on",
    "grace_until",
    "plan_id",
    "instalment",
    "level",
    "state",
    "cancel_reason_id",
    "is_written_off",
    "is_kept_by_hand",
    "closed_on",
    "due_amount",
    "kept_amount",
    "unapplied_amount",
    "company_rate",
    "company_amount",
    "company_due_amount",
    "company_kept_amount",
    "kept_rate",
    "kept_value_rate",
    "activity_id",
}


class CollectionPromise(models.Model):
    """A promise to pay: how much, by when, how, and for which items.

    A plan of instalments is one promise per instalment, linked by ``plan_id``: each has
    its own day, is kept or broken by itself, and is on the list of expected receipts.
    """

    _name = "collection.promise"
    _description = "Promise to Pay"
    _inherit = ["mail.thread", "credit.feature.mixin"]
    _order = "date desc, id desc"

    profile_id = fields.Many2one(
        "credit.profile", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount = fields.Monetary(required=True)
    date = fields.Date("Promised For", required=True, tracking=True, index=True)
    grace_until = fields.Date(
        "Last Day",
        compute="_compute_grace_until",
        store=True,
        help="With the days of grace: after this day the promise is broken.",
    )
    made_on = fields.Date(required=True, default=fields.Date.context_today)
    method = fields.Selection(METHODS, required=True, default="transfer", tracking=True)
    contact_id = fields.Many2one("res.partner", string="Promised By")
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        index=True,
        domain="[('share', '=', False)]",
        tracking=True,
        help="The collector of the customer when the promise was made.",
    )
    note = fields.Text()
    line_ids = fields.One2many("collection.promise.line", "promise_id", copy=False)
    state = fields.Selection(
        [
            (engine.OPEN, "Open"),
            (engine.KEPT, "Kept"),
            (engine.PARTLY_KEPT, "Partly kept"),
            (engine.BROKEN, "Broken"),
            (engine.CANCELLED, "Cancelled"),
        ],
        string="Status",
        required=True,
        default=engine.OPEN,
        readonly=True,
        index=True,
    )
    plan_id = fields.Many2one(
        "collection.promise",
        index=True,
        ondelete="cascade",
        help="The first promise of a plan of instalments.",
    )
    instalment = fields.Integer(default=1, readonly=True, aggregator=None)
    instalment_count = fields.Integer(compute="_compute_instalment_count")
    level = fields.Integer(
        readonly=True,
        aggregator=None,
        help="How many promises about these items were broken before.",
    )
    is_kept_by_hand = fields.Boolean(readonly=True)
    cancel_reason_id = fields.Many2one(
        "credit.reason",
        domain="[('kind', '=', 'promise')]",
        readonly=True,
        ondelete="restrict",
    )
    is_written_off = fields.Boolean(
        readonly=True,
        help="Cancelled because what was promised was written off: it was neither kept "
        "nor broken.",
    )
    closed_on = fields.Date(readonly=True)

    _plan_idx = models.Index("(plan_id, state)")
    _open_idx = models.Index("(grace_until) WHERE state = 'open'")

    # === COMPUTE === #

    @api.depends("partner_id", "amount", "currency_id", "date")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "%(customer)s: %(amount)s by %(date)s",
                customer=promise.partner_id.name or "",
                amount=format_amount(self.env, promise.amount, promise.currency_id)
                if promise.currency_id
                else "",
                date=format_date(self.env, promise.date) if promise.date else "",
            )

    @api.model
    def _search_display_name(self, operator, value):
        return [("profile_id.partner_id.display_name", operator, value)]

    @api.depends("date")
    def _compute_grace_until(self):
        for promise in self:
            # policy of the root company, which not everybody may read
            grace = promise.company_id.sudo().collection_promise_grace_days
            promise.grace_until = promise.date and engine.last_day(promise.date, grace)

    def _compute_instalment_count(self):
        counts = dict(
            self._read_group(
                [("plan_id", "in", self.plan_id.ids)], ["plan_id"], ["__count"]
            )
        )
        for promise in self:
            promise.instalment_count = counts.get(promise.plan_id, 1)

    # === CONSTRAINTS === #

    @api.constrains("date", "made_on")
    def _check_date(self):
        for promise in self:
            if promise.date < promise.made_on:
                raise ValidationError(
                    self.env._("A promise is for today or for a day to come.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("Promises are on record. Cancel them with a reason.")
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        prepared = [self._prepare_promise_vals(vals) for vals in vals_list]
        promises = super().create([vals for vals, _items in prepared])
        promises._begin([items for _vals, items in prepared])
        return promises

    def write(self, vals):
        if not self.env.su and FIXED.intersection(vals):
            raise UserError(
                self.env._(
                    "What was promised, and what became of it, is on record. Cancel "
                    "the promise and take a new one."
                )
            )
        if "date" in vals and any(promise.state != engine.OPEN for promise in self):
            raise UserError(self.env._("Only an open promise can be put off."))
        res = super().write(vals)
        if "date" in vals:
            promises = self.sudo()  # checked by the write
            promises._on_changed()
            promises._evaluate()
        return res

    # === ACTIONS === #

    def action_keep(self):
        """Close open promises by hand, where somebody knows that the money came."""
        self.check_access("write")
        self._check_open()
        self.sudo()._set_state(engine.KEPT, is_kept_by_hand=True)  # checked above

    def action_cancel(self):
        """Ask for the reason of withdrawing open promises."""
        self._check_open()
        return open_dialog(
            "collection.promise.cancel",
            self.env._("Cancel Promise"),
            promise_ids=self.ids,
        )

    def action_reopen(self):
        """Take back that a promise was kept or cancelled by hand."""
        self.check_access("write")
        if not all(promise._is_closed_by_hand() for promise in self):
            raise UserError(
                self.env._("The money decides on these promises; nobody else did.")
            )
        promises = self.sudo()  # checked above
        promises._lock_items()
        promises._check_one_promise_per_item()
        promises._set_state(engine.OPEN, is_kept_by_hand=False, cancel_reason_id=False)
        promises._evaluate()

    def _is_closed_by_hand(self):
        """Tell whether somebody decided on the promise, not the money."""
        is_withdrawn = self.cancel_reason_id and not self.is_written_off
        return self.is_kept_by_hand or bool(is_withdrawn)

    def action_open_plan(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_promise_action"
        )
        return {**action, "domain": [("plan_id", "=", self.plan_id.id)], "context": {}}

    def action_open_profile(self):
        self.ensure_one()
        return self.profile_id._get_records_action()
