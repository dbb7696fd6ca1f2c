from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import CONTROLLER, MANAGER
from .common import GroupCommon


@tagged("post_install", "-at_install")
class TestGroupRights(GroupCommon):
    """A limit that companies share is no one's alone, and salespeople read of a group
    what is left to their customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company(name="Other")
        cls._profile(cls._customer("There"), cls.other).group_id = cls.group
        cls.stranger = cls._user("manager_b", MANAGER)
        cls.stranger.write(
            {
                "company_ids": [Command.set(cls.other.ids)],
                "company_id": cls.other.id,
            }
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    # === COMPANIES === #

    def test_the_limit_of_a_group_of_two_companies_is_no_ones_alone(self):
        group = self.group.with_user(self.stranger)
        for vals in (
            {"credit_limit": 9e6},
            {"expiry_date": "2099-01-01"},
            {"currency_id": self.env.ref("base.EUR").id},
            {"name": "Mine"},
            {"active": False},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(AccessError, "shared"):
                group.write(vals)

    def test_own_customers_join_a_group_of_two_companies(self):
        own = self._profile(self._customer("Own"), self.other)
        self.group.with_user(self.stranger).profile_ids = [Command.link(own.id)]
        self.assertEqual(own.group_id, self.group)
        hello = "Hello"
        self.group.with_user(self.stranger).message_post(body=hello)

    def test_members_of_all_companies_decide_on_it(self):
        self.stranger.company_ids += self.company
        self.group.with_user(self.stranger).credit_limit = 1800.0
        self.assertEqual(self.group.credit_limit, 1800.0)

    def _change(self, user, limit):
        return (
            self.env["credit.limit.change"]
            .with_user(user)
            .create(
                {
                    "kind": "group",
                    "company_id": self.other.id,
                    "line_ids": [
                        Command.create({"group_id": self.group.id, "new_limit": limit})
                    ],
                }
            )
        )

    def test_a_limit_change_of_one_company_raises_no_group_of_two(self):
        with self.assertRaisesRegex(AccessError, "shared with customers of"):
            self._change(self.stranger, 9e6).action_submit()

    def test_who_works_in_all_companies_approves_it(self):
        controller = self._user("controller_b", CONTROLLER)
        controller.write(
            {"company_ids": [Command.set(self.other.ids)], "company_id": self.other.id}
        )
        change = self._change(controller, 1800.0)
        change.action_submit()
        self.assertEqual(change.state, "submitted")
        with self.assertRaises(AccessError):
            change.with_user(self.stranger).action_approve()
        self.stranger.company_ids += self.company
        change.with_user(self.stranger).action_approve()
        self.assertEqual((change.state, self.group.credit_limit), ("posted", 1800.0))

    # === SALESPEOPLE === #

    def test_salespeople_read_of_groups_what_is_left(self):
        self.first.user_id = self.salesperson
        group = self.group.with_user(self.salesperson)
        chatter = ("message_", "activity_", "rating_", "website_", "has_message", "my_")
        read = {name for name in group.fields_get() if not name.startswith(chatter)}
        self.assertEqual(
            read,
            {
                *("id", "name", "display_name", "active", "currency_id"),
                *("available_credit", "is_limit_editable"),
                *("create_uid", "create_date", "write_uid", "write_date"),
            },
        )
        self.assertEqual(group.name, "Group")
        for name in ("note", "exposure", "overdue_amount", "aging_picture"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                group.read([name])

    def test_salespeople_see_groups_of_their_own_customers(self):
        (self.first + self.second).user_id = self.manager
        groups = self.env["credit.group"].with_user(self.salesperson)
        here = [("id", "=", self.group.id)]
        self._profile(self._customer("There"), self.other)
        self.group._members_of_all().partner_id.user_id = self.manager
        self.env.flush_all()
        self.assertFalse(groups.search(here))
        self.first.user_id = self.salesperson
        self.assertEqual(groups.search(here), self.group)
