from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.date_utils import relativedelta
from odoo.tools.misc import split_every
from odoo.tools.safe_eval import safe_eval

from ...engine.limit.limit_changes import new_limit
from ...models.limit.credit_limit_change import SLICE


class CreditLimitGenerate(models.TransientModel):
    """Fill a limit change with a line for each customer that a filter finds."""

    _name = "credit.limit.generate"
    _description = "Generate Lines of a Limit Change"

    change_id = fields.Many2one(
        "credit.limit.change", required=True, ondelete="cascade"
    )
    kind = fields.Selection(related="change_id.kind", related_sudo=False)
    company_id = fields.Many2one(related="change_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="company_id.currency_id", related_sudo=False)
    domain = fields.Char(
        "Customers", default="[]", help="Empty: all customers of the company."
    )
    group_domain = fields.Char(
        "Credit Groups", default="[]", help="Empty: all credit groups."
    )
    method = fields.Selection(
        [
            ("set", "The same for all"),
            ("add", "Limit so far and an amount"),
            ("percent", "Limit so far and a percentage"),
        ],
        string="New Limit",
        required=True,
        default="percent",
    )
    amount = fields.Monetary(help="Negative: the limits are lowered.")
    share = fields.Float("Percentage", help="10 % raises a limit of 1,000 to 1,100.")
    rounding_unit = fields.Monetary(
        "Round To", default=100.0, help="Multiples of this amount. 0: not rounded."
    )
    rounding_direction = fields.Selection(
        [("nearest", "To the nearest"), ("up", "Up"), ("down", "Down")],
        string="Rounding",
        required=True,
        default="nearest",
    )
    date_mode = fields.Selection(
        [("relative", "So long from today"), ("absolute", "Certain days")],
        string="Dates",
        required=True,
        default="relative",
    )
    date_from = fields.Date(
        "From", default=lambda self: self.env.company._credit_today()
    )
    date_to = fields.Date("Until")
    start_days = fields.Integer("Begins In", help="Days from today; 0 is today.")
    duration = fields.Integer(default=lambda self: self._default_duration())
    duration_unit = fields.Selection(
        [("days", "Days"), ("weeks", "Weeks"), ("months", "Months")],
        required=True,
        default="months",
    )
    note = fields.Char("Note on the Lines")
    target_count = fields.Integer("Found", compute="_compute_target_count")

    @api.model
    def _default_duration(self):
        # a parameter of the policy, for whoever may propose limits
        company_sudo = self.env.company.sudo().root_id
        return company_sudo.credit_limit_validity_months or 12

    @api.depends("domain", "group_domain", "change_id", "method")
    def _compute_target_count(self):
        for wizard in self:
            domain = wizard._get_target_domain()
            wizard.target_count = wizard._get_targets().search_count(domain)

    # === TARGETS === #

    def _get_targets(self):
        return self.env["credit.group" if self.kind == "group" else "credit.profile"]

    def _get_target_domain(self):
        """Return what finds the customers or groups that get a line."""
        is_group = self.kind == "group"
        text = self.group_domain if is_group else self.domain
        try:
            domain = Domain(safe_eval(text or "[]", {"uid": self.env.uid}))
            domain.validate(self._get_targets())
        except (ValueError, TypeError, SyntaxError, KeyError) as error:
            raise UserError(
                self.env._("The filter can't be read: %s", error)
            ) from error
        if is_group:
            return domain & self._get_new_domain("group_id")
        domain &= Domain("company_id", "=", self.company_id.id)
        if self.kind != "temporary":
            domain &= self._get_new_domain("profile_id")
        if self.kind == "cancel":
            running = self.env["credit.profile"]._get_running_domain()
            return domain & Domain("limit_line_ids", "any", running)
        if self.method != "set":
            # what is unlimited can be changed neither by an amount nor by a percentage
            domain &= Domain("is_limited", "=", True)
        return domain

    def _get_new_domain(self, name):
        """Return what finds those whom no line of the change names in a field."""
        lines = self.env["credit.limit.change.line"]
        of_change = [("change_id", "in", self.change_id.ids), (name, "!=", False)]
        groups = lines._read_group(of_change, [], [f"{name}:array_agg"])
        return Domain("id", "not in", groups[0][0] or [])

    # === LINES === #

    def action_generate(self):
        self.ensure_one()
        targets = self._get_targets().search(self._get_target_domain(), order="id")
        if not targets:
            raise UserError(self.env._("The filter finds nobody who has no line yet."))
        self.change_id._add_lines(self._prepare_lines(targets))
        return {"type": "ir.actions.act_window_close"}

    def _prepare_lines(self, targets):
        """Yield the values of the lines of customers or groups."""
        start, end = self._get_dates()
        field, names = "profile_id", ["limit_policy", "effective_limit"]
        if self.kind == "group":
            field, names = "group_id", []
        for ids in split_every(SLICE, targets.ids):
            some = targets.browse(ids)
            some.fetch(["credit_limit", "currency_id", *names])
            for target in some:
                yield {
                    field: target.id,
                    "new_limit": self._get_new_limit(target),
                    "date_from": start,
                    "date_to": end,
                    "note": self.note,
                }

    def _get_new_limit(self, target):
        if self.kind == "cancel":
            return 0.0
        own = target.credit_limit
        if self.kind != "group" and target.limit_policy != "limited":
            own = target.effective_limit
        value = self.share if self.method == "percent" else self.amount
        amount = new_limit(
            own, self.method, value, self.rounding_unit, self.rounding_direction
        )
        return target.currency_id.round(amount)

    def _get_dates(self):
        """Return the first and the last day of the lines."""
        if self.kind == "cancel":
            return self.date_from, False
        today = self.company_id._credit_today()
        start, end = self.date_from, self.date_to
        if self.date_mode == "relative":
            start = today + relativedelta(days=self.start_days)
            end = start + relativedelta(**{self.duration_unit: self.duration})
        # limits that stay begin with their posting, or later
        lasting = self.kind != "temporary"
        return False if lasting and start and start <= today else start, end
