from odoo import api, models

from ...engine.strategy.substitutes import acting


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

    def _get_substituted(self, day):
        """Return the users for whom these ones work on a day, without themselves."""
        substitutes = self._get_substitutes(day)
        return self.browse(
            user_id
            for user_id in substitutes
            if user_id not in self.ids and acting(user_id, substitutes) in self.ids
        )
