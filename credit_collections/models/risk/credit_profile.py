import json
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import split_every

from ...engine.risk.scoring import Override, classify, rate
from ...sql.risk.risk import READS, risk_facts
from ...sql.risk.risk_write import write_scores
from ...tools.statements import flush

#: Customers that are scored in one go.
BATCH = 5000

#: Changes of these by hand change the score at once.
FACTS = {
    "business_since",
    "customer_since",
    "external_rating",
    "credit_status",
    "active",
}

#: Where customers of an import wait for their scores.
LATER = "credit_profile.rescore"

#: The fields that the statement writes.
WRITTEN = [
    "risk_score",
    "risk_scored_class_id",
    "risk_class_id",
    "risk_parts",
    "risk_score_date",
    "next_review_date",
    "risk_override_class_id",
    "risk_override_until",
    "risk_override_reason_id",
    "risk_override_note",
    "risk_override_user_id",
]


class Occasion(NamedTuple):
    """Why scores are written, for their history."""

    source: str = "score"
    reason_id: int | None = None
    note: str | None = None
    user_id: int | None = None


BY_SCORE = Occasion()


class Basis(NamedTuple):
    """What all customers of a company are scored with."""

    factors: tuple
    classes: tuple
    review_months: dict
    today: object


class CreditProfile(models.Model):
    """How risky the customer is, and why."""

    _inherit = "credit.profile"

    risk_score = fields.Float(
        readonly=True,
        aggregator="avg",
        help="From 0, no risk, to 100: the mean of what the risk factors give, by "
        "their weights. Customers of whom nothing is known have no score and no class.",
        figure=True,
    )
    risk_class_id = fields.Many2one(
        "credit.risk.class",
        readonly=True,
        ondelete="restrict",
        tracking=True,
        figure=True,
    )
    risk_scored_class_id = fields.Many2one(
        "credit.risk.class",
        string="Class by Score",
        readonly=True,
        ondelete="restrict",
        figure=True,
    )
    # rows of engine.scoring.Part without names: profiles are written often
    risk_parts = fields.Json(readonly=True, figure=True)
    risk_score_date = fields.Date(
        "Score Changed On",
        readonly=True,
        help="When score or class last changed.",
        figure=True,
    )
    business_since = fields.Date(
        tracking=True, help="When the customer's business was founded."
    )
    external_rating = fields.Char(
        tracking=True,
        help="What a rating agency says, for example A1. By hand or by import.",
    )
    external_rating_date = fields.Date("Rating of", tracking=True)
    risk_history_ids = fields.One2many("credit.risk.history", "profile_id")

    def _on_written(self, names, before):
        super()._on_written(names, before)
        if before is None or not FACTS & names:
            return
        if self.env.context.get("import_file"):
            self._rescore_at_end()
        else:
            self._rescore()

    def _merge_into(self, kept):
        super()._merge_into(kept)
        self.risk_history_ids.profile_id = kept

    def _rescore_at_end(self):
        """Score all that an import writes one by one together, before it is saved."""
        precommit = self.env.cr.precommit
        if LATER not in precommit.data:
            precommit.data[LATER] = set()
            precommit.add(self.browse()._rescore_collected)
        precommit.data[LATER].update(self.ids)

    @api.model
    def _rescore_collected(self):
        self.browse(self.env.cr.precommit.data.pop(LATER, ())).exists()._rescore()

    def action_rescore(self):
        """Work out the scores of these customers now."""
        self.check_access("read")
        self._rescore()

    def _rescore(self, occasion=BY_SCORE):
        for root, profiles in self.grouped("company_id").items():
            # scores are no user's data; the profiles could be read or written
            profiles.sudo()._write_scores(root, profiles.partner_id.ids, occasion)

    @api.model
    def _write_scores(self, root, partner_ids=None, occasion=BY_SCORE):
        """Write scores and classes of customers of a root company, set-wise.

        The facts come in one statement; only rows that change are written.

        :param partner_ids: commercial partners, default all
        :return: the profiles that changed
        """
        basis = self._get_risk_basis(root)
        kinds = [factor.kind for factor in basis.factors]
        self._flush_risk_facts()
        pot = root._credit_pot(basis.today)
        found = self.env.execute_query(risk_facts(pot, kinds, partner_ids))
        changed = []
        for some in split_every(BATCH, found, list):
            rows = [self._risk_row(row, kinds, basis) for row in some]
            statement = write_scores(rows, basis.today, occasion)
            changed += [row[0] for row in self.env.execute_query(statement)]
        profiles = self.browse(changed)
        profiles.invalidate_recordset([*WRITTEN, "risk_history_ids"], flush=False)
        return profiles

    @api.model
    def _get_risk_basis(self, root):
        classes = self.env["credit.risk.class"]
        return Basis(
            factors=self.env["credit.risk.factor"]._get_factors(root),
            classes=classes._get_classes(),
            review_months={
                one.id: one.review_months
                for one in classes.sudo().with_context(active_test=False).search([])
            },
            today=root._credit_today(),
        )

    @api.model
    def _flush_risk_facts(self):
        """Write pending changes of what the facts are read from; override to add."""
        flush(self.env, READS)

    @api.model
    def _risk_row(self, row, kinds, basis):
        """Return the row of ``sql.risk_write.COLUMNS`` of a customer."""
        profile_id, override_class_id, until, *facts = row
        rating = rate(dict(zip(kinds, facts, strict=True)), basis.factors)
        scored = classify(rating.score, basis.classes)
        override = override_class_id and Override(override_class_id, until)
        counts = bool(override) and override.counts(basis.today)
        class_id = override_class_id if counts else scored
        return (
            profile_id,
            rating.score,
            scored,
            class_id,
            json.dumps([_part(part) for part in rating.parts]),
            bool(override) and not counts,
            basis.review_months.get(class_id, 0),
        )


def _part(part):
    known = () if part.fact is None else (part.fact, part.score, round(part.points, 2))
    return (part.kind, part.weight, *known)
