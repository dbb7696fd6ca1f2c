"""Numbers of documents, fetched for all new ones at once."""

from odoo.tools import SQL


def next_numbers(env, code, count):
    """Return the next numbers of a sequence, with one statement for all of them.

    :param code: code of the sequence; one of the company goes before the shared one
    :param count: how many numbers are needed
    """
    if not count:
        return []
    # numbers are given to whoever may make the document
    sequence = env["ir.sequence"].sudo()
    sequence = sequence.search(
        [("code", "=", code), ("company_id", "in", (env.company.id, False))],
        order="company_id",
        limit=1,
    )
    if not sequence:
        return [code] * count
    if sequence.implementation != "standard" or sequence.use_date_range:
        return [sequence.next_by_id() for _number in range(count)]
    rows = env.execute_query(
        SQL(
            "SELECT nextval(%s) FROM generate_series(1, %s)",
            f"ir_sequence_{sequence.id:03d}",
            count,
        )
    )
    return [sequence.get_next_char(row[0]) for row in rows]
