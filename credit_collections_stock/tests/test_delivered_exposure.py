from odoo.tests import Form, tagged

from odoo.addons.credit_collections_stock.hooks import post_init_hook, uninstall_hook

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveredExposure(DeliveryCommon):
    """What was delivered and not invoiced is a component of its own, split off the
    orders: the exposure is the same. Ten gears at 100 were ordered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.active = False
        cls.order = cls._sold(quantity=10, customer=cls.customer)
        cls.profile = cls._profile(cls.customer)

    def _ship(self, quantity, order=None):
        picking = (order or self.order).picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        picking.action_assign()
        picking.move_ids.quantity = quantity
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    def test_nothing_is_delivered_yet(self):
        self.assertEqual(self._exposure(), {"order": 1000.0})

    def test_what_was_delivered_leaves_the_orders(self):
        self._ship(4)
        self.assertEqual(self._exposure(), {"delivered": 400.0, "order": 600.0})
        self._ship(6)
        self.assertEqual(self._exposure(), {"delivered": 1000.0})

    def test_what_was_invoiced_is_a_receivable(self):
        self._ship(4)
        self._invoice(self.order)
        self.assertEqual(self._exposure(), {"not_due": 400.0, "order": 600.0})
        self._ship(1)
        self.assertEqual(
            self._exposure(), {"not_due": 400.0, "delivered": 100.0, "order": 500.0}
        )

    def test_what_was_invoiced_in_advance_is_not_counted_again_when_delivered(self):
        # 10 ordered, 3 invoiced, 2 delivered of them: 7 are left, none of it delivered
        self.goods.invoice_policy = "order"
        order = self._sold(quantity=10, customer=self._customer("Ahead"))
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.quantity = 3
        invoice.action_post()
        self._ship(2, order)
        exposure = self._exposure(order.partner_id)
        self.assertEqual(exposure, {"not_due": 300.0, "order": 700.0})
        self._ship(2, order)
        exposure = self._exposure(order.partner_id)
        self.assertEqual(
            exposure, {"not_due": 300.0, "delivered": 100.0, "order": 600.0}
        )

    def test_delivering_more_than_ordered_takes_nothing_from_other_lines(self):
        # 2 at 100 and 3 at 10; 4 of the first delivered, and Odoo bills what is ordered
        self.goods.invoice_policy = "order"
        customer = self._customer("More")
        order = self._order(customer, 200.0, 2)
        order.order_line.product_id = self.goods
        order.order_line.write({"price_unit": 100.0, "tax_ids": False})
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "product_uom_qty": 3,
                "price_unit": 10.0,
                "tax_ids": False,
            }
        )
        order.action_confirm()
        order.order_line[0].sudo().qty_delivered = 4
        self.assertEqual(self._exposure(customer), {"delivered": 200.0, "order": 30.0})

    def test_a_draft_invoice_takes_what_was_delivered(self):
        self._ship(4)
        self._invoice(self.order, post=False)
        self.assertEqual(self._exposure(), {"draft": 400.0, "order": 600.0})
        self.company.credit_count_draft = False
        self.assertEqual(self._exposure(), {"delivered": 400.0, "order": 600.0})

    def test_a_return_gives_it_back_to_the_order(self):
        self._ship(4)
        self.order.order_line.sudo().qty_delivered = 3
        self.assertEqual(self._exposure(), {"delivered": 300.0, "order": 700.0})

    # === SWITCHES === #

    def test_each_part_can_be_left_out(self):
        self._ship(4)
        self.company.credit_count_delivered = False
        self.assertEqual(self._exposure(), {"order": 600.0})
        self.company.write(
            {"credit_count_delivered": True, "credit_count_order": False}
        )
        self.assertEqual(self._exposure(), {"delivered": 400.0})
        self.company.credit_count_delivered = False
        self.assertEqual(self._exposure(), {})

    def test_deposits_are_chosen_while_orders_or_what_was_delivered_counts(self):
        form = Form(self.env["credit.policy"].with_user(self.manager))
        form.credit_count_order = False
        form.credit_count_deposit = False
        form.credit_order_horizon_days = 30
        form.credit_count_delivered = False
        for name in ("credit_count_deposit", "credit_order_horizon_days"):
            with self.assertRaisesRegex(AssertionError, "invisible"):
                setattr(form, name, 0)

    def test_a_deposit_is_deducted_from_what_counts(self):
        # 500 in advance, of 400 delivered and 600 to come
        self._down_payment(self.order, amount=500.0)
        self._ship(4)
        self.assertEqual(
            self._exposure(),
            {"not_due": 500.0, "delivered": 400.0, "order": 600.0, "deposit": -500.0},
        )
        self.company.credit_count_order = False
        self.assertEqual(
            self._exposure(), {"not_due": 500.0, "delivered": 400.0, "deposit": -400.0}
        )

    # === STORED AND SHOWN === #

    def test_the_profile_stores_it_and_its_picture_shows_it(self):
        self._ship(4)
        self.profile.action_refresh()
        self.assertEqual(self.profile.delivered_amount, 400.0)
        self.assertEqual(self.profile.order_amount, 600.0)
        self.assertEqual(self.profile.exposure, 1000.0)
        parts = {
            part["name"]: part["amount"]
            for part in self.profile.exposure_picture["parts"]
        }
        self.assertEqual((parts["delivered"], parts["order"]), (400.0, 600.0))

    def test_it_opens_the_orders_behind_it(self):
        self._ship(4)
        self._sold(quantity=1, customer=self.customer)  # not delivered
        action = self.profile.action_open_component("delivered")
        orders = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(orders, self.order)
        self.assertEqual(orders.credit_delivered_amount, 400.0)
        self.assertEqual(orders.credit_open_amount, 600.0)

    # === COMING AND GOING === #

    def test_the_install_splits_and_the_uninstall_merges(self):
        self._ship(4)
        self.profile.action_refresh()
        uninstall_hook(self.env)
        self.assertEqual(
            (self.profile.order_amount, self.profile.delivered_amount), (1000.0, 0.0)
        )
        post_init_hook(self.env)
        with self._as_job():
            self.profiles.sudo()._cron_refresh()
        self.profile.invalidate_recordset()
        self.assertEqual(
            (self.profile.order_amount, self.profile.delivered_amount), (600.0, 400.0)
        )
        self.assertEqual(self.profile.exposure, 1000.0)

    def test_a_company_that_left_orders_out_leaves_deliveries_out(self):
        self.company.credit_count_order = False
        post_init_hook(self.env)
        self.assertFalse(self.company.credit_count_delivered)
        self._ship(4)
        self.assertEqual(self._exposure(), {})

    def test_a_company_without_deliveries_has_one_part_for_both(self):
        """As without this addon."""
        self._ship(4)
        pot = self.company._credit_pot()
        self.assertTrue(pot.splits_delivered)
        self.patch(
            type(self.company), "_credit_splits_delivered", lambda company: False
        )
        self.env.registry.clear_cache()
        self.assertEqual(self._exposure(), {"order": 1000.0})
        self.env.registry.clear_cache()
