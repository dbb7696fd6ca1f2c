"""Kinds of rules and channels: each is registered once; others bring their own."""

import pytest

from engine.exposure.exposure import CustomerCredit
from engine.hub.standing import Standing
from engine.pay.payment_needed import payment_needed
from engine.rule.kinds import AMOUNT, COUNT, DAYS, KINDS, MATCH, SHARE, Kind, Measure
from engine.rule.rule import EXCLUDE, Order, Rule
from engine.rule.rule_order import FIRED, SUPPRESSED, explain, fired
from engine.run.collection import Policy
from engine.strategy.channels import BY_HAND, CHANNELS, NEEDS

ORDER = Order(total=100.0, on_credit=100.0)
VISITS = Kind(
    "visits",
    COUNT,
    lambda rule, customer, order: Measure(
        customer.standing.more["visits"],
        rule.count,
        customer.standing.more["visits"] > rule.count,
    ),
    fact="visits",
)


def customer(visits):
    return CustomerCredit(
        None, profile_id=7, standing=Standing(more={"visits": visits})
    )


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_what_it_compares_and_how_it_is_found(name):
    kind = KINDS[name]
    assert kind.name == name
    assert kind.value_type in (DAYS, AMOUNT, SHARE, COUNT, MATCH)
    assert callable(kind.measure)
    assert Rule(1, name).of is kind


@pytest.mark.parametrize(("visits", "holds"), [(1, False), (2, False), (3, True)])
def test_a_kind_of_another_addon_comes_with_its_rule(visits, holds):
    rule = Rule(1, "visits", count=2, known=VISITS)
    assert rule.value_type == COUNT
    assert bool(fired([rule], customer(visits), ORDER)) is holds


@pytest.mark.parametrize(
    ("allowed", "verdict"), [(2, FIRED), (3, SUPPRESSED), (4, SUPPRESSED)]
)
def test_an_exclusion_of_such_a_kind_lifts_wider_rules(allowed, verdict):
    block = Rule(1, "visits", count=0, known=VISITS)
    exclusion = Rule(
        2, "visits", count=allowed, type=EXCLUDE, profile_id=7, known=VISITS
    )
    found = {
        one.rule.id: one for one in explain([block, exclusion], customer(3), ORDER)
    }
    assert found[1].verdict == verdict


def test_what_another_addon_says_is_by_hand_no_payment_takes_away():
    by_hand = Kind("visits", MATCH, VISITS.measure, by_hand=True)
    assert payment_needed([("visits", 10.0)], 50.0).amount == 10.0
    assert payment_needed([("visits", 10.0)], 50.0, {"visits": by_hand}) is None


@pytest.mark.parametrize("name", {**CHANNELS, **BY_HAND})
def test_every_channel_has_its_name_and_is_spoken_written_or_neither(name):
    channel = {**CHANNELS, **BY_HAND}[name]
    assert channel.name == name
    assert not (channel.is_spoken and channel.is_written)
    assert channel.method == f"_do_{name}"


def test_a_run_knows_whom_our_channels_need_and_others_bring_theirs():
    policy = Policy((), "all", 0, 0.0, {}, {})
    assert policy.needs == NEEDS
    assert "task" not in policy.needs
    own = Policy((), "all", 0, 0.0, {}, {}, needs={"fax": "fax_contact_id"})
    assert own.needs["fax"] == "fax_contact_id"
