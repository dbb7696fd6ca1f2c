"""What it means to book on an account: money came, or was it anything else?

The kind of an account does not say it alone: settings of journals, payment methods and
companies name accounts for money on its way, for discounts and exchange differences.
"""

from typing import NamedTuple

from odoo.tools import SQL

#: What is read, by model.
READS = {
    "account.account": ["account_type"],
    "account.journal": ["default_account_id", "suspense_account_id", "type"],
    "account.payment.method.line": ["payment_account_id"],
    "res.company": [
        "account_default_pos_receivable_account_id",
        "account_journal_early_pay_discount_gain_account_id",
        "account_journal_early_pay_discount_loss_account_id",
        "expense_currency_exchange_account_id",
        "income_currency_exchange_account_id",
        "transfer_account_id",
    ],
}


class Roles(NamedTuple):
    """Accounts of all companies by what it means to book on them, as tuples of ids.

    They go into statements as constants: looked up by each statement they would keep
    PostgreSQL from working in parallel.
    """

    money: tuple
    receivable: tuple
    discount: tuple
    exchange: tuple


def select_roles():
    """Select the columns of :class:`Roles`; one row."""
    return SQL(
        """
        SELECT ARRAY(
            SELECT id FROM account_account
             WHERE account_type IN ('asset_cash', 'liability_credit_card',
                                    'liability_payable')
             UNION
            SELECT default_account_id FROM account_journal
             WHERE type IN ('bank', 'cash', 'credit')
               AND default_account_id IS NOT NULL
             UNION
            SELECT suspense_account_id FROM account_journal
             WHERE type IN ('bank', 'cash', 'credit')
               AND suspense_account_id IS NOT NULL
             UNION
            SELECT payment_account_id FROM account_payment_method_line
             WHERE payment_account_id IS NOT NULL
             UNION
            %(on_the_way)s),
            ARRAY(SELECT id FROM account_account
                   WHERE account_type = 'asset_receivable'),
            ARRAY(%(discount)s),
            ARRAY(%(exchange)s)
        """,
        on_the_way=_accounts_of(
            "transfer_account_id", "account_default_pos_receivable_account_id"
        ),
        discount=_accounts_of(
            "account_journal_early_pay_discount_loss_account_id",
            "account_journal_early_pay_discount_gain_account_id",
        ),
        exchange=_accounts_of(
            "expense_currency_exchange_account_id",
            "income_currency_exchange_account_id",
        ),
    )


def _accounts_of(*names):
    """Select the accounts that these settings of any company name."""
    return SQL(
        """
        SELECT named.account_id
          FROM res_company company
          CROSS JOIN LATERAL (VALUES %s) named(account_id)
         WHERE named.account_id IS NOT NULL
        """,
        SQL(", ").join(SQL("(%s)", SQL.identifier("company", name)) for name in names),
    )
