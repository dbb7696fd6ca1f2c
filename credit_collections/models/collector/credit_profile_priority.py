import json

from odoo import api, fields, models
from odoo.tools import format_amount

from ...engine.collector.priority import Part, prioritize
from ...sql.collector.priority import KINDS, priority_facts, write_priorities


class CreditProfile(models.Model):
    """How urgent the customer is for the collector, and why."""

    _inherit = "credit.profile"

    priority = fields.Integer(
        readonly=True,
        aggregator=None,
        help="From 0 to 100: how urgent the customer is for the collector.",
        figure=True,
    )
    # rows of engine.priority.Part without names: profiles are written often
    priority_parts = fields.Json(readonly=True, figure=True)
    priority_note = fields.Char(
        "Why This Priority", compute="_compute_priority_note", compute_sudo=False
    )

    # no figure is in an index: most of what a refresh writes then costs no index
    _priority_idx = models.Index("(company_id, priority)")

    @api.depends("priority_parts")
    @api.depends_context("lang")
    def _compute_priority_note(self):
        for profile in self:
            profile.priority_note = " · ".join(
                self.env._(
                    "%(figure)s (%(earned)s of %(points)s)",
                    figure=profile._priority_words(part.kind, part.value),
                    earned=round(part.earned),
                    points=round(part.points),
                )
                for part in [Part(*part) for part in profile.priority_parts or ()]
            )

    def _priority_words(self, kind, value):
        """Return a figure that earned points in plain words."""
        percent = round(100 * value)
        return {
            "amount_rank": lambda: self._rank_words(percent),
            "overdue_days": lambda: self.env._("%s days overdue", round(value)),
            "overdue_share": lambda: self.env._(
                "%s %% of the balance is overdue", percent
            ),
            "limit_used": lambda: self.env._("%s %% of the limit used", percent),
            "broken_promises": lambda: self.env._("broken promises: %s", round(value)),
            "days_late": lambda: self.env._(
                "pays %s days late on average", round(value)
            ),
        }[kind]()

    def _rank_words(self, percent):
        amount = format_amount(self.env, self.overdue_amount, self.currency_id)
        if percent == 100:
            return self.env._("%s overdue: the most of all", amount)
        return self.env._(
            "%(amount)s overdue: more than %(percent)s %% of the others",
            amount=amount,
            percent=percent,
        )

    @api.model
    def _write_priorities(self, root):
        """Write the priorities of all customers of a root company, set-wise.

        :return: the profiles that changed
        """
        factors = self.env["collection.priority.factor"]._get_factors(root)
        self.flush_model()
        rows = [
            self._priority_row(
                profile_id, dict(zip(KINDS, figures, strict=True)), factors
            )
            for profile_id, *figures in self.env.execute_query(priority_facts(root.id))
        ]
        written = self.env.execute_query(write_priorities(root.id, rows))
        changed = self.browse(row[0] for row in written)
        changed.invalidate_recordset(["priority", "priority_parts"], flush=False)
        return changed

    @api.model
    def _priority_row(self, profile_id, facts, factors):
        priority = prioritize({k: float(v or 0) for k, v in facts.items()}, factors)
        parts = [
            (part.kind, round(part.value, 4), round(part.earned, 2), part.points)
            for part in priority.parts
        ]
        return profile_id, priority.value, json.dumps(parts) if parts else None
