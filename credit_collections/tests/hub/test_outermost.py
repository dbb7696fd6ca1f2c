from odoo import models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from ...tools.outermost import put_around, take_away
from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestOutermost(LimitedCommon):
    """The gate stays outside of all addons, also of those installed after it."""

    def _load(self, definition):
        """Add a class to the registry as an addon installed later does."""
        model_class = self.registry[definition._name]
        before = model_class._base_classes__

        def unload():
            model_class._base_classes__ = before
            self.registry._setup_models__(self.cr, [definition._name])

        self.addCleanup(unload)
        add_to_registry(self.registry, definition)
        self.registry._setup_models__(self.cr, [definition._name])

    def _load_effect(self):
        """Load an addon with an effect before it confirms; return what it touched."""
        touched = []

        class SaleOrder(models.Model):
            _module = None
            _inherit = "sale.order"

            def action_confirm(self):
                touched.extend(self.ids)
                return super().action_confirm()

        self._load(SaleOrder)
        return touched

    def test_an_addon_loaded_later_does_nothing_to_an_order_that_is_held(self):
        touched = self._load_effect()
        order = self._order(self.limited, 1500.0)
        order.action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        self.assertFalse(touched)

    def test_an_addon_loaded_later_does_its_part_of_an_order_that_passes(self):
        touched = self._load_effect()
        order = self._order(self.limited, 1000.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(touched, order.ids)

    def test_what_is_withheld_stays_so_for_an_addon_loaded_later(self):
        launched = []

        class SaleOrderLine(models.Model):
            _module = None
            _inherit = "sale.order.line"

            def _action_launch_stock_rule(self, **kwargs):
                launched.extend(self.ids)

        self._load(SaleOrderLine)
        order = self._order(self.limited, 1500.0)
        order.action_confirm()
        order.order_line._action_launch_stock_rule()
        self.assertFalse(launched)
        free = self._order(self.limited, 500.0)
        free.order_line._action_launch_stock_rule()
        self.assertEqual(launched, free.order_line.ids)

    def test_the_gate_is_there_once_however_often_models_are_set_up(self):
        for _time in range(2):
            self.registry._setup_models__(self.cr, ["sale.order"])
        self.addCleanup(self.registry._setup_models__, self.cr, ["sale.order"])
        self.assertIn("action_confirm", vars(self.registry["sale.order"]))
        take_away(self.env["sale.order"], "action_confirm")
        self.assertNotIn("action_confirm", vars(self.registry["sale.order"]))


class _Registered:
    """A stand-in for a model: a class in a registry, and records of it."""

    def __init__(self, **classes):
        self.registry = classes

    def model(self, name):
        records = self.registry[name]()
        records._name = name
        records.env = self
        return records


@tagged("post_install", "-at_install")
class TestWrapper(LimitedCommon):
    """The wrapper itself, on classes that are no models."""

    def setUp(self):
        super().setUp()
        self.calls = []
        self.registered = self._build()

    def _build(self):
        calls = self.calls

        class Core:
            def run(self):
                calls.append("core")

        class Order(Core):
            pass

        return _Registered(order=Order)

    def _definition(self, label, *bases):
        """Return a class whose method notes its label and calls ``super()``."""
        calls = self.calls

        class Definition(*bases):
            def run(self):
                calls.append(label)
                return super().run()

        return Definition

    def _wrap(self, name="order"):
        def wrapper(records, origin):
            self.calls.append("gate")
            return origin(records)

        put_around(self.registered.model(name), "run", wrapper)

    def _run(self, name="order"):
        self.calls.clear()
        self.registered.model(name).run()
        return self.calls

    def test_the_wrapper_comes_first(self):
        self._wrap()
        self.assertEqual(self._run(), ["gate", "core"])

    def test_wrapping_twice_is_wrapping_once(self):
        self._wrap()
        self._wrap()
        self.assertEqual(self._run(), ["gate", "core"])

    def test_a_definition_that_joins_a_class_already_wrapped_is_not_hidden(self):
        self._wrap()
        order = self.registered.registry["order"]
        order.__bases__ = (self._definition("late", *order.__bases__),)
        self.assertEqual(self._run(), ["gate", "late", "core"])

    def test_a_model_that_inherits_from_a_wrapped_one_is_wrapped_outside_too(self):
        self._wrap()
        child = self._definition("child", self.registered.registry["order"])
        self.registered.registry["child"] = child
        self._wrap("child")
        self.assertEqual(self._run("child")[:2], ["gate", "child"])

    def test_a_patch_that_copies_the_marks_of_ours_is_wrapped_all_the_same(self):
        self._wrap()
        order = self.registered.registry["order"]
        ours = vars(order)["run"]

        def patch(records):
            self.calls.append("patch")
            return ours(records)

        patch.__dict__.update(ours.__dict__)  # as functools.wraps does
        order.run = patch
        self._wrap()
        self.assertEqual(self._run()[:2], ["gate", "patch"])

    def test_taking_away_leaves_the_method_as_it_was(self):
        self._wrap()
        take_away(self.registered.model("order"), "run")
        self.assertEqual(self._run(), ["core"])

    def test_taking_away_restores_what_it_was_put_around(self):
        order = self.registered.registry["order"]
        order.run = lambda records: self.calls.append("patch")
        self._wrap()
        take_away(self.registered.model("order"), "run")
        self.assertEqual(self._run(), ["patch"])

    def test_a_model_without_the_method_is_left_alone(self):
        order = self.registered.model("order")
        put_around(order, "other", lambda records, origin: None)
        self.assertFalse(hasattr(order, "other"))
