from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.run import collection, guard
from ...sql.run import collection_items
from ...sql.run.collection_items import listed_items
from ...sql.run.collection_write import first_actions
from ...tools import access
from ...tools.statements import flush

#: Actions that wait to be printed, and those that have no address.
LETTERS = [("channel", "=", "letter"), ("state", "=", "queued")]

WITHOUT_ADDRESS = [("state", "=", "skipped"), ("skip_reason", "=", guard.NO_ADDRESS)]

#: Actions that the form of a run shows; it would read those of a big run for seconds.
SHOWN = 80

#: What is counted of the actions of a run.
COUNTS = (
    "planned_count",
    "skipped_count",
    "done_count",
    "failed_count",
    "letter_count",
    "no_address_count",
)


class CollectionRun(models.Model):
    """A run: everybody who is to be contacted on a day, and everybody who is not."""

    _name = "collection.run"
    _description = "Collection Run"
    _inherit = ["mail.thread", "credit.record.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
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
            ("planning", "Being Planned"),
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
    shown_action_ids = fields.Many2many(
        "collection.action", string="Actions", compute="_compute_shown_action_ids"
    )
    has_more_actions = fields.Boolean(compute="_compute_shown_action_ids")
    planned_count = fields.Integer("To Contact", compute="_compute_counts")
    skipped_count = fields.Integer("Not Contacted", compute="_compute_counts")
    done_count = fields.Integer("Done", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    letter_count = fields.Integer("Letters to Print", compute="_compute_counts")
    no_address_count = fields.Integer("Without Address", compute="_compute_counts")

    @api.depends("date", "company_id.name")
    def _compute_name(self):
        for run in self:
            run.name = f"{run.company_id.name} {run.date or ''}".strip()

    @api.depends("action_ids.state", "action_ids.amount")
    def _compute_shown_action_ids(self):
        actions = self.env["collection.action"]
        actions.flush_model(["run_id", "state", "amount"])
        # one statement for all: the ORM has no first ones of each
        rows = self.env.execute_query(first_actions(self._origin.ids, SHOWN + 1))
        found = defaultdict(list)
        for run_id, action_id in rows:
            found[run_id].append(action_id)
        for run in self:
            ids = found[run._origin.id]
            run.shown_action_ids = actions.browse(ids[:SHOWN])
            run.has_more_actions = len(ids) > SHOWN

    @api.depends("action_ids.state", "action_ids.channel", "action_ids.skip_reason")
    def _compute_counts(self):
        """All at once: of a hundred thousand actions each count is a reading of its
        own."""
        rows = self.env["collection.action"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "state", "skip_reason", "channel"],
            ["__count"],
        )
        counts = {run_id: defaultdict(int) for run_id in self.ids}
        for run, state, reason, channel, count in rows:
            for name in self._counted_as(state, reason, channel):
                counts[run.id][name] += count
        for run in self:
            of_run = counts.get(run._origin.id, {})
            for name in COUNTS:
                run[name] = of_run.get(name, 0)

    @api.model
    def _counted_as(self, state, reason, channel):
        """Return the names of the counts that an action is in."""
        names = {
            "planned": ["planned_count"],
            "skipped": ["skipped_count"],
            "failed": ["failed_count"],
            "sent": ["done_count"],
            "queued": ["done_count"],
        }.get(state, [])
        if (state, channel) == ("queued", "letter"):
            return [*names, "letter_count"]
        if (state, reason) == ("skipped", guard.NO_ADDRESS):
            return [*names, "no_address_count"]
        return names

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
        access.require(
            self.env,
            self.env._("Only credit managers plan and start collection runs."),
            access.MANAGER,
        )

    # === STATE === #

    def _get_state_ways(self):
        return {
            **super()._get_state_ways(),
            "draft": {"planning"},
            "planning": {"draft", "planned"},
            "planned": {"draft", "planning"},
            "running": {"planned"},
            "done": {"running"},
        }

    # === ACTIONS === #

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
        context = {}
        if not states:
            context = {"search_default_group_state": 1}
        elif states == ["skipped"]:
            context = {"search_default_group_reason": 1}
        return {**action, "domain": domain, "context": context}

    # === DECIDE === #

    def _get_policies(self):
        """Return ``{strategy_id: collection.Policy}`` of the strategies with steps."""
        all_steps = self.env["collection.strategy"]._get_engine_steps()
        strategies = self.env["collection.strategy"].browse(all_steps)
        channels = self.env["collection.step"]._get_channels()
        needs = {name: channel.need for name, channel in channels.items()}
        return {
            strategy.id: collection.Policy(
                steps=all_steps[strategy.id],
                catch_up=strategy.catch_up,
                quiet_days=strategy.quiet_days,
                minimum=strategy.minimum_amount,
                channels={step.id: step.channel for step in strategy.step_ids},
                minimums={step.id: step.minimum_amount for step in strategy.step_ids},
                needs=needs,
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
        company = self.company_id
        shared = {"company_id": company.id, "currency_id": company.currency_id.id}
        today = self.date
        rows = []
        for row in facts:
            policy = policies[row["strategy_id"]]
            plan = collection.plan(row, policy, today, is_bank_current)
            if plan:
                rows.append(shared | self._prepare_action_row(row, policy, plan))
        return rows

    def _prepare_action_row(self, row, policy, plan):
        """Return the values of an action; override to change or add some."""
        return {
            "profile_id": row["profile_id"],
            "partner_id": plan.contact_id,
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

    # === PREVIEW === #

    def _get_listed_items(self, actions):
        """Return ``{action_id: ids of the items}`` that planned actions list now."""
        days = self._get_days(self._get_policies())
        if not days:
            return {}
        flush(self.env, collection_items.READS)
        pot = self.company_id._credit_pot(self.date)
        listed = {}
        rows = self.env.execute_query(listed_items(pot, days, actions._origin.ids))
        for action_id, item_id, *_figures in rows:
            listed.setdefault(action_id, []).append(item_id)
        return listed
