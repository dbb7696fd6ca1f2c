"""What is known about the risk of customers, and the statement that writes scores."""

from odoo.tools import SQL

from ..hub.pot import in_family
from . import history
from .history import PERIOD, sold

#: What the facts are read from, by model; disputes are added where they are.
READS = {**history.READS, "account.payment": None, "credit.risk.history": None}

#: Who bought something; of others, "no broken promise" says nothing.
TRADED = SQL(
    "(profile.customer_since IS NOT NULL OR profile.overdue_amount <> 0 "
    "OR profile.not_due_amount <> 0)"
)

#: Who paid something in the last twelve months, or is late with it.
PAID = SQL("profile.payer_type <> 'new'")


def _known(condition, fact):
    return SQL("CASE WHEN %s THEN %s END", condition, fact)


def _years(pot, day):
    """Return whole months as years, so that anniversaries are whole years."""
    age = SQL("age(%s::date, %s)", pot.today, day)
    return SQL(
        "ROUND(EXTRACT(YEAR FROM %s) + EXTRACT(MONTH FROM %s) / 12, 2)", age, age
    )


def _facts(pot):
    """Return ``{kind: (expression, sources that it needs)}``."""
    return {
        "days_late": (_known(PAID, SQL("profile.average_days_late")), ()),
        "days_to_pay": (_known(PAID, SQL("profile.average_days_to_pay")), ()),
        "customer_since": (_years(pot, SQL("profile.customer_since")), ()),
        "business_since": (_years(pot, SQL("profile.business_since")), ()),
        "dso": (_dso(pot), ("ledger", "sold")),
        "average_balance": (SQL("ROUND(ledger.average)"), ("ledger",)),
        "overdue_share": (_known(TRADED, _overdue_share()), ()),
        "overdue_days": (
            _known(TRADED, SQL("COALESCE(profile.overdue_days, 0)")),
            (),
        ),
        "limit_used": (
            _known(
                SQL("%s AND profile.is_limited", TRADED),
                SQL("ROUND(profile.limit_used::numeric, 2)"),
            ),
            (),
        ),
        "broken_promises": (
            _known(TRADED, SQL("COALESCE(profile.broken_promise_count, 0)")),
            (),
        ),
        "open_disputes": (
            _known(TRADED, SQL("COALESCE(disputes.number, 0)")),
            ("disputes",),
        ),
        "bounced_payments": (
            _known(TRADED, SQL("COALESCE(bounced.number, 0)")),
            ("bounced",),
        ),
        "revenue": (_known(TRADED, SQL("profile.revenue_amount")), ()),
        "country": (SQL("customer.country_id"), ()),
        "status": (
            _known(
                SQL("%s OR profile.credit_status <> 'none'", TRADED),
                SQL("profile.credit_status"),
            ),
            (),
        ),
        "rating": (SQL("NULLIF(UPPER(TRIM(profile.external_rating)), '')"), ()),
    }


def risk_facts(pot, kinds, partner_ids=None):
    """Select what is known about customers of a root company, in one statement.

    Columns: ``id``, the class chosen by hand and its last day, then one per kind:
    numbers, or text where the kind is about words; ``NULL`` is not known.

    :param kinds: names of facts; only what they need is read
    :param partner_ids: commercial partners, default all
    """
    facts = _facts(pot)
    words = {"country", "status", "rating"}
    columns = [
        SQL(
            "(%s)::%s AS %s",
            facts[kind][0],
            SQL("text" if kind in words else "float8"),
            SQL.identifier(kind),
        )
        for kind in kinds
    ]
    needed = {source for kind in kinds for source in facts[kind][1]}
    sources = [
        SQL(
            "LEFT JOIN (%s) %s ON %s = profile.partner_id",
            build(pot, partner_ids),
            SQL.identifier(name),
            SQL.identifier(name, "partner_id"),
        )
        for name, build in _SOURCES.items()
        if name in needed
    ]
    return SQL(
        """
        SELECT %(columns)s
          FROM credit_profile profile
          JOIN res_partner customer ON customer.id = profile.partner_id
          %(sources)s
         WHERE profile.company_id = %(root)s AND profile.active AND %(chosen)s
        """,
        columns=SQL(", ").join(
            [
                SQL("profile.id"),
                SQL("profile.risk_override_class_id"),
                SQL("profile.risk_override_until"),
                *columns,
            ]
        ),
        sources=SQL(" ").join(sources),
        root=pot.root_id,
        chosen=SQL("TRUE")
        if partner_ids is None
        else SQL("profile.partner_id IN %s", tuple(partner_ids) or (0,)),
    )


def dated_facts(facts):
    """Select :func:`risk_facts` and when each profile was written last by anybody."""
    return SQL(
        """
        SELECT facts.*, profile.write_date
          FROM (%s) facts JOIN credit_profile profile ON profile.id = facts.id
        """,
        facts,
    )


def valid_facts(facts, kinds):
    """Select the columns of :func:`risk_facts` of profiles that nobody wrote since.

    :param facts: rows of :func:`dated_facts` as they stand after ``FROM``
    """
    columns = ("id", "risk_override_class_id", "risk_override_until", *kinds)
    return SQL(
        """
        SELECT %s
          FROM %s facts JOIN credit_profile profile ON profile.id = facts.id
         WHERE profile.write_date IS NOT DISTINCT FROM facts.write_date
        """,
        SQL(", ").join(SQL.identifier("facts", column) for column in columns),
        facts,
    )


def _overdue_share():
    return SQL(
        """COALESCE(ROUND(profile.overdue_amount / NULLIF(
            profile.overdue_amount + GREATEST(profile.not_due_amount, 0), 0), 2), 0)"""
    )


def _dso(pot):
    """Return receivables over sales of twelve months, both with taxes, in days; of who
    is a customer for less, of the days since then."""
    return SQL(
        """CASE WHEN sold.gross > 0
                THEN ROUND(GREATEST(ledger.balance, 0) / sold.gross * %(days)s, 1)
           END""",
        days=SQL(
            "GREATEST(LEAST(%(period)s, %(today)s::date - profile.customer_since), 1)",
            period=PERIOD,
            today=pot.today,
        ),
    )


# === SOURCES: one row per commercial partner === #


def _ledger(pot, partner_ids):
    """Select the balance of today and the mean of the balances at the end of each of
    the last 365 days, or of all days since the first item where that is later."""
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id,
               SUM(line.balance) AS balance,
               SUM(line.balance * LEAST(%(today)s::date - line.date + 1, %(period)s))
                 / LEAST(%(today)s::date - MIN(line.date) + 1, %(period)s) AS average
          FROM account_move_line line
          JOIN res_partner partner ON partner.id = line.partner_id
         WHERE line.account_id = ANY(%(accounts)s)
           AND line.company_id = ANY(%(companies)s)
           AND line.parent_state = 'posted' AND line.date <= %(today)s::date
           AND %(family)s
         GROUP BY partner.commercial_partner_id
        """,
        today=pot.today,
        period=PERIOD,
        accounts=list(pot.account_ids),
        companies=list(pot.company_ids),
        family=in_family(SQL("line.partner_id"), partner_ids),
    )


def _disputes(pot, partner_ids):
    return SQL(
        """
        SELECT partner_id, COUNT(*) AS number
          FROM collection_dispute
         WHERE state IN ('open', 'review') AND company_id = ANY(%(companies)s)
           AND %(family)s
         GROUP BY partner_id
        """,
        companies=list(pot.company_ids),
        family=in_family(SQL("partner_id"), partner_ids),
    )


def _bounced(pot, partner_ids):
    """Select the payments of twelve months that the bank rejected, or whose entry was
    reversed.

    There are few of either, so that is where the search begins: payments have no index
    by customer.
    """
    rejected = SQL(
        "SELECT payment.id FROM account_payment payment"
        " WHERE payment.state = 'rejected' AND %s",
        in_family(SQL("payment.partner_id"), partner_ids),
    )
    reversed_ = SQL(
        """
        SELECT payment.id
          FROM account_move reversal
          JOIN account_payment payment ON payment.move_id = reversal.reversed_entry_id
         WHERE reversal.reversed_entry_id IS NOT NULL AND reversal.state = 'posted'
           AND reversal.move_type = 'entry' AND %s
        """,
        in_family(SQL("reversal.partner_id"), partner_ids),
    )
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id, COUNT(*) AS number
          FROM account_payment payment
          JOIN res_partner partner ON partner.id = payment.partner_id
         WHERE payment.id = ANY(ARRAY(%(rejected)s UNION %(reversed)s))
           AND payment.payment_type = 'inbound' AND payment.partner_type = 'customer'
           AND payment.company_id = ANY(%(companies)s)
           AND payment.date > %(today)s::date - %(period)s
         GROUP BY partner.commercial_partner_id
        """,
        companies=list(pot.company_ids),
        period=PERIOD,
        rejected=rejected,
        reversed=reversed_,
        today=pot.today,
    )


_SOURCES = {"sold": sold, "ledger": _ledger, "disputes": _disputes}
_SOURCES["bounced"] = _bounced
