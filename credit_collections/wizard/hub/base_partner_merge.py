from odoo import api, models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge the credit profiles first: two of a customer can't be in one company,
        and the record of decisions must not go with the one that is dropped."""
        # whoever may merge partners merges what belongs to them
        self.env["credit.profile"].sudo()._merge(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
