from odoo.tests import Form, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryDoors(DeliveryCommon):
    """Every way to validate a delivery meets the checkpoint, and none raises."""

    def _both(self):
        """Return the order of a good customer and that of a late one."""
        return self._sold(customer=self.customer), self._sold()

    def _assert_one_left(self, good, late):
        self.assert_shipped(good)
        self.assert_held(late)

    def test_the_button_says_what_is_going_on(self):
        order = self._sold()
        result = self._validate(order.picking_ids)
        self.assertEqual(result["tag"], "display_notification")
        self.assertIn("waiting for release", result["params"]["message"])
        self.assertIn("Days overdue", result["params"]["message"])
        self.assertNotIn("100", result["params"]["message"])

    def test_of_many_the_good_ones_leave_and_one_summary_tells_of_the_others(self):
        good, late = self._both()
        result = self._validate(good.picking_ids + late.picking_ids)
        self._assert_one_left(good, late)
        self.assertIn(late.picking_ids.name, result["params"]["message"])
        self.assertNotIn(good.picking_ids.name, result["params"]["message"])

    def test_the_question_about_backorders_comes_for_those_that_may_leave(self):
        good, late = self._both()
        (good + late).picking_ids.move_ids.quantity = 2
        result = self._validate(good.picking_ids + late.picking_ids)
        question = result["params"]["next"]
        self.assertEqual(question["res_model"], "stock.backorder.confirmation")
        Form.from_action(self.env(user=self.worker), question).save().process()
        self.assertEqual(good.order_line.qty_delivered, 2.0)
        self.assertEqual(len(good.picking_ids), 2)
        self.assert_held(late)
        self.assertEqual(len(late.picking_ids), 1)

    def test_the_backorder_of_a_held_order_is_held(self):
        order = self._sold()
        picking = order.picking_ids
        self.rule.active = False
        picking.move_ids.quantity = 1
        action = self._validate(picking)
        Form.from_action(self.env(user=self.worker), action).save().process()
        self.assertEqual(picking.state, "done")
        self.rule.active = True
        rest = order.picking_ids - picking
        rest.action_assign()
        self._validate(rest)
        self.assertEqual((rest.state, order.credit_hold_state), ("assigned", "held"))

    def test_a_batch(self):
        good, late = self._both()
        batch = self.env["stock.picking.batch"].create(
            {
                "company_id": self.company.id,
                "picking_ids": (good + late).picking_ids.ids,
            }
        )
        batch.action_confirm()
        batch.with_user(self.worker).action_done()
        self._assert_one_left(good, late)

    def test_a_caller_that_does_not_validate(self):
        """As a barcode scanner does, or another addon."""
        good, late = self._both()
        pickings = good.picking_ids + late.picking_ids
        pickings.move_ids.picked = True
        self.assertTrue(pickings._action_done())
        self._assert_one_left(good, late)
        self.assertFalse(late.picking_ids.date_done)

    def test_a_caller_that_moves_the_goods_alone(self):
        good, late = self._both()
        moves = (good + late).picking_ids.move_ids
        moves.picked = True
        self.assertEqual(moves._action_done(), good.picking_ids.move_ids)
        self._assert_one_left(good, late)

    def test_a_delivery_that_is_a_draft_still(self):
        order = self._sold()
        picking = order.picking_ids
        picking.do_unreserve()
        picking.move_ids.state = "draft"
        self.assertEqual(picking.state, "draft")
        self._validate(picking)
        self.assert_held(order)
        self.assertEqual(order.credit_hold_id.amount_on_credit, 300.0)

    def test_a_delivery_of_two_orders_waits_for_both(self):
        first, second = self._sold(), self._sold()
        second.picking_ids.move_ids.picking_id = first.picking_ids
        picking = first.picking_ids
        self._validate(picking)
        self.assertEqual(picking.state, "assigned")
        holds = (first + second).credit_hold_id
        self.assertEqual((len(holds), holds.picking_ids), (2, picking))
        self._release(first)
        self.assertEqual(picking.state, "assigned")
        self._release(second)
        self.assertEqual(picking.state, "done")

    def test_validating_twice_makes_one_hold(self):
        order = self._sold()
        self._validate(order.picking_ids)
        first = order.credit_hold_id
        self._validate(order.picking_ids)
        self.assertEqual(order.credit_hold_id, first)
        self.assertEqual(len(first.line_ids), 1)
