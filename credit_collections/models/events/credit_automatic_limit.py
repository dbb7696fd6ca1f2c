from odoo import api, models

from .credit_job_step import Step

#: What the job does.
STEPS = (Step("limits", "credit.automatic.limit", "_propose"),)


class CreditAutomaticLimit(models.Model):
    """Limits that are proposed while nobody watches."""

    _inherit = "credit.automatic.limit"

    @api.model
    def _cron_propose(self):
        """Propose the limits of all companies."""
        self.env["credit.job.step"]._run("limits", STEPS, 12)
