"""What PostgreSQL knows of foreign keys."""

from odoo.tools import SQL


def foreign_keys_between(tables):
    """Select ``table, name`` of foreign keys by which tables refer to each other."""
    return SQL(
        """
        SELECT owner.relname, refers.conname
          FROM pg_constraint refers
          JOIN pg_class owner ON owner.oid = refers.conrelid
          JOIN pg_class other ON other.oid = refers.confrelid
         WHERE refers.contype = 'f'
           AND owner.relnamespace = current_schema::regnamespace
           AND owner.relname = ANY(%(tables)s) AND other.relname = ANY(%(tables)s)
        """,
        tables=tables,
    )
