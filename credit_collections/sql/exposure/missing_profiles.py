"""The statement that makes credit profiles, set-wise."""

from odoo.tools import SQL

from .exposure import exposure


def missing_customers(pot):
    """Select the commercial partners with receivables, drafts or orders who have no
    profile yet."""
    return SQL(
        """
        SELECT partner_id
          FROM (%(exposure)s) wanted
         WHERE %(is_missing)s
         ORDER BY partner_id
        """,
        exposure=exposure(pot),
        is_missing=_is_missing(pot),
    )


def missing_profiles(pot, partner_ids):
    """Insert profiles of partners, whatever they owe. Returns the new ids.

    They owe nothing until their figures are refreshed: lists sort and filter by them.
    """
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
          FROM (SELECT DISTINCT commercial_partner_id AS partner_id
                  FROM res_partner WHERE id IN %(partners)s) wanted
          JOIN res_company company ON company.id = %(root)s
          CROSS JOIN LATERAL (
            SELECT CASE company.credit_default_policy
                        WHEN 'limited' THEN COALESCE(company.credit_default_limit, 0)
                        ELSE 0 END AS amount
          ) granted
         WHERE %(is_missing)s
        ON CONFLICT (partner_id, company_id) DO NOTHING
        RETURNING id
        """,
        partners=tuple(partner_ids) or (0,),
        is_missing=_is_missing(pot),
        root=pot.root_id,
        currency=pot.currency_id,
    )


def _is_missing(pot):
    return SQL(
        """NOT EXISTS (SELECT FROM credit_profile known
                        WHERE known.partner_id = wanted.partner_id
                          AND known.company_id = %s)""",
        pot.root_id,
    )
