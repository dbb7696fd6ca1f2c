import json
from array import array

from odoo import api, fields, models
from odoo.tools import format_amount

from ...engine.collector.priority import Part, prioritize, rank
from ...sql.collector.priority import (
    COLUMNS,
    overdue_amounts,
    priority_facts,
    write_priorities,
)
from ...tools import access

#: Customers of one part.
BATCH = 5000


class CreditProfile(models.Model):
    """How urgent the customer is for the collector, and why."""

    _inherit = "credit.profile"

    priority = fields.Integer(
        readonly=True,
        aggregator=None,
        help="From 0 to 100: how urgent the customer is for the collector.",
        figure=True,
        groups=access.OFFICE,
    )
    # rows of engine.priority.Part without names: profiles are written often
    priority_parts = fields.Json(readonly=True, figure=True, groups=access.OFFICE)
    priority_note = fields.Char(
        "Why This Priority",
        compute="_compute_priority_note",
        compute_sudo=False,
        groups=access.OFFICE,
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
        parts = self._write_priorities_in_parts(root)
        return self.union(*(changed for _last_id, changed in parts))

    @api.model
    def _write_priorities_in_parts(self, root, after=0):
        """Do the same for :data:`BATCH` overdue customers at a time, by their ids.

        After each part, yield the id up to which all is done, and the profiles that
        changed. A customer's place among the others is that of when it began.
        """
        factors = self.env["collection.priority.factor"]._get_factors(root)
        self.flush_model()
        amounts = ()
        if any(factor.kind == "amount_rank" for factor in factors):
            rows = self.env.execute_query(overdue_amounts(root.id))
            amounts = array("d", (amount for (amount,) in rows))
            yield after, self.browse()  # what is written is read after this
        is_over = False
        while not is_over:
            facts = self.env.execute_query(priority_facts(root.id, after, BATCH))
            is_over = len(facts) < BATCH
            last = None if is_over else facts[-1][0]
            rows = [self._priority_row(row, amounts, factors) for row in facts]
            statement = write_priorities(root.id, after, last, rows)
            changed = self.browse(row[0] for row in self.env.execute_query(statement))
            changed.invalidate_recordset(["priority", "priority_parts"], flush=False)
            after = last or after
            yield after, changed

    @api.model
    def _priority_row(self, row, amounts, factors):
        profile_id, *figures = row
        facts = {
            name: float(figure or 0)
            for name, figure in zip(COLUMNS, figures, strict=True)
        }
        facts["amount_rank"] = rank(amounts, facts["overdue_amount"])
        priority = prioritize(facts, factors)
        parts = [
            (part.kind, round(part.value, 4), round(part.earned, 2), part.points)
            for part in priority.parts
        ]
        return profile_id, priority.value, json.dumps(parts) if parts else None
