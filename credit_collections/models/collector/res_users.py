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

    @api.model
    def _get_leaders(self, user_ids, company):
        """Add who leads the teams of the collectors, also of those who have left."""
        # who leads whom is no secret, see above
        members_sudo = self.env["collection.team.member"].sudo()
        members_sudo = members_sudo.with_context(active_test=False).search(
            [
                ("user_id", "in", list(user_ids)),
                ("team_id.active", "=", True),
                ("company_id", "in", (False, company.root_id.id)),
            ]
        )
        found = super()._get_leaders(user_ids, company)
        for member_sudo in members_sudo:
            leader_id = member_sudo.team_id.leader_id.id
            if leader_id and leader_id != member_sudo.user_id.id:
                found.setdefault(member_sudo.user_id.id, []).append(leader_id)
        return found
