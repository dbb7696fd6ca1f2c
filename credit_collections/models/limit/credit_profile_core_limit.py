from odoo import api, models

from ...sql.limit.core_limit import limited_in_core, take_over_core_limits


class CreditProfile(models.Model):
    """Limits that customers had in core before the addon came."""

    _inherit = "credit.profile"

    @api.model
    def _create_limited_in_parts(self, root, after=0):
        """Make profiles of customers with a limit in core, who may owe nothing, see
        :meth:`_create_in_parts`."""
        self.env["res.partner"].flush_model(["credit_limit"])
        rows = self.env.execute_query(limited_in_core(root.id))
        yield from self._create_in_parts(root, [row[0] for row in rows], after)

    def _take_over_core_limits(self, root):
        """Take over the limits of new profiles; where core's feature is off they don't
        bite.

        The amounts are kept then too, so that choosing the policy “Limited” is enough.
        """
        bites = root.account_use_credit_limit
        self.env["res.partner"].flush_model(["credit_limit"])
        rows = self.env.execute_query(take_over_core_limits(root.id, bites, self.ids))
        limited = self.browse(row[0] for row in rows)
        limited.invalidate_recordset(flush=False)
        if bites and limited:
            limited._mirror_to_core(root)  # branches share them from now on
