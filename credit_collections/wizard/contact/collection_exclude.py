from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionExclude(models.TransientModel):
    """Ask why items are left alone by collection runs, and until when."""

    _name = "collection.exclude"
    _description = "Exclude Items from Collections"

    move_line_ids = fields.Many2many("account.move.line", required=True)
    reason_id = fields.Many2one(
        "credit.reason", required=True, domain="[('kind', '=', 'exclusion')]"
    )
    until = fields.Date(
        "Review On",
        required=True,
        help="From this day the items are collected again and shown for review.",
    )

    @api.constrains("until")
    def _check_until(self):
        for wizard in self:
            companies = wizard.move_line_ids.company_id
            if any(wizard.until <= one._credit_today() for one in companies):
                raise ValidationError(
                    self.env._("The day of the review has to be in the future.")
                )

    def action_exclude(self):
        self.ensure_one()
        self.move_line_ids._set_collection_exclusion(self.until, self.reason_id)
        return True
