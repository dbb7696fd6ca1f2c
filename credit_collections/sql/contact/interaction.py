"""The contact log: what runs did, written set-wise."""

from odoo.tools import SQL


def insert_of_actions(action_ids, user_id, today, spoken, note=None):
    """Log actions as contacts, each once, with their items. Returns their ids.

    What is spoken has reached nobody until somebody says so. What the mail queue has
    sent is by whoever made the run.

    :param spoken: names of the channels on which somebody has to be there
    """
    return SQL(
        """
        WITH logged AS (
            INSERT INTO collection_interaction (profile_id, company_id, partner_id,
                   date, day, user_id, channel, direction, kind, state, is_reached,
                   agreed, action_id, create_uid, write_uid, create_date, write_date)
            SELECT action.profile_id, action.company_id, action.partner_id,
                   COALESCE(action.done_date, now() AT TIME ZONE 'UTC'),
                   %(today)s::date,
                   CASE WHEN %(user)s = 1 THEN run.create_uid ELSE %(user)s END,
                   action.channel, 'out', 'demand', 'done',
                   action.channel <> ALL(%(spoken)s),
                   COALESCE(%(note)s, step.name ->> 'en_US'), action.id,
                   %(user)s, %(user)s, now() AT TIME ZONE 'UTC',
                   now() AT TIME ZONE 'UTC'
              FROM collection_action action
              JOIN collection_run run ON run.id = action.run_id
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
        today=today,
        note=note or None,
        spoken=spoken,
        actions=list(action_ids),
    )


#: Contacts that the quiet days begin with: customers were asked to pay, and it reached
#: them.
COUNTS = SQL("direction = 'out' AND kind = 'demand' AND state = 'done' AND is_reached")

#: What :func:`write_last_contacts` reads, by model.
READS = {
    "collection.interaction": [
        "profile_id",
        "day",
        "direction",
        "kind",
        "state",
        "is_reached",
    ],
    "credit.profile": ["last_contact_date"],
}


def write_last_contacts(profile_ids):
    """Write into profiles the day of the last contact of their log, where it is another
    one. Returns the ids of these."""
    return SQL(
        """
        UPDATE credit_profile profile
           SET last_contact_date = found.day
          FROM (SELECT one.id,
                       (SELECT MAX(day) FROM collection_interaction
                         WHERE profile_id = one.id AND %(counts)s) AS day
                  FROM unnest(%(ids)s::int[]) AS one(id)) found
         WHERE profile.id = found.id
           AND profile.last_contact_date IS DISTINCT FROM found.day
        RETURNING profile.id
        """,
        ids=list(profile_ids),
        counts=COUNTS,
    )
