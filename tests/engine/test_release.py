"""A release covers an order of so much, up to a day, and a little growth."""

from datetime import date

import pytest

from engine.hold.release import Release, covers, releases_itself

TODAY = date(2024, 3, 1)
YESTERDAY, TOMORROW = date(2024, 2, 29), date(2024, 3, 2)


@pytest.mark.parametrize(
    "valid_until, expected",
    [(YESTERDAY, False), (TODAY, True), (TOMORROW, True), (None, True)],
)
def test_validity(valid_until, expected):
    assert covers(Release(1000.0, valid_until), 1000.0, TODAY) is expected


@pytest.mark.parametrize(
    "tolerance, amount, expected",
    [
        (0.0, 999.99, True),
        (0.0, 1000.0, True),
        (0.0, 1000.01, False),
        (0.1, 1099.99, True),  # 1000 + 10 %
        (0.1, 1100.0, True),
        (0.1, 1100.01, False),
    ],
)
def test_tolerance(tolerance, amount, expected):
    assert covers(Release(1000.0, None, tolerance), amount, TODAY) is expected


def test_sums_of_binary_floats_are_covered():
    assert covers(Release(0.3, None), 0.1 + 0.2, TODAY)


def test_an_expired_release_does_not_cover_a_smaller_order_either():
    assert not covers(Release(1000.0, YESTERDAY, 0.5), 1.0, TODAY)


@pytest.mark.parametrize(
    "choices, company_releases, expected",
    [
        (["company"], True, True),
        (["company"], False, False),
        (["yes"], False, True),
        (["no"], True, False),
        # one that says no is enough
        (["yes", "no"], True, False),
        (["yes", "company"], False, False),
        (["yes", "company"], True, True),
        # the rules were deleted meanwhile
        ([], True, True),
        ([], False, False),
    ],
)
def test_who_releases_without_a_person(choices, company_releases, expected):
    assert releases_itself(choices, company_releases) is expected
