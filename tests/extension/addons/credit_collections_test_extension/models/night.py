"""A step of the night between two of ours, for customers of whom some fail."""

from odoo import api, fields, models

from odoo.addons.credit_collections.models.events.credit_job_step import CUSTOMERS, Step

GREET = Step(
    "greet",
    "credit.profile",
    "_greet",
    CUSTOMERS,
    why="before tasks for reviews, which this may ask for",
)


class CreditProfile(models.Model):
    _inherit = "credit.profile"

    greeting_count = fields.Integer(readonly=True)

    @api.model
    def _get_night_steps(self):
        steps = super()._get_night_steps()
        names = [step.name for step in steps]
        steps.insert(names.index("reviews"), GREET)
        return steps

    def _greet(self, root):
        for profile in self:
            if profile.partner_id.name == "Nobody's friend":
                raise ValueError("refuses to be greeted")
            profile.greeting_count += 1
