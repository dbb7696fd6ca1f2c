from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import access
from ...tools.client_actions import open_dialog
from .credit_profile import Occasion

#: What the choice of a class writes.
OVERRIDE = (
    "risk_override_class_id",
    "risk_override_until",
    "risk_override_reason_id",
    "risk_override_note",
    "risk_override_user_id",
)


class CreditProfile(models.Model):
    """A risk class that a manager chose, for a reason and until a day."""

    _inherit = "credit.profile"

    risk_override_class_id = fields.Many2one(
        "credit.risk.class",
        string="Class by Hand",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=access.OFFICE,
    )
    risk_override_until = fields.Date(
        "Counts Until", readonly=True, copy=False, groups=access.OFFICE
    )
    risk_override_reason_id = fields.Many2one(
        "credit.reason",
        string="Reason of the Choice",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups=access.OFFICE,
    )
    risk_override_note = fields.Char(
        "Note on the Choice", readonly=True, copy=False, groups=access.OFFICE
    )
    risk_override_user_id = fields.Many2one(
        "res.users", string="Chosen By", readonly=True, copy=False, groups=access.OFFICE
    )

    def _check_may_write(self, vals):
        res = super()._check_may_write(vals)
        if not self.env.su and set(OVERRIDE).intersection(vals):
            raise AccessError(
                self.env._(
                    "A class by hand needs a reason and a last day: use the button "
                    "“Choose Class”."
                )
            )
        return res

    # === ACTIONS === #

    def action_override_risk(self):
        self._check_may_rate()
        return open_dialog(
            self.env,
            "credit.risk.override",
            self.env._("Choose Risk Class"),
            profile_ids=self.ids,
        )

    def action_end_override(self):
        """Let the score decide on the class again."""
        self._check_may_rate()
        chosen = self.filtered("risk_override_class_id")
        chosen.sudo().write(dict.fromkeys(OVERRIDE, False))  # checked above
        chosen._rescore(Occasion("end", user_id=self.env.uid))
        return True

    # === RIGHTS === #

    def _check_may_rate(self):
        self.check_access("write")
        self._check_may_set_policy()

    # === WHAT FOLLOWS === #

    def _override_risk(self, risk_class, reason, until, note=None):
        """Give these customers a class by hand, up to and including a day."""
        self._check_may_rate()
        days = [company._credit_today() for company in self.company_id]
        if not until or any(until < day for day in days):
            raise UserError(
                self.env._("Choose a day from today on, up to which the class counts.")
            )
        if reason.kind != "risk":
            raise UserError(self.env._("Choose the reason for this class."))
        values = (risk_class.id, until, reason.id, note or False, self.env.uid)
        # checked above
        self.sudo().write(dict(zip(OVERRIDE, values, strict=True)))
        self._rescore(Occasion("override", reason.id, note or None, self.env.uid))
