from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.events import credit_job_step
from ..promise.common import PromiseCommon

LOGGER = "odoo.addons.credit_collections.tools.batches"


@tagged("post_install", "-at_install")
class TestJobs(PromiseCommon):
    """Promises, cases, collateral: customer by customer where one of them fails, and
    on from where a job stopped."""

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

    METHODS = {
        "promises": "_judge_promises",
        "cases": "_put_cases_right",
        "collateral": "_mind_deadlines",
    }

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

    def test_every_job_says_what_it_does(self):
        titles = self.env["credit.job.step"]._get_titles()
        self.assertLessEqual({*self.METHODS, "limits"}, set(titles))
