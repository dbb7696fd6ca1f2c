"""Load and results of collectors, one row for each company and collector."""

from odoo.tools import SQL

from ..hub.matching import receipts


def board(today, roles):
    """Select the columns of the model ``collection.board``.

    Everything is that of the customers whom a collector has today, also what was done
    before they came. Customers without a collector are a row of their own.

    - ``collected_amount``: money of the last 30 days, matched with items after their
      due date, in the currency of the company; see :mod:`.matching` for what is money.
    - ``not_contacted_count``: overdue customers whom nobody contacted for longer than
      the company allows, or ever.
    """
    return SQL(
        """
        WITH load AS (%(load)s), done AS (%(done)s), paid AS (%(paid)s),
        seat AS (%(seats)s),
        everywhere AS (
            SELECT user_id, SUM(customer_count) AS customer_count
              FROM load GROUP BY user_id),
        desk AS (
            SELECT company_id, user_id FROM load
             UNION SELECT company_id, user_id FROM paid WHERE user_id IS NOT NULL
             UNION SELECT company_id, user_id FROM seat)
        SELECT ROW_NUMBER() OVER (ORDER BY desk.company_id, desk.user_id)::int AS id,
               desk.company_id, desk.user_id, seat.team_id,
               company.currency_id,
               COALESCE(load.customer_count, 0)::int AS customer_count,
               COALESCE(load.overdue_amount, 0) AS overdue_amount,
               COALESCE(load.oldest_days, 0)::int AS oldest_days,
               COALESCE(load.not_contacted_count, 0)::int AS not_contacted_count,
               COALESCE(done.action_count, 0)::int AS action_count,
               COALESCE(done.call_count, 0)::int AS call_count,
               COALESCE(paid.amount, 0) AS collected_amount,
               COALESCE(seat.capacity, 0) AS capacity,
               COALESCE(seat.capacity, 0) > 0 AS is_limited,
               COALESCE(everywhere.customer_count::float8
                        / NULLIF(seat.capacity, 0), 0) AS capacity_used
          FROM desk
          JOIN res_company company ON company.id = desk.company_id
          LEFT JOIN load ON load.company_id = desk.company_id
               AND load.user_id IS NOT DISTINCT FROM desk.user_id
          LEFT JOIN done ON done.company_id = desk.company_id
               AND done.user_id IS NOT DISTINCT FROM desk.user_id
          LEFT JOIN paid ON paid.company_id = desk.company_id
               AND paid.user_id IS NOT DISTINCT FROM desk.user_id
          LEFT JOIN seat ON seat.company_id = desk.company_id
               AND seat.user_id = desk.user_id
          LEFT JOIN everywhere ON everywhere.user_id = desk.user_id
        """,
        load=_load(today),
        done=_done(today),
        paid=_paid(today, roles),
        seats=_seats(),
    )


def _load(today):
    return SQL(
        """
        SELECT profile.company_id, profile.collector_id AS user_id,
               COUNT(*) AS customer_count, SUM(overdue_amount) AS overdue_amount,
               MAX(overdue_days) AS oldest_days,
               COUNT(*) FILTER (
                 WHERE last_contact_date IS NULL
                    OR last_contact_date
                       < %s::date - COALESCE(company.collection_silence_days, 0)
               ) AS not_contacted_count
          FROM credit_profile profile
          JOIN res_company company ON company.id = profile.company_id
         WHERE profile.active AND profile.overdue_amount > 0
         GROUP BY profile.company_id, profile.collector_id
        """,
        today,
    )


def _done(today):
    return SQL(
        """
        SELECT profile.company_id, profile.collector_id AS user_id,
               COUNT(*) AS action_count,
               COUNT(*) FILTER (WHERE contact.channel = 'call') AS call_count
          FROM collection_interaction contact
          JOIN credit_profile profile ON profile.id = contact.profile_id
         WHERE contact.direction = 'out'
           AND contact.date >= date_trunc('month', %s::timestamp)
         GROUP BY profile.company_id, profile.collector_id
        """,
        today,
    )


def _paid(today, roles):
    return SQL(
        """
        SELECT profile.company_id, profile.collector_id AS user_id,
               SUM(money.amount) AS amount
          FROM %(receipts)s
          JOIN account_account account ON account.id = item.account_id
               AND account.account_type = 'asset_receivable'
          JOIN res_company company ON company.id = item.company_id
          JOIN res_partner partner ON partner.id = item.partner_id
          JOIN credit_profile profile
            ON profile.partner_id = partner.commercial_partner_id
               AND profile.company_id = split_part(company.parent_path, '/', 1)::int
         WHERE part.max_date > %(today)s::date - 30
           AND other.date > %(today)s::date - 30 AND other.date <= %(today)s::date
           AND other.date > item.date_maturity
           AND money.amount > 0
         GROUP BY profile.company_id, profile.collector_id
        """,
        receipts=receipts(roles),
        today=today,
    )


def _seats():
    """Select the first seat of every collector in each root company."""
    return SQL(
        """
        SELECT DISTINCT ON (company.id, member.user_id)
               company.id AS company_id, member.user_id, member.team_id,
               member.capacity
          FROM collection_team_member member
          JOIN collection_team team ON team.id = member.team_id AND team.active
          JOIN res_users users ON users.id = member.user_id AND users.active
          JOIN res_company_users_rel allowed ON allowed.user_id = member.user_id
          JOIN res_company company ON company.id = allowed.cid
               AND company.parent_id IS NULL
               AND company.id = COALESCE(team.company_id, company.id)
         WHERE member.active
         ORDER BY company.id, member.user_id, team.sequence, team.id
        """
    )
