from odoo.tests import TransactionCase, tagged

#: Keys of ours on core's tables that need no index, and why.
WITHOUT = {
    ("res_company", "credit_approver_id"): "there are few companies",
    ("res_config_settings", "company_id"): "core's own, and rows go by themselves",
    ("sale_order", "credit_excluded_by_id"): "users are archived, hardly ever deleted",
}


@tagged("post_install", "-at_install")
class TestForeignKeys(TransactionCase):
    """Deleting what a row refers to looks for the row: in all of a table of core's,
    which may have millions, where no index leads to it."""

    def test_keys_on_tables_of_core_have_an_index_or_a_reason(self):
        self.cr.execute(
            """
            SELECT refers.conrelid::regclass::text, attribute.attname
              FROM pg_constraint refers
              JOIN pg_attribute attribute ON attribute.attrelid = refers.conrelid
                   AND attribute.attnum = refers.conkey[1]
              JOIN ir_model_fields field ON field.name = attribute.attname
                   AND replace(field.model, '.', '_') = refers.conrelid::regclass::text
              JOIN ir_model_data data ON data.model = 'ir.model.fields'
                   AND data.res_id = field.id AND data.module ~ '^credit_collections'
             WHERE refers.contype = 'f'
               AND refers.conrelid::regclass::text !~ '^(credit|collection)_'
               AND NOT EXISTS (SELECT FROM pg_index index
                                WHERE index.indrelid = refers.conrelid
                                  AND index.indkey[0] = attribute.attnum)
            """
        )
        self.assertEqual(set(self.cr.fetchall()), set(WITHOUT))

    def test_the_search_would_find_one(self):
        """Otherwise the test above might look for nothing."""
        self.cr.execute("SELECT pg_get_indexdef(indexrelid) FROM pg_index")
        definitions = [row[0] for row in self.cr.fetchall()]
        for column in ("collection_step_id", "collection_exclusion_reason_id"):
            self.assertTrue(
                [one for one in definitions if f"({column}) WHERE" in one], column
            )
