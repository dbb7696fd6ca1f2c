"""Messages that say the same of many records."""

from odoo.tools import SQL


def copy_note(message_id, record_ids, columns, value_columns):
    """Write a message, and what it says was changed, with other records as well.

    :param record_ids: of the model that the message is about
    :param columns: columns of messages to copy
    :param value_columns: those of the values that were changed
    """
    return SQL(
        """
        WITH copied AS (
            INSERT INTO mail_message (res_id, %(columns)s)
            SELECT record.id, %(columns)s
              FROM mail_message original,
                   unnest(%(ids)s) WITH ORDINALITY record(id, place)
             WHERE original.id = %(message)s
             ORDER BY record.place
            RETURNING mail_message.id
        )
        INSERT INTO mail_tracking_value (mail_message_id, %(values)s)
        SELECT copied.id, %(values)s
          FROM mail_tracking_value original, copied
         WHERE original.mail_message_id = %(message)s
         ORDER BY copied.id, original.id
        """,
        columns=_of_original(columns),
        ids=list(record_ids),
        message=message_id,
        values=_of_original(value_columns),
    )


def _of_original(columns):
    return SQL(", ").join(map(SQL.identifier, columns))
