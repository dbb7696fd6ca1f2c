from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang
from odoo.tools.date_utils import relativedelta

from ...engine.limit.limit_changes import CANCEL, GIVEN, TEMPORARY
from ...tools.client_actions import open_dialog
from .credit_limit_change import STATES

#: What the lines of a draft may be told; all the rest is written by its steps.
CONTENT = {
    "profile_id",
    "group_id",
    "new_policy",
    "new_limit",
    "date_from",
    "date_to",
    "temporary_id",
    "note",
}

#: A line may wait for its first day while the change is posted already.
LINE_STATES = [*STATES[:3], ("scheduled", "Scheduled"), *STATES[3:]]

POLICIES = [
    ("default", "Group or company default"),
    ("limited", "Limited"),
    ("unlimited", "Unlimited"),
    ("none", "No credit"),
]


class CreditLimitChangeLine(models.Model):
    """The new limit of one customer or of one credit group, never of both."""

    _name = "credit.limit.change.line"
    _description = "Line of a Credit Limit Change"
    _inherit = "credit.record.mixin"
    _order = "change_id desc, id"
    _rec_names_search = ["change_id.name", "profile_id.partner_id.name"]

    change_id = fields.Many2one(
        "credit.limit.change", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(related="change_id.kind", store=True, precompute=True)
    company_id = fields.Many2one(
        related="change_id.company_id", store=True, precompute=True
    )
    state = fields.Selection(
        LINE_STATES,
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
    )
    profile_id = fields.Many2one(
        "credit.profile",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
    )
    group_id = fields.Many2one(
        "credit.group", index="btree_not_null", ondelete="restrict"
    )
    temporary_id = fields.Many2one(
        "credit.limit.change.line",
        string="Temporary Limit",
        compute="_compute_temporary_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('profile_id', '=', profile_id), ('group_id', '=', group_id), "
        "('kind', '=', 'temporary'), ('state', '=', 'posted'), "
        "('date_to', '>=', 'today')]",
        help="The temporary limit that ends.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    new_policy = fields.Selection(
        POLICIES,
        required=True,
        default="limited",
        help="- Group or company default: no limit of its own any more\n"
        "- Limited: up to the new limit\n"
        "- Unlimited: the limit is never a reason to hold an order\n"
        "- No credit: everything has to be paid in advance",
    )
    new_limit = fields.Monetary(aggregator=None)
    date_from = fields.Date(
        "From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        help="First day; empty: the day of posting. A limit that begins later is "
        "scheduled when the change is posted, and counts from its first day on: "
        "instead of the one that counts then.",
    )
    date_to = fields.Date(
        "Until",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        help="Last day of a temporary limit; of any other, the day it expires.",
    )
    note = fields.Char(help="What speaks for this limit.")
    refusal_note = fields.Char("Reason of Rejection", readonly=True, copy=False)

    # what held before, written when the line is posted
    posted_date = fields.Date("Posted On", readonly=True, copy=False)
    old_policy = fields.Selection(POLICIES, readonly=True, copy=False)
    old_limit = fields.Monetary(readonly=True, copy=False, aggregator=None)
    old_effective_limit = fields.Monetary(
        "Old Limit That Counted", readonly=True, copy=False, aggregator=None
    )
    old_expiry_date = fields.Date("Old Last Day", readonly=True, copy=False)
    old_exposure = fields.Monetary(
        "Exposure Then",
        readonly=True,
        copy=False,
        aggregator=None,
        help="What the customer owed when the line was posted.",
    )
    current_limit = fields.Monetary(
        compute="_compute_current_limit",
        aggregator=None,
        help="The limit that counts now; of posted lines, the one that counted before.",
    )

    # what is in force for a customer on a day, read with every decision
    _temporary_idx = models.Index(
        "(profile_id, date_from, date_to) WHERE state = 'posted' AND kind = 'temporary'"
    )
    # two people may post at the same moment: only the database sees both
    _temporary_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(profile_id, profile_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (kind = 'temporary' "
        "AND state IN ('approved', 'posted') AND profile_id IS NOT NULL)",
        "A customer has two temporary limits for the same days. Cancel the other one "
        "first, or choose other days.",
    )
    _temporary_group_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(group_id, group_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (kind = 'temporary' "
        "AND state IN ('approved', 'posted') AND group_id IS NOT NULL)",
        "A credit group has two temporary limits for the same days. Cancel the other "
        "one first, or choose other days.",
    )
    _customer_uniq = models.UniqueIndex(
        "(change_id, profile_id) "
        "WHERE profile_id IS NOT NULL AND kind IN ('permanent', 'automatic') "
        "AND state IN ('draft', 'submitted', 'approved')",
        "A customer is in this limit change twice.",
    )
    _group_uniq = models.UniqueIndex(
        "(change_id, group_id) WHERE group_id IS NOT NULL AND kind = 'group'",
        "A credit group is in this limit change twice.",
    )
    _scheduled_uniq = models.UniqueIndex(
        "(profile_id, date_from) WHERE state = 'scheduled' AND profile_id IS NOT NULL",
        "Two limits of a customer are scheduled for the same day.",
    )
    _scheduled_group_uniq = models.UniqueIndex(
        "(group_id, date_from) WHERE state = 'scheduled' AND group_id IS NOT NULL",
        "Two limits of a credit group are scheduled for the same day.",
    )
    _cancel_uniq = models.UniqueIndex(
        "(change_id, temporary_id) WHERE temporary_id IS NOT NULL",
        "A temporary limit is in this change twice.",
    )
    _temporary_group_idx = models.Index(
        "(group_id, date_from, date_to) WHERE state = 'posted' AND kind = 'temporary'"
        " AND group_id IS NOT NULL"
    )

    # === COMPUTE === #

    @api.depends("change_id.kind", "profile_id", "group_id")
    def _compute_temporary_id(self):
        """Propose to end the one in force, else the next one."""
        ends = self.filtered(lambda line: line.change_id.kind == CANCEL)
        (self - ends).temporary_id = False
        running = self.search(
            Domain("kind", "=", TEMPORARY)
            & Domain("state", "=", "posted")
            & self.env["res.company"]._credit_day_domain("date_to", ">=")
            & (
                Domain("profile_id", "in", ends.profile_id.ids)
                | Domain("group_id", "in", ends.group_id.ids)
            ),
            order="date_from desc",
        )
        first = {line._get_target(): line for line in running}
        for line in ends:
            target = line._get_target()
            if line.temporary_id._get_target() != target:
                line.temporary_id = first.get(target)

    @api.depends("profile_id", "group_id", "company_id")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = (
                line.group_id or line.profile_id or line.company_id
            ).currency_id

    @api.depends("change_id.kind", "new_policy")
    def _compute_dates(self):
        for line in self:
            today = line.company_id._credit_today()
            kind = line.change_id.kind
            months = line._get_validity_months()
            if kind in (TEMPORARY, CANCEL):
                line.date_from = line.date_from or today
            else:
                line.date_from = line.date_from
            line.date_to = line.date_to
            if kind == CANCEL or line.new_policy not in GIVEN and kind != TEMPORARY:
                line.date_to = False
            elif not line.date_to and kind == TEMPORARY:
                line.date_to = line.date_from + relativedelta(months=1)
            elif not line.date_to and months:
                start = line.date_from or today
                line.date_to = start + relativedelta(months=months)

    def _get_validity_months(self):
        # a parameter of the policy, for whoever may propose limits
        return self.company_id.sudo().credit_limit_validity_months

    @api.depends(
        "state",
        "profile_id.effective_limit",
        "group_id.credit_limit",
        "old_effective_limit",
    )
    def _compute_current_limit(self):
        for line in self:
            if line.state == "posted":
                line.current_limit = line.old_effective_limit
            elif line.group_id:
                line.current_limit = line.group_id.credit_limit
            else:
                line.current_limit = line.profile_id.effective_limit

    @api.depends("kind", "new_limit", "new_policy", "date_from", "date_to")
    def _compute_display_name(self):
        policies = dict(self._fields["new_policy"]._description_selection(self.env))
        for line in self:
            words = policies.get(line.new_policy, "")
            if line.new_policy == "limited":
                words = formatLang(
                    self.env, line.new_limit, currency_obj=line.currency_id
                )
            days = [format_date(self.env, line.date_from or line.posted_date)]
            days += [format_date(self.env, line.date_to)]
            line.display_name = f"{words} ({' – '.join(days)})"

    @api.onchange("profile_id", "group_id")
    def _onchange_target(self):
        if not self.new_limit:
            self.new_limit = self.current_limit

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_steps({**vals, "change_id": None})
        change_ids = {vals["change_id"] for vals in vals_list if "change_id" in vals}
        self.env["credit.limit.change"].browse(change_ids)._check_is_draft()
        lines = super().create(vals_list)
        # once more by what they are: a default may have said which change
        lines.change_id._check_is_draft()
        return lines

    def write(self, vals):
        self._refuse_steps(vals)
        self.change_id._check_is_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self.change_id._check_is_draft()

    def _get_protected_refusal(self, names):
        return self.env._(
            "The lines of a limit change go from step to step with the change, "
            "not by writing to them."
        )

    def _refuse_steps(self, vals):
        steps = set(vals) - CONTENT - {"change_id"}
        if not self.env.su and (steps or vals.get("change_id")):
            raise AccessError(self._get_protected_refusal(vals))

    # === ACTIONS === #

    def action_open_change(self):
        self.ensure_one()
        return self.change_id._get_records_action()

    def action_ask_reject(self):
        return open_dialog(
            self.env,
            "credit.limit.reject",
            self.env._("Reject Line"),
            line_ids=self.ids,
        )

    def action_reject(self, note=""):
        """Reject lines of submitted changes; the rest can still be approved."""
        self._check_may_decide()
        self._set_state("rejected", refusal_note=note)
        self.flush_recordset(["state"])
        left = Domain("change_id", "in", self.change_id.ids)
        left &= Domain("state", "!=", "rejected")
        undecided = {change for (change,) in self._read_group(left, ["change_id"])}
        for change in self.change_id:
            if change not in undecided:
                change.action_refuse(note)
        return True

    def action_restore(self):
        """Let lines that were rejected count again, before the rest is approved."""
        self._check_may_decide()
        self._set_state("submitted", refusal_note=False)
        return True

    def _check_may_decide(self):
        self.change_id._get_pending_approvals()._check_may_decide()
        self.change_id._claim("submitted")

    # === STATE === #

    def _get_state_ways(self):
        """What people do with single lines; the others go along with their change."""
        return {"submitted": ("rejected",), "rejected": ("submitted",)}

    # === TARGET === #

    def _get_target(self):
        """Return ids of the customer and of the group, one of them empty."""
        return self.profile_id.id, self.group_id.id

    def _shares_days_with(self, other):
        """Tell whether two temporary limits, approved or in force, share a day."""
        both = (self, other)
        return all(
            one.kind == TEMPORARY and one.state in ("approved", "posted")
            for one in both
        ) and (self.date_from <= other.date_to and other.date_from <= self.date_to)
