from odoo import api, models

from .credit_job_step import CUSTOMERS, Step

#: What the job does.
STEPS = (Step("collateral", "credit.profile", "_mind_deadlines", CUSTOMERS),)


class CreditCollateral(models.Model):
    """Collateral that begins, ends or comes due while nobody watches."""

    _inherit = "credit.collateral"

    @api.model
    def _cron_deadlines(self):
        """Let collateral begin and end, and remind of deadlines."""
        self.env["credit.job.step"]._run_daily("collateral", STEPS, 12)
