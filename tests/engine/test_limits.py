"""The limit that counts: own policy first, the company's default after it."""

import pytest

from engine.limits import effective_limit

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
