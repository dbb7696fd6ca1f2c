"""Payments that were registered and are in no entry: *In Payment*, before the bank.

Odoo books nothing for payments of a journal without an account for money on its way,
which other accounting addons make the rule. The invoice reads *in payment*, or *paid*;
the ledger has it open until the line of the bank statement comes. The exposure follows
the ledger. Who chases customers takes the payment for one that waits to be matched.
"""

from odoo.tools import SQL

from .open_items import is_open

#: What is read, by model.
READS = {
    "account.move": ["payment_state"],
    "account.move.line": None,
    "account.payment": None,
    "res.partner": ["commercial_partner_id"],
}

#: In the words of the partial index on them.
_IS_REGISTERED = SQL(
    """payment.move_id IS NULL AND payment.state IN ('in_process', 'paid')
       AND payment.payment_type = 'inbound' AND payment.partner_type = 'customer'"""
)


def any_registered():
    """Select whether there is any such payment."""
    return SQL(
        "SELECT EXISTS (SELECT FROM account_payment payment WHERE %s)", _IS_REGISTERED
    )


def registered(pot, profiles):
    """Select ``profile_id, currency_id, date, amount, amount_currency`` of registered
    payments: in the currency of the company, and in that of what they pay.

    Never more than what is still open of the invoices that they are for: of those that
    the bank has booked since nothing is. Payments that are *paid* count only while
    their invoices read paid, too: otherwise what came of them is in the books. Several
    payments for the same invoices count together.

    :param profiles: what ``profile_id, partner_id`` of the customers are read from
    """
    return SQL(
        """
        SELECT profile_id, currency_id, date, ROUND(open * share, 4) AS amount,
               ROUND(open_currency * share, 4) AS amount_currency
          FROM (
            SELECT profile_id, currency_id, MAX(date) AS date, MAX(open) AS open,
                   MAX(open_currency) AS open_currency, LEAST(SUM(share), 1) AS share
              FROM (%(linked)s) one
             GROUP BY profile_id, currency_id, invoice_ids) several
         UNION ALL
        %(unlinked)s
        """,
        linked=_linked(pot, profiles),
        unlinked=_unlinked(pot, profiles),
    )


def _linked(pot, profiles):
    """Select payments for invoices, each with its share of what is open of them."""
    return SQL(
        """
        SELECT invoice.profile_id, invoice.currency_id, payment.date,
               array_agg(invoice.move_id ORDER BY invoice.move_id) AS invoice_ids,
               SUM(invoice.open) AS open, SUM(invoice.open_currency) AS open_currency,
               CASE WHEN payment.currency_id = invoice.currency_id
                    THEN payment.amount / SUM(invoice.open_currency)
                    ELSE payment.amount_company_currency_signed / SUM(invoice.open)
               END AS share
          FROM (
            SELECT customer.profile_id, line.move_id, line.currency_id,
                   SUM(line.amount_residual) AS open,
                   SUM(line.amount_residual_currency) AS open_currency
              FROM (%(profiles)s) customer
              JOIN res_partner partner
                ON partner.commercial_partner_id = customer.partner_id
              JOIN account_move_line line ON line.partner_id = partner.id
             WHERE %(open)s
               AND line.amount_residual > 0 AND line.amount_residual_currency > 0
             GROUP BY customer.profile_id, line.move_id, line.currency_id) invoice
          JOIN account_move__account_payment link ON link.invoice_id = invoice.move_id
          JOIN account_payment payment ON payment.id = link.payment_id
          JOIN account_move move ON move.id = invoice.move_id
         WHERE %(is_registered)s
           AND (payment.state = 'in_process'
                OR move.payment_state IN ('in_payment', 'paid'))
         GROUP BY invoice.profile_id, invoice.currency_id, payment.id
        """,
        profiles=profiles,
        open=is_open(pot),
        is_registered=_IS_REGISTERED,
    )


def _unlinked(pot, profiles):
    """Select payments on account, until somebody says that the bank has them."""
    return SQL(
        """
        SELECT customer.profile_id, payment.currency_id, payment.date,
               payment.amount_company_currency_signed, payment.amount
          FROM (%(profiles)s) customer
          JOIN res_partner partner
            ON partner.commercial_partner_id = customer.partner_id
          JOIN account_payment payment ON payment.partner_id = partner.id
         WHERE %(is_registered)s AND payment.state = 'in_process'
           AND payment.company_id IN %(companies)s
           AND NOT EXISTS (SELECT FROM account_move__account_payment link
                            WHERE link.payment_id = payment.id)
        """,
        profiles=profiles,
        is_registered=_IS_REGISTERED,
        companies=pot.company_ids,
    )
