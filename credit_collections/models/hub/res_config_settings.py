from odoo import models


# the settings page is no wizard of ours
class ResConfigSettings(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _name = "res.config.settings"
    _inherit = ["res.config.settings", "credit.policy.mixin"]
