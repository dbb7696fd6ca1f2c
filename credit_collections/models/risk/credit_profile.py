import json
from dataclasses import asdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, split_every

from ...engine.risk.scoring import Override, Part, classify, rate
from ...sql.hub.aside import forget, ids_aside, put_aside, taken
from ...sql.risk.risk import READS, dated_facts, risk_facts, valid_facts
from ...sql.risk.risk_write import write_scores
from ...tools import access
from ...tools.statements import flush
from .credit_risk_factor import SHARES

#: Customers that are scored in one go.
BATCH = 5000

#: What is read at once and rated in parts.
ASIDE = "credit_risk_facts"

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


#: Facts that are amounts of money, and ages.
AMOUNT_FACTS = {"average_balance", "revenue"}

YEARS = {"customer_since", "business_since"}


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

    @property
    def kinds(self):
        """The names of the facts that are asked for."""
        return [factor.kind for factor in self.factors]


class CreditProfile(models.Model):
    """How risky the customer is, and why."""

    _inherit = "credit.profile"

    risk_score = fields.Float(
        readonly=True,
        aggregator="avg",
        help="From 0, no risk, to 100: the mean of what the risk factors give, by "
        "their weights. Customers of whom nothing is known have no score and no class.",
        figure=True,
        groups=access.OFFICE,
    )
    risk_class_id = fields.Many2one(
        "credit.risk.class",
        readonly=True,
        ondelete="restrict",
        tracking=True,
        figure=True,
        groups=access.OFFICE,
    )
    risk_scored_class_id = fields.Many2one(
        "credit.risk.class",
        string="Class by Score",
        readonly=True,
        ondelete="restrict",
        figure=True,
        groups=access.OFFICE,
    )
    # rows of engine.scoring.Part without names: profiles are written often
    risk_parts = fields.Json(readonly=True, figure=True, groups=access.OFFICE)
    risk_score_date = fields.Date(
        "Score Changed On",
        readonly=True,
        help="When score or class last changed.",
        figure=True,
        groups=access.OFFICE,
    )
    business_since = fields.Date(
        tracking=True,
        help="When the customer's business was founded.",
        groups=access.OFFICE,
    )
    external_rating = fields.Char(
        tracking=True,
        help="What a rating agency says, for example A1. By hand or by import.",
        groups=access.OFFICE,
    )
    external_rating_date = fields.Date("Rating of", tracking=True, groups=access.OFFICE)
    risk_history_ids = fields.One2many(
        "credit.risk.history", "profile_id", groups=access.OFFICE
    )
    risk_picture = fields.Json(
        compute="_compute_risk_picture", compute_sudo=False, groups=access.OFFICE
    )
    risk_note = fields.Char(
        "Why This Class",
        compute="_compute_risk_note",
        compute_sudo=False,
        groups=access.OFFICE,
    )
    risk_color = fields.Integer(
        related="risk_class_id.color", string="Class Color", groups=access.OFFICE
    )
    suggested_limit = fields.Monetary(
        compute="_compute_suggested_limit",
        help="What customers of the class usually get.",
        groups=access.OFFICE,
    )
    suggested_rule = fields.Char(
        related="risk_class_id.suggested_rule", groups=access.OFFICE
    )

    # === COMPUTE === #

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

    # === WORDS === #

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
        if kind in AMOUNT_FACTS:
            return format_amount(self.env, fact, self.currency_id)
        if kind in YEARS:
            return self.env._("%g years", round(fact, 1))
        if kind == "country":
            return self.env["res.country"].browse(int(fact)).name
        if kind == "status":
            field = self._fields["credit_status"]
            return dict(field._description_selection(self.env)).get(fact, fact)
        return fact if kind == "rating" else f"{fact:g}"

    # === ACTIONS === #

    def action_rescore(self):
        """Work out the scores of these customers now."""
        self.check_access("read")
        access.require(
            self.env,
            self.env._("Only collectors and who decides on credit rate customers."),
            access.COLLECTOR,
        )
        self._rescore()
        return True

    # === WHAT FOLLOWS === #

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

    def _get_on_record(self):
        """Scores come and go with the customer, what people chose is on record."""
        history_sudo = self.env["credit.risk.history"].sudo()  # as those of others
        chosen = history_sudo.search(
            [("profile_id", "in", self.ids), ("source", "!=", "score")], limit=1
        )
        return [*super()._get_on_record(), *([chosen] if chosen else [])]

    # === SCORE === #

    def _rescore(self, occasion=BY_SCORE):
        for root, profiles in self.grouped("company_id").items():
            # scores are no user's data; the profiles could be read or written
            profiles.sudo()._write_scores(root, profiles.partner_id.ids, occasion)

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

    @api.model
    def _write_scores(self, root, partner_ids=None, occasion=BY_SCORE):
        """Write scores and classes of customers of a root company, set-wise.

        The facts come in one statement; only rows that change are written.

        :param partner_ids: commercial partners, default all
        :return: the profiles that changed
        """
        basis = self._get_risk_basis(root)
        found = self.env.execute_query(self._select_facts(root, basis, partner_ids))
        return self.union(
            *(
                self._write_rated(some, basis, occasion)
                for some in split_every(BATCH, found, list)
            )
        )

    def _write_scores_of(self, root):
        """Do the same for these customers of a root company."""
        self._write_scores(root, self.partner_id.ids)

    @api.model
    def _write_scores_in_parts(self, root, after=0):
        """Do the same for all, read at once and written for :data:`BATCH` at a time.

        After each part, yield the id up to which all is done. Customers whom somebody
        wrote to since they were read, a class by hand for instance, are read again.
        """
        basis = self._get_risk_basis(root)
        facts = dated_facts(self._select_facts(root, basis))
        self.env.cr.execute(put_aside(ASIDE, facts))
        rows = self.env.execute_query(ids_aside(ASIDE, after))
        yield (after,)  # what is written is read after this
        for ids in split_every(BATCH, (row[0] for row in rows)):
            statement = valid_facts(taken(ASIDE, ids), basis.kinds)
            found = self.env.execute_query(statement)
            self._write_rated(found, basis)
            changed = self.browse(set(ids).difference(row[0] for row in found))
            if changed:
                changed.exists()._write_scores_of(root)
            yield (ids[-1],)
        self.env.cr.execute(forget(ASIDE))

    @api.model
    def _select_facts(self, root, basis, partner_ids=None):
        self._flush_risk_facts()
        pot = root._credit_pot(basis.today)
        return risk_facts(pot, basis.kinds, partner_ids)

    @api.model
    def _write_rated(self, found, basis, occasion=BY_SCORE):
        """Rate customers of whom facts were found; return the profiles that changed."""
        rows = [self._risk_row(row, basis) for row in found]
        written = self.env.execute_query(write_scores(rows, basis.today, occasion))
        changed = self.browse(row[0] for row in written)
        changed.invalidate_recordset([*WRITTEN, "risk_history_ids"], flush=False)
        return changed

    @api.model
    def _get_risk_basis(self, root):
        classes = self.env["credit.risk.class"]
        return Basis(
            factors=self.env["credit.risk.factor"]._get_factors(root),
            classes=classes._get_classes(),
            review_months={
                one.id: one.review_months
                # what is scored does not depend on who asks
                for one in classes.sudo().with_context(active_test=False).search([])
            },
            today=root._credit_today(),
        )

    @api.model
    def _flush_risk_facts(self):
        """Write pending changes of what the facts are read from; override to add."""
        flush(self.env, READS)

    @api.model
    def _risk_row(self, row, basis):
        """Return the row of ``sql.risk_write.COLUMNS`` of a customer."""
        profile_id, override_class_id, until, *facts = row
        rating = rate(dict(zip(basis.kinds, facts, strict=True)), basis.factors)
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
