"""Load and results of collectors, one row for each company and collector."""

from odoo.tools import SQL

from ..hub.matching import receipts
from ..risk.history import COLLECTED_DAYS, is_collected

#: No user has such a high id: ids of rows are made of company and collector.
_USERS = 2**20

#: What is known of a collector, and its type.
_COLUMNS = {
    "team_id": "integer",
    "customer_count": "bigint",
    "overdue_amount": "numeric",
    "oldest_days": "integer",
    "not_contacted_count": "bigint",
    "action_count": "bigint",
    "call_count": "bigint",
    "collected_amount": "numeric",
    "capacity": "integer",
}

#: In the words of the index by collector.
_IS_OVERDUE = SQL("profile.active AND profile.overdue_amount > 0")


def board(day_at, roles, collected_up_to):
    """Select the columns of the model ``collection.board``.

    Everything is that of the customers whom a collector has today, also what was done
    before they came. Customers without a collector are a row of their own.

    - ``collected_amount``: money of the last 30 days, matched with items after their
      due date, in the currency of the company; see :mod:`.matching` for what is money.
      That of last night, and what was matched since then.
    - ``not_contacted_count``: overdue customers whom nobody contacted for longer than
      the company allows, or ever.

    What is known of collectors is put below each other and added up: so PostgreSQL
    counts the customers of one alone where only his row is asked for. What a collector
    has in all companies is a window over that, which leaves it so.

    :param day_at: function of the expression of a company that returns its day
    :param collected_up_to: up to this matched part all is in the amounts of profiles
    """
    facts = (
        _load(day_at),
        _done(day_at),
        _collected(),
        _collected_since(day_at, roles, collected_up_to),
        _seats(),
    )
    return SQL(
        """
        SELECT fact.company_id::bigint * %(users)s + COALESCE(fact.user_id, 0) AS id,
               fact.company_id, fact.user_id, MAX(fact.team_id) AS team_id,
               company.currency_id,
               COALESCE(SUM(fact.customer_count), 0)::int AS customer_count,
               COALESCE(SUM(fact.overdue_amount), 0) AS overdue_amount,
               COALESCE(MAX(fact.oldest_days), 0)::int AS oldest_days,
               COALESCE(SUM(fact.not_contacted_count), 0)::int AS not_contacted_count,
               COALESCE(SUM(fact.action_count), 0)::int AS action_count,
               COALESCE(SUM(fact.call_count), 0)::int AS call_count,
               COALESCE(SUM(fact.collected_amount), 0) AS collected_amount,
               COALESCE(MAX(fact.capacity), 0) AS capacity,
               COALESCE(MAX(fact.capacity), 0) > 0 AS is_limited,
               COALESCE(SUM(SUM(fact.customer_count)) OVER everywhere::float8
                        / NULLIF(MAX(fact.capacity), 0), 0) AS capacity_used
          FROM (%(facts)s) fact
          JOIN res_company company ON company.id = fact.company_id
         GROUP BY fact.company_id, fact.user_id, company.currency_id
        HAVING COUNT(fact.customer_count) > 0 OR COUNT(fact.capacity) > 0
            OR (fact.user_id IS NOT NULL AND COUNT(fact.collected_amount) > 0)
        WINDOW everywhere AS (PARTITION BY fact.user_id)
        """,
        users=_USERS,
        facts=SQL(" UNION ALL ").join(map(_in_columns, facts)),
    )


def _in_columns(fact):
    """Select the amounts that a fact has, and nothing in all other columns."""
    source, amounts = fact
    return SQL(
        "SELECT company_id, user_id, %s FROM (%s) source",
        SQL(", ").join(
            SQL("%s AS %s", SQL.identifier(name), SQL.identifier(name))
            if name in amounts
            else SQL("NULL::%s AS %s", SQL(kind), SQL.identifier(name))
            for name, kind in _COLUMNS.items()
        ),
        source,
    )


def _load(day_at):
    # those of a day are counted first: a company for each customer takes as long again
    source = SQL(
        """
        SELECT contacted.company_id, contacted.user_id,
               SUM(customers)::bigint AS customer_count,
               SUM(overdue_amount) AS overdue_amount,
               MAX(oldest_days) AS oldest_days,
               (SUM(customers) FILTER (
                 WHERE last_contact_date IS NULL
                    OR last_contact_date
                       < %s - COALESCE(company.collection_silence_days, 0)
               ))::bigint AS not_contacted_count
          FROM (
            SELECT company_id, collector_id AS user_id, last_contact_date,
                   COUNT(*) AS customers, SUM(overdue_amount) AS overdue_amount,
                   MAX(overdue_days) AS oldest_days
              FROM credit_profile profile
             WHERE %s
             GROUP BY company_id, collector_id, last_contact_date
          ) contacted
          JOIN res_company company ON company.id = contacted.company_id
         GROUP BY contacted.company_id, contacted.user_id
        """,
        day_at(SQL("company.id")),
        _IS_OVERDUE,
    )
    return source, (
        "customer_count",
        "overdue_amount",
        "oldest_days",
        "not_contacted_count",
    )


def _done(day_at):
    source = SQL(
        """
        SELECT profile.company_id, profile.collector_id AS user_id,
               COUNT(*) AS action_count,
               COUNT(*) FILTER (WHERE contact.channel = 'call') AS call_count
          FROM collection_interaction contact
          JOIN credit_profile profile ON profile.id = contact.profile_id
         WHERE contact.direction = 'out' AND contact.state = 'done'
           AND contact.kind <> 'paper'
           AND contact.date >= date_trunc('month', %s::timestamp)
         GROUP BY profile.company_id, profile.collector_id
        """,
        day_at(SQL("profile.company_id")),
    )
    return source, ("action_count", "call_count")


def _collected():
    source = SQL(
        """
        SELECT company_id, collector_id AS user_id,
               SUM(collected_amount) AS collected_amount
          FROM credit_profile profile
         WHERE collected_amount > 0
         GROUP BY company_id, collector_id
        """
    )
    return source, ("collected_amount",)


def _collected_since(day_at, roles, up_to):
    """Select what was matched behind a part and is in the amount of no profile yet.

    That a part is behind the last one of its customer is exact. That it is behind
    ``up_to`` only keeps PostgreSQL from reading what was matched before.
    """
    today = day_at(SQL("profile.company_id"))
    source = SQL(
        """
        SELECT profile.company_id, profile.collector_id AS user_id,
               SUM(money.amount) AS collected_amount
          FROM %(receipts)s
          JOIN account_account account ON account.id = item.account_id
               AND account.account_type = 'asset_receivable'
          JOIN res_company company ON company.id = item.company_id
          JOIN res_partner partner ON partner.id = item.partner_id
          JOIN credit_profile profile
            ON profile.partner_id = partner.commercial_partner_id
               AND profile.company_id = split_part(company.parent_path, '/', 1)::int
         WHERE part.id > %(up_to)s
           AND part.id > COALESCE(profile.collected_up_to, 0)
           AND part.max_date > %(today)s::date - %(days)s
           AND %(is_collected)s
           AND money.amount > 0
         GROUP BY profile.company_id, profile.collector_id
        """,
        up_to=up_to,
        days=COLLECTED_DAYS,
        is_collected=is_collected(today),
        receipts=receipts(roles),
        today=today,
    )
    return source, ("collected_amount",)


def _seats():
    """Select the first seat of every collector in each root company."""
    source = SQL(
        """
        SELECT DISTINCT ON (company.id, member.user_id)
               company.id AS company_id, member.user_id, member.team_id,
               COALESCE(member.capacity, 0) AS capacity
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
    return source, ("team_id", "capacity")
