"""What ends or is to be looked at again soon: the parts of the list of reviews."""

from odoo.tools import SQL

#: Ids of the list are those of the source times this, plus the number of the part.
PARTS = 16


def customer_reviews():
    """Reviews of customers, also those that should have been done."""
    return SQL(
        """
        SELECT profile.id AS source_id, profile.id AS profile_id,
               profile.company_id, profile.next_review_date AS date,
               profile.effective_limit AS amount,
               'credit.profile'::varchar AS res_model, profile.id AS res_id
          FROM credit_profile profile
         WHERE profile.active AND profile.next_review_date IS NOT NULL
        """
    )


def expiring_limits():
    """Limits of customers that end, also those that ended."""
    return SQL(
        """
        SELECT profile.id AS source_id, profile.id AS profile_id,
               profile.company_id, profile.limit_expiry_date AS date,
               profile.credit_limit AS amount,
               'credit.profile'::varchar AS res_model, profile.id AS res_id
          FROM credit_profile profile
         WHERE profile.active AND profile.limit_expiry_date IS NOT NULL
           AND profile.limit_policy = 'limited'
        """
    )


def ending_temporaries(day_at):
    """Temporary limits in force; what ended is over."""
    return SQL(
        """
        SELECT line.id AS source_id, line.profile_id, line.company_id,
               line.date_to AS date, line.new_limit AS amount,
               'credit.limit.change'::varchar AS res_model, line.change_id AS res_id
          FROM credit_limit_change_line line
         WHERE line.state = 'posted' AND line.kind = 'temporary'
           AND line.profile_id IS NOT NULL AND line.date_to >= %s
        """,
        day_at(SQL("line.company_id")),
    )


def expiring_groups():
    """Shared limits that end, once per company that has members; the first member
    stands for all."""
    return SQL(
        """
        SELECT DISTINCT ON (grp.id, member.company_id) member.id AS source_id,
               member.id AS profile_id, member.company_id,
               grp.expiry_date AS date, NULL::numeric AS amount,
               'credit.group'::varchar AS res_model, grp.id AS res_id
          FROM credit_group grp
          JOIN credit_profile member ON member.group_id = grp.id AND member.active
         WHERE grp.active AND grp.expiry_date IS NOT NULL
         ORDER BY grp.id, member.company_id, member.id
        """
    )


def ending_collateral():
    """Validated collateral that ends, also what ended; an amount in the currency of the
    company alone, the list adds nothing up that is not the same money."""
    return SQL(
        """
        SELECT collateral.id AS source_id, collateral.profile_id,
               collateral.company_id, collateral.date_to AS date,
               CASE WHEN collateral.currency_id = company.currency_id
                    THEN collateral.amount END AS amount,
               'credit.collateral'::varchar AS res_model, collateral.id AS res_id
          FROM credit_collateral collateral
          JOIN res_company company ON company.id = collateral.company_id
         WHERE collateral.active AND collateral.date_to IS NOT NULL
           AND collateral.validated_date IS NOT NULL
        """
    )


def review_list(parts, day_at, latest):
    """Select all that comes up within the days that companies set.

    :param parts: ``(kind, number from 0 to 15, SQL)``: selects of ``source_id,
        profile_id, company_id, date, amount, res_model, res_id``; the amount is in
        the currency of the company, the record is the one to open
    :param day_at: function of the expression of a company that returns its day
    :param latest: the latest of these days
    """
    # the last day of any company, known before the parts are read, so that each is read
    # from its index on the day; what is too late for a company is left out at the end
    last_day = SQL(
        "(SELECT %s::date + MAX(COALESCE(credit_review_days, 0)) FROM res_company)",
        latest,
    )
    selects = [
        SQL(
            "SELECT source_id::bigint * %s + %s AS id, %s AS kind, part.* "
            "FROM (%s) part WHERE part.date <= %s",
            PARTS,
            number,
            SQL("%s::varchar", kind),
            part,
            last_day,
        )
        for kind, number, part in parts
    ]
    return SQL(
        """
        SELECT due.id, due.kind, due.source_id, due.profile_id, due.company_id,
               company.currency_id, due.date, due.date - %(today)s AS days_left,
               due.amount, due.res_model, due.res_id, profile.risk_class_id,
               profile.partner_id
          FROM (%(parts)s) due
          JOIN credit_profile profile ON profile.id = due.profile_id
          JOIN res_company company ON company.id = due.company_id
         WHERE due.date <= %(today)s + COALESCE(company.credit_review_days, 0)
        """,
        parts=SQL(" UNION ALL ").join(selects),
        today=day_at(SQL("company.id")),
    )


def not_told(parts, day_at, latest, company_id):
    """Select ``kind, profile_id, date`` of what nobody was told of yet."""
    return SQL(
        """
        SELECT due.kind, due.profile_id, due.date
          FROM (%(due)s) due
         WHERE due.company_id = %(company)s
           AND NOT EXISTS (SELECT FROM credit_review_notice notice
                            WHERE notice.profile_id = due.profile_id
                              AND notice.kind = due.kind AND notice.date = due.date)
         ORDER BY due.date, due.id
        """,
        due=review_list(parts, day_at, latest),
        company=company_id,
    )
