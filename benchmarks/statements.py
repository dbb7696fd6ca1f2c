"""Bare SQL: the least that PostgreSQL needs for the same figures, without any ORM.

Everything a statement could look up first is passed as a constant: the receivable
accounts (or Odoo's partial index is not used), the rates, the family of a customer.
"""

from odoo.tools import SQL


def constants(env, company_id):
    """What the statements get as constants; not part of what is timed."""
    company = env["res.company"].browse(company_id)
    domain = [("account_type", "=", "asset_receivable")]
    today = env["res.currency"].search([])._get_rates(company, "2100-01-01")
    own = today[company.currency_id.id]
    return {
        "company": company_id,
        "accounts": tuple(env["account.account"].sudo().search(domain).ids),
        "rates": SQL(", ").join(
            SQL("(%s, %s)", id_, own / rate) for id_, rate in today.items()
        ),
    }


def exposure_map(constants, today, partner_id=None):
    """Per customer: overdue, not due, unapplied, draft, order, oldest due date.

    Contacts are led back to their company once, when everything is summed up already.
    """
    return SQL(
        """
        SELECT p.commercial_partner_id, SUM(overdue), SUM(not_due), SUM(unapplied),
               SUM(draft), SUM(orders), MIN(oldest_due)
        FROM (%s UNION ALL %s UNION ALL %s) part
            JOIN res_partner p ON p.id = part.partner_id
        GROUP BY 1
        """,
        _receivables(constants, today, partner_id),
        _drafts(constants, partner_id),
        _orders(constants, partner_id),
    )


def _receivables(constants, today, partner_id):
    return SQL(
        """
        SELECT l.partner_id,
               SUM(l.amount_residual) FILTER (
                   WHERE l.amount_residual > 0 AND l.date_maturity < %(today)s
               ) AS overdue,
               SUM(l.amount_residual) FILTER (
                   WHERE l.amount_residual > 0 AND l.date_maturity >= %(today)s
               ) AS not_due,
               SUM(l.amount_residual) FILTER (
                   WHERE l.amount_residual < 0) AS unapplied,
               NULL::numeric AS draft, NULL::numeric AS orders,
               MIN(l.date_maturity) FILTER (
                   WHERE l.amount_residual > 0 AND l.date_maturity < %(today)s
               ) AS oldest_due
        FROM account_move_line l
        WHERE l.account_id IN %(accounts)s AND l.company_id = %(company)s
          AND l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
          AND l.amount_residual <> 0 AND %(family)s
        GROUP BY l.partner_id
        """,
        **_words(constants),
        today=today,
        family=_family(SQL("l.partner_id"), partner_id),
    )


def _drafts(constants, partner_id):
    return SQL(
        """
        SELECT l.partner_id, NULL, NULL, NULL, SUM(l.amount_currency * r.rate),
               NULL, NULL
        FROM account_move_line l
            JOIN (VALUES %(rates)s) r (id, rate) ON r.id = l.currency_id
        WHERE l.account_id IN %(accounts)s AND l.company_id = %(company)s
          AND l.reconciled IS NOT TRUE AND l.parent_state = 'draft'
          AND l.display_type = 'payment_term' AND l.amount_residual <> 0
          AND %(family)s
        GROUP BY l.partner_id
        """,
        **_words(constants),
        family=_family(SQL("l.partner_id"), partner_id),
    )


def _orders(constants, partner_id):
    return SQL(
        """
        SELECT o.partner_invoice_id, NULL, NULL, NULL, NULL,
               SUM(l.price_total / l.product_uom_qty
                   * (l.product_uom_qty - l.qty_invoiced) * r.rate), NULL
        FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id
            JOIN (VALUES %(rates)s) r (id, rate) ON r.id = o.currency_id
        WHERE l.state = 'sale' AND l.display_type IS NULL
          AND l.qty_invoiced < l.product_uom_qty
          AND o.company_id = %(company)s AND %(family)s
        GROUP BY o.partner_invoice_id
        """,
        **_words(constants),
        family=_family(SQL("o.partner_invoice_id"), partner_id),
    )


def _words(constants):
    return {name: SQL("%s", constants[name]) for name in ("accounts", "company")} | {
        "rates": constants["rates"]
    }


def _family(column, partner_id):
    if partner_id is None:
        return SQL("TRUE")
    family = SQL(
        "SELECT id FROM res_partner WHERE commercial_partner_id = %s", partner_id
    )
    return SQL("%s IN (%s)", column, family)


def exposure_total(accounts):
    """All companies: receivables and open orders per customer, beside the limit.

    The statement that the figures of the peers were compared with when this addon was
    designed; without drafts, currencies and due dates.
    """
    return SQL(
        """
        SELECT COALESCE(ar.partner_id, so.partner_id), ar.company_id, so.company_id,
               ar.amount, so.amount, p.credit_limit
        FROM (
            SELECT p.commercial_partner_id AS partner_id, l.company_id,
                   SUM(l.amount_residual) AS amount
            FROM account_move_line l JOIN res_partner p ON p.id = l.partner_id
            WHERE l.account_id IN %(accounts)s AND l.reconciled IS NOT TRUE
              AND l.parent_state = 'posted' AND l.amount_residual <> 0
            GROUP BY 1, 2
        ) ar FULL JOIN (
            SELECT p.commercial_partner_id AS partner_id, o.company_id,
                   SUM(l.price_total / l.product_uom_qty
                       * (l.product_uom_qty - l.qty_invoiced)) AS amount
            FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id
                JOIN res_partner p ON p.id = o.partner_invoice_id
            WHERE l.state = 'sale' AND l.display_type IS NULL
              AND l.qty_invoiced < l.product_uom_qty
            GROUP BY 1, 2
        ) so ON so.partner_id = ar.partner_id AND so.company_id = ar.company_id
        JOIN res_partner p ON p.id = COALESCE(ar.partner_id, so.partner_id)
        """,
        accounts=accounts,
    )
