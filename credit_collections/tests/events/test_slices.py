from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.collector import collection_assignment_rule
from ...models.events import credit_job_step
from ...models.events.credit_job_step import TRIES
from ..common import CreditCommon

LOGGER = "odoo.addons.credit_collections.models.events.credit_job_step"
BATCHES = "odoo.addons.credit_collections.tools.batches"
PARTS = "_write_priorities_in_parts"


@tagged("post_install", "-at_install")
class TestSlices(CreditCommon):
    """Slices that lose a race come again; parts go on after what was committed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("First", "Second", "Third"):
            cls._profile(cls._customer(name))
        cls.log = cls.env["credit.job.step"].sudo()

    def _night(self, **options):
        nights = self.log.search([("job", "=", "night")])
        if "open" not in nights.mapped("state"):
            nights.day = self.today - timedelta(days=1)
        with self._as_job(**options):
            self.profiles.sudo()._cron_assign_segments()

    def _of(self, name):
        return self.log.search(
            [
                ("job", "=", "night"),
                ("name", "=", name),
                ("company_id", "=", self.company.id),
            ]
        )

    def _losing(self, method, times):
        """Let somebody else be faster so many times; return the calls here."""
        profiles = type(self.profiles)
        do = getattr(profiles, method)
        calls = []

        def lose(records, root, *args):
            if root == self.company:
                calls.append(args)
                if len(calls) <= times:
                    raise SerializationFailure
            return do(records, root, *args)

        return patch.object(profiles, method, lose), calls

    # === SLICES OF CUSTOMERS === #

    def test_a_slice_that_loses_comes_again_up_to_the_last_try(self):
        patched, calls = self._losing("_assign_segments", TRIES - 1)
        with patched, patch.object(self.env.cr, "rollback") as rollback:
            self._night()
        self.assertEqual(len(calls), TRIES)
        self.assertEqual(rollback.call_count, TRIES - 1)
        self.assertEqual(self._of("segments").state, "done")

    def test_one_that_loses_each_time_waits_and_the_next_steps_are_done(self):
        patched, calls = self._losing("_assign_segments", TRIES)
        with patched, patch.object(self.env.cr, "rollback"):
            self._night()
            self.assertEqual(len(calls), TRIES)
            self.assertEqual(self._of("segments").state, "open")
            self.assertEqual(self._of("levels").state, "done")
            self._night()
        self.assertEqual(self._of("segments").state, "done")

    # === PARTS === #

    def _in_parts(self, failing=None, error=None):
        """Let priorities be three parts of one id each; return what began where."""
        begun = []

        def parts(profiles, root, after):
            if root != self.company:
                return
            begun.append(after)
            for last in range(after + 1, 4):
                if last == failing and not (error and len(begun) > 1):
                    raise error or ValueError("broken")
                self.customer.comment = f"up to {last}"
                yield last, profiles

        return patch.object(type(self.profiles), PARTS, parts), begun

    def test_a_part_that_loses_begins_after_what_was_done(self):
        patched, begun = self._in_parts(failing=3, error=SerializationFailure())
        with patched, patch.object(self.env.cr, "rollback") as rollback:
            self._night()
        rollback.assert_called_once()
        self.assertEqual(begun, [0, 2])
        step = self._of("priorities")
        self.assertEqual((step.state, step.last_id), ("done", 3))

    def test_a_part_that_fails_leaves_those_before_it_and_is_on_record(self):
        patched, _begun = self._in_parts(failing=3)
        with patched, mute_logger(LOGGER):
            self._night()
        step = self._of("priorities")
        self.assertEqual((step.state, step.last_id), ("failed", 2))
        self.assertEqual(step.error, "broken")
        self.assertIn("up to 2", self.customer.comment)
        self.assertEqual(self._of("reviews").state, "done")

    def test_a_step_in_parts_goes_on_for_a_while_where_the_time_is_over(self):
        patched, begun = self._in_parts()

        def left():
            return int(self._of("priorities").last_id < 1)

        with patched:
            self._night(left=left)
        self.assertEqual(begun, [0])
        self.assertEqual(self._of("priorities").state, "done")
        self.assertEqual(self._of("reviews").state, "open")

    def test_a_customer_for_whom_a_part_fails_is_found_and_left_out_alone(self):
        first, second = self.profiles.search(
            [("company_id", "=", self.company.id)], limit=2, order="id"
        )
        profiles = type(self.profiles)
        rate = profiles._risk_row

        def fail(profiles, row, basis):
            if row[0] == first.id:
                raise ValueError("no number")
            return rate(profiles, row, basis)

        with (
            patch.object(profiles, "_risk_row", fail),
            mute_logger(LOGGER, BATCHES),
        ):
            self._night()
        step = self._of("scores")
        self.assertEqual(step.state, "failed")
        self.assertEqual(step.error, f"{first.display_name}: no number")
        self.assertFalse(first.risk_parts)
        self.assertTrue(second.risk_parts)

    def test_a_part_that_always_loses_is_tried_so_often_whatever_is_read_again(self):
        begun = []

        def parts(profiles, root, after):
            if root == self.company:
                begun.append(after)
                yield (after,)  # all is read
                raise SerializationFailure
            if len(begun) > 2 * TRIES:
                raise ValueError("it never ends")

        with (
            patch.object(type(self.profiles), PARTS, parts),
            patch.object(self.env.cr, "rollback"),
        ):
            self._night(left=lambda: int(len(begun) < 3 * TRIES))
        self.assertEqual(len(begun), TRIES)
        self.assertEqual(self._of("priorities").state, "open")
        self.assertEqual(self._of("reviews").state, "done")

    def test_reading_that_takes_longer_than_patience_lasts_is_not_for_nothing(self):
        clock = [0.0]

        def parts(profiles, root, after):
            if root == self.company:
                clock[0] += 2 * credit_job_step.PATIENCE
                yield (after,)  # all is read
                yield (after + 1,)

        with (
            patch.object(type(self.profiles), PARTS, parts),
            patch.object(credit_job_step.time, "monotonic", lambda: clock[0]),
        ):
            self._night(left=lambda: int(not clock[0]))
        self.assertEqual(self._of("priorities").last_id, 1)

    def test_parts_go_on_where_the_time_was_over(self):
        patched, begun = self._in_parts()

        def left():
            return int(self._of("priorities").last_id != 2)

        with patched:
            with patch.object(credit_job_step, "PATIENCE", 0):
                self._night(left=left)
            self.assertEqual(self._of("priorities").state, "open")
            self._night()
        self.assertEqual(begun, [0, 2])
        self.assertEqual(self._of("priorities").state, "done")

    # === WHAT PEOPLE DO MEANWHILE === #

    def test_a_customer_who_is_gone_meanwhile_stops_nobody(self):
        first, second = self.profiles.search(
            [("company_id", "=", self.company.id)], limit=2, order="id"
        )

        def assign(profiles, root):
            self.assertTrue(profiles.partner_id)
            if first in profiles:
                second.sudo().unlink()
                self.env.invalidate_all()

        with (
            patch.object(type(self.profiles), "_assign_segments", assign),
            patch.object(credit_job_step, "BATCH", 1),
        ):
            self._night()
        self.assertEqual(self._of("segments").state, "done")
        self.assertFalse(self._of("segments").error)

    def test_a_class_that_somebody_chose_meanwhile_stays(self):
        classes = self.env["credit.risk.class"].search([])
        profile = self.profiles.search([("company_id", "=", self.company.id)], limit=1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE credit_profile SET write_date = '2020-01-01'")
        parts = self.profiles.sudo()._write_scores_in_parts(self.company)
        next(parts)  # all is read
        profile.with_user(self.manager)._override_risk(
            classes[-1],
            self.env.ref("credit_collections.credit_reason_risk_insight"),
            fields.Date.today() + timedelta(days=10),
        )
        self.assertEqual(profile.risk_class_id, classes[-1])
        history = profile.risk_history_ids
        for _part in parts:
            pass
        self.env.invalidate_all()
        self.assertEqual(profile.risk_class_id, classes[-1])
        self.assertEqual(profile.risk_history_ids, history)

    def test_a_collector_whom_somebody_chose_meanwhile_stays(self):
        rule = self.env["collection.assignment.rule"].create(
            {"name": "All", "target": "user", "user_id": self.collector.id}
        )
        first, second = self.profiles.search(
            [("company_id", "=", self.company.id)], limit=2
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_profile SET overdue_amount = 5 WHERE id IN %s",
            [(first.id, second.id)],
        )
        parts = rule._assign_in_parts(self.company)
        next(parts)  # decided
        first.with_user(self.manager).collector_id = self.manager
        self.env.flush_all()
        with patch.object(collection_assignment_rule, "BATCH", 1):
            changed = [part[1] for part in parts]
        self.assertEqual(self.profiles.union(*changed), second)
        self.assertEqual(first.collector_id, self.manager)
        self.assertEqual(first.collector_source, "hand")
        self.assertEqual(second.collector_id, self.collector)

    def test_a_collector_who_is_confirmed_by_hand_meanwhile_stays(self):
        profile = self.profiles.search([("company_id", "=", self.company.id)], limit=1)
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE credit_profile SET overdue_amount = 5, collector_id = %s,
                      collector_source = 'leader' WHERE id = %s""",
            [self.manager.id, profile.id],
        )
        self.env.invalidate_all()
        rule = self.env["collection.assignment.rule"].create(
            {"name": "All", "target": "user", "user_id": self.collector.id}
        )
        parts = rule._assign_in_parts(self.company)
        next(parts)  # decided
        profile.with_user(self.manager).collector_id = self.manager
        self.env.flush_all()
        for _part in parts:
            pass
        self.assertEqual(profile.collector_id, self.manager)
        self.assertTrue(profile.is_collector_fixed)

    def test_there_is_a_slice_for_each_batch_of_customers(self):
        patched, calls = self._losing("_assign_segments", 0)
        customers = self.profiles.search_count([("company_id", "=", self.company.id)])
        with patched, patch.object(credit_job_step, "BATCH", 2):
            self._night()
        self.assertEqual(len(calls), -(-customers // 2))
