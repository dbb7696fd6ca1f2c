import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class CollectionRun(models.Model):
    """Runs without anybody watching: one company's failure is its own."""

    _inherit = "collection.run"

    @api.model
    def _cron_send(self):
        """Go on with the runs that were started, and with those the bank held up."""
        today = fields.Date.context_today(self)
        waiting = self.search(
            [("state", "=", "planned"), ("is_automatic", "=", True)]
        ).filtered(lambda run: run.date == today)
        waiting._plan_and_begin()
        self.search([("state", "=", "running")], order="id")._do_batches()

    @api.model
    def _cron_run(self):
        """Plan the run of the day of every company and do it.

        Runs that were planned by hand wait for their manager.
        """
        today = fields.Date.context_today(self)
        roots = self.env["res.company"]._credit_roots()
        runs = self.search([("date", "=", today), ("is_automatic", "=", True)])
        for root in roots - runs.company_id:
            runs += self.create({"company_id": root.id, "is_automatic": True})
        runs.filtered(lambda run: run.state in ("draft", "planned"))._plan_and_begin()
        runs.filtered(lambda run: run.state == "running")._do_batches()

    def _plan_and_begin(self):
        """Plan runs of the night and begin those that nothing stands against.

        Where bank statements are behind the run stays planned, with that reason, and
        is planned again when the next job looks at it.
        """
        for run in self:
            try:
                with self.env.cr.savepoint():
                    run._begin_by_itself()
            except Exception as error:
                _logger.exception("Planning of collection run %s failed", run.id)
                run.message_post(body=self.env._("It could not be planned: %s", error))

    def _begin_by_itself(self):
        self.env["collection.segment"]._assign(self.company_id)
        self._forget_plan()
        self._plan()
        if self._is_bank_current():
            self._set_state("running")

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
