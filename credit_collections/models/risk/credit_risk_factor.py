from odoo import api, fields, models

from ...engine.risk import scoring

#: Facts that are words, with the field of a band that holds one.
WORDS = {"country": "country_id", "status": "status", "rating": "rating"}

#: Facts that are shares of something, 0.8 = 80 %.
SHARES = {"overdue_share", "limit_used"}


class CreditRiskFactor(models.Model):
    """One fact about customers and what it says about their risk."""

    _name = "credit.risk.factor"
    _description = "Risk Factor"
    _order = "sequence, id"

    kind = fields.Selection(
        [
            ("days_late", "Days late on average"),
            ("days_to_pay", "Days from invoice to payment on average"),
            ("customer_since", "Years as a customer"),
            ("business_since", "Years in business"),
            ("dso", "Days sales outstanding"),
            ("average_balance", "Average balance of 12 months"),
            ("overdue_share", "Share of the balance that is overdue"),
            ("overdue_days", "Days overdue"),
            ("limit_used", "Limit used"),
            ("broken_promises", "Broken promises"),
            ("open_disputes", "Open disputes"),
            ("bounced_payments", "Payments that bounced in 12 months"),
            ("revenue", "Turnover of 12 months"),
            ("country", "Country"),
            ("status", "Hold of the customer"),
            ("rating", "External rating"),
        ],
        string="Fact",
        required=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        help="Empty: the factor counts in all companies that have none of their own "
        "about the same fact.",
    )
    weight = fields.Float(
        required=True,
        default=10.0,
        help="How much the factor counts beside the others whose facts are known.",
    )
    default_score = fields.Float(
        "Score Otherwise", help="Of facts that are in none of the ranges or values."
    )
    band_ids = fields.One2many(
        "credit.risk.factor.band", "factor_id", string="Ranges and Values", copy=True
    )
    is_words = fields.Boolean(compute="_compute_is_words")
    is_share = fields.Boolean(compute="_compute_is_words")
    note = fields.Char(translate=True)

    _check_weight = models.Constraint(
        "CHECK (weight > 0)",
        "A factor needs a weight above zero. Archive it if it is not to count.",
    )
    _check_default_score = models.Constraint(
        "CHECK (default_score BETWEEN 0 AND 100)",
        "Scores go from 0, no risk, to 100.",
    )
    _kind_uniq = models.UniqueIndex(
        "(kind, COALESCE(company_id, 0)) WHERE active",
        "There is a factor about this fact already.",
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for factor in self:
            factor.display_name = labels.get(factor.kind, "")

    @api.depends("kind")
    def _compute_is_words(self):
        for factor in self:
            factor.is_words = factor.kind in WORDS
            factor.is_share = factor.kind in SHARES

    @api.constrains("kind")
    def _check_bands_fit(self):
        self.band_ids._check_bands()

    @api.model
    def _get_factors(self, company):
        """Return the factors that count in a company, for ``engine.scoring``.

        A factor of the company goes before the shared one about the same fact.
        """
        # scores are the same for everybody
        found_sudo = self.sudo().search([("company_id", "in", (False, company.id))])
        own = {factor.kind: factor for factor in found_sudo if factor.company_id}
        return tuple(
            factor._as_engine()
            for factor in found_sudo
            if own.get(factor.kind, factor) == factor
        )

    def _as_engine(self):
        bands = [band._as_engine() for band in self.band_ids if not self.is_words]
        return scoring.Factor(
            kind=self.kind,
            weight=self.weight,
            bands=tuple(sorted(bands, key=lambda band: band.low)),
            values={
                band._get_word(): band.score for band in self.band_ids if self.is_words
            },
            otherwise=self.default_score,
        )
