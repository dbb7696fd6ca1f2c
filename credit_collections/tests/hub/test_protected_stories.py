from datetime import timedelta

from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import COLLECTOR, CONTROLLER, MANAGER, LimitedCommon

INVOICING = "account.group_account_invoice"


@tagged("post_install", "-at_install")
class TestProtectedStories(LimitedCommon):
    """Ways round the policy that somebody found, each as a call of its user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._profile(cls.limited)

    def _held(self, amount=1500.0):
        order = self._order(self.limited, amount)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        return order

    # === HOLDS === #

    def test_the_release_of_another_order_is_not_used_again(self):
        released = self._held()
        hold = released.credit_hold_id
        hold.with_user(self.manager)._release(self.release_reason, confirm=False)
        orders = self.env["sale.order"].with_user(self.salesperson)
        order = self._order(self.limited, 1500.0)
        with self.assertRaises(AccessError):
            order.with_user(self.salesperson).credit_hold_id = hold
        made = orders.with_context(default_credit_hold_id=hold.id).create(
            {"partner_id": self.limited.id}
        )
        self.assertFalse(made.sudo().credit_hold_id)
        # also where something else lets the order point to it
        order.sudo().credit_hold_id = hold
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.sudo()._credit_get_hold().state, "held")

    def test_a_hold_by_hand_is_not_shaken_off(self):
        order = self._order(self.limited, 100.0)
        reason = self.env["credit.reason"].search([("kind", "=", "hold")], limit=1)
        self.env["credit.hold.force"].with_user(self.manager).create(
            {"order_ids": [Command.set(order.ids)], "reason_id": reason.id}
        ).action_force()
        hold = order.credit_hold_id
        self.assertEqual(hold.state, "held")
        with self.assertRaises(AccessError):
            order.with_user(self.salesperson).credit_hold_id = False
        order.sudo().credit_hold_id = False
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertEqual(hold.state, "held")

    # === LIMITS === #

    def _forged_line(self, **forged):
        change = self.env["credit.limit.change"].with_user(self.controller)
        change = change.create({"kind": "temporary"})
        lines = self.env["credit.limit.change.line"].with_user(self.controller)
        keys = {f"default_{name}": value for name, value in forged.items()}
        return lines.with_context(**keys).create(
            {
                "change_id": change.id,
                "profile_id": self.profile.id,
                "new_limit": 8888888.0,
                "date_from": self.today,
                "date_to": self.today + timedelta(days=30),
            }
        )

    def test_a_line_is_born_as_a_draft(self):
        for state in ("posted", "scheduled", "approved"):
            line = self._forged_line(state=state)
            self.assertEqual(line.state, "draft")
            with self.assertRaises(AccessError):
                line.with_user(self.controller).state = state
            line.unlink()
        self.profile.action_refresh()
        self.assertEqual(self.profile.effective_limit, 1000.0)

    def test_a_line_of_a_draft_is_not_in_force_whatever_it_says(self):
        line = self._forged_line()
        line.sudo().state = "posted"
        self.env.flush_all()
        self.profile.action_refresh()
        self.assertEqual(self.profile.effective_limit, 1000.0)
        order = self._order(self.limited, 1500.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")

    def test_a_scheduled_line_of_a_draft_does_not_take_force(self):
        change = self.env["credit.limit.change"].create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "profile_id": self.profile.id,
                            "new_limit": 8888888.0,
                            "date_from": self.today,
                        }
                    )
                ]
            }
        )
        change.line_ids.sudo().state = "scheduled"
        self.env.flush_all()
        with self._as_job():
            self.env["credit.limit.change"]._cron_take_force()
        self.assertEqual(self.profile.credit_limit, 1000.0)
        self.assertEqual(change.line_ids.state, "scheduled")

    # === COLLATERAL === #

    def _collateral(self, profile=None, user=None, context=None):
        kind = self.env["credit.collateral.type"].search([], limit=1)
        collateral = self.env["credit.collateral"].with_user(user or self.controller)
        return collateral.with_context(**(context or {})).create(
            {
                "profile_id": (profile or self.profile).id,
                "type_id": kind.id,
                "amount": 8500.0,
            }
        )

    def _validated(self, profile=None, manager=None):
        manager = manager or self.manager
        collateral = self._collateral(profile, manager)
        collateral.sudo().write(
            {"validated_date": self.today, "validated_by_id": self.manager.id}
        )
        self.assertTrue(collateral.validated_date)
        return collateral

    def test_collateral_is_not_born_validated(self):
        collateral = self._collateral(
            context={
                "default_validated_date": self.today,
                "default_validated_by_id": self.manager.id,
            }
        )
        self.assertFalse(collateral.validated_date)
        self.assertFalse(collateral.validated_by_id)
        self.assertEqual(self.profile.effective_limit, 1000.0)

    def test_validated_collateral_stays_on_record(self):
        self._validated()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ForeignKeyViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "DELETE FROM credit_profile WHERE id = %s", [self.profile.id]
            )

    def test_collateral_is_not_moved_to_a_customer_of_another_company(self):
        other = self._create_company(name="Other")
        there = self._profile(self.limited, other)
        stranger = self._user_of(other, "manager_b", MANAGER)
        collateral = self._validated(there, stranger).with_user(stranger)
        with self.assertRaises(AccessError):
            collateral.profile_id = self.profile

    def _user_of(self, company, login, groups):
        user = self._user(login, groups)
        user.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        return user

    def test_collateral_with_a_deadline_is_copied_without_it(self):
        collateral = self._collateral()
        collateral.sudo().write({"notice_date": self.today})
        copy = collateral.with_user(self.controller).copy()
        self.assertEqual((copy.amount, copy.notice_date), (8500.0, False))

    def test_the_run_of_the_night_is_copied_as_one_by_hand(self):
        run = self.env["collection.run"].sudo().create({"is_automatic": True})
        self.assertFalse(run.with_user(self.manager).copy().is_automatic)

    # === JOURNAL ITEMS === #

    def test_invoicing_users_do_not_write_our_fields_on_items(self):
        invoicing = self._user("invoicing", INVOICING)
        invoice = self._receivable(self.limited, 100.0, due_in=-10)
        item = self._open_items(invoice).with_user(invoicing)
        for vals in (
            {"collection_level": 5},
            {"collection_disputed_amount": 100.0},
            {"collection_excluded_until": "2099-01-01"},
            {"collection_step_date": "2099-01-01"},
            {"case_id": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                item.write(vals)
            # core has something against it, too
            with self.subTest(vals=vals), self.assertRaises(UserError):
                invoice.with_user(invoicing).write(
                    {"line_ids": [Command.update(item.id, vals)]}
                )
        made = invoice.with_user(invoicing).with_context(
            default_collection_level=5, default_collection_disputed_amount=100.0
        )
        made = made.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.limited.id,
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": 9})
                ],
            }
        )
        self.assertEqual(set(made.sudo().line_ids.mapped("collection_level")), {0})

    # === WHAT RUNS DID === #

    def test_managers_neither_rewrite_nor_delete_what_runs_did(self):
        run = self.env["collection.run"].sudo().create({})
        strategy = self.env["collection.strategy"].search([], limit=1)
        action = (
            self.env["collection.action"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "profile_id": self.profile.id,
                    "company_id": self.company.id,
                    "strategy_id": strategy.id,
                    "channel": "task",
                    "state": "sent",
                }
            )
        )
        invoice = self._receivable(self.limited, 100.0, due_in=-10)
        line = (
            self.env["collection.action.line"]
            .sudo()
            .create(
                {"action_id": action.id, "move_line_id": self._open_items(invoice).id}
            )
        )
        run.state = "done"
        for record, vals in (
            (run, {"date": "2024-01-01"}),
            (action, {"level": 9}),
            (line, {"level": 9}),
        ):
            as_manager = record.with_user(self.manager)
            with self.subTest(record=record), self.assertRaises(UserError):
                as_manager.write(vals)
            with self.subTest(record=record), self.assertRaises(UserError):
                as_manager.unlink()

    # === OTHER COMPANIES === #

    def test_orders_of_other_companies_are_neither_excluded_nor_included(self):
        order = self._held()
        stranger = self._user_of(
            self._create_company(name="Other"), "manager_b", f"{MANAGER},{COLLECTOR}"
        )
        for method in ("action_credit_exclude", "action_credit_include"):
            with self.assertRaisesRegex(AccessError, "where you do not work"):
                getattr(order.with_user(stranger), method)()
        with self.assertRaisesRegex(AccessError, "where you do not work"):
            order.with_user(stranger)._credit_exclude("mine")
        self.assertFalse(order.credit_excluded)

    def test_nobody_archives_the_shared_rule_of_another_company(self):
        rule = self.env["credit.rule"].search([("kind", "=", "limit_used")], limit=1)
        rule.company_id = False
        other = self._create_company(name="Other")
        self._profile(self.limited, other)
        stranger = self._user_of(other, "manager_b", f"{MANAGER},{CONTROLLER}")
        for call in (
            lambda: rule.with_user(stranger).write({"active": False}),
            lambda: rule.with_user(stranger).action_archive(),
            lambda: rule.with_user(stranger).unlink(),
        ):
            with self.assertRaisesRegex(AccessError, "counts for all companies"):
                call()
        self._held()
