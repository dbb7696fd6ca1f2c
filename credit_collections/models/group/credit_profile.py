from collections import defaultdict

from odoo import api, models
from odoo.tools import float_round

from ...sql.exposure.exposure import exposure_by_company


class CreditProfile(models.Model):
    """What the members of a credit group owe together, live."""

    _inherit = "credit.profile"

    @api.model
    def _members_by_company(self, standings):
        """Return ``{root company id: {partner ids}}`` of all members of the groups."""
        members = defaultdict(set)
        for group_members in _groups(standings).values():
            for company_id, partner_id in group_members:
                members[company_id].add(partner_id)
        return members

    @api.model
    def _group_exposures(self, pot, standings, here, elsewhere, without_orders):
        """Return ``{group id: exposure}`` of all members, in the pot's currency.

        One statement where members are in other companies, otherwise none.

        :param here: ``{partner_id: row of exposure}`` of the company of the pot
        :param elsewhere: members in other companies, of :meth:`_members_by_company`
        """
        if not any(standing.group_id for standing in standings):
            return {}
        companies = self.env["res.company"].sudo()  # all members count, seen or not
        pots = {
            company_id: companies.browse(company_id)._credit_pot(pot.today)
            for company_id in elsewhere
        }
        owed = {
            (pot.root_id, partner_id): sum(row[: len(pot.columns)])
            for partner_id, row in here.items()
        }
        if elsewhere:
            scopes = [(pots[key], partners) for key, partners in elsewhere.items()]
            statement = exposure_by_company(scopes, without_orders)
            for company_id, partner_id, amount, _late in self.env.execute_query(
                statement
            ):
                owed[company_id, partner_id] = amount
        pots[pot.root_id] = pot
        currencies = {
            standing.group_id: standing.group_currency_id for standing in standings
        }
        return {
            group_id: _sum_up(members, owed, pots, pot, currencies[group_id])
            for group_id, members in _groups(standings).items()
        }

    @api.model
    def _refresh_groups(self):
        """Bring groups up to date: rates move them, and temporary limits of theirs."""
        self.env["credit.group"]._refresh_figures(everybody=True)


def _groups(standings):
    """Return ``{group id: pairs of company and customer}``."""
    return {
        standing.group_id: standing.group_members
        for standing in standings
        if standing.group_id
    }


def _sum_up(members, owed, pots, pot, currency_id):
    """Return what members owe, through the currency of the group into the pot's."""
    total = 0.0
    for company_id, partner_id in members:
        amount = float(owed.get((company_id, partner_id), 0.0))
        if company_id != pot.root_id:
            worth = pots[company_id].worth(currency_id)
            amount *= float(pot.worth(currency_id) / worth)
        total += amount
    return float_round(total, precision_rounding=pot.rounding)
