import pytest

from engine.hold.prepaid import paid_of_order, undelivered


@pytest.mark.parametrize(
    "invoiced, received, expected",
    [
        ([], [], 0.0),
        ([(100.0, 0.0)], [], 0.0),
        ([(100.0, 0.25)], [], 25.0),
        ([(100.0, 1.0), (-30.0, 1.0)], [], 70.0),  # a credit note gives back
        ([(40.0, 1.0), (100.0, 0.5), (-40.0, 0.5)], [], 70.0),  # 40 + 60 x 0.5
        ([], [10.0, 5.0], 15.0),
        ([(100.0, 0.5)], [20.0], 70.0),
    ],
)
def test_what_is_paid_of_an_order(invoiced, received, expected):
    assert paid_of_order(invoiced, received) == expected


@pytest.mark.parametrize(
    "billed, delivered, invoiced_before, expected",
    [
        (5.0, 0.0, 0.0, True),
        (5.0, 1.0, 0.0, False),  # one of the five was delivered
        (5.0, 3.0, 3.0, True),  # what was delivered is billed already
        (5.0, 3.1, 3.0, False),
        (5.0, 0.0, -2.0, True),  # a credit note delivers nothing
        (0.0, 0.0, 0.0, False),
        (-1.0, 0.0, 0.0, False),
    ],
)
def test_what_bills_nothing_that_was_delivered(
    billed, delivered, invoiced_before, expected
):
    assert undelivered(billed, delivered, invoiced_before) is expected
