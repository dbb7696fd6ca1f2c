import re
from collections import Counter
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ... import hooks

INSTALL = Path(__file__).parents[2] / "readme" / "INSTALL.md"
ROW = re.compile(
    r"(?m)^ *\|[^|]*`(\w+)`[^|]*\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|$"
)

#: Core's tables with a row for each line of a document, or for each document.
BIG = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_payment",
    "sale_order_line",
)


@tagged("post_install", "-at_install")
class TestInstallCounts(TransactionCase):
    """What the manual says of core's tables is what the database has."""

    def _our_columns(self):
        """Return ``{table: {column}}`` that core's tables have by this addon alone."""
        self.cr.execute(
            """
            SELECT col.table_name, col.column_name
              FROM ir_model_fields field
              JOIN information_schema.columns col
                ON col.table_name = replace(field.model, '.', '_')
               AND col.column_name = field.name AND col.table_schema = 'public'
             WHERE (SELECT array_agg(data.module) FROM ir_model_data data
                     WHERE data.model = 'ir.model.fields' AND data.res_id = field.id)
                   = ARRAY['credit_collections'::varchar]
               AND col.table_name !~ '^(credit|collection)_'
            """
        )
        columns = {}
        for table, column in self.cr.fetchall():
            columns.setdefault(table, set()).add(column)
        return columns

    def _our_indexes(self, columns):
        """Return ``{table: [over rows that were there, on new columns]}``."""
        self.cr.execute(
            """
            SELECT index.tablename, index.indexdef,
                   EXISTS (SELECT FROM ir_model_constraint declared
                             JOIN ir_module_module module ON module.id = declared.module
                            WHERE module.name = 'credit_collections'
                              AND declared.name = index.indexname)
              FROM pg_indexes index
             WHERE index.schemaname = 'public'
               AND index.tablename !~ '^(credit|collection)_|_rel$'
            """
        )
        found = {}
        for table, definition, is_declared in self.cr.fetchall():
            inside = set(re.findall(r"\w+", definition.partition(" USING ")[2]))
            is_new = bool(inside & columns.get(table, set()))
            if is_declared or is_new:
                found.setdefault(table, [0, 0])[is_new] += 1
        return found

    def test_indexes_of_core_s_big_tables_are_built_before(self):
        """All of them, and just as Odoo would have built them: it keeps them then."""
        self.cr.execute("SELECT indexname, indexdef FROM pg_indexes")
        known = dict(self.cr.fetchall())
        for table, name, definition, _comment in hooks._indexes():
            self.assertIn(name, known)
            self.cr.execute(f'DROP INDEX "{name}"')
            self.cr.execute(f'CREATE INDEX "{name}" ON "{table}" {definition}')
        self.cr.execute("SELECT indexname, indexdef FROM pg_indexes")
        self.assertEqual(dict(self.cr.fetchall()), known)
        columns = self._our_columns()
        ours = {table: sum(self._our_indexes(columns)[table]) for table in BIG}
        built = Counter(index[0] for index in hooks._indexes())
        self.assertEqual({table: built[table] for table in BIG}, ours)

    def test_counts_of_the_manual_are_those_of_the_database(self):
        columns = self._our_columns()
        indexes = self._our_indexes(columns)
        counted = {
            table: [len(columns.get(table, ())), *indexes.get(table, [0, 0])]
            for table in columns.keys() | indexes.keys()
        }
        said = {
            table: [int(number) for number in numbers]
            for table, *numbers in ROW.findall(INSTALL.read_text())
        }
        self.assertEqual(said, counted)
