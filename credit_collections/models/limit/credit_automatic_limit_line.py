from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.limit import automatic_limits
from ..risk.credit_risk_factor import WORDS

#: Facts that are amounts of money.
AMOUNTS = {"average_balance", "revenue"}


class CreditAutomaticLimitLine(models.Model):
    """A fact that is worth a limit."""

    _name = "credit.automatic.limit.line"
    _description = "Line of an Automatic Limit"
    _order = "automatic_id, sequence, id"

    automatic_id = fields.Many2one(
        "credit.automatic.limit", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    currency_id = fields.Many2one(related="automatic_id.currency_id")
    kind = fields.Selection(selection="_selection_kind", string="Fact", required=True)
    comparison = fields.Selection(
        [
            (">=", "at least"),
            (">", "more than"),
            ("<=", "at most"),
            ("<", "less than"),
            ("=", "is"),
        ],
        required=True,
        default=">=",
    )
    value = fields.Float(help="Shares: 0.8 = 80 %.")
    country_id = fields.Many2one("res.country", ondelete="restrict")
    status = fields.Selection(selection="_selection_status", string="Hold")
    rating = fields.Char()
    is_words = fields.Boolean(compute="_compute_is_words")
    credit_limit = fields.Monetary(
        "Limit", required=True, default=0.0, help="The limit of customers who fit."
    )

    _check_limit = models.Constraint(
        "CHECK (credit_limit >= 0)", "A credit limit can't be negative."
    )

    @api.model
    def _selection_kind(self):
        field = self.env["credit.risk.factor"]._fields["kind"]
        return field._description_selection(self.env)

    @api.model
    def _selection_status(self):
        field = self.env["credit.profile"]._fields["credit_status"]
        return field._description_selection(self.env)

    @api.depends("kind")
    def _compute_is_words(self):
        for line in self:
            line.is_words = line.kind in WORDS

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.is_words:
            self.comparison = "="

    @api.constrains("kind", "comparison", "country_id", "status", "rating")
    def _check_words(self):
        for line in self.filtered("is_words"):
            if line.comparison != "=":
                raise ValidationError(
                    self.env._("Countries, holds and ratings can only be equal.")
                )
            if not line._get_word():
                raise ValidationError(self.env._("Say which value gets the limit."))

    def _get_shared(self):
        return self.filtered(lambda line: line.automatic_id._get_shared())

    def _get_word(self):
        """Return the word as statements select it, empty where there is none."""
        value = self[WORDS[self.kind]]
        if self.kind == "country":
            return str(value.id) if value else ""
        return (value or "").strip().upper() if self.kind == "rating" else value or ""

    def _as_engine(self, worth):
        value = worth(self.value) if self.kind in AMOUNTS else self.value
        return automatic_limits.Criterion(
            kind=self.kind,
            comparison=self.comparison,
            value=self._get_word() if self.is_words else value,
            limit=worth(self.credit_limit),
        )
