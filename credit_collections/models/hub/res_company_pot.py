from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import ormcache

from ...sql.hub.pot import Pot


class Scope(NamedTuple):
    """What all statements about a company take from its settings."""

    root_id: int
    company_ids: tuple
    currency_id: int
    rounding: float
    components: frozenset
    horizon_days: int
    overdue_tolerance: float
    default_policy: str
    default_limit: float
    needs_expiry: bool
    skips_own_companies: bool
    counts_registered: bool
    sources: tuple
    zone: str


class ResCompany(models.Model):
    """The scope of decisions and figures: a root company with its branches."""

    _inherit = "res.company"

    def _credit_pot(self, today=None):
        """Return the :class:`~..sql.pot.Pot` of the root company of this company.

        :param today: the day of the figures, default the day of the company
        """
        self.ensure_one()
        today = today or self._credit_today()
        scope = self._credit_scope(self.id)
        worth, other = self.env["res.currency"]._credit_factors(
            scope.root_id, scope.currency_id, today
        )
        horizon = scope.horizon_days
        return Pot(
            root_id=scope.root_id,
            company_ids=scope.company_ids,
            account_ids=self.env["account.account"]._credit_receivable_ids(
                scope.company_ids
            ),
            currency_id=scope.currency_id,
            rounding=scope.rounding,
            today=today,
            components=self._credit_used_components(scope),
            factors=worth,
            other_factor=other,
            horizon=today + timedelta(days=horizon) if horizon else None,
            sources=scope.sources,
            unused=frozenset(
                name
                for name, model in self._credit_features().items()
                if not self.env[model]._credit_is_used()
            ),
            has_registered=scope.counts_registered
            and self.env["account.payment"]._credit_is_used(),
            undone=self.env["account.partial.reconcile"]._credit_undone_partners(),
        )

    @api.model
    def _credit_features(self):
        """Return what many databases have none of: ``{name in the pot: model}``.

        Override to add a model with the ``credit.feature.mixin``.
        """
        return {}

    @api.model
    def _credit_used_components(self, scope):
        """Return the names of components that count and that there may be any of."""
        if self.env["sale.order.line"]._credit_is_used():
            return scope.components
        return scope.components - {"deposit"}

    @api.model
    def _credit_roots(self):
        """Return the root companies that the user may see: each has a policy and
        customers of its own, which branches share."""
        return self.search([("parent_id", "=", False)])

    def _credit_root_id(self):
        """Return the id of the root company, whose rules and policy count."""
        return self._credit_scope(self.id).root_id

    @api.model
    @ormcache("company_id")
    def _credit_scope(self, company_id):
        """Return the :class:`Scope` of a company; cached, every decision needs it."""
        # branches share a pot whatever the user may open
        root_sudo = self.sudo().browse(company_id).root_id
        return Scope(
            root_id=root_sudo.id,
            company_ids=self._credit_branch_ids(root_sudo.id),
            currency_id=root_sudo.currency_id.id,
            rounding=root_sudo.currency_id.rounding,
            components=root_sudo._credit_components(),
            horizon_days=root_sudo.credit_order_horizon_days,
            overdue_tolerance=root_sudo.credit_overdue_tolerance,
            default_policy=root_sudo.credit_default_policy,
            default_limit=root_sudo.credit_default_limit,
            needs_expiry=root_sudo.credit_blank_expiry_blocks,
            skips_own_companies=root_sudo.credit_skip_intercompany,
            counts_registered=root_sudo.collection_count_registered,
            sources=tuple(root_sudo._get_exposure_sources()),
            zone=root_sudo.partner_id.tz or root_sudo.credit_timezone or "UTC",
        )

    @api.model
    @ormcache("root_id")
    def _credit_branch_ids(self, root_id):
        """Return the ids of a root company and its branches, the root first."""
        # the pot is one for all
        companies_sudo = self.sudo().with_context(active_test=False)
        branches = companies_sudo.search(
            [("id", "child_of", root_id), ("id", "!=", root_id)]
        )
        return (root_id, *branches.ids)
