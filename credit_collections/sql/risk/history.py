"""How customers bought and paid in the last twelve months, what they paid too late in
the last thirty days, and what writes it."""

from odoo.tools import SQL

from ..hub import matching
from ..hub.matching import receipts
from ..hub.open_items import is_open, is_receivable, still_disputed
from ..hub.pot import in_family
from ..hub.undone import settled_in_vain, undone

#: What the statement reads, by model.
READS = {
    **matching.READS,
    "account.move": None,
    "account.move.line": None,
    "account.partial.reconcile": None,
    "credit.profile": None,
    "res.partner": None,
}

#: How long back the figures go, in days.
PERIOD = 365
#: Up to so many days late on average a customer is prompt, slow; later is late.
PROMPT_DAYS, SLOW_DAYS = 5, 30
#: How long what was paid after its due date counts as collected, in days.
COLLECTED_DAYS = 30


def fresh_history(pot, roles, leftover=0.0, partner_ids=None):
    """Select turnover, average delays, kind of payer and what was collected, of
    customers who have others.

    - ``revenue``: posted invoices and receipts less credit notes, without taxes, in
      the currency of the company.
    - ``days``: days from due to paid, weighted by the amounts, of invoice items that
      are settled or overdue, and from due to today of what is overdue; negative for who
      pays early. What was credited or written off was not paid and does not count, what
      is disputed does not while it is. See :func:`_overdue`.
    - ``to_pay``: the same from the date of the invoice on.
    - ``kind``: what such a payer is called; who paid nothing yet is new until it is too
      late to be prompt.
    - ``collected``: see :func:`is_collected`.
    - ``up_to``: the last matched part that is in it. Both are NULL where nothing is, as
      in profiles that never had any: those are not written.
    - ``since``: the first invoice, where nobody entered a day.

    :param leftover: overdue items of no more than this make nobody late
    :param partner_ids: commercial partners, default all
    """
    return SQL(
        """
        SELECT profile.id, fresh.*
          FROM credit_profile profile
          LEFT JOIN (%(sold)s) sold ON sold.partner_id = profile.partner_id
          LEFT JOIN (%(paid)s) paid ON paid.partner_id = profile.partner_id
          LEFT JOIN (%(overdue)s) overdue ON overdue.partner_id = profile.partner_id
          LEFT JOIN (%(first)s) first ON first.partner_id = profile.partner_id
          CROSS JOIN LATERAL (
            SELECT COALESCE(paid.amount, 0) + COALESCE(overdue.amount, 0) AS amount,
                   COALESCE(paid.late, 0) + COALESCE(overdue.late, 0) AS late,
                   COALESCE(paid.taken, 0) + COALESCE(overdue.taken, 0) AS taken) both_
          CROSS JOIN LATERAL (
            SELECT ROUND(both_.late / NULLIF(both_.amount, 0), 1) AS days,
                   ROUND(both_.taken / NULLIF(both_.amount, 0), 1) AS to_pay) average
          CROSS JOIN LATERAL (
            SELECT COALESCE(sold.amount, 0) AS revenue,
                   COALESCE(average.days, 0)::float8 AS days,
                   COALESCE(average.to_pay, 0)::float8 AS to_pay,
                   CASE WHEN average.days IS NULL
                          OR (paid.amount IS NULL AND average.days <= %(prompt)s)
                        THEN 'new'
                        WHEN average.days <= %(prompt)s THEN 'prompt'
                        WHEN average.days <= %(slow)s THEN 'slow'
                        ELSE 'late' END AS kind,
                   paid.collected, paid.up_to,
                   COALESCE(profile.customer_since, first.day) AS since) fresh
         WHERE profile.company_id = %(root)s AND %(chosen)s
           AND (profile.revenue_amount, profile.average_days_late,
                profile.average_days_to_pay, profile.payer_type,
                profile.collected_amount, profile.collected_up_to,
                profile.customer_since)
               IS DISTINCT FROM (fresh.revenue, fresh.days, fresh.to_pay, fresh.kind,
                                 fresh.collected, fresh.up_to, fresh.since)
        """,
        prompt=PROMPT_DAYS,
        slow=SLOW_DAYS,
        sold=sold(pot, partner_ids),
        paid=_paid(pot, roles, partner_ids),
        overdue=_overdue(pot, leftover, partner_ids),
        first=_first(pot, partner_ids),
        root=pot.root_id,
        chosen=_is_chosen("profile", partner_ids),
    )


def write_history(fresh):
    """Write the rows of :func:`fresh_history`; a day that somebody entered stays.

    Returns the ids of the profiles.

    :param fresh: the rows as they stand after ``FROM``
    """
    return SQL(
        """
        UPDATE credit_profile profile
           SET revenue_amount = fresh.revenue, average_days_late = fresh.days,
               average_days_to_pay = fresh.to_pay, payer_type = fresh.kind,
               collected_amount = fresh.collected, collected_up_to = fresh.up_to,
               customer_since = COALESCE(profile.customer_since, fresh.since)
          FROM %s fresh
         WHERE profile.id = fresh.id
        RETURNING profile.id
        """,
        fresh,
    )


def _is_chosen(alias, partner_ids):
    if partner_ids is None:
        return SQL("TRUE")
    column = SQL.identifier(alias, "partner_id")
    return SQL("%s IN %s", column, tuple(partner_ids) or (0,))


def sold(pot, partner_ids=None):
    """Select ``partner_id``, ``amount`` without and ``gross`` with taxes of what was
    invoiced less credited in the last twelve months.

    :param partner_ids: commercial partners, default all
    """
    return SQL(
        """
        SELECT commercial_partner_id AS partner_id,
               SUM(amount_untaxed_signed) AS amount,
               SUM(amount_total_signed) AS gross
          FROM account_move
         WHERE move_type IN ('out_invoice', 'out_refund', 'out_receipt')
           AND state = 'posted'
           AND company_id = ANY(%(companies)s)
           AND invoice_date > %(today)s::date - %(period)s
           AND invoice_date <= %(today)s::date
           AND %(family)s
         GROUP BY commercial_partner_id
        """,
        companies=list(pot.company_ids),
        today=pot.today,
        period=PERIOD,
        family=in_family(SQL("partner_id"), partner_ids),
    )


def _first(pot, partner_ids):
    """Select the first invoices of customers who have no day since when they are."""
    return SQL(
        """
        SELECT invoice.commercial_partner_id AS partner_id,
               MIN(invoice.invoice_date) AS day
          FROM account_move invoice
          JOIN credit_profile fresh
            ON fresh.partner_id = invoice.commercial_partner_id
           AND fresh.company_id = %(root)s AND fresh.customer_since IS NULL
           AND %(chosen)s
         WHERE invoice.move_type IN ('out_invoice', 'out_receipt')
           AND invoice.state = 'posted' AND invoice.company_id = ANY(%(companies)s)
         GROUP BY invoice.commercial_partner_id
        """,
        chosen=_is_chosen("fresh", partner_ids),
        root=pot.root_id,
        companies=list(pot.company_ids),
    )


def is_collected(today):
    """Return a condition about the parts of :func:`.matching.receipts`: matched with an
    item after its due date, by what is of the last thirty days."""
    return SQL(
        "(other.date > item.date_maturity"
        " AND other.date > %(today)s::date - %(days)s"
        " AND other.date <= %(today)s::date)",
        today=today,
        days=COLLECTED_DAYS,
    )


def note_collected(root_id, before):
    """Note that profiles of a root company know of all parts matched before a time.

    Ids come in the order in which parts are made, but for those that are made at the
    same time: let the time be one at which nobody is at work any more.
    """
    return SQL(
        """
        UPDATE res_company
           SET collected_up_to = COALESCE((
                   SELECT MAX(id) FROM account_partial_reconcile
                    WHERE create_date < %s), 0)
         WHERE id = %s
        """,
        before,
        root_id,
    )


def _paid(pot, roles, partner_ids):
    """Select the money of twelve months for items that are settled or past due:
    ``amount``, the same times its days from due, ``late``, and from the invoice,
    ``taken``, to the day it came; and what was collected.

    Of an item that is open and not due yet, nothing counts: what comes late of it is
    still to come.
    """
    is_settled = SQL("item.reconciled")
    if pot.undone:
        is_settled = SQL("(%s AND NOT %s)", is_settled, settled_in_vain(SQL("item.id")))
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id,
               SUM(money.amount) FILTER (WHERE %(counts)s) AS amount,
               SUM(money.amount * (other.date - item.date_maturity))
                   FILTER (WHERE %(counts)s) AS late,
               SUM(money.amount * (other.date - COALESCE(item.invoice_date, item.date)))
                   FILTER (WHERE %(counts)s) AS taken,
               SUM(money.amount) FILTER (WHERE %(is_collected)s) AS collected,
               MAX(part.id) FILTER (WHERE %(is_collected)s) AS up_to
          FROM %(receipts)s
          JOIN res_partner partner ON partner.id = item.partner_id
         WHERE item.account_id = ANY(%(accounts)s)
           AND item.company_id = ANY(%(companies)s)
           AND part.max_date > %(today)s::date - %(period)s
           AND other.date > %(today)s::date - %(period)s
           AND other.date <= %(today)s::date
           AND money.amount > 0
           AND (%(counts)s OR %(is_collected)s)
           AND %(family)s
         GROUP BY partner.commercial_partner_id
        """,
        receipts=receipts(roles),
        counts=SQL(
            """(item.date_maturity IS NOT NULL
                AND (%s OR item.date_maturity < %s))""",
            is_settled,
            pot.today,
        ),
        is_collected=is_collected(pot.today),
        accounts=list(pot.account_ids),
        companies=list(pot.company_ids),
        family=in_family(SQL("item.partner_id"), partner_ids),
        today=pot.today,
        period=PERIOD,
    )


def _overdue(pot, leftover, partner_ids):
    """Select what is open and overdue, but for what is disputed: ``amount``, and the
    same times its days from due, ``late``, and from the invoice, ``taken``, up to
    today."""
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id,
               SUM(item.amount) AS amount,
               SUM(item.amount * (%(today)s::date - item.date_maturity)) AS late,
               SUM(item.amount * (%(today)s::date - item.begun)) AS taken
          FROM (
            SELECT line.partner_id, line.date_maturity,
                   COALESCE(line.invoice_date, line.date) AS begun,
                   line.amount_residual - %(disputed)s AS amount
              FROM account_move_line line
             WHERE %(open)s AND line.amount_residual > %(leftover)s
               AND line.amount_residual > 0
               AND line.date_maturity < %(today)s::date AND %(family)s
             %(undone)s
            OFFSET 0) item
          JOIN res_partner partner ON partner.id = item.partner_id
         WHERE item.amount > 0
         GROUP BY partner.commercial_partner_id
        """,
        disputed=still_disputed(pot),
        leftover=leftover,
        undone=_overdue_undone(pot, partner_ids) if pot.undone else SQL(),
        open=is_open(pot),
        family=in_family(SQL("line.partner_id"), partner_ids),
        today=pot.today,
    )


def _overdue_undone(pot, partner_ids):
    """Add what is overdue of items that Odoo calls paid and the books do not."""
    return SQL(
        """
             UNION ALL
            SELECT line.partner_id, line.date_maturity,
                   COALESCE(line.invoice_date, line.date), back.amount
              FROM (SELECT item_id, SUM(amount) AS amount FROM (%(undone)s) part
                     GROUP BY item_id) back
              JOIN account_move_line line ON line.id = back.item_id
             WHERE %(receivable)s AND line.parent_state = 'posted' AND back.amount > 0
               AND line.date_maturity < %(today)s::date AND %(family)s
        """,
        undone=undone(),
        receivable=is_receivable(pot),
        today=pot.today,
        family=in_family(SQL("line.partner_id"), partner_ids),
    )
