"""Days of last contacts are those of contacts that have really happened."""

from odoo.addons.credit_collections.sql.contact.interaction import COUNTS

#: Texts that ask for what is overdue.
DEMANDS = {
    "mail_template": [
        "mail_template_credit_payment",
        "mail_template_promise_broken",
        "mail_template_statement",
    ],
    "sms_template": ["sms_template_promise_broken"],
}


def migrate(cr, version):
    if not version:
        return
    # what waited to be sent or printed was logged as if it had been
    cr.execute(
        """
        DELETE FROM collection_interaction contact
         USING collection_action action
         WHERE action.id = contact.action_id AND action.state = 'queued'
        """
    )
    cr.execute(
        f"""
        UPDATE credit_profile profile
           SET last_contact_date = found.day
          FROM (SELECT profile.id, MAX(contact.day) AS day
                  FROM credit_profile profile
                  LEFT JOIN collection_interaction contact
                    ON contact.profile_id = profile.id AND {COUNTS.code}
                 GROUP BY profile.id) found
         WHERE profile.id = found.id
           AND profile.last_contact_date IS DISTINCT FROM found.day
        """
    )
    for table, names in DEMANDS.items():
        cr.execute(
            f"""
            UPDATE {table} template SET collection_is_demand = TRUE
              FROM ir_model_data data
             WHERE data.module = 'credit_collections' AND data.name = ANY(%s)
               AND data.res_id = template.id
               AND data.model = replace('{table}', '_', '.')
            """,
            [names],
        )
