from odoo import fields, models
from odoo.tools import SQL


class CollectionPromise(models.Model):
    """What came of promises, in figures; the judgement writes them, set-wise."""

    _inherit = "collection.promise"

    due_amount = fields.Monetary(
        "Due",
        readonly=True,
        help="What was promised, less what was credited or written off since.",
    )
    kept_amount = fields.Monetary(
        "Paid in Time",
        readonly=True,
        help="What came up to the last day and is matched to the items.",
    )
    unapplied_amount = fields.Monetary(
        "Not Matched Yet",
        readonly=True,
        help="What more came up to the last day; while it waits to be matched, the "
        "promise is not broken.",
    )
    company_rate = fields.Float(readonly=True, digits=0)
    company_amount = fields.Monetary(
        "Promised (Company Currency)",
        readonly=True,
        currency_field="company_currency_id",
    )
    company_due_amount = fields.Monetary(
        "Due (Company Currency)", readonly=True, currency_field="company_currency_id"
    )
    company_kept_amount = fields.Monetary(
        "Paid in Time (Company Currency)",
        readonly=True,
        currency_field="company_currency_id",
    )
    kept_rate = fields.Float(
        "Kept (Share of Number)",
        readonly=True,
        aggregator="avg",
        help="Kept promises as a share of those whose last day is over.",
    )
    kept_value_rate = fields.Float(
        "Kept (Share of Value)",
        readonly=True,
        aggregator="avg",
        help="What was paid in time as a share of what was promised.",
    )

    _unapplied_idx = models.Index("(profile_id) WHERE unapplied_amount > 0")

    def _read_group_select(self, aggregate_spec, query):
        """The share of value of many is that of their sums, not the mean of shares."""
        if aggregate_spec != "kept_value_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        kept, due, rate = (
            self._field_to_sql(self._table, name, query)
            for name in ("company_kept_amount", "company_due_amount", "kept_rate")
        )
        return SQL(
            "SUM(%(kept)s) FILTER (WHERE %(rate)s IS NOT NULL)"
            " / NULLIF(SUM(%(due)s) FILTER (WHERE %(rate)s IS NOT NULL), 0)",
            kept=kept,
            due=due,
            rate=rate,
        )
