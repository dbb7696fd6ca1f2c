from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.client_actions import reload_page


class CreditPolicy(models.TransientModel):
    """The credit policy of a company, for credit managers.

    They are no administrators: neither the settings nor companies are theirs to change,
    but these parameters are.
    """

    _name = "credit.policy"
    _description = "Credit Policy"
    _inherit = ["credit.policy.mixin"]

    company_id = fields.Many2one(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.company.root_id
        for vals in vals_list:
            company = self.company_id.browse(vals.setdefault("company_id", default.id))
            self._check_may_set(company)
            self._drop_unchanged(vals, company.sudo())  # theirs to set, as checked
        # managers write these parameters of a company that is theirs, and nothing else
        return super(CreditPolicy, self.sudo()).create(vals_list).with_env(self.env)

    def write(self, vals):
        names = self.company_id._get_policy_fields().intersection(vals)
        vals = {name: vals[name] for name in names}
        self._check_may_set(self.company_id)
        # managers write these parameters of a company that is theirs, and nothing else
        return super(CreditPolicy, self.sudo()).write(vals)

    def _check_may_set(self, companies):
        """Refuse all but credit managers, and companies that are not the user's."""
        self.check_access("write")
        foreign = companies - self.env.user.company_ids
        if foreign and not self.env.su:
            raise AccessError(
                self.env._(
                    "You may not change the credit policy of %s, which is not one of "
                    "your companies.",
                    ", ".join(foreign.sudo().mapped("name")),  # just what it is called
                )
            )

    @api.model
    def _drop_unchanged(self, vals, company):
        """Leave out what is so already: each parameter written refreshes figures."""
        for name in company._get_policy_fields().intersection(vals):
            field = company._fields[name]
            current = field.convert_to_write(company[name], company)
            if vals[name] == current:
                del vals[name]

    def action_save(self):
        """Close the dialog; what was entered is written by now."""
        return reload_page()
