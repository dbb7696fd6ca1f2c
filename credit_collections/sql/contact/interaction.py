"""The contact log: what runs did, written set-wise."""

from odoo.tools import SQL


def insert_of_actions(action_ids, user_id, spoken, note=None):
    """Log actions as contacts, each once, with their items. Returns their ids.

    What is spoken has reached nobody until somebody says so.

    :param spoken: names of the channels on which somebody has to be there
    """
    return SQL(
        """
        WITH logged AS (
            INSERT INTO collection_interaction (profile_id, company_id, partner_id,
                   date, user_id, channel, direction, is_reached, agreed, action_id,
                   create_uid, write_uid, create_date, write_date)
            SELECT action.profile_id, action.company_id, action.partner_id,
                   COALESCE(action.done_date, now() AT TIME ZONE 'UTC'),
                   %(user)s, action.channel, 'out', action.channel <> ALL(%(spoken)s),
                   COALESCE(%(note)s, step.name ->> 'en_US'), action.id,
                   %(user)s, %(user)s, now() AT TIME ZONE 'UTC',
                   now() AT TIME ZONE 'UTC'
              FROM collection_action action
              LEFT JOIN collection_step step ON step.id = action.step_id
             WHERE action.id = ANY(%(actions)s)
            ON CONFLICT (action_id) WHERE action_id IS NOT NULL DO NOTHING
            RETURNING id, action_id
        ), items AS (
            INSERT INTO collection_interaction_item_rel (interaction_id, move_line_id)
            SELECT logged.id, item.move_line_id
              FROM logged
              JOIN collection_action_line item USING (action_id)
        )
        SELECT id FROM logged
        """,
        user=user_id,
        note=note or None,
        spoken=spoken,
        actions=list(action_ids),
    )


def write_last_contact_days(rows):
    """Write into profiles the day of a contact, where it is the last one.

    :param rows: ``(profile_id, day)``
    """
    ids, days = map(list, zip(*rows, strict=True))
    return SQL(
        """
        UPDATE credit_profile profile
           SET last_contact_date = GREATEST(last_contact_date, contact.day)
          FROM (SELECT one.id, MAX(one.day) AS day
                  FROM unnest(%(ids)s::int[], %(days)s::date[]) AS one(id, day)
                 GROUP BY one.id) contact
         WHERE profile.id = contact.id
        """,
        ids=ids,
        days=days,
    )
