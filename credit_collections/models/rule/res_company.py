from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    """Orders and items that the credit rules leave alone."""

    _inherit = "res.company"

    credit_overdue_tolerance = fields.Monetary(
        "Small Leftovers",
        help="Overdue items of which no more than this is open make no customer late: "
        "the rules about overdue invoices do not count them.",
        prefetch="credit",
        groups="base.group_user",
    )
    credit_skip_intercompany = fields.Boolean(
        "Skip Own Companies",
        default=True,
        help="Orders of customers that are companies of this database are not checked, "
        "where nothing else was decided for the customer.",
        prefetch="credit",
        groups="base.group_user",
    )

    credit_gone_bad_days = fields.Integer(
        "Gone Bad After",
        default=30,
        help="A released order whose invoices were or are past due for more than so "
        "many days counts as gone bad in the report of released orders.",
        prefetch="credit",
        groups="base.group_user",
    )

    _check_credit_overdue_tolerance = models.Constraint(
        "CHECK (credit_overdue_tolerance >= 0)",
        "Small leftovers can't be negative. 0 counts every overdue item.",
    )

    @api.model
    @ormcache()
    def _credit_own_partner_ids(self):
        """Return the ids of the partners of all companies; cached for decisions."""
        # what is a company does not depend on which ones the user may open
        companies = (
            self.sudo()
            .with_context(active_test=False)
            .search([("partner_id", "!=", False)])
        )
        return frozenset(companies.partner_id.ids)
