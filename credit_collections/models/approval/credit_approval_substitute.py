from odoo import api, fields, models
from odoo.fields import Domain

from ...engine import approval


class CreditApprovalSubstitute(models.Model):
    """Who approves in the place of somebody who is away."""

    _name = "credit.approval.substitute"
    _description = "Substitute for Approvals"
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        string="Approver",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
        help="Who is away, and goes on to decide all the same if present.",
    )
    substitute_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Decides in the place of the approver, in the approver's name.",
    )
    date_from = fields.Date(
        "From", required=True, default=fields.Date.context_today, help="First day."
    )
    date_to = fields.Date("Until", help="Last day. Empty: until further notice.")
    document = fields.Selection(
        selection="_selection_document", string="Only For", help="Empty: everything."
    )
    is_in_force = fields.Boolean(
        "In Force", compute="_compute_is_in_force", search="_search_is_in_force"
    )

    _check_dates = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The last day of the absence comes before the first one.",
    )
    _check_substitute = models.Constraint(
        "CHECK (substitute_id <> user_id)", "Nobody stands in for oneself."
    )

    # === COMPUTE === #

    @api.model
    def _selection_document(self):
        return self.env["credit.approval.tier"]._selection_document()

    @api.depends("user_id.name", "substitute_id.name")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._(
                "%(substitute)s for %(approver)s",
                substitute=entry.substitute_id.name or "",
                approver=entry.user_id.name or "",
            )

    @api.depends("date_from", "date_to")
    def _compute_is_in_force(self):
        found = self.filtered_domain(self._in_force_domain())
        for entry in self:
            entry.is_in_force = entry in found

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._in_force_domain()

    @api.model
    def _in_force_domain(self):
        today = self.env["res.company"]._credit_today()
        return Domain("date_from", "<=", today) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        )

    # === DECISIONS === #

    @api.model
    def _get_in_force(self, **users):
        """Return the substitutes of today for the engine.

        :param users: ``user_id`` or ``substitute_id``: only those of this user
        """
        domain = self._in_force_domain()
        for name, user_id in users.items():
            domain &= Domain(name, "=", user_id)
        # who stands in for whom decides on rights, whoever asks
        entries_sudo = self.sudo().search(domain, order="id")
        return [
            approval.Substitute(
                user_id=entry.user_id.id,
                substitute_id=entry.substitute_id.id,
                date_from=entry.date_from,
                date_to=entry.date_to or None,
                document=entry.document or None,
            )
            for entry in entries_sudo
        ]
