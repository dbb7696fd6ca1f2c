"""The kinds of rules about customers and terms, at, below and above their threshold."""

from datetime import date

import pytest

from engine.exposure.exposure import CustomerCredit
from engine.hold.hold_rules import evaluate
from engine.hub.standing import PaymentTerms, Standing, expired_days
from engine.rule.rule import Order, Rule
from engine.rule.rule_order import Finding

PAST = date(2026, 1, 31)


def customer(limit=1000.0, overdue=0.0, on_hold=False, **standing):
    return CustomerCredit(
        limit=limit,
        components={"overdue": overdue},
        overdue_amount=overdue,
        on_hold=on_hold,
        standing=Standing(**standing),
    )


def order(terms=None, **values):
    return Order(total=100.0, on_credit=100.0, terms=terms, **values)


def broken(rule, who, what=None):
    """Tell whether the order breaks the rule."""
    return bool(evaluate([rule], who, what or order()))


# === LIMIT EXPIRED === #


@pytest.mark.parametrize(
    "last_day, expected", [("31", 0), ("30", 1), ("21", 10), (None, 0)]
)
def test_days_since_the_end_of_a_limit(last_day, expected):
    # on 31 January: a limit is good on its last day
    last_day = last_day and date(2026, 1, int(last_day))
    assert expired_days(last_day, date(2026, 1, 31)) == expected


@pytest.mark.parametrize(
    "grace, days, expected",
    [(0, 0, False), (0, 1, True), (10, 9, False), (10, 10, False), (10, 11, True)],
)
def test_limit_expired_with_and_without_grace(grace, days, expected):
    who = customer(expiry_date=PAST, expired_days=days)
    assert broken(Rule(1, "limit_expired", days=grace), who) is expected


@pytest.mark.parametrize("needs_expiry", [False, True])
def test_a_limit_without_an_end_holds_where_the_company_says_so(needs_expiry):
    who = customer(needs_expiry=needs_expiry)
    # whatever the grace: there is no day from which it could count
    assert broken(Rule(1, "limit_expired", days=10), who) is needs_expiry


@pytest.mark.parametrize("limit", [None, 0.0])
def test_a_customer_without_limit_or_without_credit_needs_no_end(limit):
    who = customer(limit, needs_expiry=True)
    assert not broken(Rule(1, "limit_expired"), who)


def test_unlimited_credit_that_was_given_until_a_day_ends_too():
    who = customer(None, expiry_date=PAST, expired_days=3)
    found = evaluate([Rule(1, "limit_expired", days=2)], who, order())
    assert found == [Finding(1, "limit_expired", 3, 2)]


# === ACCOUNT STATUS, RISK CLASS, PAYMENT TERMS === #


@pytest.mark.parametrize("reason, expected", [(None, False), (4, False), (5, True)])
def test_account_status(reason, expected):
    rule = Rule(1, "account_status", match_ids=frozenset({5, 6}))
    assert broken(rule, customer(status_reason_id=reason)) is expected


@pytest.mark.parametrize("class_, expected", [(None, False), (1, False), (3, True)])
def test_risk_class(class_, expected):
    rule = Rule(1, "risk_class", class_ids=frozenset({3, 4}))
    assert broken(rule, customer(risk_class_id=class_)) is expected


@pytest.mark.parametrize("terms, expected", [(None, False), (8, False), (9, True)])
def test_payment_terms_of_the_order(terms, expected):
    rule = Rule(1, "payment_terms", match_ids=frozenset({9}))
    assert broken(rule, customer(), order(PaymentTerms(terms))) is expected


def test_what_was_not_looked_at_matches_nothing():
    assert not broken(Rule(1, "payment_terms", match_ids=frozenset({9})), customer())
    assert not broken(Rule(1, "terms_better"), customer())


@pytest.mark.parametrize("kind", ["account_status", "payment_terms", "risk_class"])
def test_a_rule_that_names_nothing_matches_nobody(kind):
    assert not broken(Rule(1, kind), customer(), order(PaymentTerms()))


# === TERMS BETTER THAN USUAL === #


@pytest.mark.parametrize(
    "days, allowed, expected",
    [
        # usual are 30 days
        (29, 0, False),
        (30, 0, False),
        (31, 0, True),
        (45, 15, False),
        (46, 15, True),
    ],
)
def test_terms_longer_than_usual(days, allowed, expected):
    who = customer(usual_terms={1: PaymentTerms(7, 30)})
    what = order(PaymentTerms(8, days), company_id=1)
    assert broken(Rule(1, "terms_better", days=allowed), who, what) is expected


@pytest.mark.parametrize(
    "discount, discount_days, expected",
    [
        # usual is 2 % within 10 days
        (0.0, 0, False),
        (0.01, 30, False),
        (0.02, 9, False),
        (0.02, 10, False),
        (0.02, 11, True),
        (0.03, 5, True),
    ],
)
def test_a_better_discount_than_usual(discount, discount_days, expected):
    who = customer(usual_terms={1: PaymentTerms(7, 30, 0.02, 10)})
    what = order(PaymentTerms(8, 30, discount, discount_days), company_id=1)
    # days that are allowed on top allow no better discount
    assert broken(Rule(1, "terms_better", days=60), who, what) is expected


def test_who_has_no_usual_terms_pays_at_once():
    assert broken(Rule(1, "terms_better"), customer(), order(PaymentTerms(8, 1)))
    assert not broken(Rule(1, "terms_better"), customer(), order(PaymentTerms(8, 0)))


def test_usual_terms_are_those_of_the_company_that_sells():
    who = customer(usual_terms={1: PaymentTerms(7, 30), None: PaymentTerms(9, 14)})
    rule, what = Rule(1, "terms_better"), PaymentTerms(8, 20)
    assert not broken(rule, who, order(what, company_id=1))
    assert broken(rule, who, order(what, company_id=2))


def test_longer_terms_say_how_many_days_longer():
    who = customer(usual_terms={1: PaymentTerms(7, 30)})
    found = evaluate(
        [Rule(1, "terms_better", days=5)], who, order(PaymentTerms(8, 60), company_id=1)
    )
    assert found == [Finding(1, "terms_better", 30, 5)]  # 60 - 30


# === BROKEN PROMISES, COLLECTION STEP === #


@pytest.mark.parametrize("broken_ones, expected", [(1, False), (2, False), (3, True)])
def test_broken_promises(broken_ones, expected):
    rule = Rule(1, "broken_promises", count=2)
    assert broken(rule, customer(broken_promises=broken_ones)) is expected


@pytest.mark.parametrize("level, expected", [(2, False), (3, True), (4, True)])
def test_a_step_that_is_reached(level, expected):
    assert broken(Rule(1, "dunning_step", count=3), customer(dunning_level=level)) is (
        expected
    )


@pytest.mark.parametrize("level, expected", [(0, False), (1, True)])
def test_any_step_at_all(level, expected):
    assert broken(Rule(1, "dunning_step"), customer(dunning_level=level)) is expected


def test_a_step_is_undone_by_paying_what_is_overdue():
    who = customer(overdue=80.0, dunning_level=3)
    found = evaluate([Rule(1, "dunning_step", count=3)], who, order())
    assert found == [Finding(1, "dunning_step", 3, 3, 80.0)]


# === EFFECT OF THE CREDIT STATUS === #


@pytest.mark.parametrize(
    "status, checkpoint, expected",
    [
        ("none", "confirm", False),
        ("orders", "confirm", True),
        ("orders", "delivery", False),
        ("orders", "invoice", False),
        ("all", "confirm", True),
        ("all", "delivery", True),
        ("all", "invoice", True),
    ],
)
def test_the_credit_status_stops_orders_or_everything(status, checkpoint, expected):
    who = customer(on_hold=status != "none", status=status)
    assert broken(Rule(1, "manual"), who, order(checkpoint=checkpoint)) is expected


# === NOTHING LEFT TO PAY === #


@pytest.mark.parametrize(
    "rule",
    [
        Rule(1, "limit_expired"),
        Rule(2, "account_status", match_ids=frozenset({5})),
        Rule(3, "risk_class", class_ids=frozenset({3})),
        Rule(4, "payment_terms", match_ids=frozenset({8})),
        Rule(5, "terms_better"),
        Rule(6, "broken_promises"),
        Rule(7, "dunning_step"),
    ],
)
@pytest.mark.parametrize("to_pay, expected", [(0.0, False), (0.01, True)])
def test_what_is_paid_breaks_none_of_these_rules(rule, to_pay, expected):
    bad = customer(
        expiry_date=PAST,
        expired_days=9,
        status_reason_id=5,
        risk_class_id=3,
        broken_promises=1,
        dunning_level=1,
    )
    what = order(PaymentTerms(8, 60), to_pay=to_pay)
    assert broken(rule, bad, what) is expected
