from collections import defaultdict
from datetime import timedelta, timezone

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from odoo.addons.base.models.res_partner import _tz_get

from ...sql.hub.day import day_of


class ResCompany(models.Model):
    """The day that it is for a company, whoever looks, and wherever from.

    What ends, begins or is late does so by the day of the company: promises, steps,
    releases, limits, reviews. Branches follow their root company, whose policy counts.
    """

    _inherit = "res.company"

    credit_timezone = fields.Selection(
        _tz_get,
        "Time Zone of the Day",
        prefetch="credit",
        help="Where midnight ends the day of the company, for all that is due, ends or "
        "is valid, if the address of the company has no time zone. Empty: UTC.",
        groups="base.group_user",
    )

    def _credit_today(self):
        """Return the day that it is for this company; for none, that of the user's."""
        return self._credit_day_of(fields.Datetime.now())

    def _credit_day_of(self, moment):
        """Return the day of this company on which something happened, UTC."""
        company = self or self.env.company
        company.ensure_one()
        zone = pytz.timezone(self._credit_scope(company.id).zone)
        return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()

    @api.model
    @ormcache()
    def _credit_company_ids(self):
        """Return the ids of all companies."""
        # whatever the user may open, archived ones too
        companies_sudo = self.sudo().with_context(active_test=False)
        return tuple(companies_sudo.search([("id", ">", 0)], order="id").ids)

    @api.model
    def _credit_days(self):
        """Return ``{day: ids of the companies whose day it is}``, all of them."""
        days = defaultdict(list)
        for company_id in self._credit_company_ids():
            day = self.browse(company_id)._credit_today()
            days[day].append(company_id)
        return dict(days)

    @api.model
    def _credit_day_domain(self, name, operator, days=0, company="company_id"):
        """Return what finds records by how a date compares with the day of their own
        company; of records without one, with that of the user's.

        :param name: the field of the date
        :param days: so many days are added to the day first
        :param company: the field of the company
        """
        known = self._credit_days()
        if len(known) == 1:
            (day,) = known
            return Domain(name, operator, day + timedelta(days=days))
        own = self._credit_today()
        return Domain.OR(
            Domain(company, "in", [*ids, False] if day == own else ids)
            & Domain(name, operator, day + timedelta(days=days))
            for day, ids in known.items()
        )

    @api.model
    def _credit_day_sql(self, company):
        """Return the twin of :meth:`_credit_today` for statements about several
        companies: an expression, see :func:`~..sql.hub.day.day_of`.

        :param company: the expression of the id of a company
        """
        return day_of(company, self._credit_days(), self._credit_today())
