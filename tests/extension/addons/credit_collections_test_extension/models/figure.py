"""A figure of profiles: how many credit notes the customer got."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.credit_collections.sql.exposure.profile_figures import Figure

CREDIT_NOTES = Figure(
    "credit_note_count",
    lambda pot: SQL(
        """(SELECT COUNT(*) FROM account_move note
             WHERE note.commercial_partner_id = profile.partner_id
               AND note.company_id IN %s
               AND note.move_type = 'out_refund' AND note.state = 'posted')""",
        pot.company_ids,
    ),
)


class CreditProfile(models.Model):
    _inherit = "credit.profile"

    credit_note_count = fields.Integer(readonly=True, figure=True)

    @api.model
    def _get_stored_figures(self):
        return (*super()._get_stored_figures(), CREDIT_NOTES)
