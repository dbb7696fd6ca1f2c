from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import SALESPERSON, CreditCommon


@tagged("post_install", "-at_install")
class TestOrderDoors(CreditCommon):
    """Whatever moves credit, before or after confirmation: the order is judged by what
    it is then. Each door is tried with each kind of rule that it could lead around."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_order_horizon_days = 30
        cls.good = cls._customer("Good", limit=1000.0)
        cls.bad = cls._customer("Bad", limit=10.0)
        cls._receivable(cls.bad, 50.0, due_in=-60)
        cls.long_terms = cls.env["account.payment.term"].create(
            {
                "name": "90 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": 90}
                    )
                ],
            }
        )
        cls.coin = cls.setup_other_currency("HRK", rates=[(cls.today, 0.001)])

    # === THE RULES === #

    def _set_rule(self, kind):
        self._archive_rules()
        values = {
            "limit_used": {"limit_share": 1.0},
            "order_amount": {"amount": 1500.0},
            "days_overdue": {"days": 30},
            "overdue_amount": {"amount": 10.0, "limit_share": 0.0},
            "payment_terms": {"payment_term_ids": [Command.set(self.long_terms.ids)]},
            "terms_better": {"days": 0},
            "manual": {},
            "limit_expired": {"days": 0},
        }
        self._rule(kind, **values[kind])
        profile = self._profile(self.bad)
        if kind == "manual":
            profile.status_reason_id = self.env.ref(
                "credit_collections.credit_reason_status_review"
            )
            profile.action_set_on_hold()
        if kind == "limit_expired":
            profile.limit_expiry_date = self.today - timedelta(days=5)

    # === THE DOORS: through them an order of 100 of a good customer gets bad === #

    def _door_payer(self, order):
        order.partner_id = self.bad

    def _door_invoice_address(self, order):
        order.partner_invoice_id = self.bad

    def _door_payer_with_the_lines(self, order):
        line = order.order_line
        order.write(
            {
                "order_line": [Command.update(line.id, {"price_unit": 100.0})],
                "partner_invoice_id": self.bad.id,
            }
        )

    def _door_terms(self, order):
        order.payment_term_id = self.long_terms

    def _door_currency(self, order):
        order.currency_id = self.coin  # 100 of it are 100,000

    def _door_date(self, order):
        order.commitment_date = self.today + timedelta(days=1)

    def _door_quantity(self, order):
        order.order_line.product_uom_qty = 51

    def _door_price(self, order):
        order.order_line.price_unit = 5122.57

    def _door_moved_line(self, order):
        other = self._order(self.customer, 5122.57)
        other.order_line.order_id = order

    def _door_linked_line(self, order):
        other = self._order(self.customer, 5122.57)
        order.write({"order_line": [Command.link(other.order_line.id)]})

    def _door_lines_as_they_are(self, order):
        other = self._order(self.customer, 5122.57)
        order.write({"order_line": other.order_line.ids + order.order_line.ids})

    def _door_new_line(self, order):
        self.env["sale.order.line"].with_context(default_order_id=order.id).create(
            {
                "product_id": self.product.id,
                "price_unit": 5122.57,
                "tax_ids": [Command.clear()],
            }
        )

    CUSTOMER = ("limit_used", "days_overdue", "overdue_amount", "manual") + (
        "limit_expired",
    )
    DOORS = {
        "payer": CUSTOMER,
        "invoice_address": CUSTOMER,
        "payer_with_the_lines": CUSTOMER,
        "terms": ("payment_terms", "terms_better"),
        "currency": ("limit_used", "order_amount"),
        "date": ("limit_used",),
        "quantity": ("limit_used", "order_amount"),
        "price": ("limit_used", "order_amount"),
        "moved_line": ("limit_used", "order_amount"),
        "linked_line": ("limit_used", "order_amount"),
        "lines_as_they_are": ("order_amount",),
        "new_line": ("limit_used", "order_amount"),
    }

    def _order_for(self, door):
        if door != "date":
            return self._order(self.good, 100.0)
        order = self._order(self.good, 5122.57)
        order.commitment_date = self.today + timedelta(days=900)
        return order

    def _try(self, door, kind, confirmed_first):
        self._set_rule(kind)
        order = self._order_for(door)
        if confirmed_first:
            order.with_user(self.salesperson).action_confirm()
            self.assertEqual((order.state, bool(order.credit_hold_id)), ("sale", False))
        getattr(self, f"_door_{door}")(order)
        if not confirmed_first:
            order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        self.assertEqual(order.credit_hold_id.line_ids.mapped("kind"), [kind])
        self.assertEqual(
            (order.state, order.credit_hold_id.checkpoint),
            ("sale", "change") if confirmed_first else ("draft", "confirm"),
        )

    def test_no_door_leads_around_a_rule_before_or_after_confirmation(self):
        for door, kinds in self.DOORS.items():
            for kind in kinds:
                for confirmed_first in (False, True):
                    with (
                        self.subTest(door=door, kind=kind, confirmed=confirmed_first),
                        self.cr.savepoint() as savepoint,
                    ):
                        self._try(door, kind, confirmed_first)
                        savepoint.rollback()
                    self.env.invalidate_all()
                    self.env.registry.clear_cache()

    # === DOORS THAT LEAD INTO CONFIRMATION === #

    def _limited_only(self):
        self._set_rule("limit_used")

    def test_a_cancelled_order_is_not_confirmed_by_writing_its_state(self):
        self._limited_only()
        order = self._order(self.good, 2000.0)
        order.action_cancel()
        order.with_user(self.salesperson).write({"state": "sale"})
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))

    def test_a_good_cancelled_order_is_confirmed_by_writing_its_state(self):
        self._limited_only()
        order = self._order(self.good, 1000.0)
        order.action_cancel()
        order.write({"state": "sale"})
        self.assertEqual(order.state, "sale")

    def test_what_is_written_along_with_the_state_is_judged(self):
        self._limited_only()
        order = self._order(self.good, 100.0)
        order.write({"state": "sale", "partner_invoice_id": self.bad.id})
        self.assertEqual((order.state, order.credit_hold_state), ("draft", "held"))

    def test_an_order_that_arrives_confirmed_by_a_default_is_held(self):
        self._limited_only()
        orders = self.env["sale.order"].with_context(default_state="sale")
        line = {
            "product_id": self.product.id,
            "price_unit": 2000.0,
            "tax_ids": [Command.clear()],
        }
        order = orders.create(
            {"partner_id": self.good.id, "order_line": [Command.create(line)]}
        )
        self.assertEqual((order.state, order.credit_hold_state), ("sent", "held"))

    def test_a_total_written_by_call_counts_for_nothing(self):
        self._limited_only()
        for model, values in (
            ("sale.order", {"amount_total": 1.0}),
            ("sale.order.line", {"price_total": 1.0}),
        ):
            order = self._order(self.good, 1000.01)
            record = order if model == "sale.order" else order.order_line
            record.with_user(self.salesperson).write(values)
            order.with_user(self.salesperson).action_confirm()
            self.assertEqual((order.amount_total, order.state), (1000.01, "draft"))

    def test_a_total_given_at_creation_counts_for_nothing(self):
        self._limited_only()
        order = self._order(self.good, 1000.01, amount_total=1.0)
        self.assertEqual(order.amount_total, 1000.01)
        line = order.order_line.copy_data()[0]
        defaults = order.with_context(default_amount_total=1.0, default_price_total=1.0)
        order = defaults.create(
            {"partner_id": self.good.id, "order_line": [Command.create(line)]}
        )
        self.assertEqual(order.amount_total, 1000.01)

    def test_what_is_invoiced_is_not_written_by_call(self):
        self._limited_only()
        order = self._confirmed(self.good, 1000.0)
        order.order_line.with_user(self.salesperson).write(
            {"qty_invoiced": 1.0, "state": "cancel"}
        )
        self.assertEqual(self._exposure(self.good), {"order": 1000.0})

    # === CHANGED AFTER CONFIRMATION === #

    def test_a_payer_swapped_before_and_back_after_confirmation_is_held(self):
        self._limited_only()
        order = self._order(self.bad, 100.0)
        order.partner_invoice_id = self.good
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        order.partner_invoice_id = self.bad
        self.assertEqual(order.credit_hold_state, "held")
        self.assertEqual(order.credit_hold_id.partner_id, self.bad)

    def test_an_advance_that_is_none_any_more_counts_again(self):
        self._limited_only()
        order = self._confirmed(self.good, 1000.0)
        self._down_payment(order, amount=600.0)
        self.assertFalse(order.credit_hold_id)
        advance = order.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )
        # of a product, as other addons make them
        self.env.flush_all()
        self.cr.execute(
            "UPDATE sale_order_line SET product_id = %s, product_uom_id = %s "
            "WHERE id = %s",
            (self.product.id, self.product.uom_id.id, advance.id),
        )
        self.env.invalidate_all()
        advance.is_downpayment = False
        # 1,000 ordered + 600 invoiced, and nothing is deducted
        self.assertEqual(order.credit_hold_id.amount_over, 600.0)

    def test_a_change_of_many_things_is_judged_once_by_what_comes_of_it(self):
        self._limited_only()
        order = self._confirmed(self.good, 900.0)
        more = {
            "product_id": self.product.id,
            "price_unit": 500.0,
            "tax_ids": [Command.clear()],
        }
        order.write(
            {
                "order_line": [
                    Command.create(more),
                    Command.update(order.order_line.id, {"price_unit": 400.0}),
                ]
            }
        )
        self.assertEqual((order.amount_total, order.credit_hold_id.id), (900.0, False))

    def test_changes_that_move_no_credit_ask_no_rule(self):
        self._limited_only()
        order = self._confirmed(self.good, 900.0)
        self._profile(self.good).credit_limit = 10.0
        order.write({"client_order_ref": "PO 7"})
        order.order_line.name = "Bolts"
        order.commitment_date = self.today + timedelta(days=2)
        order.order_line.price_unit = 800.0
        self.assertFalse(order.credit_hold_id)

    def test_an_order_of_another_company_is_judged_by_its_rules(self):
        self._set_rule("order_amount")
        other = self._create_company(name="Other Company")
        self._archive_rules()
        self._rule("order_amount", amount=10.0, company_id=other.id)
        order = self._confirmed(self.good, 100.0)
        order.pricelist_id.company_id = False
        values = {"company_id": other.id}
        if "warehouse_id" in order:
            warehouses = self.env["stock.warehouse"]
            values["warehouse_id"] = warehouses.search(
                [("company_id", "=", other.id)], limit=1
            ).id
        order.sudo().write(values)
        self.assertEqual(order.credit_hold_state, "held")

    # === A CHANGE THAT IS TAKEN BACK === #

    def test_a_growth_that_is_taken_back_ends_the_hold_at_once(self):
        self._limited_only()
        order = self._order(self.good, 400.0, quantity=4)
        order.with_user(self.salesperson).action_confirm()
        self._profile(self.good).credit_limit = 300.0
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 6
        hold = order.credit_hold_id
        self.assertEqual((hold.state, hold.checkpoint), ("held", "change"))
        line.product_uom_qty = 5
        self.assertEqual(hold.state, "held")
        line.product_uom_qty = 4
        self.assertEqual(hold.state, "lapsed")
        self.assertEqual(order.order_line._credit_free(), order.order_line)

    def test_a_growth_that_fits_again_ends_the_hold_too(self):
        self._limited_only()
        order = self._order(self.good, 400.0, quantity=4)
        order.with_user(self.salesperson).action_confirm()
        order.order_line.product_uom_qty = 11
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        order.order_line.product_uom_qty = 10
        self.assertEqual(hold.state, "lapsed")

    def test_a_payer_who_comes_back_ends_the_hold(self):
        self._limited_only()
        order = self._confirmed(self.good, 100.0)
        order.partner_invoice_id = self.bad
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        order.partner_invoice_id = self.good
        self.assertEqual(hold.state, "lapsed")

    def test_after_a_growth_was_taken_back_the_release_before_it_counts(self):
        self._limited_only()
        order = self._order(self.good, 1500.0, quantity=15)
        order.with_user(self.salesperson).action_confirm()
        first = order.credit_hold_id
        first.with_user(self.manager)._release(self.release_reason, tolerance=0.1)
        order.order_line.product_uom_qty = 17
        self.assertEqual(order.credit_hold_state, "held")
        order.order_line.product_uom_qty = 15
        self.assertEqual(order.credit_hold_id, first)
        order.order_line.product_uom_qty = 16
        self.assertEqual(order.credit_hold_state, "released")

    def test_growth_on_top_of_a_held_invoice_ends_when_taken_back(self):
        self._archive_rules()
        self._rule("days_overdue", days=5, at_confirm=False, at_invoice=True)
        self._rule("limit_used", limit_share=1.0)
        self._receivable(self.good, 10.0, due_in=-10)
        order = self._order(self.good, 900.0, quantity=9)
        order.with_user(self.salesperson).action_confirm()
        invoice = self._invoice(order, post=False)
        invoice.action_post()
        hold = order.credit_hold_id
        self.assertEqual((hold.state, hold.checkpoint), ("held", "invoice"))
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 20
        self.assertEqual(hold.checkpoint, "change")
        # what was confirmed before goes on
        self.assertTrue(hold._may_leave(order.order_line, 900.0))
        line.product_uom_qty = 9
        self.assertNotEqual(hold.checkpoint, "change")
        self.assertTrue(order.order_line._credit_free())

    # === OTHER DOORS === #

    def test_an_order_that_is_cancelled_in_the_same_write_is_not_held(self):
        self._limited_only()
        order = self._confirmed(self.good, 1000.0)
        line = order.order_line
        order.write(
            {
                "state": "cancel",
                "order_line": [Command.update(line.id, {"price_unit": 5000.0})],
            }
        )
        self.assertNotEqual(order.credit_hold_state, "held")

    def test_an_order_that_is_cancelled_by_a_write_is_no_longer_held(self):
        self._limited_only()
        order = self._confirmed(self.good, 1000.0)
        order.order_line.price_unit = 2000.0
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        order.write({"state": "cancel"})
        self.assertEqual(hold.state, "lapsed")

    def test_the_date_of_a_confirmed_order_takes_it_not_out_of_the_exposure(self):
        self._limited_only()
        first = self._confirmed(self.good, 1000.0)
        first.with_user(self.salesperson).write(
            {"date_order": self.today + timedelta(days=900)}
        )
        self.env.flush_all()
        second = self._order(self.good, 1000.0)
        second.with_user(self.salesperson).action_confirm()
        first.with_user(self.salesperson).write({"date_order": self.today})
        self.env.flush_all()
        held = "held" in (first.credit_hold_state, second.credit_hold_state)
        self.assertTrue(held, self._exposure(self.good))

    def test_a_contact_that_joins_another_company_moves_the_debt(self):
        self._limited_only()
        person = self._customer("Person", limit=1000.0, is_company=False)
        order = self._confirmed(person, 900.0)
        user = self._user("review_partner", f"{SALESPERSON},base.group_partner_manager")
        try:
            with self.env.cr.savepoint():
                person.with_user(user).write({"parent_id": self.bad.id})
        except (AccessError, UserError):
            return
        self.env.flush_all()
        self.assertEqual(order._credit_partner(), self.bad)
        self.assertEqual(order.credit_hold_state, "held", self._exposure(self.bad))

    def test_a_contact_that_goes_on_its_own_moves_the_debt(self):
        self._limited_only()
        contact = self._customer("Buyer", limit=10.0, is_company=False)
        contact.parent_id = self.good
        order = self._confirmed(contact, 900.0)
        contact.parent_id = False
        self.assertEqual(order._credit_partner(), contact)
        self.assertEqual(order.credit_hold_state, "held")

    def test_a_contact_that_stays_with_its_company_moves_nothing(self):
        self._limited_only()
        contact = self._customer("Buyer", is_company=False)
        contact.parent_id = self.good
        order = self._confirmed(contact, 900.0)
        self._profile(self.good).credit_limit = 10.0
        contact.write({"parent_id": self.good.id, "name": "Purchaser"})
        self.assertFalse(order.credit_hold_id)
