from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..run.common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionSegment(CollectionCommon):
    """Who is in which segment, and what comes next for whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.soft = cls._strategy(name="Soft")
        cls.consumers = cls.env["collection.segment"].create(
            {
                "name": "Consumers",
                "sequence": 5,
                "domain": "[('partner_id.is_company', '=', False)]",
                "strategy_id": cls.soft.id,
            }
        )
        cls.person = cls._profile(cls._customer("Person", is_company=False))
        cls.firm = cls._profile(cls._customer("Firm"))

    def _assign(self):
        return self.env["collection.segment"]._assign(self.company)

    # === ASSIGNMENT === #

    def test_the_first_segment_that_fits_wins(self):
        self._assign()
        self.assertEqual(self.person.segment_id, self.consumers)
        self.assertEqual(self.person.strategy_id, self.soft)
        self.assertEqual(self.firm.segment_id, self.segment)

    def test_the_order_decides(self):
        self.consumers.sequence = 50
        self._assign()
        self.assertEqual(self.person.segment_id, self.segment)

    def test_a_segment_chosen_by_hand_is_kept(self):
        self.person.write(
            {
                "segment_id": self.segment.id,
                "is_segment_fixed": True,
                "segment_note": "Buys for a company",
            }
        )
        self._assign()
        self.assertEqual(self.person.segment_id, self.segment)
        self.assertEqual(self.person.strategy_id, self.strategy)

    def test_choosing_by_hand_needs_a_reason(self):
        with self.assertRaises(ValidationError):
            self.person.is_segment_fixed = True

    def test_only_rows_that_change_are_written(self):
        self.assertGreaterEqual(self._assign(), 2)
        self.assertEqual(self._assign(), 0)
        self.person.partner_id.is_company = True
        self.assertEqual(self._assign(), 1)

    def test_without_a_segment_there_is_no_strategy(self):
        self._assign()
        self.segment.active = False
        self._assign()
        self.assertFalse(self.firm.segment_id)
        self.assertFalse(self.firm.strategy_id)

    def test_a_new_strategy_of_a_segment_is_that_of_its_customers(self):
        self._assign()
        self.segment.strategy_id = self.soft
        self.assertEqual(self.firm.strategy_id, self.soft)

    def test_a_condition_that_makes_no_sense_is_refused(self):
        for domain in ("[('no_such_field', '=', 1)]", "[(", "nonsense"):
            with self.assertRaises(ValidationError):
                self.segment.domain = domain

    def test_segments_of_another_company_do_not_count(self):
        other = self.setup_other_company()["company"]
        self.consumers.sudo().company_id = other
        self._assign()
        self.assertEqual(self.person.segment_id, self.segment)

    # === NEXT STEP === #

    def test_the_next_step_its_date_and_the_steps_left_to_legal_are_shown(self):
        customer = self._debtor("Debtor", (100.0, 1), (50.0, -30))
        profile = self._profile(customer)
        self.profiles._prepare_collection(self.company)
        self.assertEqual(profile.next_step_id.name, "First")
        self.assertEqual((profile.next_step_date - self.today).days, 4)
        self.assertEqual(profile.steps_to_legal, 3)

    def test_after_a_run_the_next_step_is_the_following_one(self):
        customer = self._debtor("Debtor", (100.0, 5))
        self._plan().action_start()
        profile = self._profile(customer)
        self.assertEqual(profile.next_step_id.name, "Second")
        self.assertEqual((profile.next_step_date - self.today).days, 5)
        self.assertEqual(profile.steps_to_legal, 2)

    def test_who_owes_nothing_any_more_has_no_next_step(self):
        customer = self._debtor("Debtor", (100.0, 1))
        self.profiles._prepare_collection(self.company)
        self._payment(customer, 100.0, customer.invoice_ids)
        self.profiles._prepare_collection(self.company)
        self.assertFalse(self._profile(customer).next_step_id)

    # === MERGE === #

    def test_merged_customers_keep_what_was_said_to_them(self):
        kept, gone = (self._debtor(name, (100.0, 10)) for name in ("Kept", "Gone"))
        run = self._plan()
        run.action_start()
        profile = self._profile(kept)
        self._action(run, gone).mail_ids._postprocess_sent_message([], [])
        self.assertFalse(profile.last_contact_date)
        self._profile(gone).do_not_contact_until = self.today
        self._profile(gone).sudo()._merge_into(profile.sudo())
        self.assertEqual(profile.last_contact_date, self.today)
        self.assertEqual(profile.do_not_contact_until, self.today)
        found = [("profile_id", "=", profile.id)]
        self.assertEqual(self.env["collection.action"].search_count(found), 1)

    def test_a_customer_who_was_not_in_the_run_gets_the_action_of_the_merged_one(self):
        kept, gone = self._debtor("Kept"), self._debtor("Gone", (100.0, 10))
        run = self._plan()
        run.action_start()
        self._profile(gone).sudo()._merge_into(self._profile(kept).sudo())
        self.assertEqual(run.action_ids.profile_id, self._profile(kept))
