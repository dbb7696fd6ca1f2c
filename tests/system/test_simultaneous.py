"""Two people, two database connections, the last credit of one customer or group."""

import threading
from functools import partial

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


class TwoOrders(BaseCase):
    """Two orders of 600 and the rule about the limit alone.

    Works on committed data, and takes it away afterwards.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            archived = env["credit.rule"].search([("kind", "!=", "limit_used")])
            self.archived_ids = archived.ids
            archived.active = False
            product = env["product.product"].create({"name": "Bolt", "type": "service"})
            self.product_id = product.id
            line = Command.create(
                {
                    "product_id": product.id,
                    "price_unit": 600.0,
                    "tax_ids": [Command.clear()],
                }
            )
            buyers = self._create_buyers(env)
            self.customer_ids = list({customer.id for customer in buyers})
            orders = env["sale.order"].create(
                [
                    {"partner_id": customer.id, "order_line": [line]}
                    for customer in buyers
                ]
            )
            self.order_ids = orders.ids
        self.addCleanup(self._clean_up)

    def _create_buyers(self, env):
        """Return a list of the customers of both orders."""
        raise NotImplementedError

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["credit.rule"].browse(self.archived_ids).active = True
            orders = env["sale.order"].browse(self.order_ids)
            holds = orders.credit_hold_id
            orders.credit_hold_id = False
            env.flush_all()
            cr.execute("DELETE FROM credit_hold WHERE id = ANY(%s)", [holds.ids])
            env.invalidate_all()
            orders.filtered(lambda order: order.state == "sale").action_unlock()
            orders._action_cancel()
            orders.unlink()
            env["product.product"].browse(self.product_id).unlink()
            env["res.partner"].browse(self.customer_ids).unlink()

    def _confirm_both(self):
        """Confirm the second order while the first one is confirmed and not committed.

        :return: how many tries the second one took
        """
        first, second = self.order_ids
        looked = threading.Event()
        failures, tries = [], []

        def confirm_second():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                order = env["sale.order"].browse(second)
                # the snapshot of this transaction is older than the other's commit
                order.amount_total  # noqa: B018
                looked.set()

                def confirm():
                    tries.append(1)
                    order.action_confirm()

                try:
                    retrying(partial(confirm), env)
                except Exception as error:  # noqa: BLE001 - shown by the assertion below
                    failures.append(error)

        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["sale.order"].browse(first).action_confirm()
            env.flush_all()
            other = threading.Thread(target=confirm_second)
            other.start()
            looked.wait(20)
            cr.commit()
        other.join(60)
        self.assertFalse(failures)
        return len(tries)

    def _assert_only_the_first_passed(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].browse(self.order_ids)
            self.assertEqual(
                [(order.state, order.credit_hold_state) for order in orders],
                [("sale", False), ("draft", "held")],
            )


@tagged("post_install", "-at_install")
class TestSimultaneous(TwoOrders):
    """Two orders of one customer with a limit of 1,000."""

    def _create_buyers(self, env):
        customer = env["res.partner"].create({"name": "Last Credit"})
        profile = env["credit.profile"]._ensure(env.company, customer.ids)
        profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
        return [customer, customer]

    def test_only_one_of_two_orders_gets_the_last_credit(self):
        tries = self._confirm_both()
        self.assertEqual(tries, 2, "the loser was sent back to look again")
        self._assert_only_the_first_passed()

    def _day_later(self, cr):
        """Write figures of the customer, as a job does, without committing."""
        cr.execute("SET LOCAL lock_timeout = '5s'")
        cr.execute(
            "UPDATE credit_profile SET overdue_days = COALESCE(overdue_days, 0) + 1 "
            "WHERE partner_id = ANY(%s)",
            [self.customer_ids],
        )

    def _confirm_first(self, cr):
        cr.execute("SET LOCAL lock_timeout = '5s'")
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["sale.order"].browse(self.order_ids[0]).action_confirm()
        env.flush_all()

    def _in_nobodys_way(self, first, second):
        """Do both at once: neither waits for the other, and neither is undone."""
        with self.registry.cursor() as one, self.registry.cursor() as other:
            other.execute("SELECT 1")  # its snapshot is older than the commit of one
            first(one)
            second(other)
            one.commit()
            other.commit()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            order = env["sale.order"].browse(self.order_ids[0])
            self.assertEqual(order.state, "sale")
            profile = order.partner_id.credit_profile_id
            self.assertEqual((profile.overdue_days, profile.decision_count), (1, 1))

    def test_an_order_passes_while_a_job_writes_figures_of_its_customer(self):
        self._in_nobodys_way(self._day_later, self._confirm_first)

    def test_a_job_writes_figures_while_an_order_of_the_customer_is_confirmed(self):
        self._in_nobodys_way(self._confirm_first, self._day_later)

    def test_of_two_managers_who_release_at_once_one_is_told(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].browse(self.order_ids)
            orders.order_line.price_unit = 2000.0
            orders.action_confirm()
            hold_id = orders[0].credit_hold_id.id
            reason_id = env["credit.reason"].search([("kind", "=", "release")])[0].id
        messages = []

        def release(looked=None):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                hold = env["credit.hold"].browse(hold_id)
                hold.state  # noqa: B018
                if looked:
                    looked.set()
                reason = env["credit.reason"].browse(reason_id)
                try:
                    retrying(partial(hold._release, reason), env)
                except Exception as error:  # noqa: BLE001 - shown by the assertion below
                    messages.append(str(error))

        looked = threading.Event()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            hold = env["credit.hold"].browse(hold_id)
            hold._release(env["credit.reason"].browse(reason_id))
            env.flush_all()
            other = threading.Thread(target=release, args=(looked,))
            other.start()
            looked.wait(20)
            cr.commit()
        other.join(60)
        self.assertEqual(len(messages), 1)
        self.assertRegex(messages[0], "no longer held|Somebody else")


@tagged("post_install", "-at_install")
class TestSimultaneousGroup(TwoOrders):
    """One order each of two members of a credit group with a limit of 1,000."""

    def _create_buyers(self, env):
        customers = env["res.partner"].create(
            [
                {"name": "First Member", "is_company": True},
                {"name": "Second Member", "is_company": True},
            ]
        )
        group = env["credit.group"].create({"name": "Last", "credit_limit": 1000.0})
        self.group_id = group.id
        env["credit.profile"]._ensure(env.company, customers.ids).group_id = group
        return list(customers)

    def _clean_up(self):
        super()._clean_up()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["credit.group"].browse(self.group_id).unlink()

    def test_nobody_joins_a_group_past_a_decision_that_does_not_know_of_it(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            member = env["res.partner"].browse(self.customer_ids[0]).credit_profile_id
            member_id = member.id
            member.group_id = False
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            member = env["credit.profile"].browse(member_id)
            self.assertFalse(member.group_id)  # with a snapshot of before the order
            with self.registry.cursor() as other:
                order_env = api.Environment(other, SUPERUSER_ID, {})
                buyer = order_env["credit.profile"].browse(member_id).partner_id
                orders = order_env["sale.order"].browse(self.order_ids)
                order = orders.filtered(lambda order: order.partner_id == buyer)[:1]
                order.action_confirm()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                member.group_id = self.group_id
                env.flush_all()
            cr.rollback()

    def test_only_one_of_two_members_gets_the_last_credit_of_the_group(self):
        tries = self._confirm_both()
        self.assertEqual(tries, 2, "the loser was sent back to look again")
        self._assert_only_the_first_passed()
