import base64
from contextlib import ExitStack
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.date_utils import relativedelta

from ...models.limit import (
    credit_automatic_limit,
    credit_limit_change_import,
    credit_limit_change_many,
)
from ...wizard.limit import credit_limit_generate
from .common import LimitCommon

#: Where slices are cut.
MODULES = (
    credit_automatic_limit,
    credit_limit_change_import,
    credit_limit_change_many,
    credit_limit_generate,
)

#: What lines that were made at once and in slices may differ in.
IDS = {"id", "change_id", "display_name", "create_date", "write_date"}


class SlicesCommon(LimitCommon):
    """Seven customers with limits of 100, 200 … 700."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["credit.limit.change.line"]
        cls.seven = cls._many(7)

    @classmethod
    def _many(cls, number):
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Slice {index}", "ref": f"S{index}", "is_company": True}
                for index in range(1, number + 1)
            ]
        )
        profiles = cls.profiles.sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "limit_policy": "limited",
                    "credit_limit": index * 100.0,
                }
                for index, partner in enumerate(partners, 1)
            ]
        )
        return profiles.with_env(cls.env)

    def _slices(self, size):
        """Let slices have so many lines."""
        stack = ExitStack()
        for module in MODULES:
            stack.enter_context(patch.object(module, "SLICE", size))
        return stack

    def _draft(self, kind="permanent"):
        return self.changes.with_user(self.controller).create({"kind": kind})

    def _generated(self, size, profiles=None, kind="permanent", change=None, **values):
        """Return a draft with a line for each of the customers, made in slices."""
        ids = (self.seven if profiles is None else profiles).ids
        change = change or self._draft(kind)
        vals = {
            "change_id": change.id,
            "domain": repr([("id", "in", ids)]),
            "method": "percent",
            "share": 0.5,
            "rounding_unit": 0.0,
            "note": "Fair",
            **values,
        }
        wizards = self.env["credit.limit.generate"].with_user(self.controller)
        wizard = wizards.create(vals)
        with self._slices(size):
            wizard.action_generate()
        return change.with_env(self.env)

    def _stored(self, change):
        """Return what is stored of the lines of a change, in their order."""
        self.env.flush_all()
        self.env.invalidate_all()
        names = [
            name
            for name, field in self.lines._fields.items()
            if field.store and name not in IDS
        ]
        return change.line_ids.sorted("id").read(names, load=None)

    def _without_ids(self, change):
        return [
            {name: value for name, value in vals.items() if name not in IDS}
            for vals in self._stored(change)
        ]


@tagged("post_install", "-at_install")
class TestMadeInSlices(SlicesCommon):
    """Lines that are made some at a time are those that are made at once."""

    def test_slices_make_what_is_made_at_once(self):
        for kind in ("permanent", "temporary", "automatic"):
            at_once = self._generated(2000, kind=kind)
            in_slices = self._generated(3, kind=kind)
            self.assertEqual(len(in_slices.line_ids), 7)
            self.assertEqual(self._without_ids(in_slices), self._without_ids(at_once))
        amounts = [150.0, 300.0, 450.0, 600.0, 750.0, 900.0, 1050.0]
        self.assertEqual(in_slices.line_ids.sorted("id").mapped("new_limit"), amounts)

    def test_the_statement_makes_what_the_orm_makes(self):
        for kind in ("permanent", "temporary", "automatic"):
            change = self._draft(kind)
            rows = [
                {"profile_id": self.seven[0].id, "new_limit": 5.0},
                {"profile_id": self.seven[1].id, "new_limit": 7.5, "note": "Fair"},
                {
                    "profile_id": self.seven[2].id,
                    "new_limit": 9.0,
                    "date_from": self._day(3),
                    "date_to": self._day(9),
                },
            ]
            if kind != "temporary":
                rows.append({"profile_id": self.seven[3].id, "new_policy": "none"})
            change._add_lines(rows)
            by_orm = self._draft(kind)
            with patch.object(type(change), "_has_plain_lines", lambda change: False):
                by_orm._add_lines(rows)
            self.assertTrue(change._has_plain_lines())
            made = self._without_ids(change.with_env(self.env))
            self.assertEqual(made, self._without_ids(by_orm.with_env(self.env)))
            self.assertEqual(len(made), len(rows))
            self.assertEqual(made[0]["create_uid"], self.controller.id)

    def test_groups_are_generated_in_slices(self):
        groups = self.env["credit.group"].sudo()
        groups = groups.create(
            [{"name": f"G{index}", "credit_limit": 100.0} for index in range(3)]
        )
        change = self._generated(
            2, kind="group", group_domain=repr([("id", "in", groups.ids)])
        )
        self.assertEqual(change.line_ids.group_id, groups)
        self.assertEqual(change.line_ids.mapped("new_limit"), [150.0] * 3)

    def test_temporary_limits_are_cancelled_in_slices(self):
        self._generated(2000, kind="temporary").with_user(self.manager).action_submit()
        change = self._generated(3, kind="cancel")
        self.assertEqual(change.line_ids.profile_id, self.seven)
        self.assertEqual(change.line_ids.temporary_id.profile_id, self.seven)
        change.with_user(self.manager).action_submit()
        self.assertFalse(any(self.seven.mapped("temporary_limit_count")))

    def test_a_second_time_only_new_customers_get_lines(self):
        change = self._generated(2, self.seven[:3])
        self._generated(2, change=change.with_user(self.controller), share=1.0)
        limits = change.line_ids.sorted("id").mapped("new_limit")
        self.assertEqual(limits, [150.0, 300.0, 450.0, 800.0, 1000.0, 1200.0, 1400.0])

    def test_who_made_the_lines_changed_the_change(self):
        change = self._draft().with_env(self.env)
        change.sudo().write({"description": "By the manager"})
        self.assertNotEqual(change.write_uid, self.controller)
        self._generated(3, change=change.with_user(self.controller))
        self.assertEqual(change.write_uid, self.controller)

    def test_amounts_are_those_of_the_currency(self):
        change = self._generated(3, self.seven[:1], share=0.123456)
        self._stored(change)
        self.assertEqual(change.line_ids.new_limit, 112.35)

    def test_no_more_than_a_slice_is_kept(self):
        kept = []
        let_go = type(self.changes)._let_go

        def look(change):
            kept.extend(self._count_kept())
            let_go(change)

        change = self._draft()
        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(type(self.changes), "_let_go", look):
            self._generated(2, change=change)
        self.assertEqual(len(kept), 2 * 4)  # 2 + 2 + 2 + 1 lines
        self.assertLessEqual(max(kept), 2)
        self.assertEqual(max(self._count_kept()), 0)

    def _count_kept(self):
        """Return of how many lines and customers the server knows the limit."""
        return (
            len(self.lines._fields["new_limit"]._get_cache(self.env)),
            len(self.profiles._fields["credit_limit"]._get_cache(self.env)),
        )

    def test_nothing_is_kept_of_lines_that_are_posted(self):
        change = self._generated(2)
        change = change.with_user(self.manager)
        self.env.flush_all()
        self.env.invalidate_all()
        with self._slices(2):
            change.action_submit()
        self.assertEqual(change.state, "posted")
        self.assertEqual(self._count_kept(), (0, 0))

    # === ADDONS OF OTHERS === #

    def test_what_others_do_about_new_lines_is_done(self):
        made = []
        create = type(self.lines).create

        def count(lines, vals_list):
            made.append(len(vals_list))
            return create(lines, vals_list)

        count.__module__ = "odoo.addons.credit_collections_of_others.models"
        with patch.object(type(self.lines), "create", count):
            change = self._generated(3)
        self.assertEqual(made, [3, 3, 1])
        self.assertEqual(
            self._without_ids(change), self._without_ids(self._generated(3))
        )

    def test_fields_of_others_are_made_by_the_orm(self):
        self.assertTrue(self._draft()._has_plain_lines())
        with patch.object(self.lines._fields["note"], "_modules", ("somebody",)):
            self.assertFalse(self._draft()._has_plain_lines())
        self.assertFalse(self._draft("cancel")._has_plain_lines())

    # === WHAT IS WRONG === #

    def test_one_bad_line_is_named_and_none_is_made(self):
        self.company.credit_limit_maximum = 1000.0
        change = self._draft()
        with self.assertRaises(ValidationError) as told:
            self._generated(2, change=change)
        self.assertRegex(str(told.exception), r"\ASlice 7: .*1,050.00.*\Z")
        self.assertFalse(change.with_env(self.env).line_ids)

    def test_of_many_bad_lines_some_are_named_and_all_counted(self):
        self.company.credit_limit_maximum = 1.0
        with self.assertRaises(ValidationError) as told:
            self._generated(4, self._many(23) + self.seven)
        lines = str(told.exception).splitlines()
        self.assertEqual(len(lines), 21)
        self.assertEqual(lines[-1], "… and 10 more")

    def test_customers_of_another_company_get_no_line(self):
        there = self._profile(self.customer, self._create_company(name="Other"))
        change = self.changes.create({"kind": "permanent"})
        with self.assertRaisesRegex(ValidationError, "a customer of another company"):
            change._add_lines([{"profile_id": there.id, "new_limit": 5.0}])

    def test_collectors_add_no_lines(self):
        change = self._draft().with_user(self.collector)
        with self.assertRaises(AccessError):
            change._add_lines([{"profile_id": self.seven[0].id, "new_limit": 5.0}])

    # === IMPORTED === #

    def _import(self, text, size):
        change = self._draft()
        wizards = self.env["credit.limit.import"].with_user(self.controller)
        content = base64.b64encode(text.encode())
        vals = {"change_id": change.id, "file": content, "file_name": "limits.csv"}
        wizard = wizards.create(vals)
        with self._slices(size):
            wizard.action_import()
        return wizard, change.with_env(self.env)

    def test_a_file_is_imported_in_slices(self):
        text = "Reference,Limit,Until\n" + "".join(
            f"{partner.ref},{100 + number},{self._day(90) if number % 2 else ''}\n"
            for number, partner in enumerate(self.seven.partner_id)
        )
        _wizard, at_once = self._import(text, 2000)
        _wizard, in_slices = self._import(text, 2)
        self.assertEqual(self._without_ids(in_slices), self._without_ids(at_once))
        self.assertEqual(in_slices.line_ids.profile_id, self.seven)
        year = self.today + relativedelta(years=1)
        self.assertEqual(in_slices.line_ids.sorted("id")[0].date_to, year)
        self.assertEqual(in_slices.line_ids.sorted("id")[1].date_to, self._day(90))

    def test_rows_of_all_slices_are_told(self):
        text = "Reference,Limit\nS1,1\nnobody,2\nS2,3\nS3,-4\nS1,5\nS4,6\n"
        wizard, change = self._import(text, 2)
        self.assertFalse(change.line_ids)
        self.assertEqual(wizard.problem_count, 3)
        one, two, three = wizard.problems.splitlines()
        self.assertIn("Row 3: nobody is known as “nobody”", one)
        self.assertIn("Row 5: Slice 3: ", two)
        self.assertIn("Row 6: Slice 1 is in row 2 already", three)


@tagged("post_install", "-at_install")
class TestPostedInSlices(SlicesCommon):
    """What is submitted, approved and posted is looked at some lines at a time."""

    def test_the_numbers_of_an_approval_are_those_of_all_slices(self):
        numbers = []
        for size in (2000, 2):
            change = self._generated(2000)
            with self._slices(size):
                change.with_user(self.controller).action_submit()
            self.assertEqual(change.state, "submitted")
            numbers.append(change.approval_id)
        # 100 + 200 … + 700 = 2,800; half as much again is 4,200; the highest is 1,050
        for approval in numbers:
            self.assertEqual(approval.amount, 1050.0)
            self.assertAlmostEqual(approval.share_over, 0.5)
            shown = dict(approval.numbers)
            self.assertEqual(shown["Customers"], "7")
            self.assertIn("2,800.00", shown["Limits so far"])
            self.assertIn("4,200.00", shown["New limits"])
        self.assertEqual(numbers[0].numbers, numbers[1].numbers)

    def test_slices_post_what_is_posted_at_once(self):
        figures = []
        for size in (2000, 2):
            with self.subTest(size=size), self.cr.savepoint() as point:
                change = self._generated(2000)
                with self._slices(size):
                    change.with_user(self.manager).action_submit()
                posted = self._without_ids(change)
                names = ["credit_limit", "effective_limit", "limit_expiry_date"]
                figures.append((posted, self.seven.read([*names, "available_credit"])))
                point.rollback()
                self.env.invalidate_all(flush=False)
        self.assertEqual(figures[0], figures[1])
        self.assertEqual({vals["state"] for vals in figures[0][0]}, {"posted"})

    def test_one_bad_line_is_named_and_nothing_is_posted(self):
        change = self._generated(2000)
        self.company.credit_limit_maximum = 1000.0
        with self._slices(2), self.assertRaisesRegex(UserError, "Slice 7: ") as told:
            change.with_user(self.manager).action_submit()
        self.assertEqual(len(str(told.exception).splitlines()), 1)
        self._assert_nothing_posted(change, "draft")

    def test_a_line_that_expired_meanwhile_is_named_and_nothing_is_posted(self):
        change = self._approved()
        last = change.line_ids.sorted("id")[-1]
        last.sudo().date_to = self._day(-1)
        with self.assertRaisesRegex(UserError, "Slice 7: the last day .* is over"):
            change.with_user(self.manager).action_post()
        self._assert_nothing_posted(change, "approved")

    def test_a_failure_in_the_middle_leaves_nothing_posted(self):
        change = self._approved()
        with (
            patch.object(
                type(self.profiles), "_mirror_to_core", side_effect=UserError("Late")
            ),
            self.assertRaisesRegex(UserError, "Late"),
        ):
            change.with_user(self.manager).action_post()
        self._assert_nothing_posted(change, "approved")

    def _approved(self):
        change = self._generated(2000)
        change.is_posted_when_approved = False
        change.with_user(self.manager).action_submit()
        self.assertEqual(change.state, "approved")
        return change

    def _assert_nothing_posted(self, change, state):
        self.env.invalidate_all()
        self.assertEqual(change.state, state)
        self.assertEqual(set(change.line_ids.mapped("state")), {state})
        limits = [100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0]
        self.assertEqual(self.seven.mapped("credit_limit"), limits)
        self.assertEqual(self.seven.mapped("effective_limit"), limits)

    def test_currencies_without_a_rate_are_asked_for_once(self):
        currency = self.env["res.currency"].create({"name": "XQQ", "symbol": "q"})
        groups = self.env["credit.group"].sudo()
        groups = groups.create(
            [
                {"name": f"G{index}", "credit_limit": 1.0, "currency_id": currency.id}
                for index in range(3)
            ]
        )
        lines = [{"group_id": group.id, "new_limit": 5.0} for group in groups]
        change = self._change("group", lines=lines)
        with self.assertRaisesRegex(UserError, "no exchange rate") as told:
            change.with_user(self.manager).action_submit()
        self.assertEqual(len(str(told.exception).splitlines()), 3)


@tagged("post_install", "-at_install")
class TestSliceQueries(SlicesCommon):
    """What is done with a hundred lines takes as many statements as with one."""

    def _count(self, do, *given, **named):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        do(*given, **named)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_a_hundred_lines_take_as_many_statements_as_one(self):
        profiles = self._many(101)
        made, posted = [], []
        for some in (profiles[:1], profiles[:1], profiles[1:]):
            change = self._draft()
            made.append(self._count(self._generated, 2000, some, change=change))
            submit = change.with_user(self.manager).action_submit
            posted.append(self._count(submit))
            self.assertEqual(change.state, "posted")
        self.assertLessEqual(made[2], made[1])
        self.assertLessEqual(posted[2], posted[1])

    def test_each_slice_takes_as_many_more_as_the_last_one(self):
        profiles = self._many(60)
        made, posted = {}, {}
        for number in (20, 20, 40, 60):
            change = self._draft()
            made[number] = self._count(
                self._generated, 20, profiles[:number], change=change
            )
            submit = change.with_user(self.manager).action_submit
            with self._slices(20):
                posted[number] = self._count(submit)
        # the end knows change and company where no slice has emptied the cache
        self.assertEqual(made[60] - made[40] + 2, made[40] - made[20])
        self.assertEqual(posted[60] - posted[40], posted[40] - posted[20])
        self.assertLess(made[60] - made[40], 20)
        self.assertLess(posted[60] - posted[40], 5)

    def test_the_form_reads_the_lines_that_it_shows(self):
        line = {name: {} for name in ("profile_id", "current_limit", "new_limit")}
        form = {
            "name": {},
            "is_approval_mine": {},
            "line_ids": {"fields": line, "limit": 5},
        }
        counts = []
        for profiles in (self._many(5), self._many(40)):
            change = self._generated(2000, profiles)
            read = change.with_user(self.controller).web_read
            counts.append(self._count(read, form))
            kept = self.lines._fields["new_limit"]._get_cache(self.env)
            self.assertLessEqual(len(kept), 5)
        self.assertEqual(counts[0], counts[1])
