import logging

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models

from ..engine.exposure import COMPONENTS, CustomerCredit, overdue_days
from ..sql.exposure import exposure
from ..sql.profile import (
    lock_profiles,
    mirror_limits,
    missing_profiles,
    read_profiles,
    refresh_figures,
)

_logger = logging.getLogger(__name__)


class CreditProfile(models.Model):
    """Where the figures come from: the same statement for one customer and for all."""

    _inherit = "credit.profile"

    # === COLLECT === #

    @api.model
    def _exposure_map(self, company, partner_ids=None, today=None, without_orders=()):
        """Return the exposure of customers by component.

        :param company: any company of the tree; the pot is that of its root
        :param partner_ids: commercial partners; all customers when ``None``
        :param without_orders: ids of orders that do not count
        :return: ``{partner_id: {component: amount, "oldest_due": date or None}}`` in
            company currency, for those customers with anything to count
        """
        self._flush_exposure_fields()
        pot = company._credit_pot(today)
        rows = self.env.execute_query(exposure(pot, partner_ids, without_orders))
        names = (*COMPONENTS, "oldest_due")
        return {
            partner_id: dict(
                zip(names, (*map(float, amounts), oldest_due), strict=True)
            )
            for partner_id, *amounts, oldest_due in rows
        }

    @api.model
    def _flush_exposure_fields(self):
        """Write pending changes of what the statements read."""
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(["state", "move_type"])
        self.env["sale.order.line"].flush_model()
        self.env["sale.order"].flush_model()
        self.env["res.partner"].flush_model(["parent_id", "commercial_partner_id"])
        self.env["res.currency.rate"].flush_model()
        self.flush_model()

    @api.model
    def _collect(self, company, partner_ids, *, lock=False, without_orders=()):
        """Return the :class:`~..engine.exposure.CustomerCredit` of customers, live.

        Two statements, however many customers.

        :param lock: write the profiles, so that no other decision uses the same credit
        :return: ``{commercial_partner_id: CustomerCredit}`` for every one of them
        """
        root = company.sudo().root_id  # the policy of the tree is set on its root
        self._flush_exposure_fields()
        profiles = self._read_profiles(root, partner_ids, lock)
        today = fields.Date.context_today(self)
        exposures = self._exposure_map(root, partner_ids, today, without_orders)
        return {
            partner_id: self._customer_credit(
                root,
                profiles.get(partner_id, (None, "default", 0.0, "none")),
                exposures.get(partner_id, {}),
                today,
            )
            for partner_id in partner_ids
        }

    @api.model
    def _read_profiles(self, root, partner_ids, lock):
        """Return ``{partner_id: row}``; with ``lock`` for all, made where missing."""
        statement = lock_profiles if lock else read_profiles
        rows = self.env.execute_query(statement(root.id, partner_ids))
        if lock and (missing := set(partner_ids) - {row[1] for row in rows}):
            self._ensure(root, missing)
            rows += self.env.execute_query(statement(root.id, missing))
        return {partner_id: (pid, *rest) for pid, partner_id, *rest in rows}

    @api.model
    def _customer_credit(self, root, profile, amounts, today):
        profile_id, policy, own_limit, status = profile
        return CustomerCredit(
            limit=self._get_effective_limit(
                policy, own_limit and float(own_limit), root
            ),
            components={name: amounts.get(name, 0.0) for name in COMPONENTS},
            overdue_days=overdue_days(amounts.get("oldest_due"), today),
            on_hold=status != "none",
            profile_id=profile_id,
        )

    # === RECORD === #

    @api.model
    def _ensure(self, company, partner_ids):
        """Return the profiles of commercial partners, made where there is none yet."""
        root = company.sudo().root_id  # branches share a pot whatever the user may open
        domain = [
            ("partner_id", "in", list(partner_ids)),
            ("company_id", "=", root.id),
        ]
        # every customer has a profile, whoever asks; archived ones count too
        profiles_sudo = self.sudo().with_context(active_test=False)
        found = profiles_sudo.search(domain)
        missing = set(partner_ids) - set(found.partner_id.ids)
        if missing:
            found += profiles_sudo._create_missing(root, tuple(missing))
        return found.with_env(self.env)

    @api.model
    def _create_missing(self, root, partner_ids=None):
        """Insert profiles set-wise and return them; see ``missing_profiles``."""
        self._flush_exposure_fields()
        rows = self.env.execute_query(missing_profiles(root._credit_pot(), partner_ids))
        profiles = self.browse(row[0] for row in rows)
        for name in ("effective_limit", "is_limited"):
            self.env.add_to_compute(self._fields[name], profiles)
        self.flush_model()
        return profiles

    @api.model
    def _refresh_figures(self, companies=None, partner_ids=None):
        """Write the stored figures of today, in one statement per root company.

        Only rows that change are touched.

        :param companies: default all root companies
        :param partner_ids: commercial partners, default all
        :return: the profiles that changed
        """
        if companies is None:
            companies = (
                self.env["res.company"].sudo().search([])
            )  # every company's cron
        self._flush_exposure_fields()
        changed = []
        for root in companies.sudo().root_id:
            statement = refresh_figures(root._credit_pot(), partner_ids)
            changed += [row[0] for row in self.env.execute_query(statement)]
        profiles = self.browse(changed)
        profiles.invalidate_recordset(flush=False)
        return profiles

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

    @api.model
    def _cron_refresh(self):
        """Add profiles of new customers and bring all stored figures up to date."""
        cron = self.env["ir.cron"]
        roots = self.env["res.company"].search([("parent_id", "=", False)])
        cron._commit_progress(remaining=len(roots))
        for root in roots:
            try:
                self._create_missing(root)
                self._refresh_figures(root)
            except SerializationFailure:
                self.env.cr.rollback()
                _logger.info("%s is busy; its figures wait for the next run", root.name)
            if not cron._commit_progress(1):
                break
