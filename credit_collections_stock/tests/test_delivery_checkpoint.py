from datetime import timedelta

from odoo.tests import Form, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryCheckpoint(DeliveryCommon):
    """Goods leave for a customer only when the rules of their checkpoint allow it."""

    # === WHAT IS HELD === #

    def test_no_shipped_rule_holds_deliveries(self):
        rules = self.env["ir.model.data"].search(
            [("module", "=", "credit_collections"), ("model", "=", "credit.rule")]
        )
        shipped = self.env["credit.rule"].browse(rules.mapped("res_id"))
        self.assertTrue(shipped)
        self.assertEqual(set(shipped.mapped("at_delivery")), {False})

    def test_a_delivery_that_breaks_a_rule_stays_and_is_on_record(self):
        order = self._held()
        picking = order.picking_ids
        self.assertRecordValues(
            order.credit_hold_id,
            [
                {
                    "checkpoint": "delivery",
                    "state": "held",
                    "picking_ids": picking.ids,
                    "amount": 300.0,
                    "amount_on_credit": 300.0,
                    "exposure_amount": 100.0,  # without the order, which it has
                    "stopped_summary": picking.name,
                }
            ],
        )
        self.assertEqual(picking.state, "assigned")  # still reserved
        self.assertEqual(picking.move_ids.quantity, 3.0)
        self.assertEqual(order.order_line.qty_delivered, 0.0)

    def test_rules_of_other_checkpoints_let_deliveries_pass(self):
        self.rule.write({"at_delivery": False, "at_invoice": True})
        order = self._sold()
        self._validate(order.picking_ids)
        self.assert_shipped(order)

    def test_a_good_customer_gets_the_goods(self):
        order = self._sold(customer=self.customer)
        self.assertTrue(self._validate(order.picking_ids))
        self.assert_shipped(order)
        self.assertFalse(order.credit_hold_id)

    def test_the_limit_counts_the_order_once(self):
        # 100 overdue + 300 ordered: at, above and below a limit of 400
        self.rule.write({"kind": "limit_used", "limit_share": 1.0})
        for limit, state in ((400.01, "done"), (400.0, "done"), (399.99, "assigned")):
            customer = self._customer(f"Up to {limit}", limit=limit)
            self._receivable(customer, 100.0, due_in=-10)
            order = self._sold(customer=customer)
            self._validate(order.picking_ids)
            self.assertEqual(order.picking_ids.state, state, f"limit of {limit}")

    def test_an_amount_rule_looks_at_what_leaves(self):
        # 2 of 5 at 100 come to 200, the other 3 to 300
        self.rule.write({"kind": "order_amount", "amount": 250.0})
        order = self._sold(quantity=5)
        picking = order.picking_ids
        picking.move_ids.quantity = 2
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        rest = order.picking_ids - picking
        rest.action_assign()
        self._validate(rest)
        self.assertEqual(rest.state, "assigned")
        line = order.credit_hold_id.line_ids
        self.assertEqual((line.value, line.threshold), (300.0, 250.0))
        self.assertIn("delivery", line.message)

    def test_units_of_the_delivery_may_differ_from_those_of_the_order(self):
        # two dozens at 1,200: 24 pieces at 100 in the delivery
        self.rule.write({"kind": "order_amount", "amount": 2399.99})
        order = self._order(self.late, 2400.0, 2)
        line = order.order_line
        line.product_id = self.goods
        line.write(
            {
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                "price_unit": 1200.0,
                "tax_ids": False,
            }
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        self._validate(order.picking_ids)
        self.assertEqual(order.credit_hold_id.line_ids.value, 2400.0)

    def test_an_order_that_is_held_for_its_growth_delivers_what_was_approved(self):
        self.rule.write({"kind": "order_amount", "amount": 350.0, "at_delivery": False})
        self.rule.at_confirm = True
        order = self._sold()
        order.order_line.product_uom_qty = 4  # 400: above 350
        hold = order.credit_hold_id
        self.assertEqual((hold.state, hold.checkpoint), ("held", "change"))
        self.assertFalse(order.picking_ids.credit_is_held)
        self._validate(order.picking_ids)
        self.assert_shipped(order)
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(hold.state, "held")
        self._release(order)
        # what was added is launched
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 4)

    # === WHAT ALWAYS PASSES === #

    def _return(self, picking, quantity=1):
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id,
                active_ids=picking.ids,
                active_model="stock.picking",
            )
        ).save()
        wizard.product_return_moves.quantity = quantity
        action = wizard.action_create_returns()
        return self.env["stock.picking"].browse(action["res_id"])

    def _shipped(self):
        self.rule.active = False
        order = self._sold()
        self._validate(order.picking_ids)
        self.assert_shipped(order)
        self.rule.active = True
        return order

    def test_returns_pass(self):
        order = self._shipped()
        back = self._return(order.picking_ids)
        self._validate(back)
        self.assertEqual(back.state, "done")

    def test_what_replaces_a_return_passes(self):
        order = self._shipped()
        back = self._return(order.picking_ids)
        self._validate(back)
        again = self._return(back)
        again.action_assign()
        self.assertFalse(again.credit_is_held)
        self._validate(again)
        self.assertEqual(again.state, "done")

    def test_returns_pass_while_the_order_is_held(self):
        order = self._shipped()
        order.order_line.product_uom_qty = 5
        more = order.picking_ids.filtered(lambda picking: picking.state != "done")
        more.action_assign()
        self._validate(more)
        self.assertEqual(order.credit_hold_state, "held")
        back = self._return(order.picking_ids - more)
        self._validate(back)
        self.assertEqual((back.state, more.state), ("done", "assigned"))

    def test_transfers_without_an_order_pass(self):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": self.late.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.late.property_stock_customer.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 1,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": self.late.property_stock_customer.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_goods_may_be_picked_and_packed_but_not_shipped(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._sold()
        pick = order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "internal"
        )
        pick.action_assign()
        self._validate(pick)
        self.assertEqual(pick.state, "done")
        ship = order.picking_ids - pick
        self._validate(ship)
        self.assertEqual(ship.state, "assigned")
        self.assertEqual(order.credit_hold_state, "held")

    def test_what_was_paid_in_advance_leaves(self):
        order = self._sold()
        deposit = self._down_payment(order, amount=300.0)
        self._payment(self.late, 300.0, invoices=deposit)
        self._validate(order.picking_ids)
        self.assert_shipped(order)

    def test_what_was_paid_in_part_does_not(self):
        order = self._sold()
        deposit = self._down_payment(order, amount=299.99)
        self._payment(self.late, 299.99, invoices=deposit)
        self._validate(order.picking_ids)
        self.assert_held(order)

    # === RELEASE === #

    def test_a_release_ships_the_goods(self):
        order = self._held()
        self.assertFalse(self._release(order))
        self.assert_shipped(order)
        self.assertEqual(order.order_line.qty_delivered, 3.0)
        self.assertEqual(order.credit_hold_state, "released")

    def test_a_release_ships_what_is_there_and_the_rest_follows(self):
        order = self._held()
        order.picking_ids.move_ids.quantity = 2
        self._release(order)
        self.assertEqual(order.order_line.qty_delivered, 2.0)
        rest = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.assertEqual(rest.backorder_id.state, "done")
        self.assertEqual(rest.move_ids.product_uom_qty, 1.0)

    def test_a_release_without_shipping_leaves_it_to_the_warehouse(self):
        order = self._held()
        self._release(order, confirm=False)
        self.assertEqual(order.picking_ids.state, "assigned")
        self.assertFalse(order.picking_ids.credit_is_held)
        self._validate(order.picking_ids)
        self.assert_shipped(order)

    def test_what_odoo_complains_about_waits_for_the_warehouse(self):
        self.goods.tracking = "serial"
        self.warehouse.out_type_id.use_existing_lots = True
        order = self._sold(quantity=1)
        picking = order.picking_ids
        picking.move_line_ids.unlink()
        picking.move_ids.quantity = 1  # without a serial number
        self._validate(picking)
        self.assertEqual(order.credit_hold_state, "held")
        self.assertFalse(self._release(order))
        self.assertNotEqual(picking.state, "done")
        self.assertIn("Serial", picking.message_ids[0].body)

    def test_an_earlier_release_covers_deliveries_within_its_validity(self):
        for days, state in ((1, "done"), (0, "done"), (-1, "assigned")):
            order = self._held()
            self._release(order, confirm=False)
            hold = order.credit_hold_id.sudo()
            hold.valid_until = self.today + timedelta(days=days)
            self._validate(order.picking_ids)
            self.assertEqual(order.picking_ids.state, state, f"{days} more days")

    def test_an_earlier_release_covers_deliveries_within_its_tolerance(self):
        # 10 % of 1,000: up to 1,100
        for quantity, state in ((11, "done"), (12, "assigned")):
            order = self._held(quantity=10)
            self._release(order, confirm=False, tolerance=0.1)
            order.order_line.product_uom_qty = quantity
            order.picking_ids.action_assign()
            self._validate(order.picking_ids)
            self.assertEqual(order.picking_ids.state, state, f"grown to {quantity}")

    def test_a_release_at_confirmation_covers_the_delivery(self):
        self.rule.at_confirm = True
        order = self._sold()
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))
        self._release(order)
        order.picking_ids.action_assign()
        self._validate(order.picking_ids)
        self.assert_shipped(order)

    # === REASONS THAT FALL AWAY === #

    def test_paying_and_validating_again_lets_it_pass_and_the_hold_lapse(self):
        order = self._held()
        self._payment(self.late, 100.0, invoices=self.overdue)
        self._validate(order.picking_ids)
        self.assert_shipped(order)
        self.assertEqual(order.credit_hold_state, "lapsed")

    def test_an_evaluation_releases_and_ships_when_the_reason_is_gone(self):
        order = self._held()
        order.credit_hold_id.action_evaluate()
        self.assert_held(order)
        self._payment(self.late, 100.0, invoices=self.overdue)
        order.credit_hold_id.action_evaluate()
        self.assert_shipped(order)
        self.assertEqual(order.credit_hold_state, "released")

    def test_cancelling_the_delivery_lets_the_hold_lapse(self):
        order = self._held()
        order.picking_ids.with_user(self.worker).action_cancel()
        self.assertEqual(order.credit_hold_state, "lapsed")

    def test_cancelling_the_order_lets_the_hold_lapse(self):
        order = self._held()
        order._action_cancel()
        self.assertEqual(order.credit_hold_state, "lapsed")
        self.assertEqual(order.picking_ids.state, "cancel")

    def test_what_was_cancelled_on_purpose_is_not_launched_again(self):
        order = self._held()
        order.picking_ids.with_user(self.worker).action_cancel()
        self.assertEqual(len(order.picking_ids), 1)

    # === WHAT GOES ON === #

    def test_what_is_added_to_an_order_is_prepared_while_its_delivery_waits(self):
        order = self._held()
        order.order_line.product_uom_qty = 5
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 5)
        self._validate(order.picking_ids)
        self.assert_held(order)
