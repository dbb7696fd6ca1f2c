from odoo import api, models

from ...sql.hub.roles import READS
from ...tools.versioned import note_change


class ResCompany(models.Model):
    """The parameters of the credit policy: branches take them from their root company.

    Every request reads the company, few read its policy: the parameters are fetched as
    a group of their own. ``prefetch="credit"`` makes a field one of them.
    """

    _name = "res.company"
    _inherit = ["res.company", "credit.cached.mixin"]

    @api.model
    def _credit_policy_fields(self):
        """Return the names of the parameters of the credit policy."""
        return {
            name for name, field in self._fields.items() if field.prefetch == "credit"
        }

    def _get_company_root_delegated_field_names(self):
        return super()._get_company_root_delegated_field_names() + sorted(
            self._credit_policy_fields()
        )

    @api.model
    def _credit_cached_fields(self):
        others = {"active", "currency_id", "parent_id", "partner_id"}
        return self._credit_policy_fields() | others | set(READS[self._name])

    @api.model
    def _credit_forget(self):
        super()._credit_forget()
        note_change(self.env, self._name)  # what it means to book on which account

    def write(self, vals):
        policy = self._credit_policy_fields().intersection(vals)
        # Odoo copies delegated fields to branches one by one, and refuses each copy
        # until all of them agree: they only pass one by one
        for name in sorted(policy):
            super().write({name: vals[name]})
        others = {name: value for name, value in vals.items() if name not in policy}
        res = super().write(others)
        if policy:
            self._on_credit_policy_changed(policy)
        return res

    def _on_credit_policy_changed(self, names):
        """React to changed parameters of companies; override after ``super()``.

        :param set names: the fields that were written
        """
