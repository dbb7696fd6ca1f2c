from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.events import credit_job_step
from ...tools.batches import in_turn
from ..promise.common import PromiseCommon

LOGGER = "odoo.addons.credit_collections.tools.batches"


@tagged("post_install", "-at_install")
class TestJobs(PromiseCommon):
    """Promises, cases, collateral: customer by customer where one of them fails, and
    on from where a job stopped."""

    #: What each job does for customers.
    METHODS = {
        "promises": "_judge_promises",
        "cases": "_put_cases_right",
        "collateral": "_mind_deadlines",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jobs = {
            "promises": cls.env["collection.promise"].sudo()._cron_evaluate,
            "cases": cls.env["collection.case"].sudo()._cron_close,
            "collateral": cls.env["credit.collateral"].sudo()._cron_deadlines,
        }
        names = [f"Debtor {number}" for number in range(5)]
        cls.debtors = cls._debtors(names, (100.0, 12))
        cls.customers = cls.profiles._ensure(cls.company, cls.debtors.ids)

    def _do(self, name, method, done, left=lambda: 1, failing=()):
        """Let a job run that only notes which of the customers it is done for."""

        def note(profiles, root):
            if profiles & self.profiles.union(*failing):
                raise ValueError("broken")
            done.extend(profiles & self.customers)

        with (
            patch.object(type(self.profiles), method, note),
            self._as_job(left),
            mute_logger(LOGGER),
        ):
            self.jobs[name]()

    def _steps(self, name):
        return self.env["credit.job.step"].search(
            [("job", "=", name), ("company_id", "=", self.company.id)]
        )

    def test_a_customer_that_fails_is_named_and_stops_nobody(self):
        bad = self.customers[1] + self.customers[4]
        for name, method in self.METHODS.items():
            with self.subTest(name):
                done = []
                self._do(name, method, done, failing=bad)
                self.assertEqual(set(done), set(self.customers - bad))
                self.assertEqual(len(done), 3)
                step = self._steps(name)
                self.assertEqual(step.state, "failed")
                self.assertEqual(
                    set(step.error.splitlines()),
                    {f"{one.display_name}: broken" for one in bad},
                )

    def test_customers_who_are_archived_have_their_turn_too(self):
        self.customers[0].sudo().active = False
        for name, method in self.METHODS.items():
            done = []
            self._do(name, method, done)
            self.assertIn(self.customers[0], done, name)

    def test_nobody_who_is_archived_is_reminded_of_a_deadline(self):
        self.company.credit_approver_id = False
        collateral = self.env["credit.collateral"].with_user(SUPERUSER_ID)
        secured = collateral.create(
            {
                "profile_id": self.customers[0].id,
                "type_id": self.env.ref(
                    "credit_collections.credit_collateral_type_bank"
                ).id,
                "amount": 100.0,
                "currency_id": self.company.currency_id.id,
                "date_to": self._day(5),
                "validated_date": self.today,
            }
        )
        with self._as_job():
            self.jobs["collateral"]()
        self.assertTrue(secured.activity_ids)
        self.assertTrue(all(secured.activity_ids.user_id.mapped("active")))

    def test_a_job_that_runs_out_of_time_goes_on_behind_what_it_did(self):
        for name, method in self.METHODS.items():
            with self.subTest(name), patch.object(credit_job_step, "BATCH", 1):
                done = []
                # until the second of the customers was its turn
                self._do(name, method, done, left=lambda done=done: len(done) < 2)
                self.assertEqual(done, list(self.customers.sorted("id")[:2]))
                self._do(name, method, done)
                self.assertEqual(done, list(self.customers.sorted("id")))

    def test_a_promise_that_can_not_be_judged_leaves_that_of_the_next_customer(self):
        first, second = (
            self._past(self._promise(self._items(one)), 5) for one in self.debtors[:2]
        )
        overdue = (first + second).sudo()
        self.assertEqual(set(overdue.mapped("state")), {"open"})
        promises = type(self.env["collection.promise"])
        judge = promises._judge

        def fail(records, company, today):
            if first in records:
                raise ValueError("broken")
            return judge(records, company, today)

        with (
            patch.object(promises, "_judge", fail),
            self._as_job(),
            mute_logger(LOGGER),
        ):
            self.env.cr.execute(
                "UPDATE collection_promise SET grace_until = %s WHERE id = ANY(%s)",
                [self._day(-1), overdue.ids],
            )
            overdue.invalidate_recordset()
            self.jobs["promises"]()
        self.assertEqual(overdue.mapped("state"), ["open", "broken"])

    def test_what_somebody_else_was_faster_with_stays_for_the_next_call(self):
        def do(customer):
            if customer == self.customers[1]:
                raise SerializationFailure

        with self._as_job() as commits, patch.object(self.env.cr, "rollback"):
            self.assertTrue(in_turn(self.customers, do, "a try"))
        processed = [call.args[0] for call in commits.call_args_list if call.args]
        self.assertEqual(processed, [1, 0, 1, 1, 1])

    def test_a_job_whose_time_ends_with_its_last_batch_is_over(self):
        for count, is_over in ((1, True), (2, False)):
            with self._as_job(left=lambda: 0):
                found = in_turn(self.customers[:count], lambda customer: None, "a try")
            self.assertEqual(found, is_over, count)

    def test_every_job_says_what_it_does(self):
        titles = self.env["credit.job.step"]._get_titles()
        self.assertLessEqual({*self.METHODS, "limits"}, set(titles))
