from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestHoldSplit(LimitedCommon):
    """A part of an order is released, and the rest waits as a quotation."""

    def _held(self, *amounts, **values):
        """Return a held order with lines of ten pieces that come to these amounts."""
        order = self._order(self.limited, amounts[0], quantity=10, **values)
        for amount in amounts[1:]:
            order.order_line += order.order_line[0].copy(
                {"order_id": order.id, "price_unit": amount / 10}
            )
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        return order

    def _part(self, order, *quantities, user=None):
        hold = order.credit_hold_id.with_user(user or self.controller)
        chosen = dict(zip(order.order_line, quantities, strict=True))
        return hold._release_part(chosen, self.release_reason, note="For now")

    def test_what_was_chosen_is_confirmed_and_the_rest_waits(self):
        order = self._held(1500.0, 400.0)
        # 6 × 150 = 900 now; 4 × 150 + 10 × 40 = 1,000 later
        rest = self._part(order, 6, 0)
        self.assertEqual((order.state, order.amount_total), ("sale", 900.0))
        self.assertEqual((rest.state, rest.amount_total), ("draft", 1000.0))
        self.assertEqual(rest.order_line.mapped("product_uom_qty"), [4.0, 10.0])
        self.assertEqual(order.credit_hold_state, "released")
        self.assertEqual(rest.credit_hold_state, "held")
        self.assertEqual(order.credit_hold_id.released_amount, 900.0)
        self.assertEqual(rest.user_id, order.user_id)

    def test_the_rest_says_what_holds_it_now(self):
        rest = self._part(self._held(1500.0), 6)
        # 900 confirmed + 600 = 1,500 of 1,000
        hold = rest.credit_hold_id
        self.assertEqual(hold.line_ids.kind, "limit_used")
        self.assertEqual((hold.amount, hold.exposure_amount), (600.0, 900.0))
        self.assertEqual(hold.amount_over, 500.0)

    def test_both_orders_and_both_holds_lead_to_each_other(self):
        order = self._held(1500.0)
        rest = self._part(order, 6)
        self.assertEqual(rest.origin, order.name)
        self.assertEqual(rest.credit_hold_id.split_from_id, order.credit_hold_id)
        self.assertEqual(order.credit_hold_id.split_ids, rest.credit_hold_id)
        self.assertIn(rest.name, "".join(order.message_ids.mapped("body")))
        self.assertIn(order.name, "".join(rest.message_ids.mapped("body")))

    def test_prices_stay_as_agreed(self):
        order = self._order(self.limited, 1500.0, quantity=10)
        order.order_line.write({"price_unit": 160.0, "discount": 5.0})
        order.with_user(self.salesperson).action_confirm()
        rest = self._part(order, 6)
        for line in order.order_line + rest.order_line:
            self.assertEqual((line.price_unit, line.discount), (160.0, 5.0))

    def test_the_rest_stays_held_also_where_no_rule_is_broken_any_more(self):
        self.env["credit.rule"].search([]).active = False
        self._rule("order_amount", amount=1000.0)
        rest = self._part(self._held(1500.0), 6)
        hold = rest.credit_hold_id
        self.assertEqual((hold.state, hold.is_ready), ("held", True))
        self.assertEqual(hold.line_ids.kind, "order_amount")

    def test_the_rest_of_an_order_held_by_hand_is_held_by_hand(self):
        order = self._held(1500.0)
        reason = self.env.ref("credit_collections.credit_reason_hold_talk")
        order.credit_hold_id.with_user(self.controller)._force(order, reason)
        rest = self._part(order, 6)
        hold = rest.credit_hold_id
        self.assertEqual(hold.line_ids.mapped("kind"), ["limit_used", "forced"])
        self.assertTrue(hold.is_forced)
        self.assertEqual(hold.missing_amount, 0.0)  # money does not help
        self._profile(self.limited).credit_limit = 5000.0
        hold.with_user(self.controller).action_evaluate()
        self.assertEqual((rest.state, hold.state), ("draft", "held"))

    def test_sections_and_notes_are_in_both(self):
        order = self._order(self.limited, 1500.0, quantity=10)
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "By truck"})
        ]
        order.with_user(self.salesperson).action_confirm()
        products = order._credit_split_lines()
        rest = order.credit_hold_id.with_user(self.controller)._release_part(
            {products: 6}, self.release_reason
        )
        for one in order + rest:
            self.assertIn("By truck", one.order_line.mapped("name"))

    def test_the_rest_can_be_released_in_part_again(self):
        rest = self._part(self._held(1500.0), 2)
        last = self._part(rest, 3)
        self.assertEqual((rest.state, rest.amount_total), ("sale", 450.0))
        self.assertEqual(last.amount_total, 750.0)

    def test_the_dialog_shows_what_is_released_and_what_stays(self):
        order = self._held(1500.0, 400.0)
        hold = order.credit_hold_id.with_user(self.controller)
        action = hold.action_release_part()
        dialog = self.env[action["res_model"]].with_user(self.controller)
        form = Form(dialog.with_context(**action["context"]))
        self.assertEqual((form.amount, form.amount_rest), (1900.0, 0.0))
        with form.line_ids.edit(0) as line:
            line.quantity = 6
        with form.line_ids.edit(1) as line:
            line.quantity = 0
        self.assertEqual((form.amount, form.amount_rest), (900.0, 1000.0))
        form.reason_id = self.release_reason
        form.save().action_release()
        self.assertEqual((order.state, order.amount_total), ("sale", 900.0))

    # === BAD INPUT === #

    def test_nothing_chosen_says_so_and_changes_nothing(self):
        order = self._held(1500.0)
        for quantities in ({}, {order.order_line: 0.0}):
            with self.assertRaisesRegex(UserError, "all quantities are zero"):
                order.credit_hold_id.with_user(self.controller)._release_part(
                    quantities, self.release_reason
                )
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))

    def test_the_whole_order_is_no_part(self):
        order = self._held(1500.0)
        with self.assertRaisesRegex(UserError, "whole order"):
            self._part(order, 10)

    def test_no_more_than_was_ordered_and_no_less_than_nothing(self):
        order = self._held(1500.0)
        for quantity in (10.01, -0.01):
            with self.assertRaisesRegex(UserError, "are ordered"):
                self._part(order, quantity)

    def test_lines_of_another_order_are_refused(self):
        order, other = self._held(1500.0), self._order(self.customer)
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            order.credit_hold_id.with_user(self.controller)._release_part(
                {other.order_line: 1}, self.release_reason
            )

    def test_a_confirmed_order_is_not_released_in_part(self):
        order = self._confirmed(self.limited, 900.0, quantity=9)
        order.order_line.product_uom_qty = 12
        self.assertEqual(order.credit_hold_state, "held")
        with self.assertRaisesRegex(UserError, "no quotation any more"):
            order.credit_hold_id.with_user(self.controller).action_release_part()

    def test_an_order_cancelled_meanwhile_is_not_released_in_part(self):
        order = self._held(1500.0)
        hold = order.credit_hold_id
        order.action_cancel()
        with self.assertRaisesRegex(UserError, "no longer held"):
            hold.with_user(self.controller)._release_part(
                {order.order_line: 6}, self.release_reason
            )

    def test_others_release_no_part(self):
        order = self._held(1500.0)
        collector = self._user("credit_collector", "credit_collections.group_collector")
        for user in (self.salesperson, collector):
            with self.assertRaises(AccessError):
                self._part(order, 6, user=user)
            with self.assertRaises(AccessError):
                self.env["credit.hold.split"].with_user(user).create({})
