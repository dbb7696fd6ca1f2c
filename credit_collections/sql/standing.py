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
    "status_reason_id": SQL("profile.status_reason_id"),
    "group_id": SQL("profile.group_id"),
    "segment_id": SQL("profile.segment_id"),
    "risk_class_id": SQL("profile.risk_class_id"),
    "expiry_date": SQL("profile.limit_expiry_date"),
    "broken_promises": SQL("COALESCE(profile.broken_promise_count, 0)"),
    # by company, as Odoo keeps what depends on it
    "payment_terms": SQL(
        """(SELECT owing.property_payment_term_id FROM res_partner owing
             WHERE owing.id = profile.partner_id)"""
    ),
    # one step back in an index for each contact, however many items are open
    "dunning_level": SQL(
        """
        (SELECT COALESCE(MAX(reached.level), 0)
           FROM res_partner contact
          CROSS JOIN LATERAL (
            SELECT item.collection_level AS level
              FROM account_move_line item
              JOIN res_company seller ON seller.id = item.company_id
             WHERE item.partner_id = contact.id
               AND item.collection_level > 0
               AND item.reconciled IS NOT TRUE
               AND item.parent_state = 'posted'
               AND starts_with(seller.parent_path, profile.company_id || '/')
             ORDER BY item.collection_level DESC
             LIMIT 1) reached
          WHERE contact.commercial_partner_id = profile.partner_id)"""
    ),
}

#: The facts of a customer without a profile, who nothing was decided about yet.
UNKNOWN = {
    "profile_id": None,
    "policy": "default",
    "own_limit": 0.0,
    "status": "none",
    "status_reason_id": None,
    "group_id": None,
    "segment_id": None,
    "risk_class_id": None,
    "expiry_date": None,
    "broken_promises": 0,
    "dunning_level": 0,
}


#: Facts that take time to plan for, by the kind of rule that asks for them. Where no
#: rule does, they are skipped.
COSTLY = {"dunning_step": "dunning_level"}


def unasked(rules):
    """Return the names of costly facts that none of the rules asks for."""
    return frozenset(COSTLY.values()) - {COSTLY.get(rule.kind) for rule in rules}


def lock_standing(root_id, partner_ids, skip=()):
    """Write the rows that a decision depends on, and return the facts about them.

    A mere row lock would leave a waiting transaction with its old snapshot; a write
    makes the loser of two simultaneous decisions fail and be retried by Odoo, which
    then sees what the winner took.

    :param partner_ids: customers or contacts of them; the first column of a row names
        those that it is for, :data:`FACTS` follow
    :param skip: names of facts to read as :data:`UNKNOWN`
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
        columns=_columns(skip),
        customers=_customers(partner_ids),
        root=root_id,
    )


def read_standing(root_id, partner_ids, skip=()):
    """Return the columns of :func:`lock_standing`, for a look without a decision."""
    return SQL(
        """
        SELECT %(columns)s
          FROM credit_profile profile
          JOIN (%(customers)s) customer ON customer.partner_id = profile.partner_id
         WHERE profile.company_id = %(root)s
        """,
        columns=_columns(skip),
        customers=_customers(partner_ids),
        root=root_id,
    )


def _columns(skip):
    facts = [
        SQL("%s", UNKNOWN[name]) if name in skip else fact
        for name, fact in FACTS.items()
    ]
    return SQL(", ").join([SQL("customer.contact_ids"), *facts])


def _customers(partner_ids):
    return SQL(
        """SELECT commercial_partner_id AS partner_id, array_agg(id) AS contact_ids
             FROM res_partner WHERE id IN %s GROUP BY commercial_partner_id""",
        tuple(partner_ids) or (0,),
    )
