"""The statement that makes credit profiles, set-wise."""

from odoo.tools import SQL

from .exposure import exposure


def missing_profiles(pot, partner_ids=None):
    """Insert a profile for each commercial partner that has something to watch.

    With ``partner_ids``: for those partners, whatever they owe. Without: for every
    customer with receivables, drafts or orders. Returns the new ids.

    They owe nothing until their figures are refreshed: lists sort and filter by them.
    """
    if partner_ids is None:
        partners = SQL("SELECT partner_id FROM (%s) exposure", exposure(pot))
    else:
        partners = SQL(
            """SELECT commercial_partner_id AS partner_id
                 FROM res_partner WHERE id IN %s GROUP BY commercial_partner_id""",
            tuple(partner_ids) or (0,),
        )
    return SQL(
        """
        INSERT INTO credit_profile (partner_id, company_id, currency_id, limit_policy,
               credit_status, active, credit_limit, is_limited, effective_limit,
               available_credit, exposure, overdue_amount,
               create_date, write_date, create_uid, write_uid)
        SELECT wanted.partner_id, %(root)s, %(currency)s, 'default', 'none', TRUE, 0,
               company.credit_default_policy <> 'unlimited', granted.amount,
               granted.amount, 0, 0,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', 1, 1
          FROM (%(partners)s) wanted
          JOIN res_company company ON company.id = %(root)s
          CROSS JOIN LATERAL (
            SELECT CASE company.credit_default_policy
                        WHEN 'limited' THEN COALESCE(company.credit_default_limit, 0)
                        ELSE 0 END AS amount
          ) granted
         WHERE NOT EXISTS (SELECT FROM credit_profile known
                            WHERE known.partner_id = wanted.partner_id
                              AND known.company_id = %(root)s)
        ON CONFLICT (partner_id, company_id) DO NOTHING
        RETURNING id
        """,
        partners=partners,
        root=pot.root_id,
        currency=pot.currency_id,
    )
