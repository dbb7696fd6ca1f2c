from odoo.tests import TransactionCase, tagged

from ...hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    """The addon goes: each reason or step that is deleted would look for itself in all
    customers."""

    def _foreign_keys(self):
        """Return ``{(table, table it refers to)}``."""
        self.cr.execute(
            """SELECT conrelid::regclass::text, confrelid::regclass::text
                 FROM pg_constraint WHERE contype = 'f'"""
        )
        return set(self.cr.fetchall())

    def test_the_addon_s_own_tables_refer_to_each_other_no_more(self):
        own = (("credit_profile", "credit_reason"), ("credit_hold", "credit_profile"))
        self.assertLessEqual(set(own), self._foreign_keys())
        uninstall_hook(self.env)
        self.assertFalse(set(own) & self._foreign_keys())

    def test_what_refers_to_core_or_is_core_s_stays(self):
        kept = {
            ("credit_profile", "res_partner"),
            ("account_move_line", "collection_step"),
            ("sale_order", "res_partner"),
        }
        uninstall_hook(self.env)
        self.assertLessEqual(kept, self._foreign_keys())
