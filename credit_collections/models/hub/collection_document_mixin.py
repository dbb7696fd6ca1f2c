from odoo import api, fields, models

from ...tools.numbering import next_numbers


class CollectionDocumentMixin(models.AbstractModel):
    """A numbered document about one customer, with an owner and its correspondence.

    The sequence of the numbers has the name of the model as its code.
    """

    _name = "collection.document.mixin"
    _description = "Collection Document"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    # who may see it may write to colleagues about it
    _mail_post_access = "read"

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    profile_id = fields.Many2one(
        "credit.profile", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", store=True, string="Customer", precompute=True
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(
        related="profile_id.currency_id", store=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        tracking=True,
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )

    @api.model_create_multi
    def create(self, vals_list):
        numbers = next_numbers(self.env, self._name, len(vals_list))
        for vals, number in zip(vals_list, numbers, strict=True):
            vals.setdefault("name", number)
        return super().create(vals_list)
