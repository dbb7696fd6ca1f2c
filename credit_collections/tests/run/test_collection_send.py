from unittest.mock import patch

from odoo.tests import tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionSend(CollectionCommon):
    """Doing a run: once per customer, with what is open at that moment."""

    def _restart(self, run):
        """Go on with a run, as the scheduled action does."""
        self.env.invalidate_all()
        while run.state == "running" and run._do_batch(size=2):
            pass

    # === WHAT IS SENT === #

    def test_a_mail_is_queued_with_the_items(self):
        customer = self._debtor("Debtor", (100.0, 10), (50.0, 6))
        run = self._plan()
        run.action_start()
        action = self._action(run, customer)
        self.assertEqual((run.state, action.state), ("done", "queued"))
        mail = action.mail_ids
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, customer)
        for move in customer.invoice_ids:
            self.assertIn(move.name, mail.body_html)
        self.assertIn("150.00", mail.body_html)

    def test_levels_and_the_day_of_the_contact_are_written(self):
        self.strategy.catch_up = "latest"
        customer = self._debtor("Debtor", (100.0, 12), (50.0, 6), (20.0, 1))
        run = self._plan()
        run.action_start()
        items = self._open_items(customer.invoice_ids).sorted("date_maturity")
        self.assertEqual(items.mapped("collection_level"), [2, 1, 0])
        self.assertEqual(items.collection_step_id.name, "Second")
        self.assertEqual(set(items.mapped("collection_step_date")), {self.today})
        self.assertFalse(self._profile(customer).last_contact_date)
        self._mails(run)._postprocess_sent_message([], [])
        self.assertEqual(self._profile(customer).last_contact_date, self.today)

    def test_the_shipped_texts_can_be_rendered(self):
        customer = self._debtor("Debtor", (100.0, 10))
        action = self._about_to_be_done(self._action(self._plan(), customer))
        for tone in ("friendly", "neutral", "firm", "final"):
            template = self.env.ref(
                f"credit_collections.mail_template_collection_{tone}"
            )
            mail = template.send_mail_batch(action.ids)
            self.assertEqual(mail.recipient_ids, customer)
            self.assertIn(customer.invoice_ids.name, mail.body_html)

    def test_a_call_is_an_activity_of_the_collector(self):
        self.strategy.catch_up = "latest"
        customer = self._debtor("Debtor", (100.0, 20))
        self._profile(customer).collector_id = self.collector
        run = self._plan()
        run.action_start()
        action = self._action(run, customer)
        self.assertEqual(action.activity_id.user_id, self.collector)
        self.assertEqual(action.state, "queued")
        action.activity_id.with_user(self.collector).action_done()
        self.assertEqual(action.state, "sent")

    # === READ AGAIN === #

    def test_who_paid_in_between_gets_nothing(self):
        customer = self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        self._payment(customer, 100.0, customer.invoice_ids)
        run.action_start()
        action = self._action(run, customer)
        self.assertEqual((action.state, action.skip_reason), ("skipped", "paid"))
        self.assertFalse(action.mail_ids)

    def test_who_paid_a_part_reads_what_is_still_open(self):
        customer = self._debtor("Debtor", (100.0, 10), (50.0, 8))
        run = self._plan()
        oldest = customer.invoice_ids.sorted("invoice_date_due")[:1]
        self._payment(customer, 30.0, oldest)
        run.action_start()
        action = self._action(run, customer)
        self.assertEqual(action.amount, 120.0)
        self.assertIn("120.00", action.mail_ids.body_html)
        self.assertNotIn("150.00", action.mail_ids.body_html)

    def test_who_may_not_be_contacted_any_more_is_not(self):
        customer = self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        self._profile(customer).is_legal = True
        run.action_start()
        self.assertEqual(self._action(run, customer).skip_reason, "legal")

    def test_who_was_contacted_by_another_run_is_left_alone(self):
        customer = self._debtor("Debtor", (100.0, 12))
        first, second = self._plan(), self._plan()
        first.action_start()
        second.action_start()
        self.assertEqual(self._action(second, customer).skip_reason, "waiting")
        self._mails(first)._postprocess_sent_message([], [])
        third = self._plan()
        self.assertEqual(self._action(third, customer).skip_reason, "quiet_days")

    def test_dropped_customers_get_nothing(self):
        customer = self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        self._action(run, customer).action_drop()
        run.action_start()
        self.assertEqual(self._action(run, customer).state, "cancelled")
        self.assertFalse(self._mails(run))

    # === KILLED, FAILED === #

    def test_a_run_that_was_killed_goes_on_and_contacts_nobody_twice(self):
        customers = [self._debtor(f"Debtor {n}", (100.0, 10)) for n in range(5)]
        run = self._plan()
        run.sudo().state = "running"
        run._do_batch(size=2)
        self.env.flush_all()
        # the second batch is killed when all its mails have been queued
        actions = type(self.env["collection.action"])
        with (
            self.assertRaises(KeyboardInterrupt),
            self.env.cr.savepoint(),
            patch.object(actions, "_write_levels", side_effect=KeyboardInterrupt),
        ):
            run._do_batch(size=2)
        self._restart(run)
        self.assertEqual(run.state, "done")
        mails = self.env["mail.mail"].search(
            [("collection_action_id", "in", run.action_ids.ids)]
        )
        written_to = [mail.recipient_ids.id for mail in mails]
        self.assertEqual(
            sorted(written_to), sorted(customer.id for customer in customers)
        )
        self.assertEqual(mails, self._mails(run))

    def test_a_text_that_fails_for_one_customer_leaves_the_others_alone(self):
        customers = [self._debtor(f"Debtor {n}", (100.0, 10)) for n in range(3)]
        self.template.body_html = (
            f"<p t-out='1 / (object.commercial_partner_id.id - {customers[1].id})'/>"
        )
        run = self._plan()
        run.action_start()
        states = [self._action(run, customer).state for customer in customers]
        self.assertEqual(states, ["queued", "failed", "queued"])
        failed = self._action(run, customers[1])
        self.assertTrue(failed.error)
        item = self._open_items(customers[1].invoice_ids)
        self.assertFalse(item.collection_level)
        self.assertFalse(self._profile(customers[1]).last_contact_date)
        self.assertEqual(run.failed_count, 1)

    def test_the_queue_tells_what_became_of_a_mail(self):
        sent, bounced = (
            self._debtor(name, (100.0, 10)) for name in ("Sent", "Bounced")
        )
        run = self._plan()
        run.action_start()
        good, bad = self._action(run, sent), self._action(run, bounced)
        good.mail_ids._postprocess_sent_message([], [])
        bad.mail_ids._postprocess_sent_message(
            [], [], failure_reason="No such user", failure_type="mail_smtp"
        )
        self.assertEqual((good.state, bad.state), ("sent", "failed"))
        self.assertEqual(bad.error, "No such user")
        items = self._open_items(sent.invoice_ids + bounced.invoice_ids)
        self.assertEqual(items.mapped("collection_level"), [1, 0])

    def test_a_mail_that_is_sent_at_the_second_try_counts(self):
        customer = self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        run.action_start()
        mail = self._mails(run)
        mail._postprocess_sent_message([], [], failure_type="mail_smtp")
        mail._postprocess_sent_message([], [])
        self.assertEqual(run.action_ids.state, "sent")
        item = self._open_items(customer.invoice_ids)
        self.assertEqual(item.collection_level, 1)

    # === COST === #

    def test_mails_are_queued_in_batches(self):
        self._debtors([f"Debtor {n}" for n in range(101)], (100.0, 10))
        run = self._plan()
        run.sudo().state = "running"
        run._do_batch(size=1)  # fills the caches
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        run._do_batch()
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 35)

    def test_a_batch_looks_at_the_levels_of_its_own_customers_alone(self):
        self._debtors(["First", "Second"], (100.0, 10))
        run = self._plan()
        run.sudo().state = "running"
        profiles = run.action_ids.profile_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_profile SET levels_strategy_id = NULL WHERE id = ANY(%s)",
            [profiles.ids],
        )
        profiles.invalidate_recordset()
        run._do_batch(size=1)
        done = run.action_ids.filtered(lambda action: action.state == "queued")
        self.assertEqual(len(done), 1)
        self.assertEqual(profiles.filtered("levels_strategy_id"), done.profile_id)

    # === CRON === #

    def test_the_daily_job_does_one_run_a_day(self):
        customer = self._debtor("Debtor", (100.0, 10))
        runs = self.env["collection.run"].sudo()
        with self._as_job():
            runs._cron_run()
            runs._cron_run()
        run = runs.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(run), 1)
        self.assertEqual(run.state, "done")
        self.assertEqual(self._action(run, customer).state, "queued")

    def test_the_daily_job_is_off_when_the_addon_is_installed(self):
        self.assertFalse(
            self.env.ref("credit_collections.ir_cron_collection_run").active
        )
