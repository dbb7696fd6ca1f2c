from odoo import api, models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Collectors who are away, and who stands in."""

    _inherit = "res.users"

    @api.model
    def _get_substitutes(self, day):
        """Add the substitutes of the members of teams.

        Who is away from several teams has one substitute, that of the first team.
        """
        members = self.env["collection.team.member"]
        # who stands in for whom is no secret, and the same for all companies
        away_sudo = members.sudo().search(
            members._away_domain(day) & Domain("substitute_id.active", "=", True)
        )
        return {
            **super()._get_substitutes(day),
            **{one.user_id.id: one.substitute_id.id for one in reversed(away_sudo)},
        }
