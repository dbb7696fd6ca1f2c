"""The counters of decisions have a table of their own now."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

COUNTERS = (("credit_profile", "profile_id"), ("credit_group", "group_id"))


def migrate(cr, version):
    """Take the counters along, and their columns away."""
    if not version:
        return
    for table, whose in COUNTERS:
        if not column_exists(cr, table, "decision_count"):
            continue
        cr.execute(
            SQL(
                """
                INSERT INTO credit_decision_count (%(whose)s, decisions)
                SELECT id, decision_count FROM %(table)s WHERE decision_count > 0
                ON CONFLICT (%(whose)s) DO NOTHING
                """,
                whose=SQL.identifier(whose),
                table=SQL.identifier(table),
            )
        )
        cr.execute(
            SQL("ALTER TABLE %s DROP COLUMN decision_count", SQL.identifier(table))
        )
