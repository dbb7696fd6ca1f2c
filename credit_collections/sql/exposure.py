"""The exposure of customers by component: one statement for one customer or for all."""

from odoo.tools import SQL

from .order_backlog import deposits, open_orders, order_backlog
from .pot import in_company_currency, in_family, is_few

#: Columns of :func:`exposure` behind ``partner_id``, in order.
COLUMNS = (
    "overdue",
    "not_due",
    "unapplied",
    "draft",
    "delivered",
    "order",
    "deposit",
)

#: What of an order counts where: what was delivered is a part of it.
_OF_ORDERS = {"order": SQL("amount - delivered"), "delivered": SQL("delivered")}

_NOTHING = SQL("NULL::numeric")
_NO_DATE = SQL("NULL::date")


def exposure(pot, partner_ids=None, without_orders=(), leftover=0.0):
    """Return a select of ``partner_id``, :data:`COLUMNS`, ``past_due``, ``oldest_due``.

    One row per commercial partner with anything to count, amounts in the currency of
    the company. Components that the pot leaves out are 0; ``past_due`` is what is
    overdue, whether it counts or not, and ``oldest_due`` the oldest date of it.

    :param partner_ids: commercial partners, all when ``None``
    :param without_orders: ids of orders that do not count
    :param leftover: overdue items of no more than this make nobody late: they are in no
        ``past_due`` and no ``oldest_due``. The components have them all the same.
    """
    parts = [_receivables(pot, partner_ids, leftover)]
    if "draft" in pot.components:
        parts.append(_drafts(pot, partner_ids))
    else:
        parts.append(_matched_to_drafts(pot, partner_ids))
    if pot.components & {"order", "delivered"}:
        parts += _orders(pot, partner_ids, without_orders)
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id, %(sums)s,
               COALESCE(SUM(part.past_due), 0) AS past_due,
               MIN(part.oldest_due) AS oldest_due
          FROM (%(parts)s) part
          JOIN res_partner partner ON partner.id = part.partner_id
         GROUP BY partner.commercial_partner_id
        """,
        sums=SQL(", ").join(
            SQL(
                "COALESCE(SUM(%s), 0) AS %s",
                SQL.identifier("part", name),
                SQL.identifier(name),
            )
            if name in pot.components
            else SQL("0::numeric AS %s", SQL.identifier(name))
            for name in COLUMNS
        ),
        parts=SQL(" UNION ALL ").join(parts),
    )


def exposure_by_company(scopes, without_orders=()):
    """Select ``company_id, partner_id, exposure`` of customers of several companies.

    Each amount is in the currency of its company.

    :param scopes: pairs of pot and partner ids
    """
    total = SQL(" + ").join(map(SQL.identifier, COLUMNS))
    return SQL(" UNION ALL ").join(
        SQL(
            "SELECT %s AS company_id, partner_id, %s AS exposure FROM (%s) owed",
            pot.root_id,
            total,
            exposure(pot, partner_ids, without_orders),
        )
        for pot, partner_ids in scopes
    )


def _part(source, **amounts):
    """Select one part of the union: named amounts, nothing in all other columns.

    Contacts are led back to their company behind the union, once for all parts, when
    next to everything is summed up.
    """
    columns = [SQL("partner_id")]
    columns += [
        SQL("%s AS %s", amounts.get(name, _NOTHING), SQL.identifier(name))
        for name in COLUMNS
    ]
    columns.append(SQL("%s AS past_due", amounts.get("past_due", _NOTHING)))
    columns.append(SQL("%s AS oldest_due", amounts.get("oldest_due", _NO_DATE)))
    return SQL("SELECT %s FROM (%s) source", SQL(", ").join(columns), source)


def _receivables(pot, partner_ids, leftover):
    """Posted open items at their booked amount, so that they agree with the ledger."""
    source = SQL(
        """
        SELECT line.partner_id,
               SUM(line.amount_residual) FILTER (WHERE %(owed)s AND %(past)s)
                   AS overdue,
               SUM(line.amount_residual) FILTER (WHERE %(owed)s AND (%(past)s)
                   IS NOT TRUE) AS not_due,
               SUM(line.amount_residual) FILTER (WHERE line.amount_residual < 0)
                   AS unapplied,
               SUM(line.amount_residual) FILTER (WHERE %(late)s) AS past_due,
               MIN(line.date_maturity) FILTER (WHERE %(late)s) AS oldest_due
          FROM account_move_line line
         WHERE %(open_items)s
         GROUP BY line.partner_id
        """,
        owed=SQL("line.amount_residual > 0"),
        past=SQL("line.date_maturity < %s", pot.today),
        late=SQL(
            "line.amount_residual > %s AND line.date_maturity < %s", leftover, pot.today
        ),
        open_items=_open_items(pot, partner_ids),
    )
    return _part(
        source,
        overdue=SQL("overdue"),
        not_due=SQL("not_due"),
        unapplied=SQL("unapplied"),
        past_due=SQL("past_due"),
        oldest_due=SQL("oldest_due"),
    )


def _drafts(pot, partner_ids):
    """What is left to pay on draft invoices, at today's rate: nothing is booked yet."""
    source = SQL(
        """
        SELECT line.partner_id, %(amount)s AS amount
          FROM account_move_line line
         WHERE %(draft_items)s AND line.amount_residual <> 0
         GROUP BY line.move_id, line.partner_id, line.currency_id
        """,
        amount=in_company_currency(
            pot, SQL("SUM(line.amount_residual_currency)"), SQL("line.currency_id")
        ),
        draft_items=_draft_items(pot, partner_ids),
    )
    return _part(source, draft=SQL("amount"))


def _matched_to_drafts(pot, partner_ids):
    """What was booked and is matched to draft invoices, where drafts do not count.

    Odoo takes it from the residual of the payment already. As long as the draft counts
    nothing, its money must not be lost: it is unapplied still.
    """
    source = SQL(
        """
        SELECT line.partner_id,
               SUM(LEAST(line.amount_residual - line.balance, 0)) AS unapplied,
               SUM(GREATEST(line.amount_residual - line.balance, 0)) AS not_due
          FROM account_move_line line
         WHERE %s AND line.amount_residual <> line.balance
         GROUP BY line.partner_id
        """,
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
    scope = (pot, partner_ids, without_orders)
    if is_few(partner_ids):
        backlog = order_backlog(pot, partner_ids, without_orders=without_orders)
        return [_part(backlog, **_OF_ORDERS, deposit=SQL("deposit"))]
    parts = [_part(open_orders(*scope), **_OF_ORDERS)]
    if "deposit" in pot.components:
        parts.append(_part(deposits(*scope), deposit=SQL("amount")))
    return parts
