"""What PostgreSQL has to know at once, and not when it comes by to count."""

from odoo.tools import SQL

#: Rows from which on that matters. PostgreSQL takes tables that were never counted for
#: almost empty, and plans products of all with all: hours where it was minutes.
ANALYZE_FROM = 1000


def count_rows(records, number):
    """Let PostgreSQL count the table of a model into which ``number`` rows came."""
    if number >= ANALYZE_FROM:
        records.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(records._table)))
