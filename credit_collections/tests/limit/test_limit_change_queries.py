from odoo.tests import tagged

from .common import LimitCommon


@tagged("post_install", "-at_install")
class TestLimitChangeQueries(LimitCommon):
    """A change of many limits takes as many statements as one of a single limit."""

    def _many_profiles(self, number):
        partners = self.env["res.partner"].create(
            [{"name": f"Many {index}", "is_company": True} for index in range(number)]
        )
        return self.profiles._ensure(self.company, partners.ids)

    def _approved(self, profiles, limit, kind="permanent"):
        change = self._change(
            kind,
            lines=[
                {"profile_id": profile.id, "new_limit": limit} for profile in profiles
            ],
        )
        change.is_posted_when_approved = False
        change.with_user(self.manager).action_submit()
        self.assertEqual(change.state, "approved")
        return change.with_user(self.manager)

    def _count(self, change):
        """Return the number of statements of posting a change."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        change.action_post()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_posting_takes_as_many_statements_for_one_as_for_a_hundred(self):
        profiles = self._many_profiles(101)
        # all of them have a limit to begin with, and caches are warm
        self._count(self._approved(profiles, 5.0))
        one = self._count(self._approved(profiles[:1], 7.0))
        hundred = self._count(self._approved(profiles[1:], 7.0))
        self.assertEqual(set(profiles.mapped("effective_limit")), {7.0})
        self.assertLessEqual(hundred, one)

    def test_posting_temporary_limits_does_too(self):
        profiles = self._many_profiles(102)
        self._count(self._approved(profiles[:1], 5.0, "temporary"))
        one = self._count(self._approved(profiles[1:2], 7.0, "temporary"))
        hundred = self._count(self._approved(profiles[2:], 7.0, "temporary"))
        self.assertLessEqual(hundred, one)

    def test_two_thousand_lines_are_posted_with_few_statements(self):
        profiles = self._many_profiles(2000)
        change = self._approved(profiles, 7.0)
        # what the ORM does by thousands is done two times
        self.assertLess(self._count(change), 60)
        self.assertEqual(set(profiles.mapped("effective_limit")), {7.0})
        self.assertEqual(set(change.line_ids.mapped("state")), {"posted"})
