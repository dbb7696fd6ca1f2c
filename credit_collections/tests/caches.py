"""Caches of the registry, emptied after a test as after any transaction that fails.

Odoo's test case empties all of them after every test, and the next one reads groups,
rights, rules of access and views again: some forty statements and their work. A
transaction that is rolled back in a server empties those only that it had emptied
itself; here this is so too.
"""

from unittest.mock import patch

ALL = "*"


class KeptCaches:
    """For test cases: comes before the one of Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.emptied_caches = set()
        clear, clear_all = cls.registry.clear_cache, cls.registry.clear_all_caches

        def clear_cache(*names):
            cls.emptied_caches.update(names or ("default",))
            clear(*names)

        def clear_all_caches():
            cls.emptied_caches.add(ALL)
            clear_all()

        for name, method in (
            ("clear_cache", clear_cache),
            ("clear_all_caches", clear_all_caches),
        ):
            cls.startClassPatcher(patch.object(cls.registry, name, method))
        cls.empty_all_caches = staticmethod(clear_all)
        cls.empty_caches = staticmethod(clear)

    def setUp(self):
        # what is called after the test is what stands here while it is set up
        with patch.object(self.registry, "clear_all_caches", self._roll_back_caches):
            super().setUp()
        self.emptied_caches.clear()

    def _roll_back_caches(self):
        if ALL in self.emptied_caches:
            self.empty_all_caches()
        elif self.emptied_caches:
            self.empty_caches(*self.emptied_caches)
