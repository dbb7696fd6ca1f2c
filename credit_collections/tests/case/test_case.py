from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..dispute.common import DisputeCommon


@tagged("post_install", "-at_install")
class TestCase(DisputeCommon):
    """What goes into cases, when they close and go on, and who takes them over."""

    def _case(self, *items, user=None):
        """Return a case that a collector opened by hand with these items."""
        together = self.env["account.move.line"].union(*items)
        case = together.with_user(user or self.collector)._open_case()
        return case.with_env(self.env)

    def _cases(self):
        return self.env["collection.case"]

    # === OPENING === #

    def test_a_case_is_opened_on_any_balance(self):
        due, early = self._item(100.0, 10), self._item(50.0, -20)
        case = self._case(due, early)
        self.assertTrue(case.name.startswith("CASE/"))
        self.assertEqual((case.state, case.stage), ("open", "reminders"))
        self.assertEqual((case.amount, case.open_amount), (150.0, 150.0))
        self.assertEqual(case.move_line_ids, due + early)
        self.assertEqual(case.user_id, self.collector)
        self.assertEqual(self._profile(self.debtor).case_count, 1)

    def test_the_button_proposes_what_is_open_and_in_no_case(self):
        first, second = self._item(100.0, 10), self._item(50.0, 8)
        self._case(first)
        profile = self._profile(self.debtor).with_user(self.collector)
        context = profile.action_open_case()["context"]
        self.assertEqual(context["default_move_line_ids"], second.ids)
        wizards = self.env["collection.case.open"].with_user(self.collector)
        wizard = wizards.with_context(**context).create({"priority": "1"})
        wizard.action_open()
        self.assertEqual(second.case_id, first.case_id)

    def test_an_item_is_in_one_open_case(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        for method in ("_open_case", "action_open_case"):
            with self.assertRaisesRegex(UserError, f"in case {case.name}"):
                getattr(item.with_user(self.collector), method)()
        case.with_user(self.collector).action_cancel()
        self.assertEqual(case.close_reason, "cancelled")
        self.assertNotEqual(self._case(item), case)

    def test_nothing_paid_goes_into_a_case(self):
        item = self._item(100.0, 10)
        self._payment(self.debtor, 100.0, item.move_id)
        with self.assertRaises(UserError):
            self._case(item)

    def test_the_owner_is_the_collector_of_the_customer(self):
        other = self._user("other_collector", "credit_collections.group_collector")
        self._profile(self.debtor).collector_id = other
        self.assertEqual(self._case(self._item(100.0, 10)).user_id, other)

    def test_a_step_opens_cases_with_what_is_overdue(self):
        overdue, early = self._item(100.0, 10), self._item(50.0, -5)
        self.strategy.step_ids[0].opens_case = True
        self._plan().action_start()
        case = self._profile(self.debtor).case_ids
        self.assertEqual(case.move_line_ids, overdue)
        self.assertEqual(case.step_id, self.strategy.step_ids[0])
        self.assertFalse(early.case_id)
        # the next overdue item goes into the case that is open
        later = self._item(30.0, 2)
        self._cases()._open_for(self._profile(self.debtor))
        self.assertEqual(later.case_id, case)
        self.assertEqual(case.amount, 130.0)

    def test_a_manager_opens_cases_of_many_customers_for_a_controller(self):
        other = self._debtor("Other", (70.0, 3))
        self._item(100.0, -3)
        nothing = self._debtor("Nothing")
        profiles = self._profile(self.debtor) + self._profile(other)
        profiles += self._profile(nothing)
        action = profiles.with_user(self.manager).action_open_case()
        wizards = self.env["collection.case.open"].with_user(self.manager)
        wizard = wizards.with_context(**action["context"]).create(
            {"user_id": self.controller.id}
        )
        wizard.action_open()
        cases = profiles.case_ids
        self.assertEqual(sorted(cases.mapped("amount")), [70.0, 100.0])
        self.assertEqual(cases.user_id, self.controller)
        with self.assertRaises(UserError):
            wizard.action_open()

    def test_a_manager_keeps_the_collector_of_each_customer(self):
        self._profile(self.debtor).collector_id = self.collector
        other = self._debtor("Other", (70.0, 3))
        self._item(100.0, 3)
        profiles = self._profile(self.debtor) + self._profile(other)
        self._cases().with_user(self.manager)._open_for(profiles)
        self.assertEqual(
            [profile.case_ids.user_id for profile in profiles],
            [self.collector, self.manager],
        )

    def test_only_managers_open_cases_of_many(self):
        other = self._debtor("Other", (70.0, 3))
        profiles = self._profile(self.debtor) + self._profile(other)
        with self.assertRaises(AccessError):
            profiles.with_user(self.collector).action_open_case()

    # === CLOSING === #

    def test_a_case_closes_with_the_last_payment(self):
        first, second = self._item(100.0, 10), self._item(50.0, 8)
        case = self._case(first, second)
        self._payment(self.debtor, 120.0, first.move_id + second.move_id)
        self.assertEqual((case.state, case.open_amount), ("open", 30.0))
        self.assertEqual(case.collected_amount, 120.0)
        self._payment(self.debtor, 30.0, second.move_id)
        self.assertEqual((case.state, case.close_reason), ("closed", "paid"))
        self.assertEqual(case.closed_date, self.today)
        case.invalidate_recordset(["collected_amount"])
        self.assertEqual(case.collected_amount, 150.0)

    def test_a_case_whose_items_are_credited_is_closed_as_credited(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        note = self._receivable(self.debtor, -100.0)
        self._open_items(item.move_id + note).reconcile()
        self.assertEqual((case.state, case.close_reason), ("closed", "credited"))
        self.assertEqual(case.collected_amount, 0.0)

    def _write_off(self, items, amount=None):
        """Match items with an entry that writes them off, one of them in part."""
        amounts = {item: amount or item.amount_residual for item in items}
        expense = self.company_data["default_account_expense"]
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "account_id": item.account_id.id,
                            "partner_id": item.partner_id.id,
                            "credit": amount,
                        }
                    )
                    for item, amount in amounts.items()
                ]
                + [
                    Command.create(
                        {"account_id": expense.id, "debit": sum(amounts.values())}
                    )
                ]
            }
        )
        entry.action_post()
        self._open_items(items.move_id + entry).reconcile()

    def test_a_case_whose_items_are_written_off_says_so(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        self._write_off(item, 100.0)
        self.assertEqual((case.state, case.close_reason), ("closed", "written_off"))

    def test_a_case_that_is_settled_in_parts_says_so(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        self._payment(self.debtor, 99.0, item.move_id)
        self.assertEqual(case.state, "open")
        self._write_off(item, 1.0)
        self.assertEqual((case.state, case.close_reason), ("closed", "mixed"))

    def test_an_exchange_difference_is_no_reason(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        item = self._item(100.0, 10, currency_id=euro.id)
        case = self._case(item)
        self.setup_other_currency("EUR", rates=[(str(self.today), 4.0)])
        self._payment(self.debtor, 100.0, item.move_id, currency_id=euro.id)
        self.assertTrue(item.reconciled)
        self.assertEqual((case.state, case.close_reason), ("closed", "paid"))

    def test_a_case_goes_on_when_a_payment_is_undone(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        payment = self._payment(self.debtor, 100.0, item.move_id)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual((case.state, case.close_reason), ("open", False))
        self.assertEqual(case.open_amount, 100.0)

    def test_a_cancelled_case_stays_closed(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        payment = self._payment(self.debtor, 60.0, item.move_id)
        case.with_user(self.collector).action_cancel()
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual((case.state, case.close_reason), ("closed", "cancelled"))

    def test_the_nightly_job_closes_what_was_missed(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        self.patch(type(self._cases()), "_on_matched", lambda *args: None)
        self._payment(self.debtor, 100.0, item.move_id)
        self.assertEqual(case.state, "open")
        self._night()
        self.assertEqual((case.state, case.close_reason), ("closed", "paid"))

    def test_the_nightly_job_goes_on_with_what_is_open_again(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        payment = self._payment(self.debtor, 100.0, item.move_id)
        self.assertEqual(case.state, "closed")
        self.patch(type(self._cases()), "_on_unmatched", lambda *args: None)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(case.state, "closed")
        self._night()
        self.assertEqual((case.state, case.close_reason), ("open", False))

    def _night(self):
        with self._as_job():
            self._cases().sudo()._cron_close()

    def test_payments_are_registered_for_the_items_of_the_case(self):
        item, other = self._item(100.0, 10), self._item(50.0, 8)
        case = self._case(item)
        action = case.action_register_payment()
        self.assertEqual(action["res_model"], "account.payment.register")
        wizard = self.env["account.payment.register"]
        wizard.with_context(**action["context"]).create({}).action_create_payments()
        self.assertEqual(case.close_reason, "paid")
        self.assertEqual(other.amount_residual, 50.0)

    # === COST === #

    def _count(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_hundred_cases_take_as_many_statements_as_one(self):
        debtors = self._debtors([f"D {n}" for n in range(102)], (100.0, 10))
        profiles = self.profiles._ensure(self.company, debtors.ids)
        cases = self._cases().with_user(self.manager)

        def open_for(some):
            return self._count(lambda: cases._open_for(some))

        open_for(profiles[0])  # fills the caches
        self.assertEqual(open_for(profiles[2:]), open_for(profiles[1]))
        items = profiles.case_ids.move_line_ids
        self.assertEqual(len(items), 102)
        self.patch(type(self._cases()), "_on_matched", lambda *args: None)
        self._write_off(items)

        def close(some):
            # a fresh recordset: the one of the profiles would forget what to prefetch
            of_some = self._cases().browse(some.case_ids.ids)
            return self._count(of_some.sudo()._close_settled)

        close(profiles[0])
        self.assertEqual(close(profiles[2:]), close(profiles[1]))
        self.assertEqual(set(profiles.case_ids.mapped("close_reason")), {"written_off"})

    # === LEGAL === #

    def _hand_over(self, case, amount=None, user=None, **values):
        lawyer = self._customer("Lawyer")
        wizards = self.env["collection.case.handover"].with_user(
            user or self.controller
        )
        values = {"case_id": case.id, "partner_id": lawyer.id, **values}
        if amount is not None:
            values["amount"] = amount
        wizards.create(values).action_hand_over()

    def test_handing_over_stops_the_runs_and_taking_back_starts_them(self):
        case = self._case(self._item(100.0, 10))
        self._hand_over(case, reference="L-77")
        self.assertEqual((case.state, case.stage), ("legal", "legal"))
        self.assertEqual((case.handed_amount, case.handed_date), (100.0, self.today))
        self.assertEqual(self._action(self._plan(), self.debtor).skip_reason, "legal")
        case.with_user(self.controller).action_take_back()
        self.assertEqual((case.state, case.stage), ("open", "demand"))
        self.assertEqual(self._action(self._plan(), self.debtor).state, "planned")
        self.assertEqual(case.handed_reference, "L-77")

    def test_not_more_than_what_is_open_is_handed_over(self):
        case = self._case(self._item(100.0, 10))
        for amount in (0.0, -1.0, 100.01):
            with self.assertRaises(UserError):
                self._hand_over(case, amount)
        self._hand_over(case, 100.0, stage="agency")
        self.assertEqual(case.stage, "agency")

    def test_a_customer_stays_legal_who_was_so_before(self):
        profile = self._profile(self.debtor)
        profile.is_legal = True
        case = self._case(self._item(100.0, 10))
        self._hand_over(case)
        self._hand_over(case, stage="insolvency")
        case.with_user(self.controller).action_take_back()
        self.assertTrue(profile.is_legal)

    def test_a_legal_case_that_is_paid_lets_the_runs_go_on(self):
        item = self._item(100.0, 10)
        case = self._case(item)
        self._hand_over(case)
        payment = self._payment(self.debtor, 100.0, item.move_id)
        self.assertEqual((case.state, case.close_reason), ("closed", "paid"))
        self.assertFalse(self._profile(self.debtor).is_legal)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(case.state, "legal")
        self.assertTrue(self._profile(self.debtor).is_legal)

    def test_only_controllers_hand_over(self):
        case = self._case(self._item(100.0, 10))
        with self.assertRaises(AccessError):
            case.with_user(self.collector).action_hand_over()
        with self.assertRaises(AccessError):
            case.with_user(self.collector)._hand_over(
                "legal", self.customer, self.today, "", 100.0
            )

    def test_the_demand_letter_has_its_date(self):
        case = self._case(self._item(100.0, 10)).with_user(self.collector)
        case.action_demand()
        self.assertEqual((case.stage, case.demand_date), ("demand", self.today))
        with self.assertRaises(UserError):
            case.action_demand()

    # === RECORD === #

    def test_the_paper_tells_items_disputes_and_history(self):
        item = self._item(100.0, 10)
        self._plan().action_start()
        case = self._case(item)
        dispute = self._dispute(item, 40.0)
        self.assertEqual(case.dispute_ids, dispute)
        self._hand_over(case)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("credit_collections.collection_case_report", case.ids)[0]
            .decode()
        )
        for text in (item.move_name, dispute.name, "First", "Lawyer", "100.00"):
            self.assertIn(text, html)

    def test_cases_and_disputes_stay_when_customers_are_merged(self):
        double = self._debtor("Double", (30.0, 3))
        item = self._open_items(double.invoice_ids)
        case = self._case(item)
        dispute = self._dispute(item, 10.0)
        self._profile(self.debtor)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.debtor + double).ids, self.debtor)
        self.env.invalidate_all()
        self.assertEqual(case.partner_id, self.debtor)
        self.assertEqual(dispute.partner_id, self.debtor)

    # === RIGHTS === #

    def test_who_sees_cases(self):
        case = self._case(self._item(100.0, 10))
        auditor = self._user("auditor", "account.group_account_readonly")
        accountant = self._user("accountant", "account.group_account_invoice")
        for user in (auditor, accountant, self.controller):
            self.assertEqual(case.with_user(user).open_amount, 100.0)
        for user in (self.salesperson, self.member):
            with self.assertRaises(AccessError):
                case.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            case.with_user(auditor).action_cancel()

    def test_accountants_open_cases(self):
        accountant = self._user("accountant", "account.group_account_invoice")
        case = self._case(self._item(100.0, -10), user=accountant)
        self.assertEqual(case.user_id, accountant)
        for user in (self.salesperson, self.member):
            with self.assertRaises(AccessError):
                self._case(self._item(10.0, 1), user=user)

    def test_accountants_find_the_menu_of_cases_and_not_that_of_runs(self):
        accountant = self._user("accountant", "account.group_account_invoice")
        menus = self.env["ir.ui.menu"].with_user(accountant)._visible_menu_ids()
        for name in ("credit_menu_root", "collection_menu", "collection_case_menu"):
            self.assertIn(self.env.ref(f"credit_collections.{name}").id, menus)
        run_menu = self.env.ref("credit_collections.collection_run_menu")
        self.assertNotIn(run_menu.id, menus)

    def test_nobody_changes_a_case_by_hand(self):
        case = self._case(self._item(100.0, 10))
        for values in ({"state": "closed"}, {"stage": "legal"}, {"amount": 1.0}):
            with self.assertRaises(AccessError):
                case.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            case.with_user(self.manager).unlink()
        case.with_user(self.collector).write({"priority": "2", "note": "Call"})
        self.assertEqual(case.priority, "2")

    def test_users_of_another_company_see_nothing(self):
        case = self._case(self._item(100.0, 10))
        other = self.setup_other_company()["company"]
        stranger = self._user("stranger", "credit_collections.group_credit_manager")
        stranger.sudo().write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        cases = self._cases().with_user(stranger)
        self.assertFalse(cases.search([("id", "=", case.id)]))
