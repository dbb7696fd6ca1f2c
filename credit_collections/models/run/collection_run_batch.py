import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.run import collection
from ...sql.run.collection_items import delete_lines, insert_lines, still_due
from ...sql.run.collection_plan import FACTS, plan_facts
from ...sql.run.collection_write import (
    ACTION_COLUMNS,
    claim,
    update_actions,
    write_charges,
)
from ...tools.batches import apart, explain

_logger = logging.getLogger(__name__)

#: Actions that are done in one transaction.
SEND_BATCH = 200


class CollectionRun(models.Model):
    """Doing a run: batch by batch, so that it may be killed and started again.

    A batch is planned once more at the moment of sending, and mails, activities, levels
    of items and states of actions are written in one transaction: whatever happens,
    nobody is contacted twice. By night, one company's failure is its own.
    """

    _inherit = "collection.run"

    # === ACTIONS === #

    def action_start(self):
        """Contact everybody who is planned: the first batch now, the others by cron."""
        self._check_may_run()
        for run in self:
            if run.state == "planning":
                raise UserError(
                    self.env._(
                        "%(run)s is still being planned: %(done)s of %(all)s customers "
                        "were looked at. Start it when the plan is there.",
                        run=run.name,
                        done=run.planning_done,
                        all=run.planning_total,
                    )
                )
            if run.state != "planned":
                raise UserError(self.env._("%s is not planned.", run.name))
            if run.date > run.company_id._credit_today():
                raise UserError(self.env._("%s is for a day to come.", run.name))
            run.sudo()._start()  # whoever may start a run contacts all its customers
        return True

    def _start(self):
        self._set_state("running")
        self._do_batch()
        if self.state == "running":
            self.env.ref("credit_collections.ir_cron_collection_send")._trigger()

    # === DO === #

    def _do_batch(self, size=SEND_BATCH):
        """Do the next actions of the run.

        :return: number of actions that were done, 0 when there are no more
        """
        self.ensure_one()
        actions = self._claim(size)
        errors = apart(actions, self._do_claimed, "doing a run")
        if len(errors) == len(actions) > 1 and not self._has_done():
            raise next(iter(errors.values()))  # it is not about customers
        for action, error in errors.items():
            action._set_state("failed", error=explain(error))
        if len(actions) < size and not self._has_planned():
            self._set_state("done")
        return len(actions)

    def _do_claimed(self, actions):
        actions._do(self._plan_again(actions))
        actions.profile_id._write_next_steps_of(self.company_id)

    def _claim(self, size):
        """Return the next actions, locked; those another worker has are passed over."""
        self.env["collection.action"].flush_model(["run_id", "state"])
        rows = self.env.execute_query(claim(self.id, size))
        return self.env["collection.action"].browse(row[0] for row in rows)

    def _has_planned(self):
        domain = [("run_id", "=", self.id), ("state", "=", "planned")]
        return bool(self.env["collection.action"].search_count(domain, limit=1))

    def _has_done(self):
        """Tell whether anybody was contacted by the run."""
        domain = [("run_id", "=", self.id), ("state", "in", ("queued", "sent"))]
        return bool(self.env["collection.action"].search_count(domain, limit=1))

    def _plan_again(self, actions):
        """Plan these actions with what is open now, and return those still to be done.

        Customers who paid, who may not be contacted any more, or who have nothing due
        are skipped with that reason; the others get the items and amounts of now.
        """
        self._flush_facts(actions.profile_id)
        self.env["collection.action.line"].flush_model()
        policies = self._get_policies()
        days = self._get_days(policies)
        rows = self._plan_rows(
            policies, days, actions.profile_id.ids, self._is_bank_current()
        )
        pot = self.company_id._credit_pot(self.date)
        gone = actions.filtered(lambda action: action.profile_id.id not in rows)
        due_ids = set()
        if gone and days:
            found = self.env.execute_query(still_due(pot, days, gone.ids))
            due_ids = {row[0] for row in found}
        not_due = gone.filtered(lambda action: action.id in due_ids)
        not_due._set_state("skipped", skip_reason=collection.NOT_DUE)
        (gone - not_due)._set_state("skipped", skip_reason=collection.PAID)
        actions.flush_recordset()
        planned = {
            action.id: action._keep_edited(rows[action.profile_id.id])
            for action in actions - gone
        }
        if planned:
            self.env.cr.execute(update_actions(planned))
            actions.invalidate_recordset(list(ACTION_COLUMNS), flush=False)
        due = actions.filtered(lambda action: action.state == "planned")
        if due:
            self._write_lines(pot, days, due)
        due.invalidate_recordset(["line_ids"], flush=False)
        self.env["collection.action.line"].invalidate_model(flush=False)
        return due

    def _write_lines(self, pot, days, actions):
        """Write the items of these actions, and charges where their steps have some."""
        self.env.cr.execute(delete_lines(actions.ids))  # of a try before
        self.env.cr.execute(insert_lines(pot, days, actions.ids))
        if self.env["collection.strategy"]._get_charging_steps():
            decimals = self.company_id.currency_id.decimal_places
            self.env.cr.execute(write_charges(decimals, actions.ids))
            actions.invalidate_recordset(["fee_amount", "interest_amount"], flush=False)

    def _plan_rows(self, policies, days, profile_ids, is_bank_current):
        """Return ``{profile_id: values}`` of the actions of a batch of customers."""
        if not days:
            return {}
        pot = self.company_id._credit_pot(self.date)
        rows = self.env.execute_query(plan_facts(pot, days, profile_ids))
        facts = [dict(zip(FACTS, row, strict=True)) for row in rows]
        decided = self._decide(facts, policies, is_bank_current)
        return {row["profile_id"]: row for row in decided}

    @api.model
    def _cron_send(self):
        """Go on with what was begun: plans, runs that were started, and those that the
        bank held up until now. Take away what was given up."""
        waiting = self.search(
            Domain("state", "=", "planned")
            & Domain("is_automatic", "=", True)
            & Domain(
                "planned_by_id", "=", False
            )  # what a person planned, a person starts
            & self.env["res.company"]._credit_day_domain("date", "=")
        )
        gaps = waiting._get_bank_gaps()
        waiting.filtered(
            lambda run: run.is_bank_ignored or not gaps.get(run)
        )._plan_by_itself()
        given_up = self.search([("is_plan_discarded", "=", True)])
        if given_up._discard_in_turn():
            self._go_on(self.search([("state", "in", ("planning", "running"))]))

    @api.model
    def _cron_run(self):
        """Plan the run of the day of every company and do it.

        Runs that were planned by hand wait for their manager. A job that has something
        left is called again: what was begun is not planned anew then. One that was
        given up stays so, and one that the bank holds up is for :meth:`_cron_send`.
        """
        roots = self.env["res.company"]._credit_roots()
        is_of_today = self.env["res.company"]._credit_day_domain("date", "=")
        runs = self.search(is_of_today & Domain("is_automatic", "=", True))
        runs += self.create(
            [
                {
                    "company_id": root.id,
                    "date": root._credit_today(),
                    "is_automatic": True,
                }
                for root in roots - runs.company_id
            ]
        )
        runs.filtered(
            lambda run: run.state == "draft" and not run.planning_total
        )._plan_by_itself()
        self._go_on(runs)

    def _plan_by_itself(self):
        """Let the job plan runs of the night, which begin when that is done.

        Where bank statements are behind the run stays planned, with that reason, and
        is planned again by the job that sees that they are there.
        """
        for run in self:
            run._begin_to_plan()
        self._set_state("planning")

    @api.model
    def _go_on(self, runs):
        """Plan runs, and do them, within the time that a cron has."""
        runs = runs.sorted("id")
        if runs.filtered(lambda run: run.state == "planning")._plan_in_turn():
            runs.filtered(lambda run: run.state == "running")._do_batches()

    def _do_batches(self):
        """Do runs batch by batch within the time that a cron has.

        Workers share the batches of a run. One that loses a race for a row, or whose
        batch fails, leaves the run to the next job and goes on with the next run.
        """
        cron = self.env["ir.cron"]
        domain = [("run_id", "in", self.ids), ("state", "=", "planned")]
        remaining = self.env["collection.action"].search_count(domain)
        cron._commit_progress(remaining=remaining)
        for run in self:
            done = True
            while done and run.state == "running":
                try:
                    with self.env.cr.savepoint():
                        done = run._do_batch()
                except Exception:
                    _logger.exception("A batch of collection run %s failed", run.id)
                    break
                if not cron._commit_progress(done):
                    return
