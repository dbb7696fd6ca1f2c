"""How risky customers are: what agencies say, a class by hand, limits by class."""

from datetime import timedelta
from itertools import cycle

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from .personalities import chance

#: The customer whose class a manager chose by hand.
BY_HAND = "Ironwood Timber Frames"
#: When customers are to be reviewed, in days from today.
REVIEWS = (-4, 3, 12, 25, 40)
#: Ratings of agencies, the best half and the worst half of them.
RATINGS = ("AA", "A", "A", "BBB", "BBB", "BB", "B", "CCC")


def judge(stage):
    _tell_facts(stage)
    _score(stage)
    _choose_by_hand(stage)
    _plan_reviews(stage)
    _make_limits(stage)


def _tell_facts(stage):
    """Two of three customers have a rating and a founding year, all are known since."""
    for customer in stage.customers:
        one = chance(customer.name, "risk")
        since = stage.today - timedelta(days=one.randint(200, 5000))
        values = {"customer_since": since}
        if one.random() < 0.66:
            founded = since - timedelta(days=one.randint(300, 9000))
            good = customer.row["personality"] == "good"
            ratings = RATINGS[:5] if good else RATINGS[3:]
            values |= {
                "business_since": founded,
                "external_rating": one.choice(ratings),
                "external_rating_date": stage.date(-one.randint(20, 300)),
            }
        _profile(stage, customer).write(values)


def _score(stage):
    profiles = stage.env["credit.profile"]
    for company in (stage.company, stage.europa):
        profiles._refresh_figures(company)
        profiles._write_history(company)
        profiles._write_scores(company)


def _choose_by_hand(stage):
    customer = stage.customer(BY_HAND)
    profile = _profile(stage, customer)
    manager = stage.users["credit_manager"]
    stage.as_user(manager, stage.company, profile)._override_risk(
        stage.env.ref("credit_collections.risk_class_b"),
        stage.env.ref("credit_collections.credit_reason_risk_accounts"),
        stage.today + relativedelta(months=4),
        "Annual accounts of last year: more equity than the rating says",
    )


def _plan_reviews(stage):
    """Every sixth customer is to be reviewed about now, some should have been."""
    for customer, day in zip(stage.customers[::6], cycle(REVIEWS), strict=False):
        profile = _profile(stage, customer)
        if profile.next_review_date:
            profile.write(
                {
                    "next_review_date": stage.date(day),
                    "last_review_date": stage.date(day) - relativedelta(months=12),
                }
            )


def _make_limits(stage):
    classes = {
        name: stage.env.ref(f"credit_collections.risk_class_{name}") for name in "abc"
    }
    good = {
        "name": "Good customers",
        "class_ids": [Command.set((classes["a"] + classes["b"]).ids)],
        "has_base": True,
        "base_limit": 10000.0,
        "line_ids": [
            Command.create(
                {"kind": "customer_since", "value": years, "credit_limit": limit}
            )
            for years, limit in ((3, 25000.0), (8, 60000.0))
        ],
    }
    fair = {
        "name": "Fair customers",
        "class_ids": [Command.set(classes["c"].ids)],
        "max_revenue": 250000.0,
        "has_base": True,
        "base_limit": 5000.0,
    }
    shared = {"company_id": stage.company.id}
    limits = stage.env["credit.automatic.limit"].create(
        [{**good, **shared}, {**fair, **shared}]
    )
    stage.remember({"limits_good": limits[0], "limits_fair": limits[1]})


def _profile(stage, customer):
    return stage.env["credit.profile"]._ensure(customer.company, customer.partner.ids)
