from odoo import api, models

from .credit_job_step import CUSTOMERS, Step

#: What the job does.
STEPS = (Step("promises", "credit.profile", "_judge_promises", CUSTOMERS),)


class CollectionPromise(models.Model):
    """Promises whose day comes while nobody watches."""

    _inherit = "collection.promise"

    @api.model
    def _cron_evaluate(self):
        """Judge the promises of all customers."""
        self.env["credit.job.step"]._run_daily("promises", STEPS, 12)
