from datetime import date

import pytest

from engine.risk.scoring import Band, Factor, Override, classify, rate

LATE = Factor(
    "days_late",
    weight=30.0,
    bands=(Band(high=0, score=0), Band(0, 15, 40), Band(30, score=100)),
    otherwise=60.0,
)
RATING = Factor("rating", 10.0, values={"A1": 0.0, "C3": 90.0}, otherwise=50.0)
OPEN_ENDS = Factor("years", 10.0, bands=(Band(5, 10, 20.0),), otherwise=70.0)


def score(factor, fact):
    return rate({factor.kind: fact}, [factor]).score


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-400, 0),  # no lower end
        (-0.1, 0),
        (0, 40),  # a range begins with its lower end
        (14.9, 40),
        (15, 60),  # and ends before its upper one: between 15 and 30 is a gap
        (29.9, 60),
        (30, 100),
        (9000, 100),  # no upper end
    ],
)
def test_ranges_take_their_lower_end_and_not_their_upper_one(days, expected):
    assert score(LATE, days) == expected


@pytest.mark.parametrize(("years", "expected"), [(4.9, 70), (5, 20), (10, 70)])
def test_below_and_above_all_ranges_the_score_is_the_one_otherwise(years, expected):
    assert score(OPEN_ENDS, years) == expected


@pytest.mark.parametrize(("word", "expected"), [("A1", 0), ("C3", 90), ("B2", 50)])
def test_words_have_scores_of_their_own_or_the_one_otherwise(word, expected):
    assert score(RATING, word) == expected


def test_the_score_is_the_mean_by_weights():
    # (30 x 40 + 10 x 90) / 40 = 2100 / 40
    rating = rate({"days_late": 3, "rating": "C3"}, [LATE, RATING])
    assert rating.score == 52.5


def test_facts_that_are_not_known_are_left_out():
    # without the rating the other factor counts alone: 30 x 40 / 30
    assert rate({"days_late": 3, "rating": None}, [LATE, RATING]).score == 40
    assert rate({"days_late": 3}, [LATE, RATING]).score == 40


def test_zero_is_a_fact():
    assert rate({"days_late": 0.0}, [LATE]).score == 40


def test_who_nothing_is_known_of_has_no_score():
    rating = rate({"days_late": None}, [LATE, RATING])
    assert rating.score is None
    assert [part.points for part in rating.parts] == [None, None]


def test_without_factors_there_is_no_score():
    assert rate({"days_late": 3}, []).score is None


def test_factors_without_weight_change_nothing():
    free = Factor("rating", 0.0, values={"C3": 90.0})
    assert rate({"days_late": 3, "rating": "C3"}, [LATE, free]).score == 40
    assert rate({"rating": "C3"}, [free]).score is None


def test_parts_add_up_and_the_largest_comes_first_the_unknown_last():
    years = Factor("years", 5.0)
    rating = rate({"days_late": 3, "rating": "C3"}, [years, RATING, LATE])
    # days late: 30 x 40 / 40 = 30 points; rating: 10 x 90 / 40 = 22.5 points
    shown = [(part.kind, part.fact, part.score, part.points) for part in rating.parts]
    assert shown == [
        ("days_late", 3, 40, 30.0),
        ("rating", "C3", 90.0, 22.5),
        ("years", None, None, None),
    ]
    assert rating.score == 52.5


def test_scores_have_one_decimal():
    # (1 x 100 + 2 x 0) / 3 = 33.333…
    factors = [
        Factor("one", 1.0, bands=(Band(score=100),)),
        Factor("two", 2.0, bands=(Band(score=0),)),
    ]
    assert rate({"one": 1, "two": 1}, factors).score == 33.3


CLASSES = ((0.0, 1), (20.0, 2), (45.0, 3))


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 1), (19.9, 1), (20, 2), (44.9, 2), (45, 3), (100, 3), (None, None)],
)
def test_a_class_begins_with_its_first_score(value, expected):
    assert classify(value, CLASSES) == expected


def test_the_first_class_takes_what_is_below_it():
    assert classify(5, ((10.0, 7), (50.0, 8))) == 7


def test_without_classes_there_is_none():
    assert classify(5, ()) is None


@pytest.mark.parametrize(("day", "counts"), [(30, True), (31, True), (32, False)])
def test_an_override_counts_up_to_its_last_day(day, counts):
    override = Override(4, date(2026, 1, 31))
    today = date(2026, 1, day) if day < 32 else date(2026, 2, 1)
    assert override.counts(today) is counts


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (Band(0, 10), Band(10, 20), False),
        (Band(0, 10), Band(9.9, 20), True),
        (Band(high=10), Band(10), False),
        (Band(), Band(5, 6), True),
        (Band(5, 6), Band(0, 5), False),
    ],
)
def test_ranges_that_meet_do_not_overlap(one, other, overlap):
    assert one.overlaps(other) is overlap
    assert other.overlaps(one) is overlap
