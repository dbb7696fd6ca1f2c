import inspect
from contextlib import suppress

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestPublicMethods(TransactionCase):
    """Anybody may call a public method without a record, as a button never does."""

    def _methods(self):
        """Yield ``(records, name)`` of what we let be called and needs no argument."""
        for model in self.env.registry.models:
            records = self.env[model]
            if records._abstract:
                continue
            for name, method in inspect.getmembers(type(records), inspect.isfunction):
                owner = method.__module__
                if name.startswith("_") or "addons.credit_collections" not in owner:
                    continue
                parameters = list(inspect.signature(method).parameters.values())[1:]
                if all(one.default is not one.empty for one in parameters):
                    yield records, name

    def test_without_a_record_they_do_nothing_or_say_what_is_missing(self):
        called, wrong = 0, {}
        for records, name in self._methods():
            called += 1
            try:
                with (
                    suppress(UserError),
                    self.env.cr.savepoint(),
                    mute_logger("odoo.sql_db"),
                ):
                    getattr(records, name)()
            except ValueError as error:
                # what Odoo itself says where one record is needed
                if "Expected singleton" not in str(error):
                    wrong[records._name, name] = repr(error)
            except Exception as error:  # noqa: BLE001 - each is shown below
                wrong[records._name, name] = repr(error)
        self.assertGreater(called, 100)
        self.assertFalse(wrong)
