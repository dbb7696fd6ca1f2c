from datetime import timedelta
from unittest.mock import patch

import freezegun
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import NOW
from .common import GroupCommon


@tagged("post_install", "-at_install")
class TestCreditGroup(GroupCommon):
    """Who is in a group, what it shows, and who may see and change it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Other")["company"]
        cls.third = cls._customer("Third")

    # === MEMBERS === #

    def test_members_are_added_on_the_form(self):
        with Form(self.group) as form:
            form.profile_ids.add(self._profile(self.third))
        self.assertEqual(self.group.member_count, 3)

    def test_who_joins_takes_over_the_expiry_of_the_group(self):
        expiry = self.today + timedelta(days=90)
        self.group.expiry_date = expiry
        profile = self._profile(self.third)
        profile.limit_expiry_date = self.today
        profile.group_id = self.group
        self.assertEqual(profile.limit_expiry_date, expiry)

    def test_a_new_profile_takes_it_over_too(self):
        self.group.expiry_date = self.today + timedelta(days=90)
        profile = self.profiles.create(
            {"partner_id": self.third.id, "group_id": self.group.id}
        )
        self.assertEqual(profile.limit_expiry_date, self.group.expiry_date)
        self.assertEqual(profile.effective_limit, 1500.0)

    def test_a_group_without_an_end_leaves_the_expiry_alone(self):
        profile = self._profile(self.third)
        profile.limit_expiry_date = self.today
        profile.group_id = self.group
        self.assertEqual(profile.limit_expiry_date, self.today)

    def test_another_expiry_of_the_group_is_that_of_all_members(self):
        expiry = self.today + timedelta(days=90)
        self.group.expiry_date = expiry
        members = self._profile(self.first + self.second)
        self.assertEqual(members.mapped("limit_expiry_date"), [expiry, expiry])

    def test_who_leaves_takes_his_debts_along(self):
        self._receivable(self.first, 100.0)
        self.profiles._refresh_figures(self.company)
        self.assertEqual(self.group.exposure, 100.0)
        self._profile(self.first).group_id = False
        self.assertEqual(self.group.exposure, 0.0)

    def test_a_customer_is_not_taken_out_of_another_group_in_passing(self):
        other = self._group("Other Group", 100.0)
        with self.assertRaisesRegex(UserError, "First is a member of the group Group"):
            other.profile_ids = [Command.link(self._profile(self.first).id)]

    def test_joining_ones_own_group_again_changes_nothing(self):
        profile = self._profile(self.first)
        profile.group_id = self.group
        self.assertEqual(profile.group_id, self.group)

    def test_a_customer_is_in_one_group_in_all_companies(self):
        other = self._group("Other Group", 100.0)
        with self.assertRaisesRegex(ValidationError, "one group only"):
            self._profile(self.first, self.other).group_id = other

    def test_a_company_does_not_share_a_limit_with_its_customers(self):
        with self.assertRaisesRegex(ValidationError, "the company itself"):
            self._profile(self.company.partner_id).group_id = self.group

    def test_a_branch_is_the_company_itself(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        with self.assertRaisesRegex(ValidationError, "the company itself"):
            self._profile(branch.partner_id).group_id = self.group

    def test_another_company_of_the_house_may_be_a_member(self):
        sister = self._profile(self.other.partner_id)
        sister.group_id = self.group
        self.assertEqual(sister.group_id, self.group)

    def test_nobody_joins_an_archived_group(self):
        empty = self._group("Empty", 100.0)
        empty.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self._profile(self.third).group_id = empty

    def test_a_group_with_members_is_not_archived(self):
        with self.assertRaisesRegex(UserError, "Take them out"):
            self.group.active = False

    def test_a_group_with_members_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Take them out"):
            self.group.unlink()

    def test_an_empty_group_is_archived_and_deleted(self):
        empty = self._group("Empty", 100.0)
        empty.active = False
        empty.unlink()
        self.assertFalse(empty.exists())

    def test_a_copy_has_no_members(self):
        copy = self.group.copy()
        self.assertEqual((copy.name, copy.member_count), ("Group (copy)", 0))

    def test_a_negative_limit_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.group.credit_limit = -1.0
            self.env.flush_all()

    # === THE SAME CUSTOMERS ELSEWHERE === #

    def test_the_same_customers_of_other_companies_are_offered(self):
        elsewhere = self._profile(self.first, self.other)
        group = self.group.with_context(
            allowed_company_ids=(self.company + self.other).ids
        )
        self.assertEqual(group.candidate_ids, elsewhere)
        group.action_add_candidates()
        self.assertEqual(elsewhere.group_id, self.group)
        self.assertFalse(group.candidate_ids)

    # === MANY === #

    def _queries(self, method, *args):
        """Return how many queries a call takes once the caches are warm."""
        self.env.flush_all()
        method(*args)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        method(*args)
        return self.env.cr.sql_log_count - before

    def test_many_join_with_as_many_queries_as_one(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Member {number}"} for number in range(100)]
        )
        profiles = self.profiles._ensure(self.company, customers.ids)
        profiles.group_id = self.group
        one = self._queries(profiles[:1]._check_group)
        self.assertEqual(self._queries(profiles._check_group), one)

    def _many(self, number=100):
        """Return profiles of customers in no group, and two groups without members,
        whose changes are noted."""
        customers = self.env["res.partner"].create(
            [{"name": f"Member {number}"} for number in range(number)]
        )
        noting = {"tracking_disable": False, "mail_notrack": False}
        profiles = self.profiles._ensure(self.company, customers.ids)
        groups = self._group("One", 100.0) + self._group("Hundred", 100.0)
        self.env.cr.flush()
        return profiles.with_context(**noting), *groups.with_context(**noting)

    def _commit_queries(self, method, *args):
        """Return how many queries a call takes, with those of the messages, which wait
        until it is saved."""
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        method(*args)
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def test_many_join_and_leave_in_the_form_with_as_many_queries_as_one(self):
        profiles, one, hundred = self._many()

        def write(group, command, members):
            group.profile_ids = [command(member.id) for member in members]

        self._commit_queries(write, one, Command.link, profiles[:1])
        self._commit_queries(write, one, Command.unlink, profiles[:1])
        for command in (Command.link, Command.unlink):
            with self.subTest(command.__name__):
                few = self._commit_queries(write, one, command, profiles[:1])
                many = self._commit_queries(write, hundred, command, profiles[1:])
                self.assertLessEqual(many, few)
        self.assertFalse(profiles.group_id)

    def test_many_join_and_leave_by_write_with_as_many_queries_as_one(self):
        profiles, one, hundred = self._many()

        def write(members, group):
            members.group_id = group

        self._commit_queries(write, profiles[:1], one)
        self._commit_queries(write, profiles[:1], False)
        for group in (hundred, False):
            with self.subTest(group=group):
                few = self._commit_queries(write, profiles[:1], group and one)
                many = self._commit_queries(write, profiles[1:], group)
                self.assertLessEqual(many, few)

    def test_thousands_take_as_many_queries_as_a_hundred(self):
        """But for core, which updates each thousand by itself and reads the group of
        more than that in a query of its own, and for one to copy what is noted."""
        profiles, first, second = self._many(1200)

        def write(group, command, members):
            group.profile_ids = [command(member.id) for member in members]

        def write_members(group, command, members):
            members.group_id = command is Command.link and group

        for group, members in ((first, profiles[:2]), (second, profiles[-2:])):
            self._commit_queries(write, group, Command.link, members)
            self._commit_queries(write, group, Command.unlink, members)
        for way in (write, write_members):
            for command in (Command.link, Command.unlink):
                with self.subTest(way.__name__, command=command.__name__):
                    few = self._commit_queries(way, first, command, profiles[:100])
                    many = self._commit_queries(way, second, command, profiles[100:])
                    self.assertLessEqual(many, few + 3)

    def _noted(self, profiles):
        """Return what is noted with each, but for whose it is: ``{id of a profile:
        message and values}``, all columns."""
        self.env.cr.execute(
            "SELECT * FROM mail_message WHERE model = %s AND res_id = ANY(%s)",
            [profiles._name, profiles.ids],
        )
        messages = {row.pop("id"): row for row in self.env.cr.dictfetchall()}
        self.env.cr.execute(
            "SELECT * FROM mail_tracking_value WHERE mail_message_id = ANY(%s) "
            "ORDER BY id",
            [list(messages)],
        )
        values = {message_id: [] for message_id in messages}
        for row in self.env.cr.dictfetchall():
            values[row.pop("mail_message_id")].append({**row, "id": None})
        found = {
            row.pop("res_id"): (row, values[message_id])
            for message_id, row in messages.items()
        }
        self.assertEqual(len(found), len(messages))
        return found

    def _join_and_note(self):
        """Let one customer join, and then 150; 20 of them have an expiry of their own,
        which is noted too."""
        profiles, group, _hundred = self._many(151)
        group.expiry_date = self.today
        quiet = profiles.with_context(tracking_disable=True)
        quiet.limit_expiry_date = self.today
        quiet[-20:].limit_expiry_date = self.today + timedelta(days=7)
        self.env.cr.flush()
        profiles[0].group_id = group
        self.env.cr.flush()
        profiles[1:].group_id = group
        self.env.cr.flush()
        return profiles

    def test_what_is_noted_with_many_is_what_core_notes_with_one(self):
        with freezegun.freeze_time(NOW):  # messages say when they were written
            profiles = self._join_and_note()
        noted = self._noted(profiles)
        self.assertEqual(set(noted), set(profiles.ids))
        # messages of one transaction share this id, as core has it
        message, values = noted[profiles.ids[0]]
        message["message_id"] = noted[profiles.ids[1]][0]["message_id"]
        for profile in profiles[1:-20]:
            self.assertEqual(noted[profile.id], (message, values))
        for profile in profiles[-20:]:
            own, changes = noted[profile.id]
            self.assertEqual(own, message)
            self.assertEqual(len(changes), 2)
            self.assertIn(values[0], changes)
        for profile in (profiles[0], profiles[70], profiles[-1]):
            self.assertEqual(len(profile.message_ids), 1)
            self.assertEqual(profile.message_ids.author_id, self.env.user.partner_id)

    def test_where_an_addon_waits_for_messages_core_writes_each(self):
        messages = self.registry["mail.message"]
        create = messages.create
        written = []

        def created(model, vals_list):
            written.extend(vals_list)
            return create(model, vals_list)

        with patch.object(messages, "create", created):
            profiles = self._join_and_note()
        ids = [one["res_id"] for one in written if one["model"] == profiles._name]
        self.assertCountEqual(ids, profiles.ids)
        self.assertEqual(set(self._noted(profiles)), set(profiles.ids))

    def test_each_of_many_who_join_has_it_noted(self):
        profiles, _one, group = self._many()
        group.profile_ids = [Command.link(profile.id) for profile in profiles]
        self.env.cr.flush()
        for profile in profiles:
            changes = profile.message_ids.sudo().tracking_value_ids
            (change,) = changes.filtered(lambda one: one.field_id.name == "group_id")
            self.assertEqual(change.mail_message_id, profile.message_ids[0])
            self.assertEqual(change.mail_message_id.author_id, self.env.user.partner_id)
            self.assertEqual(
                (change.old_value_char, change.new_value_char), ("", "Hundred")
            )

    def test_who_leaves_in_the_form_while_others_join(self):
        profiles, group, _hundred = self._many()
        group.profile_ids = [Command.link(profile.id) for profile in profiles[:3]]
        group.profile_ids = [
            Command.unlink(profiles[0].id),
            Command.link(profiles[3].id),
            Command.unlink(profiles[1].id),
        ]
        self.assertEqual(group.profile_ids, profiles[2:4])

    def test_members_are_written_by_their_ids_too(self):
        profiles, group, _hundred = self._many()
        for written in (profiles[:3].ids, tuple(profiles[2:4].ids)):
            group.write({"profile_ids": written})
            self.assertEqual(group.profile_ids, profiles.browse(written))

    def test_opening_the_form_of_many_members_writes_nothing(self):
        profiles, _one, group = self._many()
        profiles.group_id = group
        (profiles[0] + self._profile(self.third)).group_id = group
        self.env.cr.flush()
        self._receivable(profiles[0].partner_id, 300.0, due_in=-3)
        elsewhere = self._profile(profiles[1].partner_id, self.other)
        elsewhere.group_id = group
        self.other.currency_id = self.company.currency_id
        self._receivable(profiles[1].partner_id, 5.0, company_id=self.other.id)
        group.with_context(active_test=False).profile_ids[0].active = False
        names = ("exposure", "overdue_amount", "available_credit", "limit_used")
        (shown,) = group.web_read(dict.fromkeys(names, {}))
        figures = [shown[name] for name in names]
        self.assertEqual(figures, [305.0, 300.0, -205.0, 3.05])
        self.env.invalidate_all()
        self.assertEqual(group.exposure, 0.0)
        group.action_refresh()
        self.assertEqual([group[name] for name in names], figures)

    def test_the_ages_of_many_groups_take_no_more_queries_than_those_of_one(self):
        groups = self.env["credit.group"].create(
            [{"name": f"Many {number}"} for number in range(100)]
        )
        customers = self.env["res.partner"].create(
            [{"name": f"Member {number}"} for number in range(100)]
        )
        profiles = self.profiles._ensure(self.company, customers.ids)
        profiles = profiles.sorted("partner_id")  # they come in any order
        for profile, group in zip(profiles, groups, strict=True):
            profile.sudo().write({"group_id": group.id})
        self._receivable(customers[0], 70.0, due_in=-10)
        self._receivable(customers[99], 30.0, due_in=-10)

        def ages(some):
            return [sum(amounts) for amounts in some._aging_amounts().values()]

        self.assertEqual(ages(groups), [70.0, *[0.0] * 98, 30.0])
        one = self._queries(ages, groups[:1])
        self.assertLessEqual(self._queries(ages, groups), one)

    # === FIGURES === #

    def test_the_members_show_who_uses_how_much(self):
        # 300 and 600 of 1,500
        self._receivable(self.first, 300.0)
        self._receivable(self.second, 600.0)
        self.group.action_refresh()
        self.assertEqual(self._profile(self.first).group_share, 0.2)
        self.assertEqual(self._profile(self.second).group_share, 0.4)
        self.assertEqual(self.group.exposure, 900.0)

    def test_the_group_shows_what_all_owe_by_age(self):
        self._receivable(self.first, 300.0, due_in=-10)
        self._receivable(self.second, 600.0, due_in=5)
        self._receivable(self.second, 50.0, due_in=-10)
        self._payment(self.first, 20.0)
        picture = self.group.aging_picture
        amounts = [bucket["amount"] for bucket in picture["buckets"]]
        self.assertEqual(amounts, [600.0, 350.0, 0.0, 0.0, 0.0, 0.0])
        self.assertEqual(picture["unapplied"], -20.0)

    def test_a_bucket_opens_the_items_of_all_members(self):
        items = self._receivable(self.first, 300.0, due_in=-10)
        items += self._receivable(self.second, 50.0, due_in=-10)
        self._receivable(self.second, 600.0, due_in=5)
        action = self.group.action_open_bucket(1, 30)
        found = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(found.move_id, items)

    def test_opening_the_form_brings_the_figures_up_to_date(self):
        self._receivable(self.first, 300.0)
        (values,) = self.group.web_read({"exposure": {}, "available_credit": {}})
        self.assertEqual((values["exposure"], values["available_credit"]), (300, 1200))

    def test_a_new_group_shows_an_empty_form(self):
        form = Form(self.env["credit.group"])
        form.name = "New"
        group = form.save()
        self.assertEqual((group.exposure, group.member_count), (0.0, 0))

    # === COMPANIES === #

    def _member_elsewhere(self):
        profile = self._profile(self.second, self.other)
        profile.group_id = self.group
        self._receivable(self.second, 100.0, company_id=self.other.id)
        self.other.currency_id = self.company.currency_id
        return profile

    def test_a_user_sees_members_of_own_companies_and_the_figures_of_all(self):
        self._member_elsewhere()
        self._receivable(self.first, 300.0)
        group = self.group.with_user(self.controller).with_company(self.company)
        self.env.invalidate_all()
        group.action_refresh()
        self.assertEqual(len(group.profile_ids), 2)
        self.assertEqual((group.member_count, group.unseen_count), (3, 1))
        self.assertEqual(group.exposure, 400.0)
        bucket = group.aging_picture["buckets"][0]
        self.assertEqual(bucket["amount"], 400.0)

    def test_a_group_of_foreign_companies_is_not_seen(self):
        stranger = self._profile(self.third, self.other)
        foreign = self._group("Foreign", 100.0)
        stranger.group_id = foreign
        self.env.flush_all()
        seen = self.env["credit.group"].with_user(self.controller).search([])
        self.assertIn(self.group, seen)
        self.assertNotIn(foreign, seen)

    # === WHO MAY === #

    def test_managers_make_groups_and_fill_them(self):
        group = self.env["credit.group"].with_user(self.manager)
        group = group.create({"name": "Theirs", "credit_limit": 10.0})
        group.profile_ids = [Command.link(self._profile(self.third).id)]
        group.credit_limit = 20.0
        self.assertEqual(self._limit(self.third), 20.0)

    def test_nobody_else_changes_groups(self):
        collector = self._user("g_collector", "credit_collections.group_collector")
        auditor = self._user("g_auditor", "account.group_account_readonly")
        for user in (self.salesperson, collector, self.controller, auditor):
            group = self.group.with_user(user)
            self.assertEqual(group.name, "Group")
            with self.assertRaises(AccessError):
                group.credit_limit = 1.0
            with self.assertRaises(AccessError):
                group.create({"name": "Mine"})
            with self.assertRaises(AccessError):
                group.unlink()

    def test_nobody_else_lets_customers_join(self):
        profile = self._profile(self.third).with_user(self.controller)
        with self.assertRaises(AccessError):
            profile.group_id = self.group
            profile.flush_recordset()

    def test_the_figures_are_nobodys_to_write(self):
        with self.assertRaisesRegex(AccessError, "not by hand"):
            self.group.with_user(self.manager).exposure = 1.0

    def test_auditors_read_and_refresh(self):
        auditor = self._user("g_auditor", "account.group_account_readonly")
        self._receivable(self.first, 300.0)
        (values,) = self.group.with_user(auditor).web_read(
            {"exposure": {}, "aging_picture": {}, "candidate_ids": {}}
        )
        self.assertEqual(values["exposure"], 300.0)

    # === LIMITS BY HAND === #

    def test_the_shared_limit_changes_by_hand_where_the_company_allows_it(self):
        self.company.credit_limit_manual_edit = True
        group = self.group.with_user(self.manager)
        self.assertTrue(group.is_limit_editable)
        group.credit_limit = 1800.0
        self.assertEqual(self.group.effective_limit, 1800.0)

    def test_the_shared_limit_only_changes_by_limit_changes_otherwise(self):
        self.company.credit_limit_manual_edit = False
        group = self.group.with_user(self.manager)
        self.assertFalse(group.is_limit_editable)
        for name, value in (("credit_limit", 1800.0), ("expiry_date", self.today)):
            with self.subTest(name), self.assertRaisesRegex(UserError, "Change Limit"):
                group[name] = value
        group.name = "Renamed"
        self.assertEqual(self.group.credit_limit, 1500.0)

    def test_a_new_group_gets_its_limit_by_a_limit_change(self):
        self.company.credit_limit_manual_edit = False
        groups = self.env["credit.group"].with_user(self.manager)
        with self.assertRaisesRegex(UserError, "only change with limit changes"):
            groups.create({"name": "New", "credit_limit": 100.0})
        group = groups.create({"name": "New"})
        action = group.action_change_limit()
        change = (
            self.env["credit.limit.change"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({})
        )
        change.line_ids.new_limit = 100.0
        change.action_submit()
        self.assertEqual(change.state, "posted")
        self.assertEqual(group.credit_limit, 100.0)

    def test_one_strict_company_of_the_members_is_enough(self):
        self.company.credit_limit_manual_edit = True
        other = self.setup_other_company(name="Strict")["company"]
        other.credit_limit_manual_edit = False
        self.manager.company_ids += other
        self._profile(self._customer("Third"), other).group_id = self.group
        with self.assertRaisesRegex(UserError, "Limits of Strict only change"):
            self.group.with_user(self.manager).credit_limit = 1800.0

    def test_a_new_group_follows_the_companies_of_its_first_members_too(self):
        self.company.credit_limit_manual_edit = True
        other = self.setup_other_company(name="Strict")["company"]
        other.credit_limit_manual_edit = False
        profile = self._profile(self._customer("Third"), other)
        self.manager.company_ids += other
        groups = self.env["credit.group"].with_user(self.manager)
        groups = groups.with_context(allowed_company_ids=(self.company + other).ids)
        values = {"name": "New", "profile_ids": [Command.link(profile.id)]}
        # unlike assertRaisesRegex, this one also takes back what was written before
        with self.assertRaises(UserError) as refused:
            groups.create({**values, "credit_limit": 100.0})
        self.assertIn("Limits of Strict only change", str(refused.exception))
        self.assertEqual(groups.create(values).profile_ids, profile)
