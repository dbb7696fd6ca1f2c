from itertools import pairwise

from odoo import api, fields, models


class CreditRiskClass(models.Model):
    """How risky a customer is: an interval of the risk score, and what it suggests."""

    _name = "credit.risk.class"
    _description = "Risk Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The best class first.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(translate=True)
    score_from = fields.Float(
        required=True,
        aggregator=None,
        help="The class begins with this score and ends where the next one begins, so "
        "that there is never a gap.",
    )
    score_to = fields.Float("Below", compute="_compute_score_to")
    review_months = fields.Integer(
        "Review Every",
        help="Customers of the class are reviewed after so many months. 0: never.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    suggested_limit = fields.Monetary(
        help="What customers of the class usually get. 0: nothing is suggested."
    )
    suggested_rule = fields.Char(
        translate=True,
        help="How orders of such customers are dealt with, for colleagues who decide.",
    )

    _check_score_from = models.Constraint(
        "CHECK (score_from BETWEEN 0 AND 100)", "Scores go from 0, no risk, to 100."
    )
    _check_review_months = models.Constraint(
        "CHECK (review_months BETWEEN 0 AND 120)",
        "A review takes place every 1 to 120 months, or never.",
    )
    _check_suggested_limit = models.Constraint(
        "CHECK (suggested_limit >= 0)", "A suggested limit can't be negative."
    )
    _score_from_uniq = models.UniqueIndex(
        "(score_from) WHERE active", "Another class begins with this score already."
    )

    def _compute_score_to(self):
        ends = dict(pairwise(self.search([("active", "=", True)]).sorted("score_from")))
        for one in self:
            following = ends.get(one._origin)
            one.score_to = following.score_from if following else 100.0

    @api.model
    def _get_classes(self):
        """Return ``(first score, id)`` of the classes, for ``engine.scoring``."""
        # scores are the same for everybody
        found_sudo = self.sudo().search([("active", "=", True)]).sorted("score_from")
        return tuple((one.score_from, one.id) for one in found_sudo)

    def _get_shared(self):
        """They have no company: all of them are shared."""
        return self
