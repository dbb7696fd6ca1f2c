from odoo import models
from odoo.exceptions import AccessError, UserError

from ...engine import approval as engine


class CreditApproval(models.Model):
    """Who may decide: whom the tier names, substitutes, and never who asked."""

    _inherit = "credit.approval"

    def _get_deciders(self):
        """Return who may decide now: ``{approval id: {user id: for whom, or None}}``.

        Meant for a superuser environment.
        """
        pending = self.filtered(lambda approval: approval.state == "pending")
        substitutes = (
            self.env["credit.approval.substitute"]._get_in_force() if pending else []
        )
        today = self.env["res.company"]._credit_today()
        found = {approval.id: {} for approval in self}
        for approval in pending:
            found[approval.id] = engine.deciders(
                approval.step_id._get_member_ids(),
                substitutes,
                approval.document,
                approval.excluded_ids.ids,
                today,
            )
        return found

    def _check_may_decide(self):
        """Refuse whoever may not decide now; return ``{approval id: for whom}``."""
        if self.env.su:
            return {}
        self.check_access("read")
        found = self.sudo()._get_deciders()  # who decides is no data of the user
        for approval in self:
            if self.env.uid in found[approval.id]:
                continue
            if self.env.user in approval.sudo().excluded_ids:  # see above
                raise AccessError(
                    self.env._(
                        "You asked for %s yourself, or agreed to it before: another "
                        "person has to approve it.",
                        approval.display_name,
                    )
                )
            raise AccessError(
                self.env._(
                    "%(approval)s waits for “%(tier)s”: %(who)s.",
                    approval=approval.display_name,
                    tier=approval.sudo().step_id.name,
                    who=approval.sudo()._name_deciders(found[approval.id]),
                )
            )
        return {
            approval.id: found[approval.id][self.env.uid] or False for approval in self
        }

    def _check_somebody_may_decide(self):
        """Refuse to wait for a level on which nobody but who asks could decide."""
        substitutes = self.env["credit.approval.substitute"]._get_in_force()
        today = self.env["res.company"]._credit_today()
        for approval in self:
            for step in approval.step_ids:
                if not engine.deciders(
                    step._get_member_ids(),
                    substitutes,
                    approval.document,
                    approval.excluded_ids.ids,
                    today,
                ):
                    raise UserError(
                        self.env._(
                            "Nobody but you may approve “%(tier)s” for %(approval)s. "
                            "Ask a credit manager to name another approver or a "
                            "substitute.",
                            tier=step.name,
                            approval=approval.display_name,
                        )
                    )
