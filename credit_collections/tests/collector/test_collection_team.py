from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AssignmentCommon


@tagged("post_install", "-at_install")
class TestCollectionTeam(AssignmentCommon):
    """Who collects, who stands in, and who may say so."""

    # === ABSENCES === #

    def _assert_refused(self, error=IntegrityError, **values):
        with self.assertRaises(error), mute_logger("odoo.sql_db"):
            self._member(self.ann).write(values)
            self.env.flush_all()

    def test_reversed_dates_are_refused(self):
        yesterday = self.today - timedelta(days=1)
        self._assert_refused(away_from=self.today, away_to=yesterday)
        self._away(self.ann, self.ben, 0, 0)
        self.assertTrue(self._member(self.ann).is_away)

    def test_nobody_stands_in_for_oneself(self):
        self._assert_refused(away_from=self.today, substitute_id=self.ann.id)

    def test_an_absence_has_a_first_day(self):
        self._assert_refused(away_to=self.today)
        self._assert_refused(ValidationError, substitute_id=self.ben.id)

    def test_nobody_is_in_a_team_twice_or_without_capacity(self):
        self._assert_refused(user_id=self.ben.id)
        self._assert_refused(capacity=-1)
        self._assert_refused(share=0.0)

    def test_an_absence_holds_from_the_first_to_the_last_day(self):
        self._away(self.ann, self.ben, first=0, last=3)
        for days, who in ((-1, self.ann), (0, self.ben), (3, self.ben), (4, self.ann)):
            acting = self.ann._get_acting_collector(self.today + timedelta(days=days))
            self.assertEqual(acting[self.ann], who)

    def test_an_absence_without_end_lasts(self):
        self._away(self.ann, self.ben)
        self._member(self.ann).away_to = False
        later = self.today + timedelta(days=300)
        self.assertEqual(self.ann._get_acting_collector(later)[self.ann], self.ben)

    def test_the_substitute_of_the_substitute_works(self):
        self._away(self.ann, self.ben)
        self._away(self.ben, self.collector)
        acting = (self.ann + self.ben)._get_acting_collector(self.today)
        self.assertEqual(acting, {self.ann: self.collector, self.ben: self.collector})
        substituted = self.collector._get_substituted(self.today)
        self.assertEqual(substituted, self.ann + self.ben)

    def test_in_a_circle_everybody_works_for_oneself(self):
        self._away(self.ann, self.ben)
        self._away(self.ben, self.ann)
        acting = self.ann._get_acting_collector(self.today)
        self.assertEqual(acting[self.ann], self.ann)

    def test_who_left_stands_in_for_nobody(self):
        self._away(self.ann, self.ben)
        self.ben.active = False
        acting = self.ann._get_acting_collector(self.today)
        self.assertEqual(acting[self.ann], self.ann)

    def test_one_hundred_users_take_one_query(self):
        users = self.env["res.users"].search([], limit=100)
        self._away(self.ann, self.ben)
        self.env.flush_all()
        with self.assertQueryCount(1):
            users._get_acting_collector(self.today)

    # === WORK LIST === #

    def _mine(self, user):
        profiles = self.profiles.with_user(user)
        return profiles.search([("is_mine", "=", True)]).with_env(self.env)

    def test_the_substitute_sees_the_customers_as_own_ones(self):
        of_ann = self._overdue("One", collector=self.ann)
        of_ben = self._overdue("Two", collector=self.ben)
        self.assertEqual(self._mine(self.ben), of_ben)
        self._away(self.ann, self.ben)
        self.assertEqual(self._mine(self.ben), of_ann + of_ben)
        self.assertEqual(self._mine(self.ann), of_ann)
        profiles = self.profiles.with_user(self.ben)
        others = profiles.search([("is_mine", "=", False)]).with_env(self.env)
        self.assertFalse((of_ann + of_ben) & others)

    def test_the_substitute_reads_for_whom_it_is(self):
        profile = self._overdue("One", collector=self.ann)
        self._away(self.ann, self.ben)
        seen = profile.with_user(self.ben)
        self.assertTrue(seen.is_mine)
        self.assertEqual(seen.working_for_id, self.ann)
        self.assertEqual(seen.acting_collector_id, self.ben)
        self.assertEqual(profile.collector_id, self.ann)
        self.assertFalse(profile.with_user(self.ann).working_for_id)

    def test_calls_go_to_the_substitute_and_the_customer_stays(self):
        profile = self._profile(self._debtor("Late", (100.0, 25)))
        profile.collector_id = self.ann
        self._away(self.ann, self.ben)
        self.strategy.catch_up = "latest"
        self._plan().action_start()
        self.assertEqual(profile.activity_ids.user_id, self.ben)
        self.assertEqual(profile.collector_id, self.ann)

    # === RIGHTS === #

    def test_collectors_read_teams_and_rules_and_write_neither(self):
        rule = self._assignment()
        for record in (self.team, self.team.member_ids, rule):
            record.with_user(self.collector).read()
            with self.assertRaises(AccessError):
                record.with_user(self.collector).write({"active": False})
            record.with_user(self.manager).write({"active": True})
        with self.assertRaises(AccessError):
            self.team.with_user(self.salesperson).read(["name"])

    def test_teams_of_other_companies_are_not_seen(self):
        other = self.setup_other_company()["company"]
        team = self._team(company_id=other.id)
        rule = self._assignment(company_id=other.id, team_id=team.id)
        for record in (team, rule):
            found = record.with_user(self.manager).search([("id", "=", record.id)])
            self.assertFalse(found)

    def test_members_may_work_in_the_company_of_their_team(self):
        other = self.setup_other_company()["company"]
        with self.assertRaises(UserError):
            self._team(self.ann, company_id=other.id)
