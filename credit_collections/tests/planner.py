"""What PostgreSQL's planner knows, left behind as it was found.

ANALYZE notes how large a table is outside of the transaction it runs in: what a class
analyzes and rolls back is planned for long after it is gone. Worse, rows that were
rolled back keep their pages. Who analyzes such a table before filling it notes many
pages without a row, and PostgreSQL then takes it for empty however much comes in: it
plans products of whole tables, minutes for a query of milliseconds.
"""

from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import get_db_name
from odoo.tools import SQL

SIZES = """
    SELECT oid::regclass::text, reltuples, relpages,
           pg_relation_size(oid) / current_setting('block_size')::int
      FROM pg_class
     WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
"""


def sizes():
    """Return rows and pages of each table as the planner knows them, and real pages."""
    with Registry(get_db_name()).cursor() as cr:
        cr.execute(SIZES)
        return {table: tuple(known) for table, *known in cr.fetchall()}


def restore(before):
    """Take away the pages of what was rolled back, and what is known about them."""
    now = sizes()
    clean(table for table in now if now[table] != before.get(table))


def clean(tables):
    """Take away the pages of these tables that are empty, and count what is left."""
    names = [SQL.identifier(table) for table in tables]
    if not names:
        return
    with db_connect(get_db_name()).cursor() as cr:
        cr._cnx.autocommit = True  # VACUUM takes part in no transaction
        try:
            cr.execute(SQL("VACUUM ANALYZE %s", SQL(", ").join(names)))
        finally:
            cr._cnx.autocommit = False


class SteadyPlanner:
    """For test cases: comes before the one of Odoo, whose transaction it outlives."""

    @classmethod
    def setUpClass(cls):
        cls.addClassCleanup(restore, sizes())
        super().setUpClass()
