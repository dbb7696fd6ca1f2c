from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine.run import contact_kinds, guard
from ...tools import access


class CollectionInteraction(models.Model):
    """Contacts by hand pass the same gate as those of runs.

    What stops a run is a question to a person, who answers it with a reason; the few
    reasons that stop people as well are for credit managers to decide.
    """

    _inherit = "collection.interaction"

    guard_reason = fields.Selection(
        lambda self: self.env["collection.action"]._selection_skip_reason(),
        string="Contacted in Spite Of",
        readonly=True,
    )
    override_reason = fields.Char("Contacted Anyway Because")
    guard_warning = fields.Char(compute="_compute_guard_warning")
    may_override = fields.Boolean(
        compute="_compute_guard_warning",
        help="Whether a reason of the user is enough to contact the customer.",
    )
    may_correct = fields.Boolean(compute="_compute_may_correct")

    @api.depends("profile_id", "channel", "direction", "kind", "action_id")
    def _compute_guard_warning(self):
        verdicts = self._get_verdicts()
        for one in self:
            verdict = verdicts[one]
            reasons = verdict.asks or tuple(filter(None, [verdict.stops]))
            one.guard_warning = one._describe_guard(one.profile_id, reasons) or False
            one.may_override = not verdict.stops or self._may_override()

    @api.depends_context("uid")
    def _compute_may_correct(self):
        self.may_correct = self._may_override()

    @api.model
    def _may_override(self):
        """Tell whether the user decides about what stops others."""
        return access.is_allowed(self.env, access.MANAGER)

    @api.model
    def _get_guard_labels(self):
        """Return what people read for reasons not to contact: ``{reason: label}``."""
        return dict(self._fields["guard_reason"]._description_selection(self.env))

    @api.model
    def _describe_guard(self, profile, reasons):
        """Return in one line what speaks against a contact."""
        labels = self._get_guard_labels()
        last = (
            profile.sudo().last_contact_date
        )  # no secret of who contacts the customer
        if guard.QUIET_DAYS in reasons and last:
            labels[guard.QUIET_DAYS] = self.env._(
                "Contacted on %s", format_date(self.env, last)
            )
        return ", ".join(labels[reason] for reason in reasons)

    def _get_verdicts(self):
        """Return ``{interaction: verdict}``; nobody is asked who calls us."""
        verdicts = dict.fromkeys(self, contact_kinds.FREE)
        outgoing = self.filtered(lambda one: one.direction == "out" and one.profile_id)
        for channel, some in outgoing.grouped("channel").items():
            # whether one may call is no secret of those who log the call
            profiles_sudo = some.profile_id._origin.sudo()
            expected = set(profiles_sudo._get_expecting().ids)
            found = profiles_sudo._get_guard_reasons(channel, expected)
            for one in some:
                # whoever made the contact had an address
                reasons = [
                    reason
                    for reason in found[one.profile_id._origin.id]
                    if reason not in guard.UNREACHABLE
                ]
                verdicts[one] = contact_kinds.judge(
                    one.kind, contact_kinds.PERSON, reasons
                )
        return verdicts

    def _check_guard(self):
        """Refuse contacts that stop people, and ask why others are made all the same;
        the answer stays on record."""
        for one, verdict in self._get_verdicts().items():
            self._check_verdict(one.profile_id, verdict, one.override_reason)
            reason = verdict.stops or next(iter(verdict.asks), None)
            if reason:
                one.sudo().guard_reason = reason  # on record, nobody writes it by hand

    @api.model
    def _check_verdict(self, profile, verdict, why):
        refusal = self._get_refusal(profile, verdict, why)
        if refusal:
            raise UserError(refusal)

    @api.model
    def _get_refusal(self, profile, verdict, why):
        """Return why a contact is not made, ``None`` when it may be.

        :param why: the reason that the user gives for making it
        """
        why = (why or "").strip()
        customer = profile.sudo().partner_id.name  # somebody is about to contact them
        if verdict.stops and not self._may_override():
            return self.env._(
                "%(customer)s may not be contacted: %(reason)s. Only a credit "
                "manager can decide otherwise.",
                customer=customer,
                reason=self._describe_guard(profile, [verdict.stops]),
            )
        if verdict.stops and not why:
            return self.env._(
                "%(customer)s may not be contacted: %(reason)s. Say why they are "
                "contacted anyway.",
                customer=customer,
                reason=self._describe_guard(profile, [verdict.stops]),
            )
        if verdict.asks and not why:
            return self.env._(
                "%(customer)s: %(reasons)s. Say why you send it anyway.",
                customer=customer,
                reasons=self._describe_guard(profile, verdict.asks),
            )
        return None
