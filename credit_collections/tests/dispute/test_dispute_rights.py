# pylint: disable=translation-required  # what people write in a test is their own
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import SALESPERSON
from .common import DisputeCommon

AUDITOR = "account.group_account_readonly"


@tagged("post_install", "-at_install")
class TestDisputeRights(DisputeCommon):
    """Who sees, opens and works on disputes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispute = cls._dispute(
            cls._item(100.0, 10), 40.0, description="Two boxes are missing"
        )

    # === DEPARTMENTS === #

    def test_members_without_rights_read_what_they_need(self):
        for user in (self.member, self.lead):
            with self.assertRaises(AccessError):
                self.dispute.line_ids.move_line_id.with_user(user).read(["balance"])
            dispute = self.env["collection.dispute"].with_user(user).search([])
            self.assertEqual(dispute, self.dispute)
            values = dispute.web_read(
                {
                    "name": {},
                    "partner_id": {"fields": {"display_name": {}}},
                    "amount": {},
                    "invoice_names": {},
                    "credit_note_count": {},
                    "line_ids": {
                        "fields": {"invoice_name": {}, "item_amount": {}, "amount": {}}
                    },
                }
            )[0]
            self.assertEqual(values["partner_id"]["display_name"], "Complainer")
            line = values["line_ids"][0]
            self.assertEqual((line["item_amount"], line["amount"]), (100.0, 40.0))
            self.assertEqual(line["invoice_name"], values["invoice_names"])

    def test_members_can_open_the_form_and_the_list(self):
        disputes = self.env["collection.dispute"].with_user(self.member)
        for view_type in ("form", "list", "kanban", "pivot", "graph", "search"):
            self.assertTrue(disputes.get_view(view_type=view_type)["arch"])
        menus = self.env["ir.ui.menu"].with_user(self.member)._visible_menu_ids()
        self.assertIn(
            self.env.ref("credit_collections.collection_dispute_menu").id, menus
        )
        self.assertNotIn(
            self.env.ref("credit_collections.collection_run_menu").id, menus
        )

    def test_the_buttons_are_shown_to_those_who_may_press_them(self):
        auditor = self._user("reader", AUDITOR)
        for user, may_work in (
            (self.member, True),
            (self.lead, True),
            (self.collector, True),
            (auditor, False),
        ):
            dispute = self.dispute.with_user(user)
            self.assertEqual(dispute.may_work, may_work)
            self.assertEqual(dispute.may_withdraw, may_work)
        self.dispute.sudo().requested_by_id = auditor
        self.dispute.invalidate_recordset()
        dispute = self.dispute.with_user(auditor)
        self.assertEqual((dispute.may_work, dispute.may_withdraw), (False, True))

    def test_the_task_of_the_owner_says_what_it_is_about(self):
        reason = self.dispute.reason_id.name
        self.assertEqual(self.dispute.activity_ids.summary, f"{reason}: Complainer")

    def test_members_work_on_disputes_of_their_department(self):
        dispute = self.dispute.with_user(self.member)
        dispute.action_review()
        dispute.answer = "One box was found"
        dispute.message_post(body="Asked the driver")
        dispute.activity_schedule(user_id=self.member.id, summary="Call the driver")
        self._propose(self.dispute, 20.0)
        self.assertEqual((dispute.state, dispute.accepted_amount), ("review", 20.0))
        self.assertEqual(dispute.proposed_by_id, self.member)

    def test_members_reject(self):
        wizards = self.env["collection.dispute.reject"].with_user(self.member)
        wizards.create(
            {"dispute_ids": self.dispute.ids, "note": "All was delivered"}
        ).action_reject()
        self.assertEqual(self.dispute.state, "rejected")
        self.assertEqual(self.dispute.close_note, "All was delivered")

    def test_people_of_other_departments_see_nothing(self):
        disputes = self.env["collection.dispute"].with_user(self.outsider)
        self.assertFalse(disputes.search([]))
        dispute = self.dispute.with_user(self.outsider)
        for method in ("action_review", "action_accept", "action_reject"):
            with self.assertRaises(AccessError):
                getattr(dispute, method)()
        with self.assertRaises(AccessError):
            dispute.line_ids.read(["amount"])

    def test_whoever_it_is_assigned_to_sees_it(self):
        self.dispute.with_user(self.member).user_id = self.outsider
        dispute = self.dispute.with_user(self.outsider)
        dispute.action_review()
        self.assertEqual(dispute.state, "review")
        self.assertIn(self.outsider, dispute.activity_ids.user_id)

    def test_a_dispute_that_goes_to_another_department_goes_to_its_lead(self):
        other = self.env["collection.department"].create(
            {"name": "Other", "lead_id": self.outsider.id}
        )
        self.dispute.with_user(self.member).department_id = other
        self.assertEqual(self.dispute.user_id, self.outsider)
        self.assertEqual(self.dispute.activity_ids.user_id, self.outsider)

    # === BY HAND === #

    def test_nobody_decides_by_hand(self):
        for user in (self.member, self.collector, self.manager):
            dispute = self.dispute.with_user(user)
            for values in ({"state": "accepted"}, {"is_proposed": True}):
                with self.assertRaises(AccessError):
                    dispute.write(values)
            with self.assertRaises(AccessError):
                dispute.line_ids.write({"accepted_amount": 40.0})
            with self.assertRaises(AccessError):
                dispute.unlink()

    # === SALES, COLLECTORS, AUDITORS === #

    def test_salespeople_open_disputes_for_their_customers(self):
        item = self._item(50.0, 5, invoice_user_id=self.salesperson.id)
        action = item.move_id.with_user(self.salesperson).action_dispute()
        self.assertEqual(action["res_model"], "collection.dispute.open")
        self._wizard(item, self.salesperson).action_open()
        dispute = self._profile(self.debtor).dispute_ids - self.dispute
        self.assertEqual(dispute.requested_by_id, self.salesperson)
        dispute.with_user(self.salesperson).read(["name", "amount"])
        with self.assertRaises(AccessError):
            dispute.with_user(self.salesperson).action_review()
        dispute.with_user(self.salesperson).action_withdraw()
        self.assertEqual(dispute.state, "withdrawn")

    def test_salespeople_see_no_disputes_of_others(self):
        other = self._user("other_sales", SALESPERSON)
        disputes = self.env["collection.dispute"].with_user(other)
        self.assertFalse(disputes.search([]))

    def test_plain_users_and_auditors_open_none(self):
        auditor = self._user("auditor", AUDITOR)
        item = self._item(50.0, 5)
        for user in (auditor, self.member):
            with self.assertRaises(AccessError):
                item.with_user(user).action_dispute()

    def test_auditors_read_everything_and_decide_nothing(self):
        auditor = self._user("auditor", AUDITOR)
        dispute = self.dispute.with_user(auditor)
        self.assertEqual(dispute.line_ids.amount, 40.0)
        with self.assertRaises(AccessError):
            dispute.action_review()
        with self.assertRaises(AccessError):
            dispute.answer = "Mine"

    def test_only_managers_set_up_departments(self):
        with self.assertRaises(AccessError):
            self.department.with_user(self.collector).days_to_answer = 1
        self.department.with_user(self.manager).member_ids += self.outsider
        self.assertTrue(
            self.outsider.has_group("credit_collections.group_dispute_member")
        )

    def test_users_of_another_company_see_nothing(self):
        other = self.setup_other_company()["company"]
        stranger = self._user("stranger", "credit_collections.group_credit_manager")
        stranger.sudo().write(
            {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        self.department.member_ids += stranger
        disputes = self.env["collection.dispute"].with_user(stranger)
        self.assertFalse(disputes.search([]))
        lines = self.env["collection.dispute.line"].with_user(stranger)
        self.assertFalse(lines.search([]))
