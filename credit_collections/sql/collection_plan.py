"""What a collection run has to know of every customer, one statement for a batch."""

from odoo.tools import SQL

from .collection_contact import CONTACTS, best_contacts
from .dispute import still_disputed
from .open_items import is_open

#: Columns of :func:`plan_facts`, in order.
FACTS = (
    "profile_id",
    "strategy_id",
    "excluded",
    "disputed",
    "promised",
    "early_items",
    "early_amount",
    "early_credit",
    "overdue_items",
    "overdue_amount",
    "overdue_credit",
    "lead_due_date",
    "lead_level",
    "is_legal",
    "not_before",
    "last_contact",
    *CONTACTS,
)


def plan_facts(pot, strategies, profile_ids):
    """Select one row of :data:`FACTS` per customer who has anything to talk about.

    Items are open receivables of the company: the early ones are all that the strategy
    has come to, the overdue ones are past their due date. ``credit`` is how much of an
    amount unapplied payments and credit notes of the same currency cover. What is
    disputed of an item counts nowhere; one that is disputed as a whole is left out. The
    leading item is the oldest whose strategy has not ended.

    :param strategies: ``{strategy_id: (days of the steps, ascending)}``
    :param profile_ids: profiles of a batch
    """
    return _facts(pot, _chosen(strategies, profile_ids))


def contact_facts(pot, profile_ids):
    """Select the same :data:`FACTS` for contacts by hand, about what is overdue.

    No strategy is needed: one step on the first day overdue stands for it.
    """
    chosen = SQL(
        """
        SELECT profile.id AS profile_id, profile.partner_id,
               COALESCE(profile.strategy_id, 0) AS strategy_id, ARRAY[1] AS days
          FROM credit_profile profile
         WHERE profile.id = ANY(%s)
        """,
        list(profile_ids),
    )
    return _facts(pot, chosen)


def _facts(pot, chosen):
    return SQL(
        """
        WITH chosen AS (%(chosen)s),
        item AS (%(items)s),
        per_currency AS (
            SELECT profile_id, strategy_id, currency_id,
                   COUNT(*) FILTER (WHERE is_excluded AND days >= first_days)
                       AS excluded,
                   COUNT(*) FILTER (WHERE is_promised AND days >= first_days)
                       AS promised,
                   COUNT(*) FILTER (WHERE is_disputed AND days >= first_days)
                       AS disputed,
                   COUNT(*) FILTER (WHERE is_early) AS early_items,
                   COALESCE(SUM(residual) FILTER (WHERE is_early), 0) AS early,
                   COUNT(*) FILTER (WHERE is_overdue) AS overdue_items,
                   COALESCE(SUM(residual) FILTER (WHERE is_overdue), 0) AS overdue,
                   COALESCE(-SUM(residual) FILTER (WHERE residual < 0), 0) AS credit
              FROM item
             GROUP BY profile_id, strategy_id, currency_id
        ),
        lead AS (%(lead)s),
        per_customer AS (
            SELECT profile_id, strategy_id, SUM(excluded)::int AS excluded,
                   SUM(disputed)::int AS disputed, SUM(promised)::int AS promised,
                   SUM(early_items)::int AS early_items, SUM(early) AS early,
                   SUM(LEAST(credit, early)) AS early_credit,
                   SUM(overdue_items)::int AS overdue_items, SUM(overdue) AS overdue,
                   SUM(LEAST(credit, overdue)) AS overdue_credit
              FROM per_currency
             GROUP BY profile_id, strategy_id
            HAVING SUM(early_items) + SUM(overdue_items) + SUM(excluded)
                   + SUM(disputed) + SUM(promised) > 0
        )
        SELECT profile.id, one.strategy_id, one.excluded, one.disputed,
               one.promised,
               one.early_items, one.early, one.early_credit,
               one.overdue_items, one.overdue, one.overdue_credit,
               lead.due_date, lead.level,
               profile.is_legal, profile.do_not_contact_until,
               profile.last_contact_date,
               contact.id, contact.email_id, contact.phone_id, contact.sms_id,
               contact.letter_id, contact.portal_id
          FROM per_customer one
          LEFT JOIN lead USING (profile_id)
          JOIN credit_profile profile ON profile.id = one.profile_id
          CROSS JOIN LATERAL (%(contact)s) contact
        """,
        chosen=chosen,
        items=_items(pot),
        lead=_lead(),
        contact=best_contacts(),
    )


def leading_items(pot, strategies, profile_ids):
    """Select ``profile_id, strategy_id, due_date, level`` of the leading items."""
    return SQL(
        "WITH chosen AS (%(chosen)s), item AS (%(items)s) %(lead)s",
        chosen=_chosen(strategies, profile_ids),
        items=_items(pot),
        lead=_lead(),
    )


def _lead():
    """The oldest item of each customer whose strategy has not ended for it."""
    return SQL(
        """
        SELECT DISTINCT ON (profile_id) profile_id, strategy_id, due_date, level
          FROM item
         WHERE residual > 0 AND NOT is_excluded AND NOT is_promised
           AND due_date IS NOT NULL
           AND level < step_count
         ORDER BY profile_id, due_date, level DESC
        """
    )


def _chosen(strategies, profile_ids):
    """Profiles of a batch, with the days of the steps of their strategy."""
    return SQL(
        """
        SELECT profile.id AS profile_id, profile.partner_id, profile.strategy_id,
               strategy.days
          FROM credit_profile profile
          JOIN (VALUES %(values)s) AS strategy(id, days)
            ON strategy.id = profile.strategy_id
         WHERE profile.id = ANY(%(profiles)s)
        """,
        values=strategy_values(strategies),
        profiles=list(profile_ids),
    )


def strategy_values(strategies):
    return SQL(", ").join(
        SQL("(%s, %s::int[])", strategy_id, list(days))
        for strategy_id, days in strategies.items()
    )


def _items(pot):
    """Open items of the chosen profiles: what counts of them, and what was done."""
    return SQL(
        """
        SELECT chosen.profile_id, chosen.strategy_id,
               cardinality(chosen.days) AS step_count, chosen.days[1] AS first_days,
               line.currency_id, line.amount_residual - complaint.amount AS residual,
               line.date_maturity AS due_date, age.days, mark.is_excluded,
               complaint.is_whole AND NOT mark.is_excluded AS is_disputed,
               mark.is_promised,
               COALESCE(line.collection_level, 0) AS level,
               line.amount_residual > 0 AND NOT mark.is_excluded
                   AND NOT complaint.is_whole AND NOT mark.is_promised
                   AND age.days >= chosen.days[1] AS is_early,
               line.amount_residual > 0 AND NOT mark.is_excluded
                   AND NOT complaint.is_whole AND NOT mark.is_promised
                   AND age.days >= 1 AS is_overdue
          FROM chosen
          JOIN res_partner partner
            ON partner.commercial_partner_id = chosen.partner_id
          JOIN account_move_line line ON line.partner_id = partner.id
          CROSS JOIN LATERAL (SELECT %(today)s - line.date_maturity AS days) age
          CROSS JOIN LATERAL (
            SELECT line.amount_residual > 0 AND %(excluded)s AS is_excluded,
                   line.amount_residual > 0 AND %(promised)s AS is_promised) mark
          CROSS JOIN LATERAL (SELECT %(disputed)s AS amount) part
          CROSS JOIN LATERAL (
            SELECT part.amount, part.amount > 0 AND part.amount >= line.amount_residual
                   AS is_whole) complaint
         WHERE %(open)s
        """,
        today=SQL("%s::date", pot.today),
        excluded=left_out(pot),
        promised=is_promised(pot),
        disputed=still_disputed(pot),
        open=is_open(pot),
    )


def left_out(pot):
    """Items that are left alone: core's mark, or our exclusion while it lasts."""
    return SQL(
        """(line.no_followup IS TRUE
            OR line.collection_excluded_until > %s::date) IS TRUE""",
        pot.today,
    )


def is_promised(pot):
    """Items under an open promise to pay, up to the last day of its grace."""
    return SQL(
        """EXISTS (SELECT FROM collection_promise_line promised
                    WHERE promised.move_line_id = line.id
                      AND promised.suspended_until >= %s::date)""",
        pot.today,
    )
