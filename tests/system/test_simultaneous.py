"""Two people, two database connections, one customer's last credit."""

import threading
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install")
class TestSimultaneous(BaseCase):
    """Works on committed data, and takes it away afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.archived = env["credit.rule"].search([("kind", "!=", "limit_used")])
            self.archived_ids = self.archived.ids
            self.archived.active = False
            customer = env["res.partner"].create({"name": "Last Credit"})
            self.customer_id = customer.id
            profile = env["credit.profile"]._ensure(env.company, customer.ids)
            profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
            product = env["product.product"].create({"name": "Bolt", "type": "service"})
            self.product_id = product.id
            line = Command.create(
                {
                    "product_id": product.id,
                    "price_unit": 600.0,
                    "tax_ids": [Command.clear()],
                }
            )
            self.order_ids = [
                env["sale.order"]
                .create({"partner_id": customer.id, "order_line": [line]})
                .id
                for _n in range(2)
            ]
        self.addCleanup(self._clean_up)

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
            env["res.partner"].browse(self.customer_id).unlink()

    def _states(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].browse(self.order_ids)
            return sorted((order.state, order.credit_hold_state) for order in orders)

    def test_only_one_of_two_orders_gets_the_last_credit(self):
        first, second = self.order_ids
        looked = threading.Event()
        failures = []

        def confirm_second():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                order = env["sale.order"].browse(second)
                # the snapshot of this transaction is older than the other's commit
                order.amount_total  # noqa: B018
                looked.set()
                tries = []

                def confirm():
                    tries.append(1)
                    order.action_confirm()

                try:
                    retrying(partial(confirm), env)
                except Exception as error:  # noqa: BLE001 - shown by the assertion below
                    failures.append(error)
                self.tries = len(tries)

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
        self.assertEqual(self.tries, 2, "the loser was sent back to look again")
        self.assertEqual(self._states(), [("draft", "held"), ("sale", False)])

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
