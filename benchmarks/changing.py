"""Measure confirming orders while rates, accounts and payment terms change.

    python changing.py S=bench_s M=bench_m --json results.json

50 orders, one after the other, as a server does it: each is confirmed in a transaction
of its own that is committed, and before each somebody else commits a change. Beside the
same without a change. Each word is a size and the generated database of that size; it
is copied, not changed.
"""

import gc
import sys
import time
from contextlib import contextmanager

from odoo.fields import Command
from odoo.modules.registry import Registry

import session
import sizes
from measure import Samples

ORDERS = 50
NAME = "Bench changing"

JOB = f"confirm one of {ORDERS} orders, each after a change"


def main(arguments=None):
    return sizes.run(__doc__, measure, report, arguments)


def measure(template, options):
    """Return ``{job: {side: figures}}`` of one size."""
    with sizes.copied(template, "changing", _prepare, options.keep) as database:
        samples = {side: Samples() for side in CHANGES}
        for turn in range(ORDERS + 1):
            for side, change in CHANGES.items():
                _confirm_after(database, change, turn, samples[side] if turn else None)
        return {JOB: {side: one.as_dict() for side, one in samples.items()}}


# === DATA === #


def _prepare(env):
    """A rule to check, an account, payment terms, and a rate of long ago."""
    env["credit.rule"].create(
        {"name": NAME, "company_id": False, "kind": "order_amount", "amount": 1e9}
    )
    env["account.account"].create(
        {"name": NAME, "code": "BENCH.1", "account_type": "asset_current"}
    )
    env["account.payment.term"].create({"name": NAME})
    currency = env["res.currency.rate"].search([], limit=1).currency_id
    env["res.currency.rate"].create(
        {"name": "1999-01-01", "rate": 2.0, "currency_id": currency.id}
    )


def _quotation(env):
    customer = env["res.partner"].search([("name", "=", "BENCH-1")])
    item = env["product.product"].search([("name", "=", "Bench service")])
    line = {"product_id": item.id, "product_uom_qty": 1, "price_unit": 9.0}
    return env["sale.order"].create(
        {"partner_id": customer.id, "order_line": [Command.create(line)]}
    )


# === CHANGES === #


def _change_rate(env, turn):
    rate = env["res.currency.rate"].search([("name", "=", "1999-01-01")])
    rate.rate = 2.0 + turn


def _change_account(env, turn):
    account = env["account.account"].search([("name", "=", NAME)])
    account.account_type = "asset_prepayments" if turn % 2 else "asset_current"


def _change_terms(env, turn):
    terms = env["account.payment.term"].search([("name", "=", NAME)])
    terms.line_ids.nb_days = 10 + turn


CHANGES = {
    "nothing": lambda env, turn: None,
    "rate": _change_rate,
    "account": _change_account,
    "payment terms": _change_terms,
}


# === RUNS === #


def _confirm_after(database, change, turn, samples):
    with _request(database, login=session.MANAGER) as env:
        order_id = _quotation(env).id
    with _request(database) as env:
        change(env, turn)
    gc.collect()
    with _request(database, login=session.MANAGER) as env:
        order = env["sale.order"].browse(order_id)
        queries = env.cr.sql_log_count
        wall, cpu = time.perf_counter(), time.process_time()
        order.action_confirm()
        env.cr.flush()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        queries = env.cr.sql_log_count - queries
        if order.state != "sale":
            raise AssertionError("the order should have been confirmed")
    if samples:
        samples.add(wall, cpu, queries, turn)


@contextmanager
def _request(database, login=None):
    """A transaction between the signals of a server, committed."""
    registry = Registry(database)
    registry.check_signaling()
    with session.transaction(database, login, commit=True) as env:
        yield env
    registry.signal_changes()


def report(size, jobs):
    """Return the figures as lines of text, beside those without a change."""
    lines = [f"== {size}"]
    for job, sides in jobs.items():
        lines.append(job)
        calm = sides["nothing"]["median_ms"]
        for side, one in sides.items():
            lines.append(
                f"  {side:20} {one['median_ms']:10.2f} ms {one['queries']:4} queries "
                f"{one['median_ms'] / calm:6.2f}× nothing"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
