from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionSegmentPropose(CollectionCommon):
    """Segments from the data: what falls in, which strategy, and what is made of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["collection.strategy"].search([]).active = False
        cls.strategy.active = True
        cls.strategy.sequence = 20
        cls.soft = cls._strategy(name="Soft", sequence=10)
        cls.firms = cls._profiles(12, 1000.0)
        cls.people = cls._profiles(12, 10.0, is_company=False)

    @classmethod
    def _profiles(cls, count, unit, **values):
        """Return customers who bought 1, 2, 3 … units; every other one pays late."""
        partners = cls.env["res.partner"]
        for _number in range(count):
            partners += cls._customer(f"Customer {unit}", **values)
        profiles = cls.profiles._ensure(cls.company, partners.ids)
        for number, profile in enumerate(profiles):
            profile.sudo().write(
                {
                    "overdue_amount": unit * (number + 1),
                    "not_due_amount": unit,
                    "overdue_days": 40 if number % 2 else 2,
                }
            )
        return profiles

    def _wizard(self, user=None, **values):
        wizards = self.env["collection.segment.propose"].with_user(user or self.manager)
        return wizards.create(
            {
                "company_id": self.company.id,
                "size_field": "overdue_amount",
                "lateness_field": "overdue_days",
                **values,
            }
        )

    def _segments(self):
        return self.env["collection.segment"].search(
            [("company_id", "=", self.company.id)]
        )

    # === PROPOSAL === #

    def test_the_proposal_shows_customers_and_money_of_every_segment(self):
        wizard = self._wizard()
        wizard.action_propose()
        self.assertEqual(len(wizard.line_ids), 8)
        self.assertEqual(sum(wizard.line_ids.mapped("customer_count")), 24)
        # 1,000 × (1 + … + 12) + 10 × (1 + … + 12)
        self.assertEqual(sum(wizard.line_ids.mapped("overdue_amount")), 78780.0)
        # and 12 × 1,000 + 12 × 10 not due
        self.assertEqual(sum(wizard.line_ids.mapped("open_amount")), 90900.0)

    def test_the_names_and_the_conditions_can_be_read(self):
        wizard = self._wizard()
        wizard.action_propose()
        # sizes 1,000 … 12,000: the seventh of twelve; days 2 and 40: 40 is friendly
        line = wizard.line_ids[0]
        self.assertEqual(line.name, "Companies, large, late")
        self.assertEqual(
            safe_eval(line.domain),
            [
                ("partner_id.is_company", "=", True),
                ("overdue_amount", ">=", 7000.0),
                ("overdue_days", ">=", 40.0),
            ],
        )
        self.assertEqual(line.condition, "Overdue from 7,000; Overdue Days from 40")
        self.assertEqual(wizard.line_ids[-1].name, "Consumers, small, prompt")

    def test_the_gentle_strategy_is_for_small_prompt_consumers(self):
        wizard = self._wizard()
        wizard.action_propose()
        self.assertEqual(wizard.line_ids[0].strategy_id, self.strategy)
        self.assertEqual(wizard.line_ids[-1].strategy_id, self.soft)

    def test_fewer_classes_make_fewer_segments(self):
        wizard = self._wizard(size_classes="1", lateness_classes="1", by_kind=False)
        wizard.action_propose()
        self.assertEqual(wizard.line_ids.name, "Customers")
        self.assertEqual(wizard.line_ids.customer_count, 24)

    def test_too_few_customers_are_said_in_plain_words(self):
        # 3 × 3 classes of 3 customers: 27
        wizard = self._wizard(size_classes="3", lateness_classes="3")
        with self.assertRaisesRegex(UserError, "24 customers.*at least 27"):
            wizard.action_propose()

    def test_the_turnover_and_the_delay_are_those_of_today(self):
        customer = self.firms[0].partner_id
        self._receivable(customer, 700.0)
        wizard = self._wizard(size_field="revenue_amount", size_classes="1")
        wizard.action_propose()
        self.assertEqual(self.firms[0].revenue_amount, 700.0)

    # === WHAT IS MADE OF IT === #

    def test_the_segments_come_first_and_hold_whom_the_proposal_said(self):
        wizard = self._wizard()
        wizard.action_propose()
        counts = wizard.line_ids.mapped("customer_count")
        names = wizard.line_ids.mapped("name")
        wizard.action_create_segments()
        segments = self._segments()
        self.assertEqual(segments.mapped("name"), names)
        self.assertEqual(segments.mapped("profile_count"), counts)
        self.assertLess(max(segments.mapped("sequence")), self.segment.sequence)
        self.assertTrue(self.segment.active)

    def test_names_strategies_and_lines_may_be_changed(self):
        wizard = self._wizard()
        wizard.action_propose()
        wizard.line_ids[1:].unlink()
        wizard.line_ids.write({"name": "Whales", "strategy_id": self.soft.id})
        wizard.action_create_segments()
        self.assertEqual(self._segments().name, "Whales")
        self.assertEqual(self._segments().strategy_id, self.soft)

    def test_the_segments_of_the_company_may_be_archived_and_shared_ones_stay(self):
        self.setup_other_company()
        own = self.segment.copy({"company_id": self.company.id})
        wizard = self._wizard(existing="archive")
        wizard.action_propose()
        wizard.action_create_segments()
        self.assertFalse(own.active)
        self.assertTrue(self.segment.active)

    def test_an_empty_proposal_makes_nothing(self):
        with self.assertRaises(UserError):
            self._wizard().action_create_segments()

    def test_back_empties_the_proposal(self):
        wizard = self._wizard()
        wizard.action_propose()
        wizard.action_back()
        self.assertFalse(wizard.line_ids)

    # === RIGHTS AND COMPANIES === #

    def test_only_credit_managers_propose_segments(self):
        for user in (self.collector, self.controller):
            with self.assertRaises(AccessError):
                self._wizard(user)

    def test_customers_of_other_companies_do_not_count(self):
        other = self.setup_other_company()["company"]
        abroad = self._profile(self.firms[0].partner_id, other)
        abroad.sudo().overdue_amount = 1.0
        wizard = self._wizard()
        wizard.action_propose()
        self.assertEqual(sum(wizard.line_ids.mapped("customer_count")), 24)
