"""What promises to pay are judged by, and what is written about them, set-wise."""

from odoo.tools import SQL

from ..engine.hub import matching
from .hub import matching as settled_by
from .hub.matching import settlements, unmatched_money
from .hub.open_items import is_open
from .hub.registered import READS as REGISTERED
from .hub.registered import registered

#: What the statements read, by model.
READS = {
    **settled_by.READS,
    **REGISTERED,
    "account.move": None,
    "account.move.line": None,
    "account.partial.reconcile": None,
    "collection.promise": None,
    "collection.promise.line": None,
    "credit.profile": ["partner_id"],
    "res.partner": ["commercial_partner_id"],
}

#: Columns of :func:`promise_facts`, in order.
FACTS = (
    "promise_id",
    "profile_id",
    "currency_id",
    "plan_id",
    "amount",
    "made_on",
    "last_day",
    "state",
    "due",
    "kept",
    "unapplied",
    "is_written_off",
    "total",
    "owed",
    "paid",
    "credited",
    "written_off",
)


def matched_now(move_line_ids, roles):
    """Select ``id, paid, credited, written_off`` of receivable items: all that is
    matched to them, in the currency of the item."""
    return SQL(
        """
        SELECT line.id, matched.paid, matched.credited, matched.written_off
          FROM account_move_line line
          CROSS JOIN LATERAL (%(matched)s) matched
         WHERE line.id = ANY(%(ids)s)
        """,
        matched=_matched(SQL("TRUE"), roles),
        ids=list(move_line_ids),
    )


def touched(move_line_ids, partner_ids):
    """Select the promises about items, and those of customers that rely on money which
    is not matched yet."""
    return SQL(
        """
        SELECT promise_id FROM collection_promise_line
         WHERE move_line_id = ANY(%(items)s)
         UNION
        SELECT promise.id
          FROM res_partner partner
          JOIN credit_profile profile
            ON profile.partner_id = partner.commercial_partner_id
          JOIN collection_promise promise ON promise.profile_id = profile.id
         WHERE partner.id = ANY(%(partners)s) AND promise.unapplied_amount > 0
        """,
        items=list(move_line_ids),
        partners=list(partner_ids),
    )


def promise_facts(promise_ids, roles):
    """Select a row of :data:`FACTS` per promise and item of its plan.

    ``paid``, ``credited`` and ``written_off`` are what was matched to the item since
    the plan was made, with a date up to the last day of the promise.
    """
    return SQL(
        """
        SELECT promise.id, promise.profile_id, promise.currency_id, promise.plan_id,
               promise.amount, promise.made_on, promise.grace_until, promise.state,
               promise.due_amount, promise.kept_amount, promise.unapplied_amount,
               COALESCE(promise.is_written_off, FALSE), item.total,
               ABS(line.amount_currency) - item.paid_before - item.credited_before
                   - item.written_off_before,
               matched.paid - item.paid_before,
               matched.credited - item.credited_before,
               matched.written_off - item.written_off_before
          FROM collection_promise promise
          CROSS JOIN LATERAL (
            SELECT one.move_line_id, SUM(one.amount) AS total,
                   MIN(one.paid_before) AS paid_before,
                   MIN(one.credited_before) AS credited_before,
                   COALESCE(MIN(one.written_off_before), 0) AS written_off_before
              FROM collection_promise instalment
              JOIN collection_promise_line one ON one.promise_id = instalment.id
             WHERE instalment.plan_id = promise.plan_id
               AND (instalment.cancel_reason_id IS NULL OR instalment.is_written_off)
             GROUP BY one.move_line_id) item
          JOIN account_move_line line ON line.id = item.move_line_id
          CROSS JOIN LATERAL (%(matched)s) matched
         WHERE promise.id = ANY(%(ids)s)
        """,
        matched=_matched(SQL("other.date <= promise.grace_until"), roles),
        ids=list(promise_ids),
    )


def _matched(condition, roles):
    """What is matched to an item, named ``line``, by lines named ``other``."""
    return SQL(
        """
        SELECT COALESCE(SUM(settled.amount_currency)
                   FILTER (WHERE settled.kind = %(payment)s), 0) AS paid,
               COALESCE(SUM(settled.amount_currency)
                   FILTER (WHERE settled.kind IN %(credited)s), 0) AS credited,
               COALESCE(SUM(settled.amount_currency)
                   FILTER (WHERE settled.kind = %(write_off)s), 0) AS written_off
          FROM %(settlements)s
         WHERE part.debit_move_id = line.id AND %(condition)s
        """,
        payment=matching.PAYMENT,
        credited=tuple(sorted(matching.CREDITED)),
        write_off=matching.WRITE_OFF,
        settlements=settlements(roles),
        condition=condition,
    )


def unapplied_money(pot, roles, profile_ids):
    """Select ``profile_id, currency_id, date, amount`` of payments not matched yet, and
    of those that are registered alone, where they count."""
    if pot.has_registered:
        chosen = SQL(
            """SELECT id AS profile_id, partner_id FROM credit_profile
                WHERE id = ANY(%s)""",
            list(profile_ids),
        )
        return SQL(
            """%s UNION ALL
               SELECT profile_id, currency_id, date, amount_currency FROM (%s) paid
                WHERE amount_currency > 0""",
            _unmatched_money(pot, roles, profile_ids),
            registered(pot, chosen),
        )
    return _unmatched_money(pot, roles, profile_ids)


def _unmatched_money(pot, roles, profile_ids):
    return SQL(
        """
        SELECT profile.id, line.currency_id, line.date, unmatched.amount_currency
          FROM credit_profile profile
          JOIN res_partner partner
            ON partner.commercial_partner_id = profile.partner_id
          JOIN account_move_line line ON line.partner_id = partner.id
          JOIN (%(money)s) ON item.id = line.id
         WHERE profile.id = ANY(%(profiles)s) AND %(open)s AND line.amount_residual < 0
        """,
        money=unmatched_money(roles),
        profiles=list(profile_ids),
        open=is_open(pot),
    )


def write_verdicts(rows, today, written_off_id):
    """Write what became of promises.

    :param rows: ``(promise_id, state, due, kept, unapplied, is_written_off)``
    :param written_off_id: the reason of those that are cancelled by a write-off
    """
    ids, states, due, kept, unapplied, off = map(list, zip(*rows, strict=True))
    return SQL(
        """
        UPDATE collection_promise promise
           SET state = verdict.state, due_amount = verdict.due,
               kept_amount = verdict.kept, unapplied_amount = verdict.unapplied,
               is_written_off = verdict.is_written_off,
               cancel_reason_id = CASE WHEN verdict.is_written_off THEN %(reason)s
                                       WHEN NOT promise.is_written_off IS TRUE
                                       THEN promise.cancel_reason_id END,
               company_due_amount = verdict.due * promise.company_rate,
               company_kept_amount = verdict.kept * promise.company_rate,
               closed_on = CASE WHEN verdict.state = 'open' THEN NULL
                                WHEN promise.state = verdict.state
                                THEN promise.closed_on
                                ELSE %(today)s::date END,
               kept_rate = %(rate)s,
               kept_value_rate = CASE WHEN (%(rate)s) IS NOT NULL
                                      THEN verdict.kept / NULLIF(verdict.due, 0) END
          FROM unnest(%(ids)s::int[], %(states)s::varchar[], %(due)s::numeric[],
                      %(kept)s::numeric[], %(unapplied)s::numeric[], %(off)s::bool[])
               AS verdict(id, state, due, kept, unapplied, is_written_off)
         WHERE promise.id = verdict.id
        """,
        today=today,
        reason=written_off_id,
        rate=kept_rate(SQL("verdict.state")),
        ids=ids,
        states=states,
        due=due,
        kept=kept,
        unapplied=unapplied,
        off=off,
    )


def kept_rate(state):
    """1 for a promise that was kept, 0 for one that was not, null for the others."""
    return SQL(
        """CASE WHEN %(state)s = 'kept' THEN 1.0
                WHEN %(state)s IN ('partly_kept', 'broken') THEN 0.0 END""",
        state=state,
    )


def write_suspensions(plan_ids):
    """Write until when the items of plans leave collection runs.

    They do while a promise about them is open, unless an instalment of the same plan
    was broken: then the plan has failed.
    """
    return SQL(
        """
        UPDATE collection_promise_line line
           SET suspended_until = wanted.until
          FROM (
            SELECT promise.id,
                   CASE WHEN promise.state = 'open' AND NOT bool_or(
                                 promise.state IN ('broken', 'partly_kept'))
                                 OVER (PARTITION BY promise.plan_id)
                        THEN promise.grace_until END AS until
              FROM collection_promise promise
             WHERE promise.plan_id = ANY(%s)) wanted
         WHERE line.promise_id = wanted.id
           AND line.suspended_until IS DISTINCT FROM wanted.until
        """,
        list(plan_ids),
    )


def write_promise_record(profile_ids):
    """Write into profiles how many promises were broken, and how well they are kept."""
    return SQL(
        """
        UPDATE credit_profile profile
           SET broken_promise_count = record.broken,
               kept_promise_rate = record.by_count,
               kept_promise_value_rate = record.by_value
          FROM (
            SELECT one.id,
                   COUNT(promise.id) FILTER (WHERE promise.state = 'broken')::int
                       AS broken,
                   AVG(promise.kept_rate) AS by_count,
                   SUM(promise.company_kept_amount)
                       FILTER (WHERE promise.kept_rate IS NOT NULL)
                   / NULLIF(SUM(promise.company_due_amount)
                       FILTER (WHERE promise.kept_rate IS NOT NULL), 0) AS by_value
              FROM unnest(%s::int[]) AS one(id)
              LEFT JOIN collection_promise promise ON promise.profile_id = one.id
             GROUP BY one.id) record
         WHERE profile.id = record.id
           AND (profile.broken_promise_count, profile.kept_promise_rate,
                profile.kept_promise_value_rate)
               IS DISTINCT FROM (record.broken, record.by_count, record.by_value)
        """,
        list(profile_ids),
    )
