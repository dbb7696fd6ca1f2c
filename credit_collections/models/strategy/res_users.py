from odoo import api, models

from ...engine.strategy.substitutes import acting, worker


class ResUsers(models.Model):
    """Who works for collectors who are away."""

    _inherit = "res.users"

    @api.model
    def _get_substitutes(self, day):
        """Return ``{user_id: substitute_id}`` of those who are away on a day.

        Nobody is; override to say who.
        """
        return {}

    def _get_acting_collector(self, day):
        """Return ``{user: who works for them on a day}``, for all in one query.

        Users who are there work for themselves; so do those in a circle of absences.
        """
        substitutes = self._get_substitutes(day) if self else {}
        return {user: self.browse(acting(user.id, substitutes)) for user in self}

    @api.model
    def _get_leaders(self, user_ids, company):
        """Return ``{user_id: ids of who leads their teams}``.

        There are no teams; override to say who leads them.
        """
        return {}

    def _get_workers(self, company, day=None):
        """Return ``{user: who does what falls to them in a company}``.

        Who has left, or does not work in the company, gets nothing: it goes to the
        leader of the team, else to who decides on credit there.

        :param day: whose substitutes count; without one, nobody is away
        """
        if not self:
            return {}
        substitutes = self._get_substitutes(day) if day else {}
        leaders = self._get_leaders(self.ids, company)
        asked = {*self.ids, *substitutes.values(), *sum(leaders.values(), [])}
        present = set(self.browse(asked)._get_present(company).ids)
        found = {
            user: worker(user.id, substitutes, leaders.get(user.id, ()), present)
            for user in self
        }
        manager = company._credit_approver() if None in found.values() else self
        return {user: self.browse(one or manager[:1].id) for user, one in found.items()}

    def _get_substituted(self, day):
        """Return the users for whom these ones work on a day, without themselves."""
        substitutes = self._get_substitutes(day)
        return self.browse(
            user_id
            for user_id in substitutes
            if user_id not in self.ids and acting(user_id, substitutes) in self.ids
        )
