"""Which approvals a decision needs, and who may give them."""

from datetime import date
from math import inf

import pytest

from engine.approval import Case, Substitute, Tier, deciders, needed, share_over

TODAY = date(2024, 3, 1)
YESTERDAY, TOMORROW = date(2024, 2, 29), date(2024, 3, 2)
ANNA, BEN, CARL, DORA = 1, 2, 3, 4


def case(amount=1000.0, share=0.0, document="release", company=1):
    return Case(document, company, amount, share, TODAY)


def ids(tiers, about):
    return [tier.id for tier in needed(tiers, about)]


@pytest.mark.parametrize(
    "amount, expected", [(999.99, []), (1000.0, [7]), (1000.01, [7])]
)
def test_a_tier_is_needed_from_its_amount_on(amount, expected):
    assert ids([Tier(7, "release", amount_from=1000.0)], case(amount)) == expected


@pytest.mark.parametrize(
    "share, expected", [(0.1999, []), (0.2, [7]), (0.2001, [7]), (inf, [7])]
)
def test_a_tier_is_needed_from_its_share_over_the_limit_on(share, expected):
    assert ids([Tier(7, "release", share_from=0.2)], case(share=share)) == expected


@pytest.mark.parametrize(
    "amount, share, expected",
    [(1000.0, 0.2, [7]), (999.0, 0.2, []), (1000.0, 0.1, []), (999.0, 0.1, [])],
)
def test_of_two_thresholds_both_have_to_be_reached(amount, share, expected):
    tiers = [Tier(7, "release", amount_from=1000.0, share_from=0.2)]
    assert ids(tiers, case(amount, share)) == expected


def test_sums_of_binary_floats_reach_the_threshold():
    tiers = [Tier(7, "release", share_from=0.3)]
    assert ids(tiers, case(share=0.1 + 0.1 + 0.1)) == [7]
    assert ids(tiers, case(share=1.1 - 0.8)) == [7]  # 0.30000000000000004


@pytest.mark.parametrize(
    "company, expected", [(None, [7]), (1, [7]), (2, [])], ids=["all", "own", "other"]
)
def test_a_tier_is_for_its_company(company, expected):
    assert ids([Tier(7, "release", company_id=company)], case()) == expected


def test_a_tier_is_for_its_kind_of_document():
    tiers = [Tier(7, "release"), Tier(8, "limit_change")]
    assert ids(tiers, case(document="limit_change")) == [8]


@pytest.mark.parametrize(
    "start, end, expected",
    [
        (TODAY, TODAY, [7]),
        (None, TODAY, [7]),
        (TODAY, None, [7]),
        (TOMORROW, None, []),
        (None, YESTERDAY, []),
    ],
)
def test_a_tier_is_in_force_between_its_days(start, end, expected):
    tiers = [Tier(7, "release", date_from=start, date_to=end)]
    assert ids(tiers, case()) == expected


def test_lower_levels_come_first_whatever_the_order_of_entry():
    tiers = [Tier(1, "release", level=2), Tier(3, "release"), Tier(2, "release")]
    assert ids(tiers, case()) == [2, 3, 1]


def test_members_decide_for_themselves():
    assert deciders([BEN, ANNA], [], "release", [CARL], TODAY) == {
        ANNA: None,
        BEN: None,
    }


def test_who_asked_does_not_decide():
    assert deciders([ANNA, BEN], [], "release", [ANNA], TODAY) == {BEN: None}


@pytest.mark.parametrize(
    "start, end, stands_in",
    [
        (TODAY, TODAY, True),
        (YESTERDAY, TOMORROW, True),
        (YESTERDAY, None, True),
        (TOMORROW, TOMORROW, False),
        (YESTERDAY, YESTERDAY, False),
    ],
)
def test_a_substitute_decides_on_the_days_of_the_absence(start, end, stands_in):
    entry = Substitute(ANNA, BEN, start, end)
    found = deciders([ANNA], [entry], "release", [], TODAY)
    assert found == ({ANNA: None, BEN: ANNA} if stands_in else {ANNA: None})


@pytest.mark.parametrize(
    "document, expected",
    [(None, {ANNA: None, BEN: ANNA}), ("waiver", {ANNA: None})],
)
def test_a_substitute_is_for_the_documents_it_was_named_for(document, expected):
    entry = Substitute(ANNA, BEN, TODAY, None, document)
    assert deciders([ANNA], [entry], "release", [], TODAY) == expected


def test_who_asked_does_not_decide_as_a_substitute_either():
    entry = Substitute(ANNA, BEN, TODAY)
    assert deciders([ANNA], [entry], "release", [BEN], TODAY) == {ANNA: None}


def test_nobody_decides_in_the_name_of_who_asked():
    entry = Substitute(ANNA, BEN, TODAY)
    assert deciders([ANNA], [entry], "release", [ANNA], TODAY) == {}


def test_a_substitute_of_a_substitute_decides_nothing():
    entries = [Substitute(ANNA, BEN, TODAY), Substitute(BEN, DORA, TODAY)]
    found = deciders([ANNA], entries, "release", [], TODAY)
    assert found == {ANNA: None, BEN: ANNA}


def test_a_member_who_also_stands_in_decides_in_the_own_name():
    entry = Substitute(ANNA, BEN, TODAY)
    assert deciders([ANNA, BEN], [entry], "release", [], TODAY)[BEN] is None


@pytest.mark.parametrize(
    "limit, over, expected",
    [
        (1000.0, 250.0, 0.25),
        (1000.0, 0.0, 0.0),
        (1000.0, -5.0, 0.0),
        (None, 250.0, 0.0),
        (0.0, 250.0, inf),
        (0.0, 0.0, 0.0),
    ],
)
def test_share_over_the_limit(limit, over, expected):
    assert share_over(limit, over) == expected
