"""Statements of the assignment of customers to collectors, set-wise."""

from odoo.tools import SQL


def unowned(company_id, rules):
    """Select the overdue customers who need a collector, with the rule that fits.

    These are customers without one, those whose collector is archived, those somebody
    minds only because no rule did fit, and those whom a rule takes from others. Who was
    chosen by hand stays. Columns: ``id, overdue_amount, rule_id, collector_id``.

    :param rules: selects of ``id, rank, rule_id, keepers``; low ranks win; ``keepers``
        are the users from whom the rule does not take customers, ``NULL`` for all
    """
    nobody = SQL(
        """SELECT NULL::int AS id, NULL::int AS rank, NULL::int AS rule_id,
                  NULL::int[] AS keepers WHERE FALSE"""
    )
    return SQL(
        """
        SELECT profile.id, profile.overdue_amount, best.rule_id, profile.collector_id
          FROM credit_profile profile
          LEFT JOIN res_users owner
            ON owner.id = profile.collector_id AND owner.active
          LEFT JOIN (
            SELECT DISTINCT ON (id) id, rule_id, keepers
              FROM (%(found)s) one ORDER BY id, rank) best ON best.id = profile.id
         WHERE profile.company_id = %(company)s AND profile.active
           AND profile.overdue_amount > 0
           AND (owner.id IS NULL
                OR profile.is_collector_fixed IS NOT TRUE
                   AND (profile.collector_source IN ('leader', 'manager')
                        OR NOT profile.collector_id = ANY(best.keepers)))
         ORDER BY profile.id
        """,
        found=SQL(" UNION ALL ").join([nobody, *rules]),
        company=company_id,
    )


def desks(company_id, without_ids=()):
    """Select ``user_id, customers, amount`` of what collectors have.

    Customers of all companies count, as a day has so many hours; amounts are those of
    one company, in its currency.

    :param without_ids: profiles that are about to be assigned
    """
    return SQL(
        """
        SELECT collector_id, COUNT(*)::int,
               COALESCE(SUM(overdue_amount) FILTER (WHERE company_id = %(company)s), 0)
          FROM credit_profile
         WHERE overdue_amount > 0 AND collector_id IS NOT NULL AND active
           AND NOT id = ANY(%(without)s)
         GROUP BY collector_id
        """,
        company=company_id,
        without=list(without_ids),
    )


def write_collectors(rows, today):
    """Write who collects from whom, and why; only rows that change. Returns their ids.

    Customers whom somebody gave to a collector in the meantime stay there, also where
    that is the one who had them by a rule.

    :param rows: ``(profile_id, user_id, rule_id or None, source, who had it)``
    """
    profiles, users, rules, sources, owners = map(list, zip(*rows, strict=True))
    return SQL(
        """
        UPDATE credit_profile profile
           SET collector_id = wanted.user_id, collector_rule_id = wanted.rule_id,
               collector_source = wanted.source, collector_date = %(today)s::date,
               is_collector_fixed = FALSE
          FROM unnest(%(profiles)s::int[], %(users)s::int[], %(rules)s::int[],
                      %(sources)s::varchar[], %(owners)s::int[])
               AS wanted(id, user_id, rule_id, source, owner_id)
         WHERE profile.id = wanted.id
           AND profile.collector_id IS NOT DISTINCT FROM wanted.owner_id
           AND (profile.is_collector_fixed IS NOT TRUE
                OR NOT EXISTS (SELECT FROM res_users owner
                                WHERE owner.id = profile.collector_id AND owner.active))
           AND (profile.collector_id, profile.collector_rule_id,
                profile.collector_source)
               IS DISTINCT FROM (wanted.user_id, wanted.rule_id, wanted.source)
        RETURNING profile.id
        """,
        profiles=profiles,
        users=users,
        rules=rules,
        sources=sources,
        owners=owners,
        today=today,
    )
