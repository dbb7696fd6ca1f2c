"""Reading a table of new limits."""

from datetime import date, datetime

import pytest

from engine.limit.limit_import import MissingColumnError, Style, read_number, read_rows

ENGLISH = Style()
GERMAN = Style(",", ".", ("%d.%m.%Y",))
SPACED = Style(",", " ", ())

# cell, style, expected
NUMBERS = [
    (1500, ENGLISH, 1500.0),
    (1500.5, GERMAN, 1500.5),
    ("1500", ENGLISH, 1500.0),
    ("1,500.50", ENGLISH, 1500.5),
    ("1.500,50", GERMAN, 1500.5),
    ("12 500,50", SPACED, 12500.5),
    ("-3", ENGLISH, -3.0),
    # neither is what it seems to be in the other language
    ("1,5", ENGLISH, None),
    ("1.500,50", ENGLISH, None),
    ("1.5", GERMAN, None),
    ("much", ENGLISH, None),
    ("", ENGLISH, None),
    (None, ENGLISH, None),
    (True, ENGLISH, None),
    ("nan", ENGLISH, None),
    ("1e5", ENGLISH, None),
]


@pytest.mark.parametrize(("cell", "style", "expected"), NUMBERS)
def test_numbers(cell, style, expected):
    assert read_number(cell, style) == expected


def _read(*rows, style=ENGLISH, titles=None):
    heads = ["Customer", "Reference", "Limit", "From", "Until"]
    return read_rows([heads, *rows], style, titles)


def test_a_row():
    (row,) = _read(["Azure", 1001.0, 500, datetime(2025, 1, 2, 0, 0), "2025-02-03"])
    assert row.number == 2
    assert row.problems == ()
    assert row.values["name"] == "Azure"
    assert row.values["ref"] == "1001"
    assert (row.values["policy"], row.values["limit"]) == ("limited", 500.0)
    assert row.values["date_from"] == date(2025, 1, 2)
    assert row.values["date_to"] == date(2025, 2, 3)


def test_words_in_the_place_of_an_amount():
    rows = _read(["A", "", "Unlimited"], ["B", "", "no credit"], ["C", "", "default"])
    assert [row.values["policy"] for row in rows] == ["unlimited", "none", "default"]


def test_days_in_the_language_of_the_user():
    (row,) = _read(["A", "", "5", "", "31.12.2025"], style=GERMAN)
    assert row.values["date_to"] == date(2025, 12, 31)
    (row,) = _read(["A", "", "5", "", "31.12.2025"])
    assert row.problems == ("bad_date_to",)


def test_all_that_is_wrong_with_a_row():
    (row,) = _read(["", None, "much", "soon", "31/31/2025"])
    assert row.problems == ("no_customer", "bad_limit", "bad_date_from", "bad_date_to")


def test_empty_rows_are_left_out_and_numbers_are_those_of_the_spreadsheet():
    rows = _read(["A", "", 1], [None, "", " "], [], ["B", "", 2])
    assert [(row.number, row.values["name"]) for row in rows] == [(2, "A"), (5, "B")]


def test_a_missing_limit_is_none():
    (row,) = _read(["A"])
    assert row.problems == ("bad_limit",)


def test_columns_in_any_order_and_in_another_language():
    table = [["Neues Limit", "x", "KUNDE"], [5, "?", "Azure"]]
    titles = {"name": {"kunde"}, "limit": {"neues limit"}}
    (row,) = read_rows(table, ENGLISH, titles)
    assert (row.values["name"], row.values["limit"]) == ("Azure", 5.0)


@pytest.mark.parametrize(
    ("heads", "missing"),
    [([], "name"), (["Limit"], "name"), (["VAT"], "limit"), (["Foo", "Bar"], "name")],
)
def test_missing_columns(heads, missing):
    with pytest.raises(MissingColumnError) as error:
        read_rows([heads, ["A", 1]], ENGLISH)
    assert error.value.name == missing
