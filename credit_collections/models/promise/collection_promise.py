from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL, format_amount, format_date

from ...engine.promise import promises as engine
from ...sql.hub import matching
from ...sql.hub.open_items import is_owed
from ...sql.promise import matched_now, write_suspensions
from ...tools.client_actions import open_dialog
from ...tools.statements import flush

#: What a new promise may say about itself; all the rest is worked out.
GIVEN = {
    "profile_id",
    "currency_id",
    "date",
    "method",
    "contact_id",
    "user_id",
    "note",
    "plan_id",
    "instalment",
}

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
    _inherit = ["mail.thread", "credit.feature.mixin", "credit.record.mixin"]
    _order = "date desc, id desc"

    _credit_born_with = {"instalment": "which of its plan a promise is"}

    profile_id = fields.Many2one(
        "credit.profile",
        required=True,
        index=True,
        ondelete="restrict",  # what was promised stays on record
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
    made_on = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
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
    due_amount = fields.Monetary(
        "Due",
        readonly=True,
        help="What was promised, less what was credited or written off since.",
    )
    kept_amount = fields.Monetary(
        "Paid in Time",
        readonly=True,
        help="What came up to the last day and is matched to the items.",
    )
    unapplied_amount = fields.Monetary(
        "Not Matched Yet",
        readonly=True,
        help="What more came up to the last day; while it waits to be matched, the "
        "promise is not broken.",
    )
    company_rate = fields.Float(readonly=True, digits=0)
    company_amount = fields.Monetary(
        "Promised (Company Currency)",
        readonly=True,
        currency_field="company_currency_id",
    )
    company_due_amount = fields.Monetary(
        "Due (Company Currency)", readonly=True, currency_field="company_currency_id"
    )
    company_kept_amount = fields.Monetary(
        "Paid in Time (Company Currency)",
        readonly=True,
        currency_field="company_currency_id",
    )
    kept_rate = fields.Float(
        "Kept (Share of Number)",
        readonly=True,
        aggregator="avg",
        help="Kept promises as a share of those whose last day is over.",
    )
    kept_value_rate = fields.Float(
        "Kept (Share of Value)",
        readonly=True,
        aggregator="avg",
        help="What was paid in time as a share of what was promised.",
    )

    _plan_idx = models.Index("(plan_id, state)")
    _open_idx = models.Index("(grace_until) WHERE state = 'open'")
    _unapplied_idx = models.Index("(profile_id) WHERE unapplied_amount > 0")

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

    def _read_group_select(self, aggregate_spec, query):
        """The share of value of many is that of their sums, not the mean of shares."""
        if aggregate_spec != "kept_value_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        kept, due, rate = (
            self._field_to_sql(self._table, name, query)
            for name in ("company_kept_amount", "company_due_amount", "kept_rate")
        )
        return SQL(
            "SUM(%(kept)s) FILTER (WHERE %(rate)s IS NOT NULL)"
            " / NULLIF(SUM(%(due)s) FILTER (WHERE %(rate)s IS NOT NULL), 0)",
            kept=kept,
            due=due,
            rate=rate,
        )

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
            promises_sudo = self.sudo()  # checked by the write
            promises_sudo._on_changed()
            promises_sudo._evaluate()
        return res

    # === ACTIONS === #

    def action_keep(self):
        """Close open promises by hand, where somebody knows that the money came."""
        self.check_access("write")
        self._check_open()
        promises_sudo = self.sudo()  # checked above
        promises_sudo._set_state(engine.KEPT, is_kept_by_hand=True)._log_states()
        return True

    def action_cancel(self):
        """Ask for the reason of withdrawing open promises."""
        self._check_open()
        return open_dialog(
            self.env,
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
        promises_sudo = self.sudo()  # checked above
        promises_sudo._lock_items()
        promises_sudo._check_one_promise_per_item()
        promises_sudo._set_state(
            engine.OPEN, is_kept_by_hand=False, cancel_reason_id=False
        )._log_states()
        promises_sudo._evaluate()
        return True

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

    # === BEGIN === #

    def _prepare_promise_vals(self, vals):
        """Return the values of a new promise, and its items as ``[(id, amount)]``."""
        items = [
            (command[2]["move_line_id"], command[2]["amount"])
            for command in vals.get("line_ids") or ()
            if command[0] == Command.CREATE
        ]
        if not items:
            raise UserError(self.env._("Choose the items that the promise is about."))
        values = {name: value for name, value in vals.items() if name in GIVEN}
        profile = self.env["credit.profile"].browse(vals["profile_id"])
        values["made_on"] = profile.company_id._credit_today()
        if self.env.su and "made_on" in vals:
            values["made_on"] = vals["made_on"]
        collector = profile.collector_id._get_present(profile.company_id)
        values.setdefault("user_id", (collector or self.env.user).id)
        values.setdefault("currency_id", profile.currency_id.id)
        return {**values, "amount": sum(amount for _item, amount in items)}, items

    def _begin(self, items):
        """Put new promises in force.

        :param items: of each promise, ``[(move_line_id, amount)]``
        """
        lines = self.env["account.move.line"].browse(
            move_line_id for one in items for move_line_id, _amount in one
        )
        lines.check_access("read")
        self.profile_id.check_access("read")
        # lines and what follows are written by nobody; both ends could be read
        promises_sudo = self.sudo()
        promises_sudo._lock_items()
        for promise_sudo in promises_sudo:
            promise_sudo.plan_id = promise_sudo.plan_id or promise_sudo
        promises_sudo._create_lines(items)
        promises_sudo._check_items()
        promises_sudo._check_one_promise_per_item()
        promises_sudo._set_start()
        promises_sudo._on_changed()

    def _create_lines(self, items):
        flush(self.env, matching.READS)
        ids = {move_line_id for one in items for move_line_id, _amount in one}
        roles = self.env["account.account"]._credit_roles()
        rows = self.env.execute_query(matched_now(ids, roles))
        before = {row[0]: row[1:] for row in rows}
        self.env["collection.promise.line"].create(
            [
                {
                    "promise_id": promise.id,
                    "move_line_id": move_line_id,
                    "amount": amount,
                    "paid_before": before[move_line_id][0],
                    "credited_before": before[move_line_id][1],
                    "written_off_before": before[move_line_id][2],
                }
                for promise, one in zip(self, items, strict=True)
                for move_line_id, amount in one
            ]
        )

    def _set_start(self):
        """Write what a promise starts with: level, amounts in company currency."""
        broken = defaultdict(int)
        for item, count in self.env["collection.promise.line"]._read_group(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                ("promise_id.state", "=", "broken"),
            ],
            ["move_line_id"],
            ["promise_id:count_distinct"],
        ):
            broken[item] = count
        rates = {
            key: key[0]._get_conversion_rate(*key)
            for key in set(map(self._get_rate_key, self))
        }
        for promise in self:
            rate = rates[self._get_rate_key(promise)]
            promise.write(
                {
                    "level": max(
                        broken[item] for item in promise.line_ids.move_line_id
                    ),
                    "due_amount": promise.amount,
                    "company_rate": rate,
                    "company_amount": promise.amount * rate,
                    "company_due_amount": promise.amount * rate,
                }
            )

    @api.model
    def _get_rate_key(self, promise):
        """Return what the rate of a promise depends on, as core's method takes it."""
        return (
            promise.currency_id,
            promise.company_currency_id,
            promise.company_id,
            promise.made_on,
        )

    # === CHECKS === #

    def _lock_items(self):
        """Take promises of a customer one at a time."""
        self.profile_id.lock_for_update()

    def _check_items(self):
        for promise in self:
            for line in promise.line_ids:
                promise._check_item(line.move_line_id)
        promised = defaultdict(float)
        for line in self.plan_id._get_plan().line_ids:
            promised[line.promise_id.plan_id, line.move_line_id] += line.amount
        for (plan, item), amount in promised.items():
            open_amount = item.amount_residual_currency
            if plan.currency_id.compare_amounts(amount, open_amount) > 0:
                raise UserError(
                    self.env._(
                        "%(item)s: %(promised)s was promised, but only %(open)s is "
                        "open.",
                        item=item.move_id.name,
                        promised=plan.currency_id.format(amount),
                        open=plan.currency_id.format(open_amount),
                    )
                )

    def _check_item(self, item):
        if (
            not is_owed(item)
            or item.partner_id.commercial_partner_id != self.profile_id.partner_id
            or item.company_id.root_id != self.company_id
        ):
            raise UserError(
                self.env._(
                    "%(item)s is no open item of %(customer)s.",
                    item=item.display_name,
                    customer=self.profile_id.partner_id.name,
                )
            )
        if item.currency_id != self.currency_id:
            raise UserError(
                self.env._(
                    "%(item)s is in %(currency)s: take one promise per currency.",
                    item=item.move_id.name,
                    currency=item.currency_id.name,
                )
            )

    def _check_one_promise_per_item(self):
        plans = defaultdict(self.browse)
        for line in self.env["collection.promise.line"].search(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                "|",
                ("promise_id.state", "=", "open"),
                ("promise_id", "in", self.ids),
            ],
            order="promise_id",
        ):
            plans[line.move_line_id] |= line.promise_id.plan_id
        for item, found in plans.items():
            if len(found) > 1:
                raise UserError(
                    self.env._(
                        "%(item)s is promised already (%(promise)s). Put that promise "
                        "off or cancel it first.",
                        item=item.move_id.name,
                        promise=found[0].display_name,
                    )
                )

    def _get_plan(self):
        """Return all instalments of the plans of these promises not withdrawn."""
        return self.search(
            [
                ("plan_id", "in", self.plan_id.ids),
                "|",
                ("cancel_reason_id", "=", False),
                ("is_written_off", "=", True),
            ]
        )

    # === WHAT FOLLOWS === #

    def _on_changed(self):
        """Let runs know, and bring the figures of the customers up to date."""
        self.flush_model()
        self.env["collection.promise.line"].flush_model()
        self.env.cr.execute(write_suspensions(self.plan_id.ids))
        self.env["collection.promise.line"].invalidate_model(
            ["suspended_until"], flush=False
        )
        self.profile_id._on_promises_changed()
