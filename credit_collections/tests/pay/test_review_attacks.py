"""Attacks of a reviewer (2026-12-01): each says what should be so."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import COLLECTOR, CONTROLLER, MANAGER, SALESPERSON
from .common import PayCommon

INVOICING = "account.group_account_invoice"


@tagged("post_install", "-at_install")
class TestReviewAttacks(PayCommon):
    def _force(self, order, user=None):
        reason = self.env.ref("credit_collections.credit_reason_hold_talk")
        self.env["credit.hold"].with_user(user or self.manager)._force(order, reason)
        return order.credit_hold_id

    # === HOLDS OF CONFIRMED ORDERS THAT ARE REJECTED === #

    def test_a_rejected_growth_is_not_free(self):
        order = self._order(self.limited, 1000.0, quantity=10)
        order.with_user(self.salesperson).action_confirm()
        order.order_line.with_user(self.salesperson).product_uom_qty = 15
        hold = order.credit_hold_id
        self.assertEqual((hold.state, hold.checkpoint), ("held", "change"))
        hold.with_user(self.manager)._reject(self.reject_reason, note="no")
        self.assertFalse(order.order_line._credit_free())

    def test_a_rejected_growth_is_not_what_was_approved(self):
        order = self._order(self.limited, 1000.0, quantity=10)
        order.with_user(self.salesperson).action_confirm()
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 15
        order.credit_hold_id.with_user(self.manager)._reject(self.reject_reason)
        line.product_uom_qty = 16
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        may_leave = hold._may_leave(order.order_line, 1500.0)
        line.product_uom_qty = 15
        self.assertEqual((may_leave, hold.state), (False, "held"))

    def test_a_rejected_hold_by_hand_of_a_confirmed_order_stays(self):
        order = self._confirmed(self.limited, 100.0)
        hold = self._force(order)
        self.assertFalse(order.order_line._credit_free())
        hold.with_user(self.manager)._reject(self.reject_reason, note="no")
        self.assertFalse(order.order_line._credit_free())

    # === FACTS THAT A USER LINKS === #

    def test_a_foreign_invoice_line_does_not_settle_an_order(self):
        first = self._confirmed(self.limited, 1000.0)
        other = self._customer("Somebody else")
        invoice = self._receivable(other, 5.0, invoice_user_id=self.salesperson.id)
        invoice_line = invoice.invoice_line_ids
        self.assertEqual(self._exposure(self.limited), {"order": 1000.0})
        try:
            with self.env.cr.savepoint():
                first.order_line.with_user(self.salesperson).write(
                    {"invoice_lines": [Command.link(invoice_line.id)]}
                )
        except (AccessError, UserError):
            return
        self.env.flush_all()
        second = self._order(self.limited, 1000.0)
        second.with_user(self.salesperson).action_confirm()
        self.assertEqual(second.state, "draft", self._exposure(self.limited))

    def test_one_online_payment_does_not_pay_two_orders(self):
        order = self._order(self.limited, 1500.0)
        self._create_transaction(
            "redirect",
            amount=1500.0,
            partner_id=self.limited.id,
            reference="paid-once",
            state="done",
            sale_order_ids=[(6, 0, order.ids)],
        )
        transaction = order.transaction_ids
        user = self._user("review_both", f"{SALESPERSON},{INVOICING}")
        second = self._order(self.limited, 1500.0, user_id=user.id)
        try:
            with self.env.cr.savepoint():
                second.with_user(user).write(
                    {"transaction_ids": [Command.link(transaction.id)]}
                )
        except (AccessError, UserError):
            return
        second.with_user(user).action_confirm()
        self.assertEqual(second.state, "draft")

    def test_invoicing_users_make_no_online_payment_by_call(self):
        order = self._order(self.limited, 1500.0)
        user = self._user("review_both2", f"{SALESPERSON},{INVOICING}")
        order.user_id = user
        provider, method = self.provider, self.payment_method
        transactions = self.env["payment.transaction"].with_user(user)
        try:
            with self.env.cr.savepoint():
                transactions.create(
                    {
                        "provider_id": provider.id,
                        "payment_method_id": method.id,
                        "amount": 1500.0,
                        "currency_id": order.currency_id.id,
                        "partner_id": self.limited.id,
                        "reference": "forged",
                        "operation": "online_direct",
                        "state": "done",
                        "sale_order_ids": [Command.link(order.id)],
                    }
                )
        except (AccessError, UserError):
            return
        order.with_user(user).action_confirm()
        self.assertEqual(order.state, "draft")

    def test_invoicing_users_do_not_pay_a_link_by_call(self):
        order = self._held(1500.0)
        self._ask(order)
        transaction = self._pay(order, state="pending")
        user = self._user("review_inv", INVOICING)
        try:
            with self.env.cr.savepoint():
                transaction.with_user(user).write({"state": "done"})
        except (AccessError, UserError):
            return
        self.env.flush_all()
        transaction._post_process()  # core's job does
        self.assertEqual(order.credit_hold_state, "held")

    def test_the_date_of_a_confirmed_order_takes_it_not_out_of_the_exposure(self):
        self.company.credit_order_horizon_days = 30
        first = self._confirmed(self.limited, 1000.0)
        first.with_user(self.salesperson).write(
            {"date_order": self.today + timedelta(days=900)}
        )
        self.env.flush_all()
        second = self._order(self.limited, 1000.0)
        second.with_user(self.salesperson).action_confirm()
        first.with_user(self.salesperson).write({"date_order": self.today})
        self.env.flush_all()
        held = "held" in (first.credit_hold_state, second.credit_hold_state)
        self.assertTrue(held, self._exposure(self.limited))

    def test_a_contact_that_joins_another_company_moves_the_debt(self):
        self.bad = self._customer("Bad", limit=10.0)
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

    # === EXCLUSIONS === #

    def test_an_exclusion_is_not_for_another_payer(self):
        bad = self._customer("Bad", limit=10.0)
        order = self._order(self.limited, 100.0)
        order.with_user(self.manager)._credit_exclude("Letter of credit")
        as_seller = order.with_user(self.salesperson)
        as_seller.partner_invoice_id = bad
        as_seller.order_line.product_uom_qty = 1000
        as_seller.action_confirm()
        self.assertEqual(order.state, "draft", order.amount_total)

    # === WHAT MAY BE READ === #

    def test_the_split_line_by_onchange(self):
        other = self._create_company(name="Other")
        stranger = self._user("review_stranger2", CONTROLLER)
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        order = self._order(self.limited, 1234.5)
        lines = self.env["credit.hold.split.line"].with_user(stranger)
        self.env.flush_all()
        self.env.invalidate_all()
        spec = {"amount_ordered": {}, "ordered_quantity": {}, "name": {}}
        try:
            found = lines.onchange(
                {"order_line_id": order.order_line.id}, ["order_line_id"], spec
            )
        except AccessError:
            return
        self.assertFalse(found.get("value"), found)

    # === WHAT STAYS ON RECORD === #

    def _sent(self):
        profile = self._profile(self.limited)
        run = self.env["collection.run"].sudo().create({})
        strategy = self.env["collection.strategy"].search([], limit=1)
        action = (
            self.env["collection.action"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "profile_id": profile.id,
                    "company_id": self.company.id,
                    "strategy_id": strategy.id,
                    "channel": "task",
                    "state": "sent",
                }
            )
        )
        run.state = "done"
        self.env.flush_all()
        return profile, action

    def test_sent_actions_do_not_go_with_the_profile(self):
        profile, action = self._sent()
        try:
            with self.env.cr.savepoint():
                profile.with_user(self.manager).unlink()
                self.env.flush_all()
        except Exception:  # noqa: BLE001 whoever refuses
            return
        self.assertTrue(action.exists())

    def test_sent_actions_do_not_go_with_the_partner(self):
        _profile, action = self._sent()
        user = self._user("review_partner2", "base.group_partner_manager")
        try:
            with self.env.cr.savepoint():
                self.limited.with_user(user).unlink()
                self.env.flush_all()
        except Exception:  # noqa: BLE001 whoever refuses
            return
        self.assertTrue(action.exists())

    def test_no_line_joins_a_submitted_change_by_a_default(self):
        profile = self._profile(self.limited)
        changes = self.env["credit.limit.change"].with_user(self.controller)
        change = changes.create(
            {
                "line_ids": [
                    Command.create({"profile_id": profile.id, "new_limit": 1100.0})
                ]
            }
        )
        change.action_submit()
        self.assertEqual(change.state, "submitted")
        more = self._profile(self._customer("More", limit=1.0))
        lines = self.env["credit.limit.change.line"].with_user(self.controller)
        with self.assertRaises(UserError):
            lines.with_context(default_change_id=change.id).create(
                {"profile_id": more.id, "new_limit": 999999.0}
            )

    # === PAYMENTS === #

    def test_a_customer_put_on_hold_after_the_link_is_not_released_by_paying(self):
        self._rule("manual")
        order = self._held(1500.0)
        self._ask(order)
        profile = self._profile(self.limited)
        profile.status_reason_id = self.env.ref(
            "credit_collections.credit_reason_status_review"
        )
        profile.with_user(self.manager).action_hold_everything()
        self._pay(order)
        self.assertEqual((order.state, order.credit_hold_state), ("sent", "held"))

    def test_a_refund_while_a_growth_waits_is_not_forgotten(self):
        order = self._held(1500.0, quantity=15)
        self._ask(order)
        transaction = self._pay(order)
        self.assertEqual(order.state, "sale")
        order.order_line.with_user(self.salesperson).product_uom_qty = 20
        self.assertEqual(order.credit_hold_state, "held")
        refund = transaction._create_child_transaction(500.0, is_refund=True)
        refund._set_done()
        refund._post_process()
        order.order_line.with_user(self.salesperson).product_uom_qty = 15
        self.assertEqual(order.credit_hold_state, "held")
        self.assertFalse(order.order_line._credit_free())

    # === RIGHT OR WRONG RESULTS === #

    def test_an_order_that_is_cancelled_in_the_same_write_is_not_held(self):
        order = self._confirmed(self.limited, 1000.0)
        line = order.order_line
        order.write(
            {
                "state": "cancel",
                "order_line": [Command.update(line.id, {"price_unit": 5000.0})],
            }
        )
        self.assertNotEqual(order.credit_hold_state, "held")

    def test_growth_on_top_of_a_held_invoice_ends_when_taken_back(self):
        self._archive_rules()
        self._rule("days_overdue", days=5, at_confirm=False, at_invoice=True)
        self._rule("limit_used", limit_share=1.0)
        self._receivable(self.limited, 10.0, due_in=-10)
        order = self._order(self.limited, 900.0, quantity=9)
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

    def test_the_reason_of_a_release_is_one_of_releases(self):
        self.company.credit_controller_authority = 10000.0
        order = self._held(1500.0)
        reason = self.env.ref("credit_collections.credit_reason_release_automatic")
        wizard = (
            self.env["credit.hold.release"]
            .with_user(self.controller)
            .create(
                {
                    "hold_ids": [Command.set(order.credit_hold_id.ids)],
                    "reason_id": reason.id,
                }
            )
        )
        with self.assertRaises(UserError):
            wizard.action_release()

    def _service(self):
        return self.env["product.product"].create(
            {
                "name": "Advice",
                "type": "service",
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
            }
        )

    def _order_of_service(self, amount, **values):
        order = self._order(self.limited, amount, **values)
        order.order_line.product_id = self._service()
        order.order_line.write({"price_unit": amount, "tax_ids": [Command.clear()]})
        return order

    def test_more_delivered_than_ordered_is_judged(self):
        order = self._order_of_service(1000.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        order.order_line.with_user(self.salesperson).qty_delivered = 50
        self.env.flush_all()
        self.assertEqual(order.credit_hold_state, "held", self._exposure(self.limited))

    def test_what_is_delivered_counts_however_late_it_was_to_be(self):
        self.company.credit_order_horizon_days = 30
        order = self._order_of_service(
            5000.0, commitment_date=self.today + timedelta(days=900)
        )
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        order.order_line.with_user(self.salesperson).qty_delivered = 1
        self.env.flush_all()
        self.assertTrue(self._exposure(self.limited))

    def _stranger(self, login, groups):
        other = self._create_company(name="Other")
        user = self._user(login, groups)
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.env.flush_all()
        self.env.invalidate_all()
        return user

    def _onchange(self, user, model, values, *names):
        records = self.env[model].with_user(user)
        try:
            found = records.onchange(values, list(values), {n: {} for n in names})
        except (AccessError, UserError):
            return {}
        return {name: one for name, one in found["value"].items() if one}

    def test_the_policy_of_another_company_is_not_shown(self):
        self.company.credit_controller_authority = 4321.0
        user = self._stranger("review_s1", MANAGER)
        found = self._onchange(
            user,
            "credit.policy",
            {"company_id": self.company.id},
            "credit_controller_authority",
        )
        self.assertNotIn(4321.0, found.values())

    def test_the_total_of_an_order_of_another_company_is_not_shown(self):
        order = self._order(self.limited, 1234.5)
        for groups in (COLLECTOR, "account.group_account_readonly"):
            user = self._stranger(f"review_{groups[-5:]}", groups)
            found = self._onchange(
                user, "credit.rule.try", {"order_id": order.id}, "amount"
            )
            self.assertFalse(found)

    def test_the_amount_of_a_case_of_another_company_is_not_shown(self):
        invoice = self._receivable(self.limited, 777.0, due_in=-10)
        case = (
            self.env["collection.case"]
            .sudo()
            .create({"profile_id": self._profile(self.limited).id})
        )
        self._open_items(invoice).sudo().case_id = case
        user = self._stranger("review_s3", CONTROLLER)
        found = self._onchange(
            user, "collection.case.handover", {"case_id": case.id}, "amount"
        )
        self.assertFalse(found)

    # === GROUPS OF SEVERAL COMPANIES === #

    def _shared_group(self):
        other = self._create_company(name="Other")
        group = self.env["credit.group"].create({"name": "G", "credit_limit": 1000.0})
        self._profile(self.limited).group_id = group
        there = self._profile(self._customer("There"), other)
        there.group_id = group
        user = self._user("review_b", MANAGER)
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.env.flush_all()
        self.env.invalidate_all()
        return group, user, other

    def test_the_limit_of_a_group_of_two_companies_is_no_ones_alone(self):
        group, user, _other = self._shared_group()
        with self.assertRaises(UserError):
            group.with_user(user).credit_limit = 9e6

    def test_a_limit_change_of_one_company_raises_no_group_of_two(self):
        group, user, other = self._shared_group()
        changes = self.env["credit.limit.change"].with_user(user)
        try:
            with self.env.cr.savepoint():
                change = changes.create(
                    {
                        "kind": "group",
                        "company_id": other.id,
                        "line_ids": [
                            Command.create({"group_id": group.id, "new_limit": 9e6})
                        ],
                    }
                )
                change.action_submit()
        except (AccessError, UserError):
            return
        self.env.invalidate_all()
        self.assertEqual(group.credit_limit, 1000.0)

    def test_salespeople_read_no_notes_and_ages_of_groups(self):
        group = self.env["credit.group"].create({"name": "G", "note": "secret"})
        self.limited.user_id = self.manager
        self._profile(self.limited).group_id = group
        self.env.flush_all()
        as_seller = group.with_user(self.salesperson)
        seen = set()
        for name in ("note", "exposure", "overdue_amount", "aging_picture"):
            try:
                as_seller.read([name])
                seen.add(name)
            except AccessError:
                pass
        self.assertFalse(seen)

    def _panel(self, **values):
        orders = self.env["sale.order"].with_user(self.salesperson)
        values = {"state": "draft", **values}
        try:
            found = orders.onchange(values, list(values), {"credit_panel": {}})
        except (AccessError, UserError):
            return None
        return found["value"].get("credit_panel")

    def test_the_panel_shows_no_customer_of_another_company(self):
        other = self._create_company(name="Other")
        self._profile(self.limited, other).write(
            {"limit_policy": "limited", "credit_limit": 4242.0}
        )
        self._rule("limit_used", limit_share=1.0, company_id=other.id)
        self.env.flush_all()
        self.env.invalidate_all()
        panel = self._panel(partner_id=self.limited.id, company_id=other.id)
        self.assertFalse(panel)

    def test_the_panel_shows_no_customer_of_a_colleague(self):
        self.limited.user_id = self.manager
        self.env.flush_all()
        self.env.invalidate_all()
        panel = self._panel(partner_id=self.limited.id, company_id=self.company.id)
        self.assertFalse(panel)

    # === LEGITIMATE WORK === #

    def test_collateral_with_a_deadline_can_be_copied(self):
        kind = self.env["credit.collateral.type"].search([], limit=1)
        collateral = self.env["credit.collateral"].create(
            {
                "profile_id": self._profile(self.limited).id,
                "type_id": kind.id,
                "amount": 100.0,
            }
        )
        collateral.sudo().write({"notice_date": self.today})
        collateral.with_user(self.controller).copy()

    def test_the_run_of_the_night_can_be_copied(self):
        run = self.env["collection.run"].sudo().create({"is_automatic": True})
        run.with_user(self.manager).copy()

    def test_who_passed_has_passed_also_behind_a_savepoint(self):
        order = self._order(self.limited, 100.0)
        with order._credit_passing():
            self.env.cr.precommit.add(lambda: None)  # as tracking does
            with self.env.cr.savepoint():
                pass
            self.assertIn(order.id, order._credit_passed_ids())
