"""Measure what asks what settled an item: pages, the night, the board, the bookkeeper.

    python matching.py S=bench_s M=bench_m --json results.json

Each word is a size and the generated database of that size; it is copied, not changed.
Only methods that the addon had before there was one answer are called, so that
``compare.py`` can run it on the state of then.
"""

import sys
from datetime import timedelta

from odoo.fields import Command

import session
import sizes
from measure import Case, interleaved

MATCHED = 100
MANY, ONE = "BENCH-100", "BENCH-1"

PAGE = "payments on the page of a customer"
HISTORY = "history of all customers"
BOARD = "board of the collectors"
JUDGE = "judge the promise about an item that was paid"
PAY = "register a payment, no promise, no case"
PAY_PROMISED = "register a payment of a promised item in a case"


def main(arguments=None):
    return sizes.run(__doc__, measure, report, arguments)


def measure(template, options):
    """Return ``{job: {side: figures}}`` of one size."""
    with sizes.copied(template, "matching", _pay_some, options.keep) as database:
        found = {}
        for job, case, repeats in _jobs(database):
            for side, samples in interleaved([case], repeats).items():
                found.setdefault(job, {})[side] = samples.as_dict()
        return found


# === DATA === #


def _open_invoices(env, name, limit):
    return env["account.move"].search(
        [
            ("partner_id.name", "=", name),
            ("company_id", "=", env.company.id),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
            ("move_type", "=", "out_invoice"),
        ],
        order="id",
        limit=limit,
    )


def _register(env, invoices):
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoices.ids
    )
    wizard.create({"group_payment": True})._create_payments()
    return len(invoices)


def _pay_some(env):
    """Let one customer have many matches, and another one."""
    for name, limit in ((MANY, MATCHED - 5), (ONE, 1)):
        _register(env, _open_invoices(env, name, limit))
    env["credit.profile"].sudo()._refresh_figures(env.company)


def _promised(env):
    """Return an invoice of which all is promised, and that is in a case."""
    invoice = _open_invoices(env, MANY, 1)
    lines = invoice.line_ids
    item = lines.filtered(lambda one: one.account_type == "asset_receivable")[:1]
    profile = env["credit.profile"].search(
        [
            ("partner_id", "=", invoice.commercial_partner_id.id),
            ("company_id", "=", env.company.id),
        ]
    )
    promise = env["collection.promise"].sudo()
    values = {
        "profile_id": profile.id,
        "currency_id": item.currency_id.id,
        "date": session.today() + timedelta(days=5),
        "line_ids": [
            Command.create(
                {"move_line_id": item.id, "amount": item.amount_residual_currency}
            )
        ],
    }
    promise = promise.create(values)
    case = env["collection.case"].sudo().create({"profile_id": profile.id})
    env.flush_all()
    env.cr.execute(
        "UPDATE account_move_line SET case_id = %s WHERE id = %s", [case.id, item.id]
    )
    env.invalidate_all()
    return invoice, promise


# === JOBS === #


def _jobs(database):
    def case(side, run, prepare=None):
        return Case(side, database, run, prepare)

    return [
        (PAGE, case("1 match", _page, _profile_of(ONE)), 31),
        (PAGE, case(f"{MATCHED} matches", _page, _profile_of(MANY)), 31),
        (HISTORY, case("ours", _history), 9),
        (BOARD, case("ours", _board), 9),
        (JUDGE, case("ours", _judge, _paid_promise), 25),
        (PAY, case("ours", _register, lambda env: _open_invoices(env, MANY, 1)), 25),
        (PAY_PROMISED, case("ours", _register, lambda env: _promised(env)[0]), 25),
    ]


def _profile_of(name):
    def find(env):
        return env["credit.profile"].search(
            [("partner_id.name", "=", name), ("company_id", "=", env.company.id)]
        )

    return find


def _page(_env, profile):
    months = profile.payment_picture["months"]
    return round(sum(month["amount"] for month in months), 2)


def _history(env, _subject):
    return len(env["credit.profile"].sudo()._write_history(env.company))


def _board(env, _subject):
    rows = env["collection.board"].sudo().search([])
    return round(sum(rows.mapped("collected_amount")), 2)


def _paid_promise(env):
    invoice, promise = _promised(env)
    _register(env, invoice)
    return promise


def _judge(_env, promise):
    promise._evaluate()
    return promise.state


# === TABLE === #


def report(size, jobs):
    """Return the table of one size as Markdown."""
    rows = [
        f"### What settled items, {size}",
        "",
        "| job | side | ms | quietest | CPU ms | queries | result |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for job, sides in jobs.items():
        for side, one in sides.items():
            rows.append(
                f"| {job} | {side} | {one['median_ms']:,.1f} | {one['min_ms']:,.1f} "
                f"| {one['cpu_ms']:,.1f} | {one['queries']:,} | {one['result']} |"
            )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
