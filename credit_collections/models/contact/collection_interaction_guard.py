from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.run import guard
from ...tools import access


class CollectionInteraction(models.Model):
    """Contacts by hand pass the same gate as those of runs."""

    _inherit = "collection.interaction"

    guard_reason = fields.Selection(
        lambda self: self.env["collection.action"]._selection_skip_reason(),
        string="Contacted in Spite Of",
        readonly=True,
    )
    override_reason = fields.Char(
        "Contacted Anyway Because", help="Only credit managers decide that."
    )
    guard_warning = fields.Char(compute="_compute_guard_warning")
    may_override = fields.Boolean(compute="_compute_may_override")

    @api.depends("profile_id", "channel", "direction", "action_id")
    def _compute_guard_warning(self):
        labels = self._get_guard_labels()
        reasons = self._get_guard_reasons()
        for one in self:
            one.guard_warning = labels.get(reasons[one]) or False

    @api.depends_context("uid")
    def _compute_may_override(self):
        self.may_override = self._may_override()

    def _may_override(self):
        return access.is_allowed(self.env, access.MANAGER)

    @api.model
    def _get_guard_labels(self):
        """Return what people read for reasons not to contact: ``{reason: label}``."""
        return dict(self._fields["guard_reason"]._description_selection(self.env))

    def _get_guard_reasons(self):
        """Return ``{interaction: reason or None}``; nobody is asked who calls us."""
        reasons = dict.fromkeys(self)
        outgoing = self.filtered(lambda one: one.direction == "out" and one.profile_id)
        for channel, some in outgoing.grouped("channel").items():
            # whether one may call is no secret of those who log the call
            profiles_sudo = some.profile_id._origin.sudo()
            expected = set(profiles_sudo._get_expecting().ids)
            found = profiles_sudo._guard_reasons(channel, expected)
            # whoever made the contact had an address
            for one in some:
                reason = found[one.profile_id._origin.id]
                reasons[one] = None if reason in guard.UNREACHABLE else reason
        return reasons

    def _check_guard(self):
        """Refuse contacts that the guard refuses, unless a manager says why not."""
        labels = self._get_guard_labels()
        for one, reason in self._get_guard_reasons().items():
            if not reason:
                continue
            if not self._may_override():
                raise UserError(
                    self.env._(
                        "%(customer)s may not be contacted: %(reason)s. Only a credit "
                        "manager can decide otherwise.",
                        customer=one.commercial_partner_id.name,
                        reason=labels[reason],
                    )
                )
            if not one.override_reason:
                raise UserError(
                    self.env._(
                        "%(customer)s may not be contacted: %(reason)s. Say why they "
                        "are contacted anyway.",
                        customer=one.commercial_partner_id.name,
                        reason=labels[reason],
                    )
                )
            one.sudo().guard_reason = reason  # on record, nobody writes it by hand
