import pytest

from engine.run import guard
from engine.run.contact_kinds import KINDS, SENDERS, Verdict, counts, judge

STOPS, ASKS, GOES = "stops", "asks", "goes"

#: What each reason does, by kind and sender; the last column: counts for quiet days.
#: fmt: off
TABLE = {
    #                     demand          answer          paper
    #                     run    person   run    person   run   person
    "legal": (STOPS, STOPS, STOPS, STOPS, GOES, GOES),
    "do_not_contact": (STOPS, STOPS, STOPS, STOPS, GOES, GOES),
    "excluded": (STOPS, ASKS, GOES, GOES, GOES, GOES),
    "disputed": (STOPS, ASKS, GOES, GOES, GOES, GOES),
    "promised": (STOPS, ASKS, GOES, GOES, GOES, GOES),
    "net_credit": (STOPS, ASKS, GOES, GOES, GOES, GOES),
    "below_minimum": (STOPS, ASKS, GOES, GOES, GOES, GOES),
    "waiting": (STOPS, ASKS, GOES, GOES, GOES, GOES),
    "quiet_days": (STOPS, ASKS, GOES, GOES, GOES, GOES),
    "bank_not_reconciled": (STOPS, ASKS, GOES, GOES, GOES, GOES),
    "archived": (STOPS, ASKS, GOES, GOES, GOES, GOES),
    "no_address": (STOPS, ASKS, GOES, GOES, GOES, GOES),
}
#: fmt: on
COLUMNS = [(kind, sender) for kind in KINDS for sender in SENDERS]
CASES = [
    (kind, sender, reason, row[number])
    for reason, row in TABLE.items()
    for number, (kind, sender) in enumerate(COLUMNS)
]


def test_the_table_has_each_reason():
    assert tuple(TABLE) == guard.REASONS


@pytest.mark.parametrize(("kind", "sender", "reason", "expected"), CASES)
def test_what_a_reason_does(kind, sender, reason, expected):
    verdict = judge(kind, sender, (reason,))
    assert (
        verdict
        == {
            STOPS: Verdict(stops=reason),
            ASKS: Verdict(asks=(reason,)),
            GOES: Verdict(),
        }[expected]
    )


def test_demands_alone_begin_quiet_days():
    assert [kind for kind in KINDS if counts(kind)] == ["demand"]


def test_a_person_is_asked_about_all_that_does_not_stop():
    reasons = ("disputed", "quiet_days")
    assert judge("demand", "person", reasons) == Verdict(asks=reasons)
    assert judge("demand", "person", ("legal", *reasons)) == Verdict(stops="legal")
    assert judge("demand", "run", reasons) == Verdict(stops="disputed")
