from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import LimitedCommon


@tagged("post_install", "-at_install")
class TestOrderExclude(LimitedCommon):
    """Orders that credit control leaves alone, because somebody may say so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_authority = 2000.0

    def _exclude(self, order, user):
        order.with_user(user)._credit_exclude("Letter of credit")

    def _confirm(self, order):
        order.with_user(self.salesperson).action_confirm()
        return order.state

    # === EFFECT === #

    def test_an_excluded_order_passes(self):
        order = self._order(self.limited, 1500.0)
        self._exclude(order, self.controller)
        self.assertEqual(self._confirm(order), "sale")
        self.assertFalse(order.credit_hold_id)

    def test_an_excluded_order_takes_credit_all_the_same(self):
        order = self._order(self.limited, 1500.0)
        self._exclude(order, self.controller)
        self._confirm(order)
        self.assertEqual(self._exposure(self.limited), {"order": 1500.0})

    def test_the_wizard_excludes_with_a_reason_on_record(self):
        order = self._order(self.limited, 1500.0)
        action = order.with_user(self.controller).action_credit_exclude()
        wizards = self.env["credit.order.exclude"].with_user(self.controller)
        with Form(wizards.with_context(**action["context"])) as form:
            form.note = "Letter of credit"
        form.record.action_exclude()
        self.assertEqual(order.credit_excluded_by_id, self.controller)
        self.assertEqual(order.credit_excluded_note, "Letter of credit")

    def test_the_exclusion_is_tracked(self):
        order = self._order(self.limited, 1500.0)
        self.env.cr.precommit.run()
        order = order.with_context(tracking_disable=False, mail_notrack=False)
        self._exclude(order, self.controller)
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = order.sudo().message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertIn("credit_excluded", tracked)
        self.assertIn("credit_excluded_note", tracked)

    def test_a_held_order_that_is_excluded_goes_on(self):
        order = self._order(self.limited, 1500.0)
        self._confirm(order)
        self._exclude(order, self.controller)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_hold_id.state, "released")

    def test_without_automatic_release_it_is_ready_to_release(self):
        self.company.credit_auto_release = False
        order = self._order(self.limited, 1500.0)
        self._confirm(order)
        self._exclude(order, self.controller)
        self.assertEqual(order.state, "draft")
        self.assertTrue(order.credit_hold_id.is_ready)

    def test_an_order_is_included_again(self):
        order = self._order(self.limited, 1500.0)
        self._exclude(order, self.controller)
        order.with_user(self.controller).action_credit_include()
        self.assertFalse(order.credit_excluded_note)
        self._confirm(order)
        self.assertEqual(order.credit_hold_state, "held")

    def test_a_copy_is_not_excluded(self):
        order = self._order(self.limited, 1500.0)
        self._exclude(order, self.controller)
        self.assertFalse(order.copy().credit_excluded)

    # === AUTHORITY === #

    def test_controllers_exclude_up_to_their_authority(self):
        self._exclude(self._order(self.limited, 2000.0), self.controller)
        order = self._order(self.limited, 2000.01)
        with self.assertRaisesRegex(AccessError, "authority"):
            self._exclude(order, self.controller)
        self._exclude(order, self.manager)
        self.assertTrue(order.credit_excluded)

    def test_an_order_that_outgrows_the_authority_is_looked_at_again(self):
        order = self._order(self.limited, 1500.0)
        self._exclude(order, self.controller)
        order.order_line.price_unit = 2000.01
        self._confirm(order)
        self.assertEqual(order.credit_hold_state, "held")

    # === WHO MAY === #

    def test_salespeople_and_collectors_neither_exclude_nor_include(self):
        order = self._order(self.limited, 1500.0)
        for user in (self.salesperson, self.collector):
            with self.assertRaises(AccessError):
                self._exclude(order, user)
            with self.assertRaises(AccessError):
                order.with_user(user).action_credit_exclude()
            with self.assertRaises(AccessError):
                order.with_user(user).action_credit_include()

    def test_nobody_writes_it_by_hand(self):
        order = self._order(self.limited, 1500.0)
        self._exclude(order, self.controller)
        for vals in (
            {"credit_excluded": True},
            {"credit_excluded": False},
            {"credit_excluded_by_id": self.manager.id},
            {"credit_excluded_note": "Mine"},
        ):
            with self.assertRaises(AccessError):
                order.with_user(self.salesperson).write(vals)

    def test_no_order_is_made_excluded(self):
        orders = self.env["sale.order"].with_user(self.salesperson)
        vals = {"partner_id": self.limited.id}
        with self.assertRaises(AccessError):
            orders.create({**vals, "credit_excluded": True})
        default = orders.with_context(
            default_credit_excluded=True, default_credit_excluded_by_id=self.manager.id
        )
        order = default.create(vals)
        self.assertFalse(order.credit_excluded)
        self.assertFalse(order.credit_excluded_by_id)

    def test_a_salesperson_sees_why_an_order_is_excluded(self):
        order = self._order(self.limited, 1500.0)
        self._exclude(order, self.controller)
        seen = order.with_user(self.salesperson).read(["credit_excluded_note"])
        self.assertEqual(seen[0]["credit_excluded_note"], "Letter of credit")

    def test_an_exclusion_is_not_for_another_payer(self):
        bad = self._customer("Bad", limit=10.0)
        order = self._order(self.limited, 100.0)
        order.with_user(self.manager)._credit_exclude("Letter of credit")
        as_seller = order.with_user(self.salesperson)
        as_seller.partner_invoice_id = bad
        as_seller.order_line.product_uom_qty = 1000
        as_seller.action_confirm()
        self.assertEqual(order.state, "draft", order.amount_total)

    def test_an_excluded_order_may_grow_within_the_cap_of_the_policy(self):
        # 10 % of 1,500
        self.company.credit_release_tolerance_cap = 0.1
        order = self._order(self.limited, 1500.0)
        self._exclude(order, self.manager)
        order.order_line.price_unit = 1650.0
        self.assertEqual(self._confirm(order), "sale")
        order.order_line.with_user(self.salesperson).price_unit = 1650.01
        self.assertEqual(order.credit_hold_state, "held")

    def test_what_was_excluded_is_no_ones_to_write(self):
        order = self._order(self.limited, 1500.0)
        self._exclude(order, self.manager)
        with self.assertRaises(AccessError):
            order.with_user(self.salesperson).credit_excluded_as = False
        self.assertFalse(order.copy().credit_excluded_as)
