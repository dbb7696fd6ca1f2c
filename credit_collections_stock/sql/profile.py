"""Statements that change the figures of credit profiles, set-wise."""

from odoo.tools import SQL


def merge_delivered():
    """Make what was delivered a part of the orders again; the exposure is the same."""
    return SQL(
        """
        UPDATE credit_profile
           SET order_amount = COALESCE(order_amount, 0) + delivered_amount,
               delivered_amount = 0
         WHERE delivered_amount <> 0
        """
    )
