"""What a collection run has to know of every customer, one statement for a batch."""

from odoo.tools import SQL

from ..hub import registered
from ..strategy import collection_contact, due_items
from ..strategy.collection_contact import CONTACTS, best_contacts
from ..strategy.due_items import (
    LEAD,
    LEAD_DUE_DATE,
    LEAD_LEVEL,
    chosen,
    open_items,
)

#: What the statements read, by model: the models of both in full.
READS = {
    **dict.fromkeys(
        {**collection_contact.READS, **due_items.READS, **registered.READS}
    ),
    "collection.action": ["run_id", "profile_id", "state", "channel", "activity_id"],
    "collection.interaction": ["profile_id", "kind", "state"],
    "collection.run": ["date"],
}

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
    "is_archived",
    "is_waiting",
    "is_done_today",
    *CONTACTS,
)


def plan_facts(pot, strategies, profile_ids):
    """Select one row of :data:`FACTS` per customer who has anything to talk about.

    Items are open receivables of the company: the early ones are all that the strategy
    has come to, the overdue ones are past their due date. ``credit`` is how much of an
    amount unapplied payments and credit notes of the same currency cover, and payments
    that are registered and not booked, where they count. What is
    disputed of an item counts nowhere; one that is disputed as a whole is left out. The
    leading item is the oldest whose strategy has not ended.

    :param strategies: ``{strategy_id: (days of the steps, ascending)}``
    :param profile_ids: profiles of a batch
    """
    return _facts(pot, chosen(strategies, profile_ids))


def contact_facts(pot, profile_ids):
    """Select the same :data:`FACTS` for contacts by hand, about what is overdue.

    No strategy is needed: one step on the first day overdue stands for it.
    """
    everybody = SQL(
        """
        SELECT profile.id AS profile_id, profile.partner_id,
               COALESCE(profile.strategy_id, 0) AS strategy_id, ARRAY[1] AS days
          FROM credit_profile profile
         WHERE profile.id = ANY(%s)
        """,
        list(profile_ids),
    )
    return _facts(pot, everybody)


def _facts(pot, profiles):
    return SQL(
        """
        WITH chosen AS (%(chosen)s),
        item AS (%(items)s),
        per_currency AS (
            SELECT profile_id, strategy_id, currency_id,
                   COUNT(*) FILTER (WHERE is_excluded AND days >= first_days)::int
                       AS excluded,
                   COUNT(*) FILTER (WHERE is_promised AND days >= first_days)::int
                       AS promised,
                   COUNT(*) FILTER (WHERE is_disputed AND days >= first_days)::int
                       AS disputed,
                   COUNT(*) FILTER (WHERE is_early)::int AS early_items,
                   COALESCE(SUM(residual) FILTER (WHERE is_early), 0) AS early,
                   COUNT(*) FILTER (WHERE is_overdue)::int AS overdue_items,
                   COALESCE(SUM(residual) FILTER (WHERE is_overdue), 0) AS overdue,
                   COALESCE(-SUM(residual) FILTER (WHERE residual < 0), 0) AS credit,
                   %(lead)s AS lead
              FROM item
             GROUP BY profile_id, strategy_id, currency_id
        ),
        per_customer AS (
            SELECT profile_id, strategy_id, SUM(excluded)::int AS excluded,
                   SUM(disputed)::int AS disputed, SUM(promised)::int AS promised,
                   SUM(early_items)::int AS early_items, SUM(early) AS early,
                   SUM(LEAST(credit, early)) AS early_credit,
                   SUM(overdue_items)::int AS overdue_items, SUM(overdue) AS overdue,
                   SUM(LEAST(credit, overdue)) AS overdue_credit, MIN(lead) AS lead
              FROM per_currency
             GROUP BY profile_id, strategy_id
            HAVING SUM(early_items) + SUM(overdue_items) + SUM(excluded)
                   + SUM(disputed) + SUM(promised) > 0
        )
        SELECT profile.id, one.strategy_id, one.excluded, one.disputed,
               one.promised,
               one.early_items, one.early::float8, one.early_credit::float8,
               one.overdue_items, one.overdue::float8, one.overdue_credit::float8,
               %(lead_due_date)s, %(lead_level)s,
               profile.is_legal, profile.do_not_contact_until,
               profile.last_contact_date,
               NOT (SELECT active FROM res_partner WHERE id = profile.partner_id),
               %(is_waiting)s, %(is_done_today)s,
               contact.id, contact.email_id, contact.phone_id, contact.sms_id,
               contact.letter_id, contact.portal_id
          FROM per_customer one
          JOIN credit_profile profile ON profile.id = one.profile_id
          CROSS JOIN LATERAL (%(contact)s) contact
        """,
        chosen=profiles,
        items=_items(pot),
        lead=LEAD,
        lead_due_date=LEAD_DUE_DATE,
        lead_level=LEAD_LEVEL,
        contact=best_contacts(),
        is_waiting=IS_WAITING,
        is_done_today=_is_done_on(pot.today),
    )


#: Whether something is on its way to a customer: a message that is queued, a letter
#: that is not printed yet, a call that is still to be made.
IS_WAITING = SQL(
    """(EXISTS (SELECT FROM collection_action queued
                 WHERE queued.profile_id = profile.id AND queued.state = 'queued'
                   AND queued.channel <> 'task'
                   AND (queued.channel <> 'call' OR queued.activity_id IS NOT NULL))
        OR EXISTS (SELECT FROM collection_interaction queued
                    WHERE queued.profile_id = profile.id AND queued.state = 'waiting'
                      AND queued.kind = 'demand'))"""
)


def waiting_profiles(profile_ids):
    """Select the ids of those of the profiles to whom something is on its way."""
    return SQL(
        "SELECT profile.id FROM credit_profile profile"
        " WHERE profile.id = ANY(%s) AND %s",
        list(profile_ids),
        IS_WAITING,
    )


def _is_done_on(day):
    """Whether a run of the day has done something about a customer already."""
    return SQL(
        """EXISTS (SELECT FROM collection_action done
                    WHERE done.profile_id = profile.id
                      AND done.state IN ('queued', 'sent')
                      AND done.run_id = ANY (ARRAY(
                          SELECT run.id FROM collection_run run
                           WHERE run.date = %s::date)))""",
        day,
    )


def _items(pot):
    """Open items, and registered payments as if they waited to be matched."""
    if not pot.has_registered:
        return open_items(pot)
    return SQL(
        """
        %s
         UNION ALL
        SELECT chosen.profile_id, chosen.strategy_id, 0, 0, paid.currency_id,
               -paid.amount, NULL, NULL, FALSE, FALSE, FALSE, 0, FALSE, FALSE
          FROM (%s) paid
          JOIN chosen ON chosen.profile_id = paid.profile_id
        """,
        open_items(pot),
        registered.registered(pot, SQL("SELECT profile_id, partner_id FROM chosen")),
    )
