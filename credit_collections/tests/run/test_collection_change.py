from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionChange(CollectionCommon):
    """What people change: planned actions, strategies, addresses."""

    def _edit(self, actions, user=None, **values):
        wizard = self.env["collection.action.edit"].with_user(user or self.manager)
        wizard.create(
            {"action_ids": [Command.set(actions.ids)], **values}
        ).action_apply()

    # === PLANNED ACTIONS === #

    def test_who_was_dropped_stays_dropped(self):
        customer, other = (
            self._debtor(name, (100.0, 10)) for name in ("Dropped", "Kept")
        )
        run = self._plan()
        self._action(run, customer).action_drop()
        run.action_plan()
        states = [self._action(run, one).state for one in (customer, other)]
        self.assertEqual(states, ["cancelled", "planned"])

    def test_a_manager_chooses_another_contact(self):
        customer = self._debtor("Debtor", (100.0, 10))
        boss = self._customer("Boss", parent_id=customer.id, is_company=False)
        run = self._plan()
        action = self._action(run, customer)
        self._edit(action, partner_id=boss.id)
        run.action_plan()
        self.assertEqual(action.partner_id, boss)
        run.action_start()
        self.assertEqual(action.mail_ids.recipient_ids, boss)

    def test_a_manager_chooses_another_step(self):
        customer = self._debtor("Debtor", (100.0, 25))
        run = self._plan()
        action = self._action(run, customer)
        self._edit(action, step_id=self.strategy.step_ids[2].id)
        self.assertEqual((action.level, action.channel), (3, "call"))
        run.action_start()
        self.assertTrue(action.activity_id)
        item = self._open_items(customer.invoice_ids)
        self.assertEqual(item.collection_level, 3)

    def test_a_call_is_made_instead_of_a_mail_without_address(self):
        customer = self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        action = self._action(run, customer)
        self._edit(action, channel="call")
        customer.email = False
        run.action_start()
        self.assertTrue(action.activity_id)
        self.assertEqual(action.state, "queued")

    def test_a_letter_instead_of_a_mail_goes_to_who_has_an_address(self):
        customer = self._debtor("Debtor", (100.0, 10))
        customer.write({"street": "1 Mill Lane", "city": "Ghent"})
        clerk = self._customer(
            "Clerk",
            parent_id=customer.id,
            is_company=False,
            type="invoice",
            email="clerk@example.com",
        )
        action = self._action(self._plan(), customer)
        self.assertEqual(action.partner_id, clerk)
        self._edit(action, channel="letter")
        self.assertEqual((action.channel, action.partner_id), ("letter", customer))
        self._edit(action, channel="email", partner_id=customer.id)
        self.assertEqual(action.partner_id, customer)

    def test_a_channel_without_a_text_is_refused(self):
        customer = self._debtor("Debtor", (100.0, 10))
        action = self._action(self._plan(), customer)
        with self.assertRaises(ValidationError):
            self._edit(action, channel="sms")

    def test_steps_of_other_strategies_are_refused(self):
        customer = self._debtor("Debtor", (100.0, 10))
        action = self._action(self._plan(), customer)
        with self.assertRaises(UserError):
            self._edit(action, step_id=self._strategy().step_ids[0].id)

    def test_what_was_done_is_not_changed(self):
        customer = self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        run.action_start()
        with self.assertRaises(UserError):
            self._edit(self._action(run, customer), channel="call")

    def test_collectors_change_no_plans(self):
        customer = self._debtor("Debtor", (100.0, 10))
        action = self._action(self._plan(), customer)
        with self.assertRaises(AccessError):
            action.with_user(self.collector)._edit(channel="call")
        with self.assertRaises(AccessError):
            self._edit(action, user=self.collector, channel="call")

    # === ANOTHER STRATEGY === #

    def _moved(self, level, days, *new_days):
        """Return the level of an item that gets a strategy with steps on these days."""
        customer = self._debtor("Debtor", (100.0, days))
        self._plan()
        self._set_level(customer.invoice_ids, level)
        steps = [{"name": str(day), "days": day, "channel": "task"} for day in new_days]
        self.segment.strategy_id = self._strategy(
            step_ids=[Command.create(step) for step in steps]
        )
        self._action_ = self._action(self._plan(), customer)
        return self._open_items(customer.invoice_ids).collection_level

    def test_levels_follow_the_days_that_were_reached(self):
        # steps on 5, 10, 20, 60; the call of day 20 was done: 3 of 7, 15, 20, 30
        self.assertEqual(self._moved(3, 30, 7, 15, 20, 30), 3)
        self.assertEqual(self._action_.step_id.days, 30)

    def test_a_step_that_comes_later_in_the_new_strategy_is_done(self):
        # the mail of day 10 was done, the new one asks on 11: nothing repeated
        self.assertEqual(self._moved(2, 12, 3, 10, 11), 2)
        self.assertEqual(self._action_.step_id.days, 11)

    def test_nothing_is_repeated_after_the_last_step(self):
        self.assertEqual(self._moved(4, 90, 5, 10), 2)
        self.assertFalse(self._action_)

    def test_an_item_that_has_seen_nothing_begins_at_the_beginning(self):
        self.assertEqual(self._moved(0, 12, 3, 10), 0)
        self.assertEqual(self._action_.step_id.days, 3)

    # === ADDRESSES === #

    def _bounced(self):
        customer = self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        run.action_start()
        action = self._action(run, customer)
        action.mail_ids._postprocess_sent_message([], [])
        profile = self._profile(customer)
        profile._message_receive_bounce(customer.email, customer)
        return customer, action

    def test_a_mail_that_came_back_did_not_arrive(self):
        customer, action = self._bounced()
        self.assertEqual(action.state, "failed")
        item = self._open_items(customer.invoice_ids)
        self.assertEqual(item.collection_level, 0)

    def test_an_address_that_bounced_is_none_until_it_is_corrected(self):
        customer, _action = self._bounced()
        self._profile(customer).sudo().last_contact_date = False
        again = self._action(self._plan(), customer)
        self.assertEqual(again.skip_reason, "no_address")
        customer.email = "right@example.com"
        self.assertEqual(self._action(self._plan(), customer).state, "planned")

    def test_a_bounce_of_somebody_else_changes_nothing(self):
        customer = self._debtor("Debtor", (100.0, 10))
        run = self._plan()
        run.action_start()
        self._profile(customer)._message_receive_bounce("x@example.org", self.customer)
        self.assertEqual(self._action(run, customer).state, "queued")

    def test_missing_addresses_are_counted_and_found(self):
        customer = self._debtor("Debtor", (100.0, 10), email=False)
        run = self._plan()
        self.assertEqual(run.no_address_count, 1)
        listed = run.with_context(collection_without_address=True).action_open_actions()
        actions = self.env["collection.action"].search(listed["domain"])
        self.assertEqual(actions, self._action(run, customer))
