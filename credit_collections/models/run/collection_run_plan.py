import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sql.run import collection_plan
from ...sql.run.collection_write import (
    discard_actions,
    forget_actions,
    insert_actions,
    lock_planning,
)
from ...tools import planner
from ...tools.batches import BUSY, apart
from ...tools.statements import flush

_logger = logging.getLogger(__name__)

#: Customers that are planned in one go: memory stays flat whatever their number, and a
#: process that is killed loses no more than these.
PLAN_BATCH = 5000

#: Up to so many customers a click waits for the plan, which takes some seconds; the job
#: plans more of them.
PLAN_AT_ONCE = 15000

#: What stays free of a run that has begun: its chatter.
FREE = ("message_", "activity_")

#: Actions that are taken away in one transaction.
DISCARD_BATCH = 20000


class CollectionRun(models.Model):
    """Planning a run: at once, or by the job where that takes longer than a click.

    The job plans batch by batch, each in a transaction of its own, and goes on where it
    stopped. The run is locked beside its row: whoever cancels the planning does not
    wait for the batch, which is undone.
    """

    _inherit = "collection.run"

    planned_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        figure=True,
        help="Who is told when the run is planned; empty: the job plans it.",
    )
    planning_total = fields.Integer("Customers", readonly=True, figure=True)
    planning_done = fields.Integer("Customers Looked At", readonly=True, figure=True)
    planned_up_to = fields.Integer(
        readonly=True, figure=True, help="The last customer that was looked at."
    )
    planning_progress = fields.Integer(
        "Planning", compute="_compute_planning_progress", help="How far the plan is."
    )
    planning_error = fields.Text("Not Planned", readonly=True, figure=True)
    is_plan_discarded = fields.Boolean(
        readonly=True,
        figure=True,
        help="Planning was given up; the job takes away what was planned until then.",
    )

    @api.depends("state", "planning_done", "planning_total")
    def _compute_planning_progress(self):
        for run in self:
            done = run.planning_done if run.state == "planning" else 0
            run.planning_progress = 100 * done // max(run.planning_total, done, 1)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planning(self):
        self._check_not_planning()
        if not self.env.su:
            self._check_not_begun()

    # === CRUD === #

    def write(self, vals):
        if not self.env.su:  # the job writes how far it is
            self._check_not_planning()
            if not all(name.startswith(FREE) for name in vals):
                self._check_not_begun()
        return super().write(vals)

    def _check_not_planning(self):
        """Refuse changes of what a plan is made of, while it is made."""
        for run in self:
            if run.state == "planning":
                raise UserError(
                    self.env._(
                        "%s is being planned. Wait until that is done, or cancel it.",
                        run.name,
                    )
                )

    def _check_not_begun(self):
        """Refuse to rewrite or remove what is on record: who was contacted, and why
        others were not."""
        for run in self:
            if run.state not in ("draft", "planned"):
                raise UserError(
                    self.env._("%s has begun and stays on record as it is.", run.name)
                )

    # === ACTIONS === #

    def action_plan(self):
        """Work out who would be contacted, and who would not and why: now, or by the
        job where there are many customers."""
        self._check_may_run()
        self._check_not_planning()
        for run in self:
            if run.state not in ("draft", "planned"):
                raise UserError(self.env._("%s has begun already.", run.name))
            run.lock_for_update()
            run_sudo = run.sudo()  # whoever may run a plan plans for all customers
            run_sudo._begin_to_plan(self.env.user)
            if run_sudo.planning_total <= PLAN_AT_ONCE:
                while run_sudo._plan():
                    pass
            else:
                run_sudo._set_state("planning")
                run_sudo._call_job()
        return True

    def action_cancel_planning(self):
        """Plan no further; what was planned is taken away by the job."""
        self._check_may_run()
        for run in self:
            if run.state != "planning":
                raise UserError(self.env._("%s is not being planned.", run.name))
            run_sudo = run.sudo()  # whoever may plan may stop it
            run_sudo._give_up()
            run_sudo._call_job()
        return True

    # === PLAN === #

    def _begin_to_plan(self, user=None):
        """Begin with the first customer.

        :param user: who asked for the plan, nobody where the job plans by itself
        """
        self.ensure_one()
        self.write(
            {
                "planned_by_id": user and user.id,
                "planned_up_to": 0,
                "planning_done": 0,
                "planning_total": self.env["credit.profile"].search_count(
                    [("company_id", "=", self.company_id.id)]
                ),
                "planning_error": False,
                "is_plan_discarded": False,
            }
        )

    def _plan(self):
        """Plan the next customers; from the first one on when the run was planned.

        Collects with one statement, decides in ``engine``, and writes with one
        statement. The items are written when an action is done. A customer whose data
        are broken is named and left out.

        :return: whether there are more
        """
        self.ensure_one()
        company = self.company_id
        profiles = self.env["credit.profile"].search(
            [("company_id", "=", company.id), ("id", ">", self.planned_up_to)],
            order="id",
            limit=PLAN_BATCH,
        )
        is_over = len(profiles) < PLAN_BATCH
        if not self.planned_by_id:
            profiles._assign_segments(company)
        self.env["collection.action"].flush_model()
        self.flush_recordset()
        last_id = None if is_over else profiles[-1].id
        self.env.cr.execute(forget_actions(self.id, self.planned_up_to, last_id))
        is_bank_current = self._is_bank_current()
        errors = apart(
            profiles,
            lambda some: self._plan_customers(some, is_bank_current),
            "planning",
        )
        if errors and not self.planning_done and len(errors) == len(profiles):
            raise next(iter(errors.values()))  # it is not about customers
        self.env["collection.action"].invalidate_model(flush=False)
        self.invalidate_recordset(flush=False)
        self._record_progress(profiles, errors)
        if is_over:
            self._set_planned()
        return not is_over

    def _plan_customers(self, profiles, is_bank_current):
        policies = self._get_policies()
        days = self._get_days(policies)
        moved = self._flush_facts(profiles)
        rows = self._plan_rows(policies, days, profiles.ids, is_bank_current)
        if rows:
            self.env.execute_query(insert_actions(self.id, rows.values()))
        moved._write_next_steps_of(self.company_id)

    def _flush_facts(self, profiles):
        """Write pending changes of what the plan of these customers reads; let their
        levels agree with it, and return those whose levels did not."""
        flush(self.env, collection_plan.READS)
        return profiles._align_levels(self.company_id)

    def _record_progress(self, profiles, errors):
        lines = [f"{one.display_name}: {error}" for one, error in errors.items()]
        # nobody writes it by hand
        self.sudo().write(
            {
                "planned_up_to": profiles[-1:].id,
                "planning_done": self.planning_done + len(profiles),
                "planning_error": "\n".join(filter(None, [self.planning_error, *lines]))
                or False,
            }
        )

    def _set_planned(self):
        planner.count_rows(self.env["collection.action"], self.planning_done)
        is_awaited = self.state == "planning"
        self._set_state("planned")
        # whoever plans it again begins with the first one; nobody writes it by hand
        self.sudo().planned_up_to = 0
        if is_awaited:
            self._tell_planned()

    # === JOB === #

    @api.model
    def _call_job(self):
        self.env.ref("credit_collections.ir_cron_collection_send")._trigger()

    def _plan_in_turn(self):
        """Plan runs batch by batch within the time that a cron has.

        One that another worker is at is left to it. One that loses a race for a row is
        left to the next call of the job; one that fails is new again, with what failed.

        :return: whether there is time left
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(
            remaining=sum(
                max(run.planning_total - run.planning_done, 0) for run in self
            )
        )
        for run in self:
            while run.state == "planning" and (done := run._plan_batch()) is not None:
                if not cron._commit_progress(done):
                    self._call_job()
                    return False
        return True

    def _plan_batch(self):
        """Plan a batch, to be committed then.

        :return: number of customers, ``None`` when the run is somebody else's now
        """
        if not self.env.execute_query(lock_planning(self.id))[0][0]:
            return None
        before = self.planning_done
        try:
            with self.env.cr.savepoint():
                if not self._plan():
                    self._start_by_itself()
            self.env.flush_all()
        except BUSY:
            self.env.cr.rollback()
            _logger.info("%s: busy, planning waits", self.name)
            if self.state == "planning":
                self._call_job()
            return None
        except Exception as error:
            _logger.exception("Planning of collection run %s failed", self.id)
            self._fail(error)
        return max(self.planning_done - before, 0)

    def _start_by_itself(self):
        """Start a run of the night, unless the bank is behind or its day is over."""
        is_due = self.date == self.company_id._credit_today()
        is_of_night = self.is_automatic and not self.planned_by_id
        if is_of_night and is_due and self._is_bank_current():
            self._set_state("running")

    def _fail(self, error):
        self._give_up(planning_error=str(error))
        self.message_post(body=self.env._("It could not be planned: %s", error))
        self._tell_failed()

    # === GIVE UP === #

    def _give_up(self, **vals):
        self._set_state("draft", is_plan_discarded=True, **vals)

    def _discard_in_turn(self):
        """Take away what was planned of runs that were given up, within the time that a
        cron has.

        :return: whether there is time left
        """
        cron = self.env["ir.cron"]
        for run in self:
            while run.is_plan_discarded:
                if not cron._commit_progress(run._discard_plan()):
                    self._call_job()
                    return False
        return True

    def _discard_plan(self):
        """Take away the next actions; return how many these were."""
        self.env["collection.action"].flush_model()
        self.env.cr.execute(discard_actions(self.id, DISCARD_BATCH))
        done = self.env.cr.rowcount
        self.env["collection.action"].invalidate_model(flush=False)
        self.invalidate_recordset(flush=False)
        if done < DISCARD_BATCH:
            self.is_plan_discarded = False
        return done

    # === NOTICE === #

    def _tell_planned(self):
        env = self._planner_env()
        self._tell(
            "warning" if self.planning_error else "success",
            env._("%s is planned", self.name),
            env._(
                "%(planned)s customers are to be contacted, %(skipped)s are not.",
                planned=self.planned_count,
                skipped=self.skipped_count,
            ),
        )

    def _tell_failed(self):
        env = self._planner_env()
        title = env._("%s could not be planned", self.name)
        self._tell("danger", title, self.planning_error)

    def _planner_env(self):
        """Return the environment in the language of whoever asked for the plan."""
        return self.with_context(lang=self.planned_by_id.lang).env

    def _tell(self, kind, title, message):
        """Show a message to whoever asked for the plan, wherever they are by now."""
        self.planned_by_id._bus_send(
            "simple_notification",
            {"type": kind, "title": title, "message": message, "sticky": True},
        )
