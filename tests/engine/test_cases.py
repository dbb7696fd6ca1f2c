import pytest

from engine import cases


@pytest.mark.parametrize(
    ("settled", "reason"),
    [
        ({"payment": 100.0}, "paid"),
        ({"credit_note": 100.0}, "credited"),
        ({"write_off": 100.0}, "written_off"),
        ({"payment": 99.99, "write_off": 0.01}, "mixed"),
        ({"payment": 50.0, "credit_note": 50.0}, "mixed"),
        ({"payment": 1.0, "credit_note": 1.0, "write_off": 1.0}, "mixed"),
        ({"payment": 100.0, "write_off": 0.0}, "paid"),
        ({"reversal": 100.0}, "credited"),
        ({"reversal": 50.0, "credit_note": 50.0}, "credited"),
        ({"payment": 97.0, "exchange": 3.0}, "paid"),
        ({"write_off": 97.0, "exchange": 3.0}, "written_off"),
        ({}, "written_off"),
    ],
)
def test_the_reason_is_what_settled_the_items(settled, reason):
    assert cases.close_reason(settled) == reason


@pytest.mark.parametrize(
    ("open_items", "items", "expected"),
    [(0, 0, False), (0, 1, True), (1, 1, False), (1, 2, False), (0, 2, True)],
)
def test_a_case_is_settled_when_none_of_its_items_is_open(open_items, items, expected):
    assert cases.is_settled(open_items, items) is expected


@pytest.mark.parametrize(
    ("state", "reason", "open_items", "expected"),
    [
        ("closed", "paid", 1, True),
        ("closed", "paid", 0, False),
        ("closed", "cancelled", 1, False),
        ("open", None, 1, False),
        ("legal", None, 1, False),
    ],
)
def test_a_case_goes_on_when_an_item_is_open_again(state, reason, open_items, expected):
    assert cases.opens_again(state, reason, open_items) is expected
