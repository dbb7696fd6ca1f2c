import logging
import time
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

from . import (
    ages,
    approvals,
    collectors,
    companies,
    credit_notes,
    customers,
    disputes,
    groups,
    history,
    holds,
    invoices,
    limit_changes,
    limits,
    orders,
    payments,
    products,
    promises,
    quotations,
    releases,
    risk,
    rules,
    runs,
    specials,
)
from .stage import NAMESPACE, Stage

_logger = logging.getLogger(__name__)

#: Nobody follows, tracks or is written to while the story is told.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "skip_sms": True,
}

#: The chapters, in order: each is a function of the stage.
CHAPTERS = (
    companies.set_up,
    products.set_up,
    customers.set_up,
    history.write_old_invoices,
    orders.sell,
    payments.receive,
    specials.tell,
    credit_notes.give,
    limits.grant,
    limit_changes.change,
    holds.tell,
    releases.tell,
    disputes.tell,
    approvals.tell,
    quotations.write,
    collectors.set_up,
    promises.take,
    risk.judge,
    rules.write,
    invoices.stop,
    groups.found,
    groups.secure,
    ages.set_back,
)


def own_customer():
    """Return a row where a customer of no addon has an order or a receivable item."""
    return SQL(
        """
        SELECT FROM res_partner customer
         WHERE customer.id = customer.commercial_partner_id
           AND NOT EXISTS (
               SELECT FROM ir_model_data data
                WHERE data.model = 'res.partner' AND data.res_id = customer.id
                  AND (data.module = %(namespace)s OR data.module IN (
                       SELECT name FROM ir_module_module
                        WHERE state IN ('installed', 'to upgrade'))))
           AND EXISTS (
               SELECT FROM res_partner contact
                WHERE contact.commercial_partner_id = customer.id
                  AND (EXISTS (SELECT FROM sale_order
                                WHERE sale_order.partner_id = contact.id)
                       OR EXISTS (SELECT FROM account_move_line item
                                    JOIN account_account account
                                      ON account.id = item.account_id
                                   WHERE item.partner_id = contact.id
                                     AND account.account_type = 'asset_receivable')))
         LIMIT 1
        """,
        namespace=NAMESPACE,
    )


class CreditDemo(models.AbstractModel):
    """A story to look at: a wholesaler of hardware, its customers and what they owe."""

    _name = "credit.demo"
    _description = "Credit Demo Data"

    @api.model
    def _load_by_itself(self):
        """Tell the story where Odoo loads demo data: not beside real customers."""
        if self._has_own_customers():
            _logger.info(
                "demo story: left out, as the database has customers of its own; "
                "env['credit.demo']._load() tells it all the same"
            )
            return
        self._load()

    @api.model
    def _has_own_customers(self):
        """Tell whether somebody has orders or receivables who came with no addon.

        Customers of demo data have external ids of their addon, and those of the story
        of its namespace; external ids of an import name no addon that is installed.
        """
        return bool(self.env.execute_query(own_customer()))

    @api.model
    def _load(self):
        """Tell the story, in the database at hand and relative to today, once."""
        known = self.env.ref(f"{NAMESPACE}.europa", raise_if_not_found=False)
        if known:
            return
        stage = Stage(
            env=self.with_context(**QUIET).env, today=fields.Date.context_today(self)
        )
        with self._all_or_nothing():
            self.env["credit.profile"]._fill_at_once()  # its limits are set by hand
            with self._gate():
                for chapter in CHAPTERS:
                    self._tell(chapter, stage)
            self._refresh()
            self._tell(runs.contact, stage)

    def _tell(self, chapter, stage):
        start = time.monotonic()
        chapter(stage)
        stage.take_stock()
        duration = time.monotonic() - start
        name = f"{chapter.__module__.rpartition('.')[2]}.{chapter.__name__}"
        _logger.info("demo story, %s: %.1f s", name, duration)

    def _refresh(self):
        """Fill the lists."""
        profiles = self.env["credit.profile"]
        for root in self.env["res.company"]._credit_roots():
            profiles._create_missing(root)
            profiles._refresh_figures(root)
            profiles._prepare_collection(root)

    @contextmanager
    def _all_or_nothing(self):
        """Leave nothing behind when the story fails.

        Odoo then installs the addon without its demo data, but would still work with
        what is cached, and write to users and customers who were never created.
        """
        self.env.flush_all()
        self.env.cr.precommit.run()
        try:
            yield
        except Exception:
            self.env.cr.clear()
            self.env.cr.postcommit.clear()
            self.env.registry.clear_all_caches()
            raise

    def _gated(self):
        """Return the models whose gates the story needs."""
        return (
            self.env["sale.order"],
            self.env["sale.order.line"],
            self.env["account.move"],
        )

    @contextmanager
    def _gate(self):
        """See that orders are looked at, also while addons are being installed.

        The gate is put up when all addons are loaded; until then it may not stay.
        """
        parts = self._gated()
        if self.env.registry.ready:
            yield
            return
        for part in parts:
            part._register_hook()
        try:
            yield
        finally:
            for part in parts:
                part._unregister_hook()
