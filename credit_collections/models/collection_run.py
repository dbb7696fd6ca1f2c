from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import split_every

from ..engine import collection, guard
from ..sql.collection_write import (
    delete_lines,
    insert_actions,
    insert_lines,
    write_charges,
)

#: Customers that are planned in one go: memory stays flat whatever their number.
PLAN_BATCH = 5000

#: Actions that wait to be printed, and those that have no address.
LETTERS = [("channel", "=", "letter"), ("state", "=", "queued")]
WITHOUT_ADDRESS = [("state", "=", "skipped"), ("skip_reason", "=", guard.NO_ADDRESS)]


class CollectionRun(models.Model):
    """A run: everybody who is to be contacted on a day, and everybody who is not."""

    _name = "collection.run"
    _description = "Collection Run"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        help="Branches are part of the run of their root company.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("planned", "Planned"),
            ("running", "In Progress"),
            ("done", "Done"),
        ],
        string="Status",
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    is_automatic = fields.Boolean(
        "Run of the Night", readonly=True, help="Planned and started by the daily job."
    )
    action_ids = fields.One2many("collection.action", "run_id")
    planned_count = fields.Integer("To Contact", compute="_compute_counts")
    skipped_count = fields.Integer("Not Contacted", compute="_compute_counts")
    done_count = fields.Integer("Done", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    letter_count = fields.Integer("Letters to Print", compute="_compute_letter_count")
    no_address_count = fields.Integer(
        "Without Address", compute="_compute_no_address_count"
    )

    @api.depends("date", "company_id.name")
    def _compute_name(self):
        for run in self:
            run.name = f"{run.company_id.name} {run.date or ''}".strip()

    @api.depends("action_ids.state")
    def _compute_counts(self):
        groups = self.env["collection.action"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            run.planned_count = counts.get((run._origin.id, "planned"), 0)
            run.skipped_count = counts.get((run._origin.id, "skipped"), 0)
            run.failed_count = counts.get((run._origin.id, "failed"), 0)
            run.done_count = counts.get((run._origin.id, "sent"), 0) + counts.get(
                (run._origin.id, "queued"), 0
            )

    @api.depends("action_ids.state")
    def _compute_letter_count(self):
        self._count_actions("letter_count", LETTERS)

    @api.depends("action_ids.skip_reason")
    def _compute_no_address_count(self):
        self._count_actions("no_address_count", WITHOUT_ADDRESS)

    def _count_actions(self, name, domain):
        groups = self.env["collection.action"]._read_group(
            [("run_id", "in", self.ids), *domain], ["run_id"], ["__count"]
        )
        counts = {run.id: count for run, count in groups}
        for run in self:
            run[name] = counts.get(run._origin.id, 0)

    @api.constrains("company_id")
    def _check_company_id(self):
        for run in self:
            if run.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch: its customers are in the run of "
                        "%(root)s.",
                        branch=run.company_id.name,
                        root=run.company_id.root_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(run.state in ("running", "done") for run in self):
            raise UserError(
                self.env._("Runs that have begun are on record and can't be deleted.")
            )

    # === RIGHTS === #

    def _check_may_run(self):
        if not self.env.su and not self.env.user.has_group(
            "credit_collections.group_credit_manager"
        ):
            raise AccessError(
                self.env._("Only credit managers plan and start collection runs.")
            )

    # === PLAN === #

    def action_plan(self):
        """Work out who would be contacted, and who would not and why."""
        self._check_may_run()
        for run in self:
            if run.state not in ("draft", "planned"):
                raise UserError(self.env._("%s has begun already.", run.name))
            run.lock_for_update()
            run.sudo()._forget_plan()
            run.sudo()._plan()  # whoever may run a plan plans for all customers

    def _forget_plan(self):
        """Take away what was planned, but for what somebody has decided about it."""
        self.env["collection.action"].search(
            [
                ("run_id", "=", self.id),
                ("state", "!=", "cancelled"),
                ("is_edited", "=", False),
            ]
        ).unlink()  # a plan is not on record yet

    def _plan(self):
        """Write the actions of the run, batch by batch of customers.

        Collects with one statement per batch, decides in ``engine``, and writes with
        one statement per batch, the items with one for all.
        """
        policies = self._get_policies()
        days = self._get_days(policies)
        self.env["credit.profile"]._flush_exposure_fields()
        self.env["credit.profile"]._align_levels(self.company_id)
        self.env["collection.action"].flush_model()
        self.flush_recordset()
        is_bank_current = self._is_bank_current()
        profiles = self.env["credit.profile"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("strategy_id", "in", list(days)),
            ],
            order="id",
        )
        for profile_ids in split_every(PLAN_BATCH, profiles.ids):
            rows = self._plan_rows(policies, days, profile_ids, is_bank_current)
            if rows:
                self.env.execute_query(insert_actions(self.id, rows.values()))
        edited = self.env["collection.action"].search(
            [
                ("run_id", "=", self.id),
                ("state", "=", "planned"),
                ("is_edited", "=", True),
            ]
        )
        if edited:
            self.env.cr.execute(delete_lines(edited.ids))
        if profiles:
            self._write_lines(days)
        self.env["collection.action"].invalidate_model(flush=False)
        self.env["collection.action.line"].invalidate_model(flush=False)
        self.invalidate_recordset(flush=False)
        self.state = "planned"

    def _write_lines(self, days, action_ids=None):
        """Write the items of actions that are planned, and charges where steps have."""
        pot = self.company_id._credit_pot(self.date)
        self.env.cr.execute(insert_lines(self.id, pot, days, action_ids))
        steps = self.env["collection.strategy"]._get_charging_steps()
        if steps:
            decimals = self.company_id.currency_id.decimal_places
            self.env.cr.execute(write_charges(self.id, decimals, action_ids))
            self.env["collection.action"].invalidate_model(
                ["fee_amount", "interest_amount"], flush=False
            )

    def _get_policies(self):
        """Return ``{strategy_id: collection.Policy}`` of the strategies with steps."""
        all_steps = self.env["collection.strategy"]._get_engine_steps()
        strategies = self.env["collection.strategy"].browse(all_steps)
        return {
            strategy.id: collection.Policy(
                steps=all_steps[strategy.id],
                catch_up=strategy.catch_up,
                quiet_days=strategy.quiet_days,
                minimum=strategy.minimum_amount,
                channels={step.id: step.channel for step in strategy.step_ids},
                minimums={step.id: step.minimum_amount for step in strategy.step_ids},
            )
            for strategy in strategies
        }

    @api.model
    def _get_days(self, policies):
        return {
            strategy_id: tuple(step.days for step in policy.steps)
            for strategy_id, policy in policies.items()
        }

    def _decide(self, facts, policies, is_bank_current):
        """Return the values of the actions of a batch."""
        rows = []
        for row in facts:
            policy = policies[row["strategy_id"]]
            plan = collection.plan(row, policy, self.date, is_bank_current)
            if plan:
                rows.append(self._prepare_action_row(row, policy, plan))
        return rows

    def _prepare_action_row(self, row, policy, plan):
        """Return the values of an action; override to change or add some."""
        return {
            "profile_id": row["profile_id"],
            "partner_id": plan.contact_id,
            "company_id": self.company_id.id,
            "currency_id": self.company_id.currency_id.id,
            "strategy_id": row["strategy_id"],
            "step_id": plan.step_id,
            "level": plan.level,
            "channel": policy.channels[plan.step_id],
            "state": "skipped" if plan.reason else "planned",
            "skip_reason": plan.reason,
            "amount": plan.amount - plan.credit,
            "credit_amount": plan.credit,
            "item_count": plan.items,
        }

    # === LISTS === #

    def action_open_actions(self):
        """Open the actions of the run, of some states where a button names them."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_action_action"
        )
        states = self.env.context.get("collection_states")
        domain = [("run_id", "=", self.id)]
        lists = {
            "collection_letters": LETTERS,
            "collection_without_address": WITHOUT_ADDRESS,
        }
        for name, narrower in lists.items():
            if self.env.context.get(name):
                return {**action, "domain": [*domain, *narrower], "context": {}}
        if states:
            domain.append(("state", "in", states))
        by_reason = {"search_default_group_state": 1, "search_default_group_reason": 1}
        return {**action, "domain": domain, "context": {} if states else by_reason}
