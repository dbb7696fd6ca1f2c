"""The credit position of a customer: sums, shares and ages."""

from datetime import date

import pytest

from engine.exposure.exposure import (
    COMPONENTS,
    CustomerCredit,
    limit_used,
    overdue_days,
)

TODAY = date(2024, 3, 1)

# one of each: 100 + 200 - 50 + 30 + 90 + 310 - 80 = 600
PARTS = {
    "overdue": 100.0,
    "not_due": 200.0,
    "unapplied": -50.0,
    "draft": 30.0,
    "delivered": 90.0,
    "order": 310.0,
    "deposit": -80.0,
}


@pytest.mark.parametrize(
    "limit, exposure, expected",
    [
        (1000.0, -0.01, 0.0),  # below nothing: the customer is in credit
        (1000.0, 0.0, 0.0),
        (1000.0, 10.0, 0.01),
        (1000.0, 990.0, 0.99),  # below, at and above the limit
        (1000.0, 1000.0, 1.0),
        (1000.0, 1010.0, 1.01),
        (None, 1e9, 0.0),
        (None, 0.0, 0.0),
        (0.0, -1.0, 0.0),  # without any credit: nothing owed, then something
        (0.0, 0.0, 0.0),
        (0.0, 0.01, 10.0),
    ],
)
def test_limit_used(limit, exposure, expected):
    assert limit_used(limit, exposure) == expected


@pytest.mark.parametrize(
    "oldest, expected",
    [
        (None, 0),
        (date(2024, 3, 2), 0),  # due tomorrow, today, yesterday
        (date(2024, 3, 1), 0),
        (date(2024, 2, 29), 1),
        (date(2024, 2, 1), 29),  # 2024 is a leap year
        (date(2023, 3, 1), 366),
    ],
)
def test_overdue_days(oldest, expected):
    assert overdue_days(oldest, TODAY) == expected


def test_the_components_cover_all_parts_of_the_exposure():
    assert set(COMPONENTS) == set(PARTS)


def test_exposure_is_the_sum_of_all_components():
    assert CustomerCredit(limit=None, components=PARTS).exposure == 600.0


def test_exposure_of_a_customer_without_components_is_zero():
    assert CustomerCredit(limit=None).exposure == 0


@pytest.mark.parametrize(
    "limit, expected",
    [(700.0, 100.0), (600.0, 0.0), (500.0, -100.0), (0.0, -600.0), (None, None)],
)
def test_available_credit(limit, expected):
    assert CustomerCredit(limit=limit, components=PARTS).available == expected


def test_what_is_overdue_is_known_where_it_does_not_count_too():
    customer = CustomerCredit(limit=None, components={}, overdue_amount=100.0)
    assert (customer.exposure, customer.overdue_amount) == (0, 100.0)


def test_an_order_adds_to_the_orders_and_to_nothing_else():
    after = CustomerCredit(limit=1000.0, components=PARTS).with_order(50.0)
    assert after.components == {**PARTS, "order": 360.0}
    assert after.limit == 1000.0


def test_an_order_leaves_the_position_before_it_as_it_was():
    before = CustomerCredit(limit=1000.0, components=dict(PARTS))
    before.with_order(50.0)
    assert before.components == PARTS


def test_the_first_order_of_a_customer_who_owed_nothing():
    assert CustomerCredit(limit=1000.0).with_order(50.0).available == 950.0


# === CREDIT GROUPS === #


def member(limit=1000.0, owed=300.0, group_limit=2000.0, group_exposure=1500.0):
    return CustomerCredit(
        limit=limit,
        components={"overdue": owed},
        group_limit=group_limit,
        group_exposure=group_exposure,
    )


def test_the_group_may_leave_less_than_the_own_limit():
    # own 1,000 - 300 = 700; group 2,000 - 1,500 = 500
    assert member().available == 500.0
    assert member().group_available == 500.0


def test_the_own_limit_may_leave_less_than_the_group():
    # own 600 - 300 = 300; group 500
    assert member(limit=600.0).available == 300.0


def test_unlimited_credit_is_unlimited_in_a_group_too():
    assert member(limit=None).available is None


def test_an_order_takes_of_the_group_and_of_the_own_limit():
    after = member().with_order(100.0)
    assert (after.exposure, after.group_exposure) == (400.0, 1600.0)


def test_an_order_of_another_member_takes_of_the_group_alone():
    after = member().with_group_order(100.0)
    assert (after.exposure, after.group_exposure) == (300.0, 1600.0)


def test_without_a_group_nothing_is_left_to_one():
    assert CustomerCredit(limit=1000.0).group_available is None
