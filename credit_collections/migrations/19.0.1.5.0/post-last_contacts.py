"""Days of last contacts are those of contacts that have really happened."""

from odoo.tools import SQL

from odoo.addons.credit_collections.sql.contact.interaction import COUNTS

#: Texts that ask for what is overdue.
DEMANDS = {
    "mail.template": [
        "mail_template_credit_payment",
        "mail_template_promise_broken",
        "mail_template_statement",
    ],
    "sms.template": ["sms_template_promise_broken"],
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
        SQL(
            """
            UPDATE credit_profile profile
               SET last_contact_date = found.day
              FROM (SELECT one.id,
                           (SELECT MAX(day) FROM collection_interaction
                             WHERE profile_id = one.id AND %s) AS day
                      FROM credit_profile one) found
             WHERE profile.id = found.id
               AND profile.last_contact_date IS DISTINCT FROM found.day
            """,
            COUNTS,
        )
    )
    for model, names in DEMANDS.items():
        cr.execute(
            SQL(
                """
                UPDATE %(table)s template SET collection_is_demand = TRUE
                  FROM ir_model_data data
                 WHERE data.module = 'credit_collections' AND data.name = ANY(%(names)s)
                   AND data.model = %(model)s AND data.res_id = template.id
                """,
                table=SQL.identifier(model.replace(".", "_")),
                names=names,
                model=model,
            )
        )
