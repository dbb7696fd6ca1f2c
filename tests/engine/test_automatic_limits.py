import pytest

from engine.limit.automatic_limits import AutomaticLimit, Criterion, propose

A, B = 1, 2
YEARS = (
    Criterion("business_since", ">=", 5, 100_000),
    Criterion("business_since", ">=", 10, 200_000),
)
GOOD = AutomaticLimit(frozenset({A}), max_revenue=50_000, base=20_000, criteria=YEARS)
ANY = AutomaticLimit(frozenset(), criteria=YEARS)


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (4.9, 20_000),
        (5, 100_000),
        (9.9, 100_000),
        (10, 200_000),
        (40, 200_000),
        (None, 20_000),  # what is not known fits nothing
    ],
)
def test_the_highest_limit_that_fits_counts(years, expected):
    assert propose(A, 0, {"business_since": years}, [GOOD]) == expected


@pytest.mark.parametrize(
    ("revenue", "expected"), [(49_999, 20_000), (50_000, 20_000), (50_001, None)]
)
def test_customers_above_the_turnover_are_not_meant(revenue, expected):
    assert propose(A, revenue, {}, [GOOD]) == expected


def test_other_classes_are_not_meant():
    assert propose(B, 0, {"business_since": 12}, [GOOD]) is None


def test_without_classes_all_are_meant_but_those_without_a_class():
    assert propose(B, 0, {"business_since": 12}, [ANY]) == 200_000
    assert propose(None, 0, {"business_since": 12}, [ANY]) is None


def test_the_first_that_is_for_the_customer_decides():
    facts = {"business_since": 3}
    assert propose(A, 0, facts, [ANY, GOOD]) is None
    assert propose(A, 0, facts, [GOOD, ANY]) == 20_000
    assert propose(A, 60_000, {"business_since": 5}, [GOOD, ANY]) == 100_000


def test_a_base_of_zero_is_a_limit():
    assert propose(A, 0, {}, [AutomaticLimit(frozenset({A}), base=0.0)]) == 0.0


@pytest.mark.parametrize(
    ("comparison", "fits"),
    [
        (">=", (False, True, True)),
        (">", (False, False, True)),
        ("<=", (True, True, False)),
        ("<", (True, False, False)),
        ("=", (False, True, False)),
    ],
)
def test_comparisons_below_at_and_above(comparison, fits):
    criterion = Criterion("dso", comparison, 30.0, 1.0)
    assert tuple(criterion.fits({"dso": days}) for days in (29, 30, 31)) == fits


def test_words_are_compared_with_words():
    criterion = Criterion("rating", "=", "A1", 200_000)
    assert criterion.fits({"rating": "A1"})
    assert not criterion.fits({"rating": "A2"})
    assert not criterion.fits({"rating": 1.0})
    assert not Criterion("dso", ">", 30.0, 1.0).fits({"dso": "A1"})
