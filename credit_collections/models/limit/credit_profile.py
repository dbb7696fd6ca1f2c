from odoo import api, fields, models

from ...engine.limit.limits import NO_TERMS, effective_limit
from ...sql.hub.profile import mirror_limits
from ...sql.limit import limit_figures

#: A change of one of these changes the effective limit.
LIMIT_FIELDS = {"limit_policy", "credit_limit", "group_id"}


class CreditProfile(models.Model):
    """How much credit the customer has, and what follows when that changes."""

    _inherit = "credit.profile"

    limit_policy = fields.Selection(
        [
            ("default", "Group or company default"),
            ("limited", "Limited"),
            ("unlimited", "Unlimited"),
            ("none", "No credit"),
        ],
        required=True,
        default="default",
        tracking=True,
        help="- Group or company default: the limit that the customer's credit group "
        "shares, or as the company's settings say\n"
        "- Limited: up to the customer's own limit\n"
        "- Unlimited: the limit is never a reason to hold an order\n"
        "- No credit: everything has to be paid in advance",
    )
    credit_limit = fields.Monetary(
        "Own Limit",
        tracking=True,
        help="Counts while the policy is “Limited”.",
    )
    effective_limit = fields.Monetary(
        readonly=True,
        help="The limit that counts today: a temporary one or the customer's own, with "
        "what collateral adds to it, within the limit of the credit group.",
    )
    is_limited = fields.Boolean("Has a Limit", readonly=True)
    temporary_until = fields.Date(
        "Temporary Limit Until",
        readonly=True,
        help="Last day of the temporary limit in force.",
    )

    _check_credit_limit = models.Constraint(
        "CHECK (credit_limit >= 0)",
        "A credit limit can't be negative. Choose the policy “No credit” to give none.",
    )

    @api.model
    def _get_effective_limit(self, policy, own_limit, company, terms=NO_TERMS):
        """Return the limit that counts, ``None`` when unlimited.

        :param terms: :class:`~..engine.limits.Terms`, what counts beyond the policy
        """
        scope = company._credit_scope(company.id)
        return effective_limit(
            policy, own_limit or 0.0, scope.default_policy, scope.default_limit, terms
        )

    @api.model
    def _get_stored_figures(self):
        return (*super()._get_stored_figures(), *limit_figures.FIGURES)

    # === WHAT FOLLOWS === #

    def _on_written(self, names, before):
        super()._on_written(names, before)
        if before is None or LIMIT_FIELDS & names:
            self._on_limits_changed()

    def _on_limits_changed(self):
        """Bring the figures that depend on the limit up to date, here and in core."""
        for company, profiles in self.grouped("company_id").items():
            profiles.flush_recordset()
            self._refresh_figures(company, profiles.partner_id.ids)
            profiles._mirror_to_core(company)

    @api.model
    def _on_policy_changed(self, companies, field_names):
        """React to changed parameters of companies: refresh what depends on them."""
        for root in companies.filtered(lambda company: not company.parent_id):
            if {"credit_default_policy", "credit_default_limit"} & field_names:
                root._sync_core_default_limit()
            self.sudo()._refresh_figures(root)  # a set-wise statement on all profiles

    def _mirror_to_core(self, root, everybody=False):
        """Let core's credit limit of partners agree with the effective one.

        :param everybody: all profiles of the company instead of these
        """
        statement = mirror_limits(
            self.env["res.company"]._credit_branch_ids(root.id),
            None if everybody else self.ids,
        )
        self.env["res.partner"].flush_model(["credit_limit"])
        rows = self.env.execute_query(statement)
        partners = self.env["res.partner"].browse(row[0] for row in rows)
        partners.invalidate_recordset(["credit_limit", "use_partner_credit_limit"])

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        super()._merge_into(kept)
        limited = self.filtered(lambda one: one.limit_policy != "default")
        if kept.limit_policy == "default" and limited:
            kept.write(
                {
                    "limit_policy": limited[0].limit_policy,
                    "credit_limit": limited[0].credit_limit,
                }
            )
