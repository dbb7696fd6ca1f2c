"""What became of orders that were released, one row for each."""

from odoo.tools import SQL

from ...engine.hub.matching import WRITE_OFF
from ..hub.matching import settlements
from ..hub.undone import undone


def release_outcome(day_at, roles):
    """Select the columns of the model ``credit.release.outcome``.

    Of an order that was released several times the last release counts: who decided
    then saw all of it. Amounts are in the currency of the company.

    - ``late_days``: how long the latest item of its invoices was past due when it was
      settled, by whatever, or is today.
    - ``late_amount``: items that were or are past due for longer than the company
      allows; ``open_amount``: what of all items is still open and past due.
    - ``written_off_amount``: what was given up of the items; see :mod:`.matching`.
    - ``disputed_amount``: disputed and not withdrawn.

    :param day_at: function of the expression of a company that returns its day
    """
    return SQL(
        """
        WITH released AS (%(released)s), invoice AS (%(invoices)s),
        item AS (%(items)s), due AS (%(due)s), off AS (%(written_off)s),
        complaint AS (%(disputed)s)
        SELECT released.id, released.id AS hold_id, released.order_id,
               released.company_id, released.currency_id, released.profile_id,
               released.partner_id, released.salesperson_id,
               released.released_by_id, released.release_reason_id,
               released.released_date, released.released_amount,
               released.amount_over,
               COALESCE(due.invoice_count, 0)::int AS invoice_count,
               COALESCE(due.amount, 0) AS invoiced_amount,
               COALESCE(due.open_amount, 0) AS open_amount,
               COALESCE(due.late_days, 0)::int AS late_days,
               COALESCE(due.late_amount, 0) AS late_amount,
               COALESCE(off.amount, 0) AS written_off_amount,
               COALESCE(complaint.amount, 0) AS disputed_amount,
               CASE WHEN off.amount > 0 THEN 'written_off'
                    WHEN complaint.amount > 0 THEN 'disputed'
                    WHEN due.late_amount > 0 THEN 'late'
                    WHEN due.amount > 0 AND due.residual = 0 THEN 'paid'
                    ELSE 'open' END AS outcome
          FROM released
          LEFT JOIN due ON due.hold_id = released.id
          LEFT JOIN off ON off.hold_id = released.id
          LEFT JOIN complaint ON complaint.hold_id = released.id
        """,
        released=_RELEASED,
        invoices=_INVOICES,
        items=_items(day_at),
        due=_due(day_at),
        written_off=_written_off(roles),
        disputed=_DISPUTED,
    )


_RELEASED = SQL(
    """
    SELECT DISTINCT ON (order_id) *
      FROM credit_hold WHERE state = 'released' ORDER BY order_id, id DESC
    """
)

_INVOICES = SQL(
    """
    SELECT DISTINCT released.id AS hold_id, move.id AS move_id,
           COALESCE(root.credit_gone_bad_days, 0) AS allowed_days
      FROM released
      JOIN sale_order_line line ON line.order_id = released.order_id
      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
      JOIN account_move_line goods ON goods.id = rel.invoice_line_id
      JOIN account_move move ON move.id = goods.move_id
           AND move.state = 'posted' AND move.move_type = 'out_invoice'
      JOIN res_company company ON company.id = move.company_id
      JOIN res_company root
        ON root.id = split_part(company.parent_path, '/', 1)::int
    """
)


def _items(day_at):
    """Receivable items of the invoices, and how late each was or is paid.

    What is matched with what settles nothing is open.
    """
    return SQL(
        """
        SELECT invoice.hold_id, invoice.move_id, invoice.allowed_days, item.id,
               item.company_id, item.balance, open.amount AS amount_residual,
               item.date_maturity,
               CASE WHEN open.amount > 0 THEN %(today)s
                    ELSE (SELECT MAX(matched.max_date)
                            FROM account_partial_reconcile matched
                           WHERE matched.debit_move_id = item.id)
                    END - item.date_maturity AS late_days
          FROM invoice
          JOIN account_move_line item ON item.move_id = invoice.move_id
               AND item.display_type = 'payment_term'
          LEFT JOIN (SELECT item_id, SUM(amount) AS amount FROM (%(undone)s) part
                      GROUP BY item_id) back ON back.item_id = item.id
          CROSS JOIN LATERAL (
            SELECT item.amount_residual + COALESCE(back.amount, 0) AS amount) open
        """,
        today=day_at(SQL("item.company_id")),
        undone=undone(),
    )


def _due(day_at):
    return SQL(
        """
        SELECT hold_id, COUNT(DISTINCT move_id) AS invoice_count,
               SUM(balance) AS amount, SUM(amount_residual) AS residual,
               SUM(amount_residual) FILTER (WHERE date_maturity < %(today)s)
                   AS open_amount,
               GREATEST(MAX(late_days), 0) AS late_days,
               SUM(balance) FILTER (WHERE late_days > allowed_days) AS late_amount
          FROM item GROUP BY hold_id
        """,
        today=day_at(SQL("company_id")),
    )


def _written_off(roles):
    return SQL(
        """
        SELECT due.hold_id, SUM(settled.amount) AS amount
          FROM item due
          JOIN (%(settlements)s) ON part.debit_move_id = due.id
         WHERE settled.kind = %(write_off)s
         GROUP BY due.hold_id
        """,
        settlements=settlements(roles),
        write_off=WRITE_OFF,
    )


_DISPUTED = SQL(
    """
    SELECT item.hold_id, SUM(line.company_amount) AS amount
      FROM item
      JOIN collection_dispute_line line ON line.move_line_id = item.id
      JOIN collection_dispute dispute ON dispute.id = line.dispute_id
           AND dispute.state <> 'withdrawn'
     GROUP BY item.hold_id
    """
)
