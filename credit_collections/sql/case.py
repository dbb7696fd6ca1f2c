"""Items of cases: which may be taken up, what settles them."""

from odoo.tools import SQL

from .hub import matching, undone
from .hub.matching import settlements
from .hub.open_items import UNSETTLED, is_open

#: What the statements read, by model.
READS = {
    **matching.READS,
    "account.move": None,
    "account.move.line": None,
    "collection.case": ["state"],
    "credit.profile": ["partner_id"],
    "res.partner": ["commercial_partner_id"],
}

#: What :func:`case_items` reads.
ITEM_READS = {**undone.READS, "account.move.line": None}


def free_items(pot, profile_ids, only_overdue):
    """Select ``profile_id, item_id, amount`` of open items that are in no open case.

    :param only_overdue: items past their due date only; all that is open otherwise
    """
    return SQL(
        """
        SELECT profile.id, line.id, line.amount_residual
          FROM credit_profile profile
          JOIN res_partner partner
            ON partner.commercial_partner_id = profile.partner_id
          JOIN account_move_line line ON line.partner_id = partner.id
          LEFT JOIN collection_case folder
                 ON folder.id = line.case_id AND folder.state <> 'closed'
         WHERE profile.id = ANY(%(profiles)s) AND %(open)s
           AND line.amount_residual > 0 AND folder.id IS NULL
           AND (NOT %(only_overdue)s OR line.date_maturity < %(today)s::date)
         ORDER BY profile.id, line.date_maturity, line.id
        """,
        profiles=list(profile_ids),
        open=is_open(pot),
        only_overdue=only_overdue,
        today=pot.today,
    )


def put_into_cases(pairs):
    """Write the case into items.

    :param pairs: ``(item_id, case_id)``
    """
    item_ids, case_ids = zip(*pairs, strict=True)
    return SQL(
        """
        UPDATE account_move_line line
           SET case_id = wanted.case_id
          FROM unnest(%s::int[], %s::int[]) AS wanted(id, case_id)
         WHERE line.id = wanted.id
        """,
        list(item_ids),
        list(case_ids),
    )


def put_contacts_into_cases(interaction_ids):
    """Write into contacts the case that they are about, where their items are in
    exactly one open case."""
    return SQL(
        """
        UPDATE collection_interaction contact
           SET case_id = about.case_id
          FROM (SELECT item.interaction_id, MIN(folder.id) AS case_id
                  FROM collection_interaction_item_rel item
                  JOIN account_move_line line ON line.id = item.move_line_id
                  JOIN collection_case folder
                    ON folder.id = line.case_id AND folder.state <> 'closed'
                 WHERE item.interaction_id = ANY(%s)
                 GROUP BY item.interaction_id
                HAVING COUNT(DISTINCT folder.id) = 1) about
         WHERE contact.id = about.interaction_id
        RETURNING contact.id
        """,
        list(interaction_ids),
    )


def case_items(case_ids):
    """Select ``case_id, items, open items, open amount`` of cases with items.

    What is matched with what settles nothing is open.
    """
    return SQL(
        """
        SELECT line.case_id, COUNT(*)::int,
               COUNT(*) FILTER (WHERE %(unsettled)s OR back.amount > 0)::int,
               COALESCE(SUM(line.amount_residual + COALESCE(back.amount, 0))
                   FILTER (WHERE line.parent_state = 'posted'), 0)
          FROM account_move_line line
          LEFT JOIN (SELECT item_id, SUM(amount) AS amount FROM (%(undone)s) part
                      GROUP BY item_id) back ON back.item_id = line.id
         WHERE line.case_id = ANY(%(cases)s)
         GROUP BY line.case_id
        """,
        undone=undone.undone(),
        unsettled=UNSETTLED,
        cases=list(case_ids),
    )


def settled(case_ids, roles):
    """Select ``case_id, kind, amount, amount since the case was opened``: what settled
    the items of cases, by the kinds of :mod:`.matching`."""
    return SQL(
        """
        SELECT item.case_id, settled.kind, SUM(settled.amount),
               COALESCE(SUM(settled.amount) FILTER (
                   WHERE part.create_date >= folder.create_date), 0)
          FROM %(settlements)s
          JOIN collection_case folder ON folder.id = item.case_id
         WHERE item.case_id = ANY(%(cases)s)
         GROUP BY 1, 2
        """,
        settlements=settlements(roles),
        cases=list(case_ids),
    )
