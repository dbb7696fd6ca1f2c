import base64
import io

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.date_utils import relativedelta

from .common import LimitCommon


class ManyCommon(LimitCommon):
    """Three customers: limits of 1,000 and 1,234, and one that is unlimited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_limit_manual_edit = True
        cls.odd = cls._profile(cls._customer("Odd", limit=1234.0))
        cls.free = cls._profile(cls._customer("Free"))
        cls.free.limit_policy = "unlimited"
        cls.company.credit_limit_manual_edit = False
        cls.three = cls.profile + cls.odd + cls.free
        cls.domain = repr([("id", "in", cls.three.ids)])

    def _draft(self, kind="permanent"):
        return self.changes.with_user(self.controller).create({"kind": kind})

    def _limits(self, change):
        return {
            line.profile_id: line.new_limit
            for line in change.with_env(self.env).line_ids
        }


@tagged("post_install", "-at_install")
class TestLimitGenerate(ManyCommon):
    """Lines for all customers that a filter finds."""

    def _generate(self, change, **values):
        wizard = (
            self.env["credit.limit.generate"]
            .with_user(self.controller)
            .create({"change_id": change.id, "domain": self.domain, **values})
        )
        wizard.action_generate()
        return wizard

    def test_a_percentage_rounded(self):
        # 1,000 + 10 % = 1,100; 1,234 + 10 % = 1,357.40, to hundreds 1,400
        change = self._draft()
        self._generate(change, method="percent", share=0.1, rounding_unit=100.0)
        self.assertEqual(self._limits(change), {self.profile: 1100.0, self.odd: 1400.0})

    def test_rounded_down(self):
        change = self._draft()
        self._generate(
            change,
            method="percent",
            share=0.1,
            rounding_unit=100.0,
            rounding_direction="down",
        )
        self.assertEqual(self._limits(change)[self.odd], 1300.0)

    def test_an_amount_less(self):
        change = self._draft()
        self._generate(change, method="add", amount=-1100.0, rounding_unit=0.0)
        self.assertEqual(self._limits(change), {self.profile: 0.0, self.odd: 134.0})

    def test_the_same_for_all_is_for_unlimited_customers_too(self):
        change = self._draft()
        self._generate(change, method="set", amount=2000.0)
        self.assertEqual(self._limits(change), dict.fromkeys(self.three, 2000.0))

    def test_the_number_of_lines_is_known_before(self):
        change = self._draft()
        wizard = self.env["credit.limit.generate"].new(
            {"change_id": change.id, "domain": self.domain, "method": "percent"}
        )
        self.assertEqual(wizard.target_count, 2)
        wizard.method = "set"
        self.assertEqual(wizard.target_count, 3)

    def test_who_has_a_line_gets_no_second_one(self):
        change = self._draft()
        self._generate(change, method="percent", share=0.1)
        self._generate(change, method="set", amount=5.0, rounding_unit=0.0)
        self.assertEqual(self._limits(change)[self.profile], 1100.0)
        self.assertEqual(self._limits(change)[self.free], 5.0)
        with self.assertRaisesRegex(UserError, "finds nobody"):
            self._generate(change, method="set", amount=5.0)

    def test_customers_of_other_companies_are_left_out(self):
        there = self._profile(self.customer, self._create_company(name="Other"))
        change = self._draft()
        domain = repr([("partner_id", "=", self.customer.id)])
        self._generate(change, method="set", amount=5.0, domain=domain)
        self.assertNotIn(there, self._limits(change))
        self.assertIn(self.profile, self._limits(change))

    def test_days_from_today(self):
        change = self._draft("temporary")
        self._generate(
            change,
            method="percent",
            share=0.5,
            start_days=7,
            duration=2,
            duration_unit="weeks",
        )
        for line in change.line_ids:
            self.assertEqual(line.date_from, self._day(7))
            self.assertEqual(line.date_to, self._day(21))

    def test_certain_days(self):
        change = self._draft()
        self._generate(
            change,
            method="percent",
            share=0.5,
            date_mode="absolute",
            date_to=self._day(90),
        )
        self.assertEqual(set(change.line_ids.mapped("date_to")), {self._day(90)})
        self.assertEqual(set(change.line_ids.mapped("date_from")), {False})

    def test_as_long_as_the_company_says(self):
        self.company.credit_limit_validity_months = 9
        change = self._draft()
        self._generate(change, method="percent", share=0.5)
        expected = self.today + relativedelta(months=9)
        self.assertEqual(set(change.line_ids.mapped("date_to")), {expected})

    def test_groups(self):
        groups = self.env["credit.group"].sudo()
        groups = groups.create(
            [{"name": "Steel", "credit_limit": 900.0}, {"name": "Wood"}]
        )
        change = self._draft("group")
        self._generate(
            change,
            group_domain=repr([("id", "in", groups.ids)]),
            method="add",
            amount=100.0,
        )
        self.assertEqual(change.line_ids.group_id, groups)
        self.assertEqual(change.line_ids.mapped("new_limit"), [1000.0, 100.0])

    def test_all_temporary_limits_are_cancelled(self):
        self._raised()
        change = self._draft("cancel")
        self._generate(change, domain="[]")
        self.assertEqual(change.line_ids.profile_id, self.profile)
        change.with_user(self.manager).action_submit()
        self.assertEqual(self.profile.temporary_limit_count, 0)

    def test_a_filter_that_can_not_be_read(self):
        for domain in ("[(", "[('nothing', '=', 1)]", "nobody"):
            with self.assertRaisesRegex(UserError, "The filter can't be read"):
                self._generate(self._draft(), domain=domain)

    def test_nothing_is_generated_into_what_was_submitted(self):
        change = self._draft()
        self._generate(change, method="percent", share=0.1)
        change.action_submit()
        with self.assertRaisesRegex(UserError, "Only drafts are changed"):
            self._generate(change, method="set", amount=5.0)

    def test_collectors_generate_nothing(self):
        collector = self.collector
        with self.assertRaises(AccessError):
            self.env["credit.limit.generate"].with_user(collector).create(
                {"change_id": self._draft().id}
            )


@tagged("post_install", "-at_install")
class TestLimitImport(ManyCommon):
    """Lines from a spreadsheet: all of it, or nothing and everything that is wrong."""

    def _import(self, text, change=None, name="limits.csv"):
        content = text if isinstance(text, bytes) else text.encode()
        wizard = (
            self.env["credit.limit.import"]
            .with_user(self.controller)
            .create(
                {
                    "change_id": (change or self._draft()).id,
                    "file": base64.b64encode(content),
                    "file_name": name,
                }
            )
        )
        wizard.action_import()
        return wizard

    def _assert_told(self, *problems, text, kind="permanent"):
        change = self._draft(kind)
        wizard = self._import(text, change)
        for problem in problems:
            self.assertIn(problem, wizard.problems)
        self.assertEqual(wizard.problem_count, len(problems))
        self.assertFalse(change.line_ids)

    def test_by_name_reference_and_tax_id(self):
        self.odd.partner_id.ref = "C-17"
        self.free.partner_id.vat = "BE0477472701"
        change = self._draft()
        self._import(
            "Customer,Reference,VAT,Limit,Until,Note\n"
            f"Customer,,,2500,{self._day(90)},Well known\n"
            ",C-17,,unlimited,,\n"
            ",,BE0477472701,No credit,,\n",
            change,
        )
        one, two, three = change.line_ids
        self.assertEqual(change.line_ids.profile_id, self.three)
        self.assertEqual((one.new_policy, one.new_limit), ("limited", 2500.0))
        self.assertEqual((one.date_to, one.note), (self._day(90), "Well known"))
        self.assertEqual(two.new_policy, "unlimited")
        self.assertEqual(two.date_to, self.today + relativedelta(years=1))
        self.assertEqual((three.new_policy, three.date_to), ("none", False))

    def test_a_spreadsheet(self):
        from openpyxl import Workbook

        book = Workbook()
        book.active.append(["Customer", "Limit", "Until"])
        book.active.append(["Odd", 777.5, self._day(30)])
        stream = io.BytesIO()
        book.save(stream)
        change = self._draft()
        self._import(stream.getvalue(), change, name="limits.xlsx")
        self.assertEqual(change.line_ids.profile_id, self.odd)
        self.assertEqual(change.line_ids.new_limit, 777.5)
        self.assertEqual(change.line_ids.date_to, self._day(30))

    def test_a_customer_who_has_no_profile_yet(self):
        stranger = self._customer("Stranger")
        change = self._draft()
        self._import("Customer;Limit\nStranger;50", change)
        self.assertEqual(change.line_ids.profile_id.partner_id, stranger)

    def test_unknown_customers_and_bad_rows_are_told_all_at_once(self):
        self._assert_told(
            "Row 2: nobody is known as “Nobody Ltd”",
            "Row 3: the limit is no number",
            "Row 4: the customer is missing",
            "Row 5: Odd: ",
            "Row 6: the last day is no date",
            "Row 7: Customer is in row 3 already",
            text="Customer,Limit,Until\n"
            "Nobody Ltd,5,\n"
            "Customer,much,\n"
            ",5,\n"
            "Odd,-5,\n"
            "Free,5,soon\n"
            "Customer,7,\n",
        )

    def test_two_customers_of_one_name(self):
        self._customer("Odd")
        self._assert_told(
            "Row 2: 2 customers are known as “Odd”: give the reference",
            text="Customer,Limit\nOdd,5\n",
        )

    def test_contacts_stand_for_their_company(self):
        self.odd.partner_id.child_ids = [Command.create({"name": "Olga"})]
        change = self._draft()
        self._import("Customer,Limit\nOlga,5\n", change)
        self.assertEqual(change.line_ids.profile_id, self.odd)

    def test_an_amount_above_the_highest_and_a_day_that_is_over(self):
        self.company.credit_limit_maximum = 100.0
        self._assert_told(
            "Row 2: Odd: ",
            "Row 3: Free: ",
            text=f"Customer,Limit,Until\nOdd,100.01,\nFree,100,{self._day(-1)}\n",
        )

    def test_another_currency(self):
        currency = self.env["res.currency"].create({"name": "XQQ", "symbol": "q"})
        text = "Customer,Limit,Currency\nOdd,3000,XQQ\n"
        self._assert_told("Row 2: the currency XQQ has no exchange rate", text=text)
        currency.rate_ids = [Command.create({"name": self.today, "rate": 2.0})]
        change = self._draft()
        self._import(text, change)
        # 3,000 q at 2 q for 1
        self.assertEqual(change.line_ids.new_limit, 1500.0)
        self._assert_told(
            "Row 2: the currency “XQX” is not known",
            text="Customer,Limit,Currency\nOdd,3000,XQX\n",
        )

    def test_groups_by_name(self):
        group = self.env["credit.group"].create({"name": "Steel"})
        change = self._draft("group")
        self._import("Group,Limit\nSteel,5000\n", change)
        self.assertEqual(change.line_ids.group_id, group)
        self._assert_told(
            "Row 2: nobody is known as “Wood”",
            text="Group,Limit\nWood,5\n",
            kind="group",
        )

    def test_temporary_limits_one_after_the_other(self):
        change = self._draft("temporary")
        self._import(
            "Customer,Limit,From,Until\n"
            f"Odd,5,{self._day(0)},{self._day(3)}\n"
            f"Odd,9,{self._day(4)},{self._day(9)}\n",
            change,
        )
        change.with_user(self.manager).action_submit()
        self.assertEqual(change.state, "posted")
        self.assertEqual(self.odd.temporary_limit_count, 2)

    def test_files_that_are_none(self):
        for text, name, words in (
            ("Limit\n5\n", "a.csv", "nobody knows who gets the limits"),
            ("Customer\nOdd\n", "a.csv", "no column “Limit”"),
            ("Customer,Limit\n", "a.csv", "no rows"),
            ("\n", "a.csv", "nobody knows who gets the limits"),
            (b"PK\x03\x04 nothing", "a.xlsx", "no spreadsheet that can be read"),
            ("old", "a.xls", "Save the spreadsheet as .xlsx or .csv"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._import(text, name=name)

    def test_nothing_is_imported_into_what_was_submitted(self):
        change = self._change(user=self.controller, new_limit=5.0)
        change.with_user(self.controller).action_submit()
        with self.assertRaisesRegex(UserError, "Only drafts are changed"):
            self._import("Customer,Limit\nOdd,5\n", change)

    def test_odoo_s_own_import_takes_drafts_and_no_steps(self):
        changes = self.changes.with_user(self.controller)
        names = ["description", "kind", "line_ids/profile_id", "line_ids/new_limit"]
        result = changes.load(names, [["Of the fair", "Permanent limit", "Odd", "5"]])
        self.assertFalse([m for m in result["messages"] if m["type"] == "error"])
        change = changes.browse(result["ids"])
        self.assertEqual(change.line_ids.profile_id, self.odd)
        self.assertEqual(change.state, "draft")
        result = changes.load(
            [*names, "state"], [["x", "Permanent limit", "Odd", "5", "Posted"]]
        )
        self.assertIn("from step to step", result["messages"][0]["message"])
