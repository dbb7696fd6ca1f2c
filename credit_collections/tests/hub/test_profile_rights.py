from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import SALESPERSON, CreditCommon

LIMIT = {"limit_policy": "limited", "credit_limit": 5.0}


@tagged("post_install", "-at_install")
class TestProfileRights(CreditCommon):
    """Who may see, write, make and delete profiles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._user("colleague", SALESPERSON)
        cls.own = cls._profile_of("Own", cls.salesperson)
        cls.foreign = cls._profile_of("Foreign", cls.colleague)
        cls.nobodys = cls._profile_of("Nobody's", cls.env["res.users"])
        cls.all = cls.own + cls.foreign + cls.nobodys

    @classmethod
    def _profile_of(cls, name, salesperson):
        return cls._profile(cls._customer(name, user_id=salesperson.id))

    def _seen_by(self, user):
        """Return those of the three profiles that a user finds."""
        found = self.profiles.with_user(user).search([("id", "in", self.all.ids)])
        return found.with_env(self.env)

    def _assert_refused(self, user, vals, profile=None):
        profile = (profile or self.own).with_user(user)
        with self.assertRaises(AccessError):
            profile.write(vals)
            profile.flush_recordset()

    # === SALESPEOPLE === #

    def test_salespeople_see_their_customers_and_those_of_nobody(self):
        self.assertEqual(self._seen_by(self.salesperson), self.own + self.nobodys)

    def test_salespeople_do_not_read_others(self):
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.salesperson).read(["exposure"])

    def test_salespeople_do_not_open_others(self):
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.salesperson).web_read({"exposure": {}})

    def test_salespeople_do_not_refresh_others(self):
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.salesperson).action_refresh()

    def test_salespeople_do_not_open_the_records_of_others(self):
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.salesperson).action_open_component("order")

    def test_salespeople_do_not_open_others_from_the_partner(self):
        partner = self.foreign.partner_id.with_user(self.salesperson)
        with self.assertRaises(AccessError):
            partner.action_open_credit_profile()

    def test_salespeople_write_nothing(self):
        self._assert_refused(self.salesperson, {"note": "Pays late"})
        self._assert_refused(self.salesperson, LIMIT)

    def test_salespeople_make_no_profile(self):
        with self.assertRaises(AccessError):
            self.profiles.with_user(self.salesperson).create(
                {"partner_id": self.customer.id}
            )

    def test_salespeople_who_see_all_orders_see_all_customers(self):
        lead = self._user("lead", "sales_team.group_sale_salesman_all_leads")
        self.assertEqual(self._seen_by(lead), self.all)

    # === COLLECTORS AND ACCOUNTANTS === #

    def test_collectors_see_all_customers(self):
        self.assertEqual(self._seen_by(self.collector), self.all)

    def test_collectors_write_nothing(self):
        self._assert_refused(self.collector, {"note": "Pays late"})
        self._assert_refused(self.collector, LIMIT)

    def test_collectors_who_sell_see_all_customers(self):
        both = self._user("both", f"{SALESPERSON},credit_collections.group_collector")
        self.assertEqual(self._seen_by(both), self.all)

    def test_auditors_see_all_customers_and_write_nothing(self):
        auditor = self._user("auditor", "account.group_account_readonly")
        self.assertEqual(self._seen_by(auditor), self.all)
        self._assert_refused(auditor, {"note": "Pays late"})

    def test_billing_sees_all_customers_and_writes_nothing(self):
        biller = self._user("biller", "account.group_account_invoice")
        self.assertEqual(self._seen_by(biller), self.all)
        self._assert_refused(biller, {"note": "Pays late"})

    def test_other_employees_see_nothing(self):
        employee = self._user("employee", "base.group_user")
        with self.assertRaises(AccessError):
            self._seen_by(employee)

    # === CONTROLLERS === #

    def test_controllers_see_all_customers(self):
        self.assertEqual(self._seen_by(self.controller), self.all)

    def test_controllers_take_notes(self):
        self.own.with_user(self.controller).note = "Pays late"
        self.assertIn("Pays late", self.own.note)

    def test_controllers_change_no_limit(self):
        self._assert_refused(self.controller, {"limit_policy": "unlimited"})
        self._assert_refused(self.controller, {"credit_limit": 5.0})

    def test_controllers_move_no_profile_to_another_customer(self):
        self._assert_refused(self.controller, {"partner_id": self.customer.id})

    def test_controllers_archive_no_profile(self):
        self._assert_refused(self.controller, {"active": False})

    def test_controllers_neither_make_nor_delete_profiles(self):
        with self.assertRaises(AccessError):
            self.profiles.with_user(self.controller).create(
                {"partner_id": self.customer.id}
            )
        with self.assertRaises(AccessError):
            self.own.with_user(self.controller).unlink()

    # === MANAGERS === #

    def test_managers_change_limits(self):
        self.own.with_user(self.manager).write(LIMIT)
        self.assertEqual(self.own.effective_limit, 5.0)

    def test_managers_make_profiles_with_a_limit(self):
        profile = self.profiles.with_user(self.manager).create(
            {"partner_id": self.customer.id, **LIMIT}
        )
        self.assertEqual(profile.effective_limit, 5.0)

    def test_managers_set_core_s_limit(self):
        partner = self.own.partner_id.with_user(self.manager)
        self.manager.group_ids += self.env.ref("base.group_partner_manager")
        partner.credit_limit = 5.0
        self.assertEqual(self.own.effective_limit, 5.0)

    def test_nobody_writes_figures(self):
        for user in (self.manager, self.controller):
            self._assert_refused(user, {"exposure": 0.0})
            self._assert_refused(user, {"effective_limit": 1e9})
            self._assert_refused(user, {"overdue_days": 0})

    # === COMPANIES === #

    def test_profiles_of_other_companies_are_not_seen(self):
        other = self._create_company(name="Other")
        there = self._profile(self.own.partner_id, other)
        with self.assertRaises(AccessError):
            there.with_user(self.manager).read(["exposure"])

    def _manager_of_a_branch(self):
        """Return a manager who may open a branch, but not its root company."""
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self.manager.write(
            {"company_ids": [Command.set(branch.ids)], "company_id": branch.id}
        )
        return self.manager

    def test_who_may_open_a_branch_sees_the_profiles_of_its_root_company(self):
        self.assertEqual(self._seen_by(self._manager_of_a_branch()), self.all)

    def test_who_may_open_a_branch_opens_the_profiles_of_its_root_company(self):
        self._receivable(self.own.partner_id, 100.0)
        profile = self.own.with_user(self._manager_of_a_branch())
        (shown,) = profile.web_read(
            {
                "display_name": {},
                "company_id": {"fields": {"display_name": {}}},
                "exposure": {},
                "exposure_picture": {},
                "hold_count": {},
            }
        )
        self.assertEqual(shown["exposure"], 100.0)
        self.assertEqual(shown["company_id"]["display_name"], self.company.name)

    def test_who_may_open_a_branch_opens_the_records_of_the_whole_tree(self):
        invoice = self._receivable(self.own.partner_id, 100.0, due_in=5)
        profile = self.own.with_user(self._manager_of_a_branch())
        action = profile.action_open_component("not_due")
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.move_id, invoice)

    def test_managers_of_a_branch_change_the_limits_of_the_tree(self):
        self.own.with_user(self._manager_of_a_branch()).write(LIMIT)
        self.assertEqual(self.own.effective_limit, 5.0)

    def test_managers_of_a_branch_make_profiles_of_the_tree(self):
        profile = self.profiles.with_user(self._manager_of_a_branch()).create(
            {"partner_id": self.customer.id, **LIMIT}
        )
        self.assertEqual(profile.sudo().company_id, self.company)
