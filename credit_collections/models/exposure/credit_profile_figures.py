from odoo import api, fields, models
from odoo.tools import split_every

from ...sql.exposure.missing_profiles import missing_customers, missing_profiles
from ...sql.exposure.profile_figures import (
    FIGURES,
    collect_figures,
    forget_collected,
    refresh_figures,
    write_collected,
)
from ...tools import access, planner

#: Customers of one part.
BATCH = 5000


class CreditProfile(models.Model):
    """The stored figures, for lists and filters, and the refresh that writes them."""

    _inherit = "credit.profile"

    overdue_amount = fields.Monetary("Overdue", readonly=True, figure=True)
    not_due_amount = fields.Monetary("Not Due", readonly=True, figure=True)
    unapplied_amount = fields.Monetary(
        "Unapplied",
        readonly=True,
        help="Payments and credit notes that are not matched yet; negative.",
        figure=True,
    )
    draft_amount = fields.Monetary("Draft Invoices", readonly=True, figure=True)
    delivered_amount = fields.Monetary(
        "Delivered, Not Invoiced",
        readonly=True,
        help="What the customer has of confirmed orders and was not invoiced, with "
        "taxes.",
        figure=True,
    )
    order_amount = fields.Monetary(
        "Orders",
        readonly=True,
        help="Confirmed orders not invoiced yet, with taxes.",
        figure=True,
    )
    deposit_amount = fields.Monetary(
        "Deposits",
        readonly=True,
        help="Down payments on these orders that were invoiced; negative.",
        figure=True,
    )
    exposure = fields.Monetary(
        readonly=True, help="The sum of all that counts.", figure=True
    )
    available_credit = fields.Monetary(
        readonly=True,
        help="Effective limit less exposure, or what is left to the credit group where "
        "that is less; negative when over.",
        figure=True,
    )
    collateral_amount = fields.Monetary(
        "Covered by Collateral",
        readonly=True,
        help="Full amount of insurance, guarantees and other collateral in force.",
        figure=True,
    )
    uninsured_amount = fields.Monetary(
        "Uninsured Exposure",
        readonly=True,
        help="Exposure that no collateral in force covers.",
        figure=True,
        groups=access.OFFICE,
    )
    limit_used = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Exposure as a share of the limit. Customers without any credit show "
        "1,000 % as soon as they owe something.",
        figure=True,
    )
    overdue_days = fields.Integer(
        readonly=True,
        aggregator="max",
        help="Age of the oldest overdue item in days.",
        figure=True,
    )
    oldest_due_date = fields.Date(readonly=True, figure=True)
    figures_date = fields.Datetime(
        "Figures Changed On",
        readonly=True,
        help="When a refresh last changed a figure.",
        figure=True,
    )

    def action_refresh(self):
        """Bring the figures of these profiles up to date."""
        for company, profiles in self.grouped("company_id").items():
            # figures are no user's data; the profiles could be read
            self.sudo()._refresh_figures(company, profiles.partner_id.ids)
        return True

    @api.model
    def _ensure(self, company, partner_ids):
        """Return the profiles of commercial partners, made where there is none yet."""
        # branches share a pot whatever the user may open
        root = company.sudo().browse(company._credit_root_id())
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
        """Insert profiles set-wise and return them.

        :param partner_ids: default all customers with receivables, drafts or orders
        """
        if partner_ids is None:
            parts = self._create_missing_in_parts(root)
            return self.union(*(created for _last_id, created in parts))
        self._flush_exposure_fields()
        rows = self.env.execute_query(missing_profiles(root._credit_pot(), partner_ids))
        created = self.browse(row[0] for row in rows)
        created._on_missing_created(root)
        return created

    def _on_missing_created(self, root):
        """React to profiles that were made past the ORM; override after ``super()``."""

    @api.model
    def _create_missing_in_parts(self, root, after=0):
        """Do the same for all of them, see :meth:`_create_in_parts`."""
        self._flush_exposure_fields()
        rows = self.env.execute_query(missing_customers(root._credit_pot()))
        yield from self._create_in_parts(root, [row[0] for row in rows], after)

    @api.model
    def _create_in_parts(self, root, partner_ids, after):
        """Insert profiles of :data:`BATCH` customers at a time.

        After each part, yield the profiles that were made, behind an id that says
        nothing: who has a profile is not missing any more.
        """
        for some in split_every(BATCH, partner_ids):
            yield after, self._create_missing(root, list(some))
        planner.count_rows(self, len(partner_ids))

    @api.model
    def _refresh_figures(self, companies=None, partner_ids=None):
        """Write the stored figures of today, set-wise per root company.

        Only rows that change are touched. What follows from a change is written too,
        see :meth:`_on_figures_written`.

        :param companies: default all root companies
        :param partner_ids: commercial partners, default all
        :return: the profiles that changed
        """
        if companies is None:
            companies = self.env["res.company"].sudo()  # figures of all companies
            companies = companies._credit_roots()
        self._flush_exposure_fields()
        roots = {company._credit_root_id(): company for company in companies}
        rows = {
            company.browse(root_id): self._write_figures(
                company._credit_pot(), partner_ids
            )
            for root_id, company in roots.items()
        }
        profiles = self.browse(row[0] for found in rows.values() for row in found)
        profiles.invalidate_recordset(flush=False)
        self._on_figures_written(rows)
        return profiles

    def _refresh_figures_of(self, root):
        """Do the same for these customers of a root company."""
        self._refresh_figures(root, self.partner_id.ids)

    @api.model
    def _on_figures_written(self, rows):
        """React to figures that changed; override after ``super()``.

        :param rows: ``{root company: rows}`` of :meth:`_write_figures`
        """

    @api.model
    def _get_stored_figures(self):
        """Return the figures that the refresh writes besides those of the components, a
        tuple of :class:`~..sql.exposure.profile_figures.Figure`.

        Override to add one: the column of profiles, and what it is.
        """
        return FIGURES

    def _write_figures(self, pot, partner_ids):
        """Return the rows of :func:`~..sql.profile_figures.refresh_figures`."""
        figures = self._get_stored_figures()
        if partner_ids is not None:
            return self.env.execute_query(refresh_figures(pot, figures, partner_ids))
        self.env.cr.execute(collect_figures(pot, figures))
        rows = self.env.execute_query(write_collected(pot, figures))
        self.env.cr.execute(forget_collected())
        return rows
