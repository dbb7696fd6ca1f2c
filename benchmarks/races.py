# ruff: noqa: T201
"""Count what gets through when people are simultaneous and processes are killed.

    python races.py S=bench_s --pairs 200 --kills 24 --json results.json

Pairs: two people act at the same moment, each in a transaction of its own with the
tries of Odoo's server, and the credit that is left is enough for one of the two. Kills:
a process that works off a collection run is killed at any moment, with ``kill -9``, and
the next one goes on. Each word is a size and the generated database of that size; it is
copied, not changed.
"""

import itertools
import logging
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import session  # isort: skip  (patches libraries: before anything else of Odoo)
from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying

import collecting
import confirming
import databases
import sizes

PAIRS, KILLS = 200, 24
LIMIT, AMOUNT = 1_000.0, 600.0
RULE = {"kind": "limit_used", "limit_share": 1.0}
SEED = 24
LATEST = 0.6  # seconds after which a process is killed, at the latest
GIVE_UP = 600  # seconds in which a run is done

CUSTOMER, GROUP, GROWTH = (
    "two orders of a customer",
    "two members of a group",
    "one order grows, one is confirmed",
)


def main(arguments=None):
    if arguments is None and sys.argv[1:2] == ["--work"]:
        return _work(sys.argv[2])
    return sizes.run(
        __doc__,
        measure,
        report,
        arguments,
        pairs=(PAIRS, "how many of each kind"),
        kills=(KILLS, "how many"),
    )


def measure(template, options):
    """Return ``{job: {what: figures}}`` of one size."""
    with sizes.copied(
        template, "races", collecting.give_addresses_and_strategy, options.keep
    ) as database:
        confirming.set_rules(database, 1, RULE)
        logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)  # counted
        found = {
            kind: _race(database, kind, options.pairs)
            for kind in (CUSTOMER, GROUP, GROWTH)
        }
        found["a run that is killed"] = _kill(database, options.kills)
        return found


# === PAIRS === #


def _race(database, kind, pairs):
    """Let pairs race; return how often both, one or none of the two got through."""
    made = _make(database, kind, pairs)
    passed, tried, failed = Counter(), Counter(), Counter()
    for pair in made:
        _both(database, pair, tried, failed)
        passed[_over(database, pair)] += 1
    return {
        "pairs": _count(pairs),
        "over the limit": _count(passed[2]),
        "one of the two": _count(passed[1]),
        "none of the two": _count(passed[0]),
        "tried again": _count(tried["again"]),
        "failed": _count(sum(failed.values())),
    }


def _make(database, kind, pairs):
    """Return pairs of order ids; the first one is confirmed where it will grow."""
    with session.transaction(database, commit=True) as env:
        product = env["product.product"].create({"name": "Race", "type": "service"})
        made = []
        for number in range(pairs):
            buyers = _buyers(env, kind, number)
            orders = env["sale.order"].create(
                [_order(buyer, product, AMOUNT) for buyer in buyers]
            )
            if kind == GROWTH:
                orders[0].order_line.price_unit = 100.0
                orders[0].action_confirm()
            made.append(orders.ids)
        return made


def _buyers(env, kind, number):
    names = ["A", "B"] if kind == GROUP else ["A"]
    buyers = env["res.partner"].create(
        [{"name": f"Race {kind} {number} {name}"} for name in names]
    )
    profiles = env["credit.profile"]._ensure(env.company, buyers.ids)
    profiles.write({"limit_policy": "limited", "credit_limit": LIMIT})
    if kind == GROUP:
        group = env["credit.group"].create(
            {"name": buyers[0].name, "credit_limit": LIMIT}
        )
        profiles.group_id = group
    return buyers if kind == GROUP else [buyers, buyers]


def _order(buyer, product, amount):
    line = {
        "product_id": product.id,
        "price_unit": amount,
        "tax_ids": [Command.clear()],
    }
    return {"partner_id": buyer.id, "order_line": [Command.create(line)]}


def _both(database, pair, tried, failed):
    """Confirm both at the same moment; one that is confirmed grows instead."""
    start = threading.Barrier(len(pair))

    def act(order_id):
        threading.current_thread().dbname = database
        try:
            with Registry(database).cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                order = env["sale.order"].browse(order_id)
                # the snapshot is taken before the other one has done anything
                grows = order.state == "sale"
                start.wait(20)
                tries = itertools.count()
                retrying(lambda: next(tries) + bool(_act(order, grows)), env)
                tried["again"] += next(tries) - 1
        except Exception as error:  # noqa: BLE001  (it is counted, of any kind)
            failed[type(error).__name__] += 1

    threads = [threading.Thread(target=act, args=[order_id]) for order_id in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _act(order, grows):
    if grows:
        order.order_line.price_unit = AMOUNT
    else:
        order.action_confirm()


def _over(database, pair):
    """Return how many of the two take credit and nothing holds them."""
    with session.transaction(database) as env:
        orders = env["sale.order"].browse(pair)
        return sum(
            order.state == "sale"
            and order.credit_hold_state != "held"
            and order.amount_total == AMOUNT
            for order in orders
        )


# === KILLS === #


def _kill(database, kills):
    """Kill the process of a run again and again; return who got how many mails."""
    with session.transaction(database, commit=True) as env:
        run = env["collection.run"].create({"company_id": env.company.id})
        run.action_plan()
        planned = len(run.action_ids.filtered(lambda one: one.state == "planned"))
        run.state = "running"
        run_id = run.id
    moments, killed = random.Random(SEED), 0
    begun = time.monotonic()
    while time.monotonic() - begun < GIVE_UP:
        process = subprocess.Popen(
            [sys.executable, __file__, "--work", database],
            stdout=subprocess.PIPE,
            text=True,
        )
        process.stdout.readline()  # it has loaded what it needs
        if killed < kills:
            time.sleep(moments.uniform(0.0, LATEST))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
        process.communicate()
        if process.returncode == 0:
            break
    got = databases.rows(
        database,
        """SELECT count(*), count(*) FILTER (WHERE mails > 1),
                  count(*) FILTER (WHERE mails = 0)
             FROM (SELECT a.id, count(m.id) AS mails FROM collection_action a
                     LEFT JOIN mail_mail m ON m.collection_action_id = a.id
                    WHERE a.run_id = %s AND a.state = 'queued' GROUP BY a.id) each""",
        [run_id],
    )[0]
    return {
        "kills": _count(killed),
        "customers": _count(planned),
        "done": _count(got[0]),
        "doubled": _count(got[1]),
        "lost": _count(got[2] + planned - got[0]),
    }


def _work(database):
    """Work off the run that is being done, as the job does."""
    session.start()
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        run = env["collection.run"].search([("state", "=", "running")], limit=1)
        print("begins", flush=True)
        run._do_batches()
    return 0


def _count(number):
    return {"value": number, "unit": ""}


def report(size, found):
    return f"== {size}\n{sizes.rows_of(found)}"


if __name__ == "__main__":
    sys.exit(main())
