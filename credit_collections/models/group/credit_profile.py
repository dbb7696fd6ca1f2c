from collections import Counter, defaultdict

from odoo import api, models
from odoo.tools import float_round

from ...sql.exposure.exposure import exposure
from ...sql.group import exposure_of_members, owed_by_groups


class CreditProfile(models.Model):
    """What the members of a credit group owe together, live."""

    _inherit = "credit.profile"

    @api.model
    def _exposures_of(self, pot, standings, without_orders=(), leftover=0.0):
        """Return what customers owe and what their groups do, in the pot's currency:
        ``{partner_id: row of exposure}, {group id: amount}``.

        One statement, and one more where members are in other companies. Members that
        nobody asks for come as sums.

        :param standings: namespaces of :meth:`_read_standing`
        """
        customers = {standing.customer_id: standing for standing in standings}
        groups = {
            standing.group_id: standing for standing in standings if standing.group_id
        }
        if not groups:
            statement = exposure(pot, customers, without_orders, leftover)
            rows = self.env.execute_query(statement)
            return {partner_id: values for partner_id, *values in rows}, {}
        sizes = _by_company(groups)
        asked = {one: standing.group_id for one, standing in customers.items()}
        statement = exposure_of_members(
            pot, sizes.pop(pot.root_id), asked, without_orders, leftover
        )
        found = {}
        owed = defaultdict(float)
        for group_id, partner_id, *values in self.env.execute_query(statement):
            if partner_id:
                found[partner_id] = values
            if group_id:
                owed[group_id] += sum(values[: len(pot.columns)])
        if sizes:
            self._add_elsewhere(owed, pot, groups, sizes, without_orders)
        return found, {
            group_id: float_round(owed[group_id], precision_rounding=pot.rounding)
            for group_id in groups
        }

    @api.model
    def _add_elsewhere(self, owed, pot, groups, sizes, without_orders):
        """Add what members owe in other companies, through the currency of the group
        into that of the pot."""
        companies = self.env["res.company"].sudo()  # all members count, seen or not
        # of its own day each, unless another day is asked about
        is_today = pot.today == companies.browse(pot.root_id)._credit_today()
        day = None if is_today else pot.today
        pots = {
            company_id: companies.browse(company_id)._credit_pot(day)
            for company_id in sizes
        }
        scopes = [(pots[company_id], theirs) for company_id, theirs in sizes.items()]
        statement = owed_by_groups(scopes, without_orders)
        for company_id, group_id, amount, _late in self.env.execute_query(statement):
            currency_id = groups[group_id].group_currency_id
            worth = pot.worth(currency_id) / pots[company_id].worth(currency_id)
            owed[group_id] += amount * float(worth)

    @api.model
    def _refresh_groups(self):
        """Bring groups up to date: rates move them, and temporary limits of theirs."""
        self.env["credit.group"]._refresh_figures(everybody=True)


def _by_company(groups):
    """Return ``{root company id: {group id: number of members there}}``."""
    sizes = defaultdict(dict)
    for group_id, standing in groups.items():
        for company_id, members in Counter(standing.group_companies).items():
            sizes[company_id][group_id] = members
    return sizes
