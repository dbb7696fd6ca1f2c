"""Reading a table of new limits: which column is what, and what its cells say."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

#: Columns and the titles they are known by, in lower case. Translations are added by
#: who reads the file.
TITLES = {
    "name": {"customer", "name", "partner", "group", "credit group"},
    "ref": {"reference", "ref", "customer number", "customer no.", "number"},
    "vat": {"vat", "tax id", "vat number"},
    "limit": {"limit", "new limit", "credit limit", "amount"},
    "date_from": {"from", "date from", "valid from", "start"},
    "date_to": {"until", "to", "date to", "valid until", "expiry", "expires", "end"},
    "currency": {"currency"},
    "note": {"note", "reason", "comment"},
}

#: Who the row is about: one of these is needed.
KEYS = ("ref", "vat", "name")

#: Words in the place of an amount, as a policy.
WORDS = {
    "unlimited": "unlimited",
    "no credit": "none",
    "none": "none",
    "default": "default",
}


class MissingColumnError(Exception):
    """A table without a column that is needed, ``name`` of :data:`TITLES`."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Row:
    """A row of the table: its number, what it says, and codes of what it does not."""

    number: int
    values: dict
    problems: tuple


@dataclass(frozen=True)
class Style:
    """How numbers and days are written where they are text, see :func:`read_rows`."""

    decimal_point: str = "."
    thousands: str = ","
    date_formats: tuple = ("%Y-%m-%d",)


def read_rows(table, style, titles=None):
    """Yield the :class:`Row` objects of a table whose first row has the titles.

    Rows without anything in them are left out; numbers are those of the spreadsheet.
    A table may be long: what it says is not kept here.

    :param table: list of rows, each a list of cells: texts, numbers, dates or ``None``
    :param titles: more titles of columns, like :data:`TITLES`
    :raise MissingColumnError: no column says whom a row is about, or the limit
    """
    heads = table[0] if table else []
    columns = _find_columns(heads, titles or {})
    return _read_cells(table, columns, style)


def _read_cells(table, columns, style):
    for number, cells in enumerate(islice(table, 1, None), 2):
        found = {
            name: cells[index] if index < len(cells) else None
            for name, index in columns.items()
        }
        if any(_text(cell) for cell in found.values()):
            yield _read_row(number, found, style)


def _find_columns(heads, titles):
    known = {
        title: name
        for names in (TITLES, titles)
        for name, words in names.items()
        for title in words
    }
    columns = {}
    for index, head in enumerate(heads):
        name = known.get(_text(head).lower())
        if name:
            columns.setdefault(name, index)
    if not any(key in columns for key in KEYS):
        raise MissingColumnError("name")
    if "limit" not in columns:
        raise MissingColumnError("limit")
    return columns


def _read_row(number, cells, style):
    values, problems = {}, []
    for name in (*KEYS, "currency", "note"):
        values[name] = _text(cells.get(name))
    if not any(values[key] for key in KEYS):
        problems.append("no_customer")
    values["policy"], values["limit"] = _read_limit(cells["limit"], style)
    if values["policy"] is None:
        problems.append("bad_limit")
    for name in ("date_from", "date_to"):
        values[name] = _read_date(cells.get(name), style)
        if values[name] is None and _text(cells.get(name)):
            problems.append(f"bad_{name}")
    return Row(number, values, tuple(problems))


def _read_limit(cell, style):
    """Return ``(policy, amount)``, ``(None, 0.0)`` for what is no limit."""
    word = _text(cell).lower()
    if word in WORDS:
        return WORDS[word], 0.0
    amount = read_number(cell, style)
    return (None, 0.0) if amount is None else ("limited", amount)


def read_number(cell, style):
    """Return the number in a cell, ``None`` where there is none.

    Text is read with the separators of ``style``; thousands have three digits, so that
    ``1,5`` is not taken for 15 where the comma separates thousands.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    text = re.sub(r"\s", "", _text(cell))
    group, point = re.escape(style.thousands), re.escape(style.decimal_point)
    grouped = rf"\d{{1,3}}(?:{group}\d{{3}})+|" if style.thousands.strip() else ""
    if not re.fullmatch(rf"[-+]?(?:{grouped}\d+)(?:{point}\d+)?", text):
        return None
    if style.thousands.strip():
        text = text.replace(style.thousands, "")
    return float(text.replace(style.decimal_point, "."))


def _read_date(cell, style):
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    for date_format in ("%Y-%m-%d", *style.date_formats):
        try:
            return datetime.strptime(text, date_format).date()
        except ValueError:
            continue
    return None


def _text(cell):
    """Return a cell as text; a number like 1001.0 is the reference 1001."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()
