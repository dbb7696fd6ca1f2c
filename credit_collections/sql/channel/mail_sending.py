"""Which mails of collection actions a worker is sending, or was when it was lost."""

from odoo.tools import SQL


def mark_mail(mail_id):
    """Mark a mail that is about to leave, unless somebody else sends it or did."""
    return SQL(
        """
        UPDATE mail_mail SET collection_sending_date = now() AT TIME ZONE 'UTC'
         WHERE id IN (SELECT id FROM mail_mail
                       WHERE id = %s AND state = 'outgoing'
                         AND collection_sending_date IS NULL
                         FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING id
        """,
        mail_id,
    )


def lost_mails(minutes):
    """Select and lock the mails that were marked so long ago, and no worker holds."""
    return SQL(
        """
        SELECT id FROM mail_mail
         WHERE collection_sending_date
               < now() AT TIME ZONE 'UTC' - make_interval(mins => %s)
           AND state IN ('outgoing', 'exception')
         ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
        """,
        minutes,
    )


def lock_marked(action_ids):
    """Select and lock the marked mails of actions, but those that a worker holds."""
    return SQL(
        """
        SELECT id FROM mail_mail
         WHERE collection_action_id = ANY(%s) AND collection_sending_date IS NOT NULL
         ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
        """,
        list(action_ids),
    )
