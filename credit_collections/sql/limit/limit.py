"""The limit that counts on a day, set-wise: the decision of ``engine/limits.py``."""

from odoo.tools import SQL

from ..hub.pot import in_company_currency


def temporary_limit(today, owner):
    """Select ``new_limit, date_to`` of the temporary limit in force; no row if none.

    Of several the one that began last counts.

    :param owner: condition on ``line``: whose limit
    """
    return SQL(
        """
        SELECT COALESCE(line.new_limit, 0) AS new_limit, line.date_to
          FROM credit_limit_change_line line
         WHERE %(in_force)s AND %(owner)s
         ORDER BY line.date_from DESC, line.id DESC LIMIT 1
        """,
        in_force=_temporary_in_force(today),
        owner=owner,
    )


def collateral_amounts(pot, owner):
    """Select ``uplift, covered`` of collateral in force, in company currency.

    ``uplift`` is what it adds to the limit, ``covered`` its full amount.

    :param owner: condition on ``collateral``: whose collateral
    """
    return SQL(
        """
        SELECT COALESCE(SUM(%(uplift)s), 0) AS uplift,
               COALESCE(SUM(%(covered)s), 0) AS covered
          FROM credit_collateral collateral
         WHERE %(in_force)s AND %(owner)s
        """,
        covered=_covered(pot),
        in_force=_collateral_in_force(pot.today),
        owner=owner,
        uplift=_uplift(pot),
    )


def group_ceiling(pot):
    """Return an expression on ``credit_group shared``: its limit in company currency,
    ``NULL`` where there is no group."""
    limit = SQL(
        "COALESCE((SELECT new_limit FROM (%s) temporary), shared.credit_limit)",
        temporary_limit(pot.today, SQL("line.group_id = shared.id")),
    )
    return in_company_currency(pot, limit, SQL("shared.currency_id"))


def joins(pot, chosen):
    """Return joins to ``profile`` that end in ``granted``: ``is_limited,
    effective_limit, temporary_until, covered, room``.

    ``room`` is what is left to the group, ``NULL`` for customers in none. What few
    customers have is aggregated first and joined as a whole: that costs nothing where
    nobody has it.

    :param chosen: condition on ``profile``: whose limit
    """
    return SQL(
        """
          JOIN res_company company ON company.id = profile.company_id
          LEFT JOIN (%(temporaries)s) temporary ON temporary.profile_id = profile.id
          LEFT JOIN (%(collaterals)s) collateral ON collateral.profile_id = profile.id
          LEFT JOIN (%(groups)s) shared ON shared.id = profile.group_id
          CROSS JOIN LATERAL (
            SELECT CASE WHEN temporary.profile_id IS NOT NULL THEN 'limited'
                        WHEN profile.limit_policy <> 'default'
                        THEN profile.limit_policy
                        WHEN shared.id IS NOT NULL THEN 'limited'
                        ELSE company.credit_default_policy END AS policy,
                   CASE WHEN temporary.profile_id IS NOT NULL
                        THEN COALESCE(temporary.new_limit, 0)
                        WHEN profile.limit_policy <> 'default'
                        THEN COALESCE(profile.credit_limit, 0)
                        WHEN shared.id IS NOT NULL THEN shared.ceiling
                        ELSE COALESCE(company.credit_default_limit, 0) END AS base
          ) own
          CROSS JOIN LATERAL (
            SELECT own.policy <> 'unlimited' AS is_limited,
                   CASE own.policy WHEN 'limited'
                        THEN LEAST(own.base + COALESCE(collateral.uplift, 0),
                                   shared.ceiling)
                        ELSE 0 END AS effective_limit,
                   temporary.date_to AS temporary_until,
                   COALESCE(collateral.covered, 0) AS covered,
                   shared.room AS room
          ) granted
        """,
        collaterals=_collaterals(pot, chosen),
        groups=group_rooms(pot),
        temporaries=_temporaries(pot, chosen),
    )


def available(is_limited, limit, exposure, room):
    """Return an expression: what may still be bought, 0 for unlimited credit."""
    return SQL(
        "CASE WHEN %s THEN LEAST(%s - %s, %s) ELSE 0 END",
        is_limited,
        limit,
        exposure,
        room,
    )


def group_rooms(pot):
    """Select ``id, ceiling, room`` of credit groups: the limit of the day and what is
    left of it by the stored exposure, in company currency."""
    if "group" in pot.unused:
        return _nobody(id="integer", ceiling="numeric", room="numeric")
    return SQL(
        """
        SELECT shared.id, limits.ceiling,
               limits.ceiling - %(exposure)s AS room
          FROM credit_group shared
          CROSS JOIN LATERAL (SELECT %(ceiling)s AS ceiling) limits
        """,
        ceiling=group_ceiling(pot),
        exposure=in_company_currency(
            pot, SQL("COALESCE(shared.exposure, 0)"), SQL("shared.currency_id")
        ),
    )


def _nobody(**columns):
    """Select columns of these types, and no row."""
    return SQL(
        "SELECT %s WHERE FALSE",
        SQL(", ").join(
            SQL("NULL::%s AS %s", SQL(kind), SQL.identifier(name))
            for name, kind in columns.items()
        ),
    )


def _temporaries(pot, chosen):
    if "temporary" in pot.unused:
        return _nobody(profile_id="integer", new_limit="numeric", date_to="date")
    return SQL(
        """
        SELECT DISTINCT ON (line.profile_id) line.profile_id, line.new_limit,
               line.date_to
          FROM credit_limit_change_line line
          JOIN credit_profile profile ON profile.id = line.profile_id
         WHERE %(in_force)s AND %(chosen)s
         ORDER BY line.profile_id, line.date_from DESC, line.id DESC
        """,
        chosen=chosen,
        in_force=_temporary_in_force(pot.today),
    )


def _collaterals(pot, chosen):
    if "collateral" in pot.unused:
        return _nobody(profile_id="integer", uplift="numeric", covered="numeric")
    return SQL(
        """
        SELECT collateral.profile_id, SUM(%(uplift)s) AS uplift,
               SUM(%(covered)s) AS covered
          FROM credit_collateral collateral
          JOIN credit_profile profile ON profile.id = collateral.profile_id
         WHERE %(in_force)s AND %(chosen)s
         GROUP BY collateral.profile_id
        """,
        chosen=chosen,
        covered=_covered(pot),
        in_force=_collateral_in_force(pot.today),
        uplift=_uplift(pot),
    )


def _uplift(pot):
    share = SQL("collateral.amount * collateral.limit_share::numeric")
    return in_company_currency(pot, share, SQL("collateral.currency_id"))


def _covered(pot):
    return in_company_currency(
        pot, SQL("collateral.amount"), SQL("collateral.currency_id")
    )


def _temporary_in_force(today):
    """Temporary limits of the day, in the words of the partial indexes on them; of
    changes that were posted, whatever their lines say."""
    return SQL(
        """line.state = 'posted' AND line.kind = 'temporary'
           AND line.date_from <= %(today)s AND line.date_to >= %(today)s
           AND EXISTS (SELECT FROM credit_limit_change change
                        WHERE change.id = line.change_id AND change.state = 'posted')
        """,
        today=today,
    )


def _collateral_in_force(today):
    """Collateral of the day, in the words of the partial index on it."""
    return SQL(
        """collateral.active AND collateral.validated_date IS NOT NULL
           AND collateral.date_from <= %(today)s
           AND (collateral.date_to IS NULL OR collateral.date_to >= %(today)s)""",
        today=today,
    )
