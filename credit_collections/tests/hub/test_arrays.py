from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...sql.hub.arrays import array


@tagged("post_install", "-at_install")
class TestArrays(TransactionCase):
    """What is written as an array is read as the same values."""

    def _read(self, values, kind):
        rows = self.env.execute_query(SQL("SELECT %s::" + kind, array(values)))
        return rows[0][0]

    def test_numbers_and_nothing(self):
        self.assertEqual(self._read([3, None, -1], "int[]"), [3, None, -1])
        self.assertEqual(self._read([0.1, None, 1e-7], "float8[]"), [0.1, None, 1e-7])

    def test_no_values(self):
        self.assertEqual(self._read([], "int[]"), [])

    def test_words_that_mean_something_to_postgresql(self):
        words = ["email", "", "NULL", None, 'a "b" {c},', "back\\slash", "é"]
        self.assertEqual(self._read(words, "varchar[]"), words)
