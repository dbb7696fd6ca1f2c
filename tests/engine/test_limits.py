"""The limit that counts: own policy first, the company's default after it."""

import pytest

from engine.limit.limits import Terms, effective_limit, find_limit

# policy, own limit, default policy, default limit, expected
TABLE = [
    # the customer's own policy decides, whatever the company's default is
    ("limited", 500.0, "unlimited", 0.0, 500.0),
    ("limited", 500.0, "limited", 900.0, 500.0),
    ("limited", 500.0, "none", 0.0, 500.0),
    ("unlimited", 500.0, "limited", 900.0, None),
    ("unlimited", 0.0, "none", 0.0, None),
    ("none", 500.0, "unlimited", 0.0, 0.0),
    ("none", 500.0, "limited", 900.0, 0.0),
    # without one of their own, customers follow the company; their amount is idle
    ("default", 500.0, "limited", 900.0, 900.0),
    ("default", 500.0, "unlimited", 900.0, None),
    ("default", 500.0, "none", 900.0, 0.0),
]


@pytest.mark.parametrize("policy, own, default_policy, default, expected", TABLE)
def test_effective_limit(policy, own, default_policy, default, expected):
    assert effective_limit(policy, own, default_policy, default) == expected


def test_a_limit_of_zero_is_a_limit():
    assert effective_limit("limited", 0.0, "unlimited", 0.0) == 0.0


def test_a_default_limit_of_zero_is_a_limit():
    assert effective_limit("default", 500.0, "limited", 0.0) == 0.0


# === CREDIT GROUPS: own policy, own limit, limit of the group, expected === #

GROUPS = [
    # the lower of both counts; the group is checked first
    ("limited", 10000.0, 15000.0, 10000.0),
    ("limited", 20000.0, 15000.0, 15000.0),
    # no credit at all, whatever room the group has
    ("none", 0.0, 15000.0, 0.0),
    # unlimited credit, whatever room the group has
    ("unlimited", 0.0, 15000.0, None),
    # nothing of one's own: the group manages it
    ("default", 0.0, 15000.0, 15000.0),
    # the same at the threshold, and a group that may owe nothing
    ("limited", 15000.0, 15000.0, 15000.0),
    ("limited", 10000.0, 0.0, 0.0),
    ("default", 0.0, 0.0, 0.0),
    ("unlimited", 0.0, 0.0, None),
]


@pytest.mark.parametrize("default_policy", ["unlimited", "limited", "none"])
@pytest.mark.parametrize("policy, own, group, expected", GROUPS)
def test_limit_within_a_group(policy, own, group, expected, default_policy):
    terms = Terms(group_limit=group)
    assert effective_limit(policy, own, default_policy, 700.0, terms) == expected


# === COLLATERAL: own policy, own limit, uplift, expected === #

COLLATERAL = [
    # A + B x C: 100,000 + 50,000 x 50 %
    ("limited", 100000.0, 25000.0, 125000.0),
    ("limited", 0.0, 25000.0, 25000.0),
    # it raises the company's default of 700 as well
    ("default", 0.0, 300.0, 1000.0),
    # decisions that it does not change
    ("unlimited", 0.0, 25000.0, None),
    ("none", 0.0, 25000.0, 0.0),
]


@pytest.mark.parametrize("policy, own, uplift, expected", COLLATERAL)
def test_limit_with_collateral(policy, own, uplift, expected):
    terms = Terms(collateral=uplift)
    assert effective_limit(policy, own, "limited", 700.0, terms) == expected


def test_collateral_does_not_raise_the_limit_of_the_group():
    terms = Terms(collateral=9000.0, group_limit=15000.0)
    assert effective_limit("limited", 10000.0, "none", 0.0, terms) == 15000.0
    assert effective_limit("default", 0.0, "none", 0.0, terms) == 15000.0


# === TEMPORARY LIMITS: own policy, own limit, temporary, expected === #

TEMPORARY = [
    ("limited", 500.0, 800.0, 800.0),
    ("limited", 500.0, 200.0, 200.0),
    ("limited", 500.0, 0.0, 0.0),
    ("default", 0.0, 200.0, 200.0),
    # it stands for the policy too
    ("unlimited", 0.0, 200.0, 200.0),
    ("none", 0.0, 200.0, 200.0),
]


@pytest.mark.parametrize("policy, own, temporary, expected", TEMPORARY)
def test_a_temporary_limit_overrides(policy, own, temporary, expected):
    terms = Terms(temporary=temporary)
    assert effective_limit(policy, own, "limited", 700.0, terms) == expected


def test_collateral_adds_to_a_temporary_limit_within_the_group():
    terms = Terms(temporary=800.0, collateral=100.0, group_limit=850.0)
    assert effective_limit("limited", 500.0, "none", 0.0, terms) == 850.0
    terms = Terms(temporary=800.0, collateral=100.0, group_limit=1000.0)
    assert effective_limit("limited", 500.0, "none", 0.0, terms) == 900.0


# === WHERE IT COMES FROM === #

SOURCES = [
    ("limited", Terms(), "own", False),
    ("default", Terms(), "company", False),
    ("default", Terms(group_limit=100.0), "group", False),
    ("limited", Terms(group_limit=100.0), "own", True),
    ("limited", Terms(group_limit=1000.0), "own", False),
    ("limited", Terms(temporary=200.0), "temporary", False),
    ("limited", Terms(temporary=200.0, group_limit=100.0), "temporary", True),
    ("unlimited", Terms(group_limit=100.0), "own", False),
    # collateral within the group's own limit says nothing new
    ("default", Terms(collateral=5.0, group_limit=100.0), "group", False),
]


@pytest.mark.parametrize("policy, terms, source, is_capped", SOURCES)
def test_where_a_limit_comes_from(policy, terms, source, is_capped):
    found = find_limit(policy, 500.0, "limited", 700.0, terms)
    assert (found.source, found.is_capped) == (source, is_capped)
