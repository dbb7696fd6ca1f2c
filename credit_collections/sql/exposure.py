"""The exposure of customers by component: one statement for one customer or for all."""

from odoo.tools import SQL

from .order_backlog import order_backlog
from .pot import in_company_currency, in_family, rates

#: Columns of :func:`exposure` behind ``partner_id``, in order.
COLUMNS = ("overdue", "not_due", "unapplied", "draft", "order", "deposit")

_ZERO = SQL("0::numeric")
_NO_DATE = SQL("NULL::date")


def exposure(pot, partner_ids=None, without_orders=()):
    """Return a select of ``partner_id``, :data:`COLUMNS`, ``past_due``, ``oldest_due``.

    One row per commercial partner with anything to count, amounts in the currency of
    the company. Components that the pot leaves out are 0; ``past_due`` is what is
    overdue, whether it counts or not.

    :param partner_ids: commercial partners, all when ``None``
    :param without_orders: ids of orders that do not count
    """
    parts = [_receivables(pot, partner_ids)]
    if "draft" in pot.components:
        parts.append(_drafts(pot, partner_ids))
    else:
        parts.append(_matched_to_drafts(pot, partner_ids))
    if "order" in pot.components:
        parts.append(_orders(pot, partner_ids, without_orders))
    return SQL(
        """
        SELECT part.partner_id, %(sums)s, SUM(part.overdue) AS past_due,
               MIN(part.oldest_due) AS oldest_due
          FROM (%(parts)s) part
         GROUP BY part.partner_id
        """,
        sums=SQL(", ").join(
            SQL("SUM(%s) AS %s", SQL.identifier("part", name), SQL.identifier(name))
            if name in pot.components
            else SQL("0::numeric AS %s", SQL.identifier(name))
            for name in COLUMNS
        ),
        parts=SQL(" UNION ALL ").join(parts),
    )


def _part(source, **amounts):
    """Select one part of the union: named amounts, zero for all other columns."""
    columns = [SQL("partner_id")]
    columns += [
        SQL("%s AS %s", amounts.get(name, _ZERO), SQL.identifier(name))
        for name in COLUMNS
    ]
    columns.append(SQL("%s AS oldest_due", amounts.get("oldest_due", _NO_DATE)))
    return SQL("SELECT %s FROM %s", SQL(", ").join(columns), source)


def _receivables(pot, partner_ids):
    """Posted open items at their booked amount, so that they agree with the ledger.

    Summed per partner of the line before contacts are led back to their company: most
    lines carry the company already, and the join is then as small as it can be.
    """
    past = SQL("line.date_maturity < %s", pot.today)
    source = SQL(
        """(
        SELECT partner.commercial_partner_id AS partner_id,
               SUM(item.overdue) AS overdue, SUM(item.not_due) AS not_due,
               SUM(item.unapplied) AS unapplied, MIN(item.oldest_due) AS oldest_due
          FROM (
            SELECT line.partner_id,
                   SUM(CASE WHEN line.amount_residual > 0 AND %(past)s
                            THEN line.amount_residual ELSE 0 END) AS overdue,
                   SUM(CASE WHEN line.amount_residual > 0 AND (%(past)s) IS NOT TRUE
                            THEN line.amount_residual ELSE 0 END) AS not_due,
                   SUM(CASE WHEN line.amount_residual < 0
                            THEN line.amount_residual ELSE 0 END) AS unapplied,
                   MIN(CASE WHEN line.amount_residual > 0 AND %(past)s
                            THEN line.date_maturity END) AS oldest_due
              FROM account_move_line line
             WHERE %(open_items)s
             GROUP BY line.partner_id
          ) item
          JOIN res_partner partner ON partner.id = item.partner_id
         GROUP BY partner.commercial_partner_id
        ) receivable""",
        past=past,
        open_items=_open_items(pot, partner_ids),
    )
    return _part(
        source,
        overdue=SQL("overdue"),
        not_due=SQL("not_due"),
        unapplied=SQL("unapplied"),
        oldest_due=SQL("oldest_due"),
    )


def _drafts(pot, partner_ids):
    """What is left to pay on draft invoices, at today's rate: nothing is booked yet."""
    source = SQL(
        """(
        SELECT partner.commercial_partner_id AS partner_id, SUM(%(amount)s) AS amount
          FROM (SELECT line.partner_id, line.currency_id, line.move_id,
                       SUM(line.amount_residual_currency) AS amount
                  FROM account_move_line line
                 WHERE %(draft_items)s AND line.amount_residual <> 0
                 GROUP BY line.move_id, line.partner_id, line.currency_id) draft
          JOIN res_partner partner ON partner.id = draft.partner_id
          LEFT JOIN (%(rates)s) rate ON rate.currency_id = draft.currency_id
         GROUP BY partner.commercial_partner_id
        ) draft""",
        amount=in_company_currency(pot, SQL("draft.amount")),
        draft_items=_draft_items(pot, partner_ids),
        rates=rates(pot),
    )
    return _part(source, draft=SQL("amount"))


def _matched_to_drafts(pot, partner_ids):
    """What was booked and is matched to draft invoices, where drafts do not count.

    Odoo takes it from the residual of the payment already. As long as the draft counts
    nothing, its money must not be lost: it is unapplied still.
    """
    source = SQL(
        """(
        SELECT partner.commercial_partner_id AS partner_id,
               SUM(LEAST(line.amount_residual - line.balance, 0)) AS unapplied,
               SUM(GREATEST(line.amount_residual - line.balance, 0)) AS not_due
          FROM account_move_line line
          JOIN res_partner partner ON partner.id = line.partner_id
         WHERE %s AND line.amount_residual <> line.balance
         GROUP BY partner.commercial_partner_id
        ) matched""",
        _draft_items(pot, partner_ids),
    )
    return _part(source, unapplied=SQL("unapplied"), not_due=SQL("not_due"))


def _open_items(pot, partner_ids):
    """Open receivable items, in the words of the partial index on them."""
    return SQL(
        """%s
           AND line.reconciled IS NOT TRUE
           AND line.amount_residual <> 0
           AND line.parent_state = 'posted'""",
        _items(pot, partner_ids),
    )


def _draft_items(pot, partner_ids):
    """Receivable items of draft invoices, in the words of the partial index on them."""
    return SQL(
        """%s
           AND line.parent_state = 'draft'
           AND line.display_type = 'payment_term'""",
        _items(pot, partner_ids),
    )


def _items(pot, partner_ids):
    return SQL(
        """line.account_id IN %(accounts)s
           AND line.company_id IN %(companies)s
           AND %(family)s""",
        accounts=pot.account_ids or (0,),
        companies=pot.company_ids,
        family=in_family(SQL("line.partner_id"), partner_ids),
    )


def _orders(pot, partner_ids, without_orders):
    source = SQL(
        """(
        SELECT partner_id, SUM(amount) AS amount, SUM(deposit) AS deposit
          FROM (%s) backlog GROUP BY partner_id
        ) backlog""",
        order_backlog(pot, partner_ids, without_orders=without_orders),
    )
    return _part(source, order=SQL("amount"), deposit=SQL("deposit"))
