from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from ...tools import batches
from ..contact.test_collection_contact import ADDRESS
from ..run.common import CollectionCommon

QUIET = mute_logger(batches.__name__)


class UnforeseenError(Exception):
    """None that anybody has thought of."""


@tagged("post_install", "-at_install")
class TestBrokenOne(CollectionCommon):
    """One record that is broken, in whatever way, stops none of the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.strategy.step_ids[0]
        cls.customers = cls._debtors(
            ["First", "Broken", "Third", "Fourth"], (100.0, 10), **ADDRESS
        )
        cls.broken = cls.customers[1]

    def _fails_for(self, method, which):
        """Return a method that fails where some of these are among its records."""

        def fail(records, *args, **kwargs):
            if records & which:
                raise UnforeseenError("It broke")
            return method(records, *args, **kwargs)

        return fail

    def _states(self, run):
        return [self._action(run, one).state for one in self.customers]

    # === LETTERS === #

    def _letters(self):
        self.step.channel = "letter"
        run = self._plan()
        run.action_start()
        return run

    @QUIET
    def _print(self, run, broken_ids):
        render = IrActionsReport._render_qweb_pdf
        rendered = []

        def fail(report, report_ref, res_ids=None, data=None):
            rendered.append(len(res_ids))
            if set(broken_ids) & set(res_ids):
                raise UnforeseenError("It broke")
            return render(report, report_ref, res_ids, data)

        with patch.object(IrActionsReport, "_render_qweb_pdf", fail):
            told = run.with_user(self.collector).action_print_letters()
        return told, rendered

    def test_letters_are_printed_but_for_the_broken_one(self):
        run = self._letters()
        broken = self._action(run, self.broken)
        told, rendered = self._print(run, broken.ids)
        self.assertEqual(self._states(run), ["sent", "failed", "sent", "sent"])
        self.assertEqual(broken.error, "It broke")
        item = self._open_items(self.broken.invoice_ids)
        self.assertEqual(item.collection_level, 0, "the next run does it again")
        self.assertIn("Broken: It broke", told["params"]["message"])
        download = told["params"]["next"]["url"]
        self.assertIn(f"/{run.message_ids.attachment_ids.id}?", download)
        self.assertEqual(sorted(rendered), [1, 1, 2, 2, 4])
        printed = run.message_ids.attachment_ids.raw.decode()
        for customer in self.customers:
            shown = f"Dear {customer.name}" in printed
            self.assertEqual(shown, customer != self.broken)

    def test_when_none_can_be_printed_it_is_not_about_letters(self):
        run = self._letters()
        with self.assertRaises(UserError):
            self._print(run, run.action_ids.ids)
        self.assertEqual(set(self._states(run)), {"queued"})

    # === RUNS === #

    @QUIET
    def test_a_run_goes_on_without_the_broken_one(self):
        run = self._plan()
        actions = type(run.action_ids)
        done = self._fails_for(actions._write_levels, self._action(run, self.broken))
        with patch.object(actions, "_write_levels", done):
            run.action_start()
        self.assertEqual(self._states(run), ["queued", "failed", "queued", "queued"])
        self.assertEqual(self._action(run, self.broken).error, "It broke")
        self.assertFalse(self._action(run, self.broken).mail_ids)
        self.assertEqual(run.state, "done")

    @QUIET
    def test_a_run_that_fails_for_all_is_not_about_customers(self):
        run = self._plan()
        actions = type(run.action_ids)
        done = self._fails_for(actions._write_levels, run.action_ids)
        with (
            patch.object(actions, "_write_levels", done),
            self.assertRaises(UnforeseenError),
            self.env.cr.savepoint(),
        ):
            run.action_start()
        self.assertEqual(set(self._states(run)), {"planned"})

    @QUIET
    def test_a_text_that_breaks_is_one_customers_failure(self):
        run = self._plan()
        actions = type(run.action_ids)
        queue = self._fails_for(actions._queue_mails, self._action(run, self.broken))
        with patch.object(actions, "_queue_mails", queue):
            run.action_start()
        self.assertEqual(self._states(run), ["queued", "failed", "queued", "queued"])

    @QUIET
    def test_documents_are_made_but_for_the_broken_ones(self):
        self.step.attach_invoices = True
        run = self._plan()
        run.action_start()
        moves = type(self.env["account.move"])
        render = self._fails_for(moves._render_for_collection, self.broken.invoice_ids)
        with patch.object(moves, "_render_for_collection", render), self._as_job():
            self.env["mail.mail"]._cron_attach_collection_documents()
        self.assertEqual(self._states(run), ["queued", "failed", "queued", "queued"])
        held = run.action_ids.mail_ids.filtered("collection_is_held")
        self.assertEqual(held.mapped("state"), ["cancel"])

    # === ORDERS === #

    @QUIET
    def test_orders_of_a_list_are_confirmed_but_for_the_broken_one(self):
        orders = self.env["sale.order"].union(*map(self._order, self.customers))
        broken = orders[1]
        confirm = self._fails_for(type(orders)._action_confirm, broken)
        with patch.object(type(orders), "_action_confirm", confirm):
            told = orders.action_credit_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale", "sale"])
        self.assertIn(f"{broken.name}: It broke", told["params"]["message"])
        self.assertIn("3 confirmed", told["params"]["message"])

    @QUIET
    def test_orders_that_are_released_go_on_but_for_the_broken_one(self):
        self._archive_rules()
        self._rule("order_amount", amount=1.0)
        orders = self.env["sale.order"].union(*map(self._order, self.customers))
        orders.action_confirm()
        holds = orders.credit_hold_id
        self.assertEqual(len(holds), 4)
        confirm = self._fails_for(type(orders)._action_confirm, orders[1])
        with patch.object(type(orders), "_action_confirm", confirm):
            errors = holds._release(self.release_reason)
        self.assertEqual(errors, {orders[1].credit_hold_id: "It broke"})
        self.assertEqual(set(holds.mapped("state")), {"released"})
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale", "sale"])
