"""What is read of everybody at once, put aside and taken up some customers at a time.

Reading of everybody takes as long as reading of two or three slices, where rows lie in
the order of their dates. It locks nothing: it is the writing that is done in slices.
The rows are there for the session that put them aside, over commits and rollbacks of
what comes after.
"""

from odoo.tools import SQL


def put_aside(name, select):
    """Keep the rows of a select, with an ``id``; those of the last time are gone."""
    table = SQL.identifier(name)
    return SQL(
        """
        DROP TABLE IF EXISTS pg_temp.%s;
        CREATE TEMPORARY TABLE %s AS (%s)
        """,
        table,
        table,
        select,
    )


def ids_aside(name, after):
    """Select the ids that were put aside, behind one of them, in order."""
    table = SQL.identifier(name)
    return SQL("SELECT id FROM pg_temp.%s WHERE id > %s ORDER BY id", table, after)


def taken(name, ids):
    """Return what stands after FROM: the rows of some ids."""
    table = SQL.identifier(name)
    return SQL("(SELECT * FROM pg_temp.%s WHERE id = ANY(%s))", table, list(ids))


def forget(name):
    return SQL("DROP TABLE pg_temp.%s", SQL.identifier(name))
