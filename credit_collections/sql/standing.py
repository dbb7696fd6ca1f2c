"""What a decision has to know about customers besides what they owe."""

from odoo.tools import SQL

#: The facts, by name: expressions on ``profile`` and ``customer``. A new fact is one
#: line here and one in :data:`UNKNOWN`.
FACTS = {
    "customer_id": SQL("profile.partner_id"),
    "profile_id": SQL("profile.id"),
    "policy": SQL("profile.limit_policy"),
    "own_limit": SQL("profile.credit_limit"),
    "status": SQL("profile.credit_status"),
    "check_policy": SQL("profile.check_policy"),
}

#: The facts of a customer without a profile, who nothing was decided about yet.
UNKNOWN = {
    "profile_id": None,
    "policy": "default",
    "own_limit": 0.0,
    "status": "none",
    "check_policy": None,
}


def lock_standing(root_id, partner_ids):
    """Write the rows that a decision depends on, and return the facts about them.

    A mere row lock would leave a waiting transaction with its old snapshot; a write
    makes the loser of two simultaneous decisions fail and be retried by Odoo, which
    then sees what the winner took.

    :param partner_ids: customers or contacts of them; the first column of a row names
        those that it is for, :data:`FACTS` follow
    """
    return SQL(
        """
        UPDATE credit_profile profile
           SET decision_count = COALESCE(profile.decision_count, 0) + 1
          FROM (%(customers)s) customer
         WHERE profile.company_id = %(root)s
           AND profile.partner_id = customer.partner_id
        RETURNING %(columns)s
        """,
        columns=_columns(),
        customers=_customers(partner_ids),
        root=root_id,
    )


def read_standing(root_id, partner_ids):
    """Return the columns of :func:`lock_standing`, for a look without a decision."""
    return SQL(
        """
        SELECT %(columns)s
          FROM credit_profile profile
          JOIN (%(customers)s) customer ON customer.partner_id = profile.partner_id
         WHERE profile.company_id = %(root)s
        """,
        columns=_columns(),
        customers=_customers(partner_ids),
        root=root_id,
    )


def _columns():
    return SQL(", ").join([SQL("customer.contact_ids"), *FACTS.values()])


def _customers(partner_ids):
    return SQL(
        """SELECT commercial_partner_id AS partner_id, array_agg(id) AS contact_ids
             FROM res_partner WHERE id IN %s GROUP BY commercial_partner_id""",
        tuple(partner_ids) or (0,),
    )
