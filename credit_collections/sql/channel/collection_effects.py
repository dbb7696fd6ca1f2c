"""What goes with the contacts of a run: mails, links, letters; set-wise."""

from odoo.tools import SQL

from ..hub.open_items import STILL_OWED


def link_mails(mail_ids, moves, is_held):
    """Say of each mail which action it is, and show it by the profile of the customer.

    :param moves: ``{action_id: id of the one document that it is about, or None}``
    :param is_held: the queue leaves the mails alone for now
    """
    return SQL(
        """
        WITH linked AS (
            UPDATE mail_mail mail
               SET collection_action_id = message.res_id,
                   collection_move_id = about.move_id,
                   collection_is_held = %(held)s
              FROM mail_message message
              JOIN unnest(%(actions)s::int[], %(moves)s::int[])
                   AS about(action_id, move_id) ON about.action_id = message.res_id
             WHERE message.id = mail.mail_message_id AND mail.id = ANY(%(mails)s)
            RETURNING mail.mail_message_id, mail.collection_action_id
        )
        UPDATE mail_message message
           SET model = 'credit.profile', res_id = action.profile_id
          FROM linked
          JOIN collection_action action ON action.id = linked.collection_action_id
         WHERE message.id = linked.mail_message_id
        """,
        held=is_held,
        actions=list(moves),
        moves=list(moves.values()),
        mails=list(mail_ids),
    )


def share_documents(move_ids):
    """Give documents the token that opens their page; those with one keep it."""
    return SQL(
        """
        UPDATE account_move SET access_token = gen_random_uuid()::varchar
         WHERE id = ANY(%s) AND COALESCE(access_token, '') = ''
        """,
        list(move_ids),
    )


def refresh_lines(action_ids):
    """Write what is open now into the items of actions; those paid are taken out."""
    return SQL(
        """
        WITH now_open AS (
            SELECT item.id, line.amount_residual, line.amount_residual_currency,
                   %(is_owed)s AS is_owed
              FROM collection_action_line item
              JOIN account_move_line line ON line.id = item.move_line_id
             WHERE item.action_id = ANY(%(actions)s)
        ),
        paid AS (
            DELETE FROM collection_action_line item USING now_open
             WHERE item.id = now_open.id AND NOT now_open.is_owed
        )
        UPDATE collection_action_line item
           SET amount = now_open.amount_residual,
               amount_currency = now_open.amount_residual_currency
          FROM now_open
         WHERE item.id = now_open.id AND now_open.is_owed
        """,
        is_owed=STILL_OWED,
        actions=list(action_ids),
    )


def refresh_amounts(action_ids):
    """Write number and sum of their items into actions."""
    return SQL(
        """
        UPDATE collection_action action
           SET item_count = total.items, amount = total.amount - action.credit_amount
          FROM (SELECT action_id, COUNT(*) AS items, SUM(amount) AS amount
                  FROM collection_action_line WHERE action_id = ANY(%(actions)s)
                 GROUP BY action_id) total
         WHERE action.id = total.action_id
        """,
        actions=list(action_ids),
    )
