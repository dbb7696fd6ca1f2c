"""What PostgreSQL's planner knows, left behind as it was found.

ANALYZE notes how large a table is outside of the transaction it runs in: what a class
analyzes and rolls back is planned for long after it is gone.
"""

from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import get_db_name
from odoo.tools import SQL

SIZES = """
    SELECT oid::regclass::text, reltuples, relpages
      FROM pg_class
     WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
"""


def sizes():
    """Return what the planner takes for the rows and pages of each table."""
    with Registry(get_db_name()).cursor() as cr:
        cr.execute(SIZES)
        return {table: (rows, pages) for table, rows, pages in cr.fetchall()}


def restore(before):
    """Analyze the tables again of which the planner knows something else by now."""
    now = sizes()
    changed = [table for table in now if now[table] != before.get(table)]
    if not changed:
        return
    tables = SQL(", ").join(map(SQL.identifier, changed))
    with db_connect(get_db_name()).cursor() as cr:
        cr._cnx.autocommit = True  # VACUUM takes part in no transaction
        try:
            # with the rows that were rolled back, so that pages without any are gone
            cr.execute(SQL("VACUUM ANALYZE %s", tables))
        finally:
            cr._cnx.autocommit = False


class SteadyPlanner:
    """For test cases: comes before the one of Odoo, whose transaction it outlives."""

    @classmethod
    def setUpClass(cls):
        cls.addClassCleanup(restore, sizes())
        super().setUpClass()
