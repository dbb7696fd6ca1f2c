from odoo import api, models
from odoo.fields import Domain

from ...engine.collector.assignment import acting


class ResUsers(models.Model):
    """Collectors who are away, and who stands in."""

    _inherit = "res.users"

    @api.model
    def _get_substitutes(self, day):
        """Return ``{user_id: substitute_id}`` of the collectors who are away on a day.

        Who is away from several teams has one substitute, that of the first team.
        """
        members = self.env["collection.team.member"]
        # who stands in for whom is no secret, and the same for all companies
        away = members.sudo().search(
            members._away_domain(day) & Domain("substitute_id.active", "=", True)
        )
        return {member.user_id.id: member.substitute_id.id for member in reversed(away)}

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
