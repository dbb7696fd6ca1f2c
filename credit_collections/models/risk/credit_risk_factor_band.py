from math import inf

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.risk import scoring
from .credit_risk_factor import SHARES, WORDS


class CreditRiskFactorBand(models.Model):
    """A range of figures, or one word, and the score of customers who have it."""

    _name = "credit.risk.factor.band"
    _description = "Range of a Risk Factor"
    _order = "factor_id, is_open_low desc, low, id"

    factor_id = fields.Many2one(
        "credit.risk.factor", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(related="factor_id.kind")
    is_open_low = fields.Boolean("All Below", help="The range has no lower end.")
    is_open_high = fields.Boolean("All Above", help="The range has no upper end.")
    low = fields.Float(
        "From", help="The first figure of the range. Shares: 0.8 = 80 %."
    )
    high = fields.Float("Below", help="The first figure above the range.")
    country_id = fields.Many2one("res.country", ondelete="restrict")
    status = fields.Selection(selection="_selection_status", string="Hold")
    rating = fields.Char(help="As it is written, whatever the case.")
    score = fields.Float(
        required=True, default=0.0, aggregator=None, help="From 0, no risk, to 100."
    )

    _check_score = models.Constraint(
        "CHECK (score BETWEEN 0 AND 100)", "Scores go from 0, no risk, to 100."
    )

    @api.model
    def _selection_status(self):
        field = self.env["credit.profile"]._fields["credit_status"]
        return field._description_selection(self.env)

    @api.depends(
        "low",
        "high",
        "is_open_low",
        "is_open_high",
        "country_id",
        "status",
        "rating",
        "score",
    )
    @api.depends_context("lang")
    def _compute_display_name(self):
        for band in self:
            band.display_name = f"{band._in_words()}: {band.score:g}"

    def _in_words(self):
        if self.kind in WORDS:
            status = dict(self._selection_status()).get(self.status)
            return self.country_id.name or self.rating or status or ""
        if self.is_open_low and self.is_open_high:
            return self.env._("all")
        low, high = self._figure(self.low), self._figure(self.high)
        if self.is_open_low:
            return self.env._("below %s", high)
        if self.is_open_high:
            return self.env._("from %s", low)
        return self.env._("from %(low)s, below %(high)s", low=low, high=high)

    def _figure(self, value):
        return f"{value * 100:g} %" if self.kind in SHARES else f"{value:g}"

    # === CONSTRAINTS === #

    @api.constrains(
        "factor_id",
        "is_open_low",
        "is_open_high",
        "low",
        "high",
        "country_id",
        "status",
        "rating",
    )
    def _check_bands(self):
        for factor in self.factor_id:
            if factor.is_words:
                factor.band_ids._check_words()
            else:
                factor.band_ids._check_ranges()

    def _check_words(self):
        words = self.mapped(lambda band: band._get_word())
        if not all(words):
            raise ValidationError(self.env._("Say which value the score is for."))
        if len(set(words)) < len(words):
            raise ValidationError(
                self.env._("A value has two scores. Take one of them out.")
            )

    def _check_ranges(self):
        bands = [(band, band._as_engine()) for band in self]
        for band, one in bands:
            if one.low >= one.high:
                raise ValidationError(
                    self.env._(
                        "The range from %(low)g ends before it begins.", low=band.low
                    )
                )
        bands.sort(key=lambda pair: pair[1].low)
        for (band, one), (after, other) in zip(bands, bands[1:], strict=False):
            if one.overlaps(other):
                raise ValidationError(
                    self.env._(
                        "The ranges “%(one)s” and “%(other)s” overlap: figures in "
                        "both would have two scores.",
                        one=band._in_words(),
                        other=after._in_words(),
                    )
                )

    def _get_shared(self):
        return self.filtered(lambda band: band.factor_id._get_shared())

    # === FOR THE ENGINE === #

    def _get_word(self):
        """Return the word as statements select it, empty where there is none."""
        value = self[WORDS[self.factor_id.kind]]
        if self.factor_id.kind == "country":
            return str(value.id) if value else ""
        return (value or "").strip().upper() if self.kind == "rating" else value or ""

    def _as_engine(self):
        return scoring.Band(
            low=-inf if self.is_open_low else self.low,
            high=inf if self.is_open_high else self.high,
            score=self.score,
        )
