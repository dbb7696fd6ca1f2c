from odoo import api, models

from .credit_job_step import CUSTOMERS, Step

#: What the job does.
STEPS = (Step("cases", "credit.profile", "_put_cases_right", CUSTOMERS),)


class CollectionCase(models.Model):
    """Cases that are settled while nobody watches."""

    _inherit = "collection.case"

    @api.model
    def _cron_close(self):
        """Close cases that are settled, and go on with those that are open again."""
        self.env["credit.job.step"]._run("cases", STEPS, 12)
