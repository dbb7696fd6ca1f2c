from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import warmup
from odoo.tools import mute_logger

from .common import AssignmentCommon

LOGGER = "odoo.addons.credit_collections.models.events.credit_job_step"


@tagged("post_install", "-at_install")
class TestCollectionAssignment(AssignmentCommon):
    """Every overdue customer gets a collector: which one, why, and who keeps whom."""

    # === RULES === #

    def test_overdue_customers_are_shared_out(self):
        self._assignment()
        profiles = self._overdue("One", 30.0) + self._overdue("Two", 20.0)
        self.assertEqual(self._assign(), profiles)
        self.assertEqual(profiles.mapped("collector_id"), self.ann + self.ben)
        self.assertEqual(set(profiles.mapped("collector_source")), {"rule"})
        self.assertEqual(set(profiles.mapped("collector_date")), {self.today})

    def test_who_is_not_overdue_gets_no_collector(self):
        self._assignment()
        early = self._profile(self._debtor("Early", (100.0, -5)))
        early.action_refresh()
        self._assign()
        self.assertFalse(early.collector_id)

    def test_due_today_is_not_overdue_and_due_yesterday_is(self):
        self._assignment()
        today = self._profile(self._debtor("Today", (10.0, 0)))
        yesterday = self._profile(self._debtor("Yesterday", (10.0, 1)))
        (today + yesterday).action_refresh()
        self._assign()
        self.assertFalse(today.collector_id)
        self.assertTrue(yesterday.collector_id)

    def test_the_first_rule_that_fits_counts(self):
        second = self._assignment(sequence=20, target="user", user_id=self.ben.id)
        first = self._assignment(
            sequence=10,
            target="user",
            user_id=self.ann.id,
            domain="[('overdue_amount', '>=', 100)]",
        )
        at, below = self._overdue("At", 100.0), self._overdue("Below", 99.99)
        self._assign()
        self.assertEqual((at.collector_id, at.collector_rule_id), (self.ann, first))
        self.assertEqual(below.collector_rule_id, second)

    def test_shortcuts_are_segment_tag_and_country(self):
        tag = self.env["res.partner.category"].create({"name": "Key"})
        spain = self.env.ref("base.es")
        rule = self._assignment(target="user", user_id=self.ann.id)
        fits = self._overdue(
            "Fits", category_id=[Command.link(tag.id)], country_id=spain.id
        )
        others = self._overdue("Other")
        self.env["collection.segment"]._assign(self.company)
        for values in (
            {"category_ids": tag.ids},
            {"country_ids": spain.ids},
            {"category_ids": tag.ids, "segment_ids": self.segment.ids},
        ):
            rule.write({"category_ids": False, "country_ids": False, **values})
            (fits + others).write({"collector_id": False})
            self._assign()
            self.assertEqual(fits.collector_id, self.ann)
            self.assertNotEqual(others.collector_id, self.ann)

    def test_who_is_full_gets_no_more_and_the_overflow_is_flagged(self):
        self._assignment()
        self.team.member_ids.capacity = 1
        profiles = [self._overdue(f"C{n}", 100.0 - n) for n in range(3)]
        self._assign()
        sources = [profile.collector_source for profile in profiles]
        self.assertEqual(sources, ["rule", "rule", "full"])

    def test_the_amount_is_evened_out_where_the_rule_says_so(self):
        # 500 → Ann; 60 and 50 → Ben, who has 110 then
        self._assignment(balance="amount")
        large, *small = (self._overdue(f"C{n}", n * 1.0) for n in (500, 60, 50))
        self._assign()
        self.assertEqual(large.collector_id, self.ann)
        self.assertEqual([one.collector_id for one in small], [self.ben] * 2)

    def test_customers_of_other_companies_count_for_the_capacity(self):
        other = self.setup_other_company()["company"]
        partner = self._overdue("Abroad").partner_id
        abroad = self._profile(partner, other)
        self.env.cr.execute(
            "UPDATE credit_profile SET overdue_amount = 5, collector_id = %s "
            "WHERE id = %s",
            [self.ann.id, abroad.id],
        )
        self._assignment()
        profile = self._profile(partner)
        self._assign()
        self.assertEqual(profile.collector_id, self.ben)

    def test_who_is_away_gets_no_new_customers(self):
        self._assignment()
        self._away(self.ann, self.ben)
        profiles = self._overdue("One") + self._overdue("Two")
        self._assign()
        self.assertEqual(profiles.collector_id, self.ben)

    def test_a_rule_needs_somebody_and_a_condition_that_can_be_read(self):
        with self.assertRaises(ValidationError):
            self._assignment(team_id=False)
        with self.assertRaises(ValidationError):
            self._assignment(target="user")
        with self.assertRaises(ValidationError):
            self._assignment(domain="[('no_such_field', '=', 1)]")

    # === WHO KEEPS WHOM === #

    def test_who_has_a_collector_keeps_it(self):
        profile = self._overdue("Kept", collector=self.collector)
        self._assignment()
        self.assertFalse(self._assign())
        self.assertEqual(profile.collector_id, self.collector)

    def test_a_rule_may_take_customers_from_others_but_not_those_chosen_by_hand(self):
        self._assignment(is_reassigning=True)
        taken = self._overdue("Taken", collector=self.collector)
        kept = self._overdue("Kept", collector=self.collector)
        kept.is_collector_fixed = True
        own = self._overdue("Own", collector=self.ann)
        self.assertEqual(self._assign(), taken)
        self.assertEqual(taken.collector_id, self.ben)  # Ann has one already
        self.assertEqual(kept.collector_id, self.collector)
        self.assertEqual(own.collector_id, self.ann)

    def test_who_a_manager_chooses_is_fixed(self):
        self._assignment(is_reassigning=True)
        profile = self._overdue("Chosen")
        profile.with_user(self.manager).collector_id = self.collector
        self.assertTrue(profile.is_collector_fixed)
        self.assertEqual(profile.collector_source, "hand")
        self.assertFalse(self._assign())

    def test_customers_of_a_collector_who_left_get_another_one(self):
        profile = self._overdue("Left behind", collector=self.collector)
        profile.is_collector_fixed = True
        self.collector.active = False
        self._assignment()
        self._assign()
        self.assertEqual(profile.collector_id, self.ann)
        self.assertFalse(profile.is_collector_fixed)

    def test_a_second_time_changes_nothing(self):
        self._assignment()
        self._overdue("One")
        self.assertTrue(self._assign())
        self.assertFalse(self._assign())

    # === NOBODY IS WITHOUT OWNER === #

    def test_without_a_rule_the_leader_minds_the_customer_until_one_fits(self):
        profile = self._overdue("One")
        self._assign()
        self.assertEqual(profile.collector_id, self.controller)
        self.assertEqual(profile.collector_source, "leader")
        rule = self._assignment()
        self._assign()
        self.assertEqual(profile.collector_rule_id, rule)

    def test_without_a_team_the_credit_manager_does(self):
        self.team.active = False
        self.company.credit_approver_id = self.manager
        profile = self._overdue("One")
        self._assign()
        self.assertEqual(profile.collector_id, self.manager)
        self.assertEqual(profile.collector_source, "manager")

    def test_a_team_without_members_leaves_it_to_its_leader(self):
        self._assignment(team_id=self._team(leader_id=self.collector.id).id)
        profile = self._overdue("One")
        self._assign()
        self.assertEqual(profile.collector_id, self.collector)

    def test_a_leader_of_another_company_is_passed_over(self):
        other = self.setup_other_company()["company"]
        stranger = self._user("stranger", "credit_collections.group_collector")
        stranger.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        self._team(company_id=False, sequence=1, leader_id=stranger.id)
        profile = self._overdue("One")
        self._assign()
        self.assertEqual(profile.collector_id, self.controller)

    def test_the_list_without_owner_is_empty_after_the_night(self):
        self._overdue("One")
        domain = [
            ("company_id", "=", self.company.id),
            ("collector_id", "=", False),
            ("overdue_amount", ">", 0),
        ]
        self.assertTrue(self.profiles.search(domain))
        self.profiles._prepare_collection(self.company)
        self.assertFalse(self.profiles.search(domain))

    def test_the_hourly_refresh_does_it_as_soon_as_somebody_is_overdue(self):
        self._assignment()
        customer = self._debtor("New", (100.0, 1))
        with self._as_job():
            self.profiles.sudo()._cron_refresh()
        self.assertTrue(self._profile(customer).collector_id)

    # === COMPANIES === #

    def test_rules_of_another_company_do_not_count(self):
        other = self.setup_other_company()["company"]
        team = self._team(company_id=other.id)
        self._assignment(company_id=other.id, team_id=team.id)
        profile = self._overdue("One")
        self._assign()
        self.assertEqual(profile.collector_source, "leader")

    def test_shared_rules_give_to_users_of_the_company_only(self):
        other = self.setup_other_company()["company"]
        stranger = self._user("stranger", "credit_collections.group_collector")
        stranger.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        team = self._team(stranger, self.ben, company_id=False)
        self._assignment(company_id=False, team_id=team.id)
        profiles = self._overdue("One") + self._overdue("Two")
        self._assign()
        self.assertEqual(profiles.collector_id, self.ben)

    def test_branches_share_the_collectors_of_their_root_company(self):
        self._assignment(target="user", user_id=self.ann.id)
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        customer = self._customer("Of the branch")
        self._receivable(customer, 50.0, due_in=-9, company_id=branch.id)
        profile = self._profile(customer, branch)
        profile.action_refresh()
        self._assign()
        self.assertEqual(profile.company_id, self.company)
        self.assertEqual(profile.collector_id, self.ann)

    def test_one_failing_company_does_not_stop_the_others(self):
        other = self.setup_other_company()["company"]
        self._assignment()
        profile = self._overdue("One")
        rules = type(self.env["collection.assignment.rule"])
        assign = rules._assign_in_parts
        failed = []

        def fail_abroad(rules, root, after):
            yield from assign(rules, root, after)
            if root == other:
                failed.append(root)
                raise ValueError("broken")

        with (
            patch.object(rules, "_assign_in_parts", fail_abroad),
            mute_logger(LOGGER),
            self._as_job(),
        ):
            self.profiles.sudo()._cron_assign_segments()
        self.assertEqual(failed, [other])
        self.assertTrue(profile.collector_id)

    # === RIGHTS === #

    def test_only_credit_managers_choose_a_collector(self):
        profile = self._overdue("One")
        for user in (self.collector, self.controller):
            for values in ({"collector_id": user.id}, {"is_collector_fixed": True}):
                with self.assertRaises(AccessError):
                    profile.with_user(user).write(values)
        with self.assertRaises(AccessError):
            profile.with_user(self.manager).collector_source = "rule"

    # === MERGE === #

    def test_merged_customers_keep_a_collector(self):
        kept, gone = self._overdue("Kept"), self._overdue("Gone", collector=self.ann)
        gone.sudo()._merge_into(kept.sudo())
        self.assertEqual(kept.collector_id, self.ann)

    # === SPEED === #

    def _overdue_profiles(self, count):
        partners = self.env["res.partner"].create(
            [{"name": f"Debtor {n}", "is_company": True} for n in range(count)]
        )
        profiles = self.profiles._ensure(self.company, partners.ids)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_profile SET overdue_amount = 10 + id WHERE id = ANY(%s)",
            [profiles.ids],
        )
        self.env.invalidate_all()
        return profiles

    def _count_assignment(self, count):
        profiles = self._overdue_profiles(count)
        before = self.env.cr.sql_log_count
        changed = self._assign()
        self.assertEqual(len(changed), count)
        self.assertEqual(profiles.collector_id, self.ann + self.ben)
        return self.env.cr.sql_log_count - before

    @warmup
    def test_one_hundred_customers_take_as_many_queries_as_two(self):
        self._assignment()
        self._count_assignment(2)
        few = self._count_assignment(2)
        self.assertEqual(self._count_assignment(100), few)
        self.assertLess(few, 30)
