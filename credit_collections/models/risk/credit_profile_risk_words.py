from dataclasses import asdict

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ...engine.risk.scoring import Part
from .credit_risk_factor import SHARES

#: Facts that are amounts of money, and ages.
AMOUNTS = {"average_balance", "revenue"}
YEARS = {"customer_since", "business_since"}


class CreditProfile(models.Model):
    """The score in words and figures, for people."""

    _inherit = "credit.profile"

    risk_picture = fields.Json(compute="_compute_risk_picture", compute_sudo=False)
    risk_note = fields.Char(
        "Why This Class", compute="_compute_risk_note", compute_sudo=False
    )

    risk_color = fields.Integer(related="risk_class_id.color", string="Class Color")
    suggested_limit = fields.Monetary(
        compute="_compute_suggested_limit",
        help="What customers of the class usually get.",
    )
    suggested_rule = fields.Char(related="risk_class_id.suggested_rule")

    @api.depends("risk_class_id.suggested_limit", "currency_id")
    def _compute_suggested_limit(self):
        for profile in self:
            risk_class = profile.risk_class_id
            profile.suggested_limit = (
                risk_class.currency_id._convert(
                    risk_class.suggested_limit, profile.currency_id, profile.company_id
                )
                if risk_class
                else 0.0
            )

    @api.depends("risk_parts", "risk_score")
    @api.depends_context("lang")
    def _compute_risk_picture(self):
        factors = self.env["credit.risk.factor"]._fields["kind"]
        labels = dict(factors._description_selection(self.env))
        for profile in self:
            parts = [Part(*part) for part in profile.risk_parts or ()]
            known = sum(part.weight for part in parts if part.points is not None)
            profile.risk_picture = {
                "score": profile.risk_score,
                "is_rated": bool(known),
                "parts": [
                    {
                        **asdict(part),
                        "label": labels.get(part.kind, part.kind),
                        "words": profile._risk_words(part.kind, part.fact),
                        "share": known and part.weight / known,
                    }
                    for part in parts
                ],
            }

    @api.depends("risk_class_id", "risk_score", "risk_override_until", "risk_parts")
    @api.depends_context("lang")
    def _compute_risk_note(self):
        for profile in self:
            profile.risk_note = profile._risk_class_words()

    def _risk_class_words(self):
        if self.risk_override_class_id:
            return self.env._(
                "Chosen by %(user)s until %(until)s: %(reason)s",
                user=self.risk_override_user_id.name,
                until=format_date(self.env, self.risk_override_until),
                reason=self.risk_override_reason_id.name,
            )
        if not self.risk_class_id:
            return self.env._("Not rated: nothing is known yet that says anything.")
        return self.env._("By the score of %.1f", self.risk_score)

    def _risk_words(self, kind, fact):
        """Return a fact in plain words."""
        if fact is None:
            return self.env._("not known")
        if kind in SHARES:
            return self.env._("%s %%", round(100 * fact))
        if kind in AMOUNTS:
            return format_amount(self.env, fact, self.currency_id)
        if kind in YEARS:
            return self.env._("%g years", round(fact, 1))
        if kind == "country":
            return self.env["res.country"].browse(int(fact)).name
        if kind == "status":
            field = self._fields["credit_status"]
            return dict(field._description_selection(self.env)).get(fact, fact)
        return fact if kind == "rating" else f"{fact:g}"
