# ruff: noqa: T201
"""People who confirm orders, beside a job: a process of its own with some sessions.

    python orders.py DATABASE --rate 8 --sessions 4 < a pipe

Says so when it begins, and ends when the pipe is closed; then prints its figures as
JSON. Times are those from the moment somebody presses the button, which comes at the
given rate whether the last order is through or not, with Odoo's own tries and waits.
"""

import argparse
import itertools
import json
import logging
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter

import session  # isort: skip  (patches libraries: before anything else of Odoo)
from odoo import api
from odoo.modules.registry import Registry
from odoo.service.model import retrying

RATE, SESSIONS = 8.0, 4
SEED = 19

#: Orders that the generator confirmed, and nobody has invoiced yet.
UNTOUCHED = """
    SELECT sale.id FROM sale_order sale
     WHERE sale.state = 'sale' AND NOT EXISTS (
           SELECT FROM sale_order_line line
             JOIN sale_order_line_invoice_rel invoiced
               ON invoiced.order_line_id = line.id
            WHERE line.order_id = sale.id)
     ORDER BY md5(sale.id::text)"""


# === THE SIDE THAT STARTS IT === #


class Orders:
    """Orders are confirmed while this is entered; afterwards ``figures`` has how."""

    def __init__(self, database, rate=RATE, sessions=SESSIONS):
        command = [sys.executable, __file__, database]
        self.command = [*command, "--rate", str(rate), "--sessions", str(sessions)]
        self.figures = {}

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if not self.process.stdout.readline():
            raise RuntimeError("nobody confirms orders")
        return self

    def __exit__(self, *_error):
        output, _errors = self.process.communicate()
        if self.process.returncode:
            raise RuntimeError("confirming orders failed")
        self.figures = json.loads(output)


def draft(env, number):
    """Take confirmed orders back, so that they can be confirmed again."""
    env.cr.execute(f"{UNTOUCHED} LIMIT %s", [number])
    ids = [row[0] for row in env.cr.fetchall()]
    states = "UPDATE {} SET state = 'draft' WHERE {} = ANY(%s)"
    for table, column in (("sale_order", "id"), ("sale_order_line", "order_id")):
        env.cr.execute(states.format(table, column), [ids])
    env.invalidate_all()


# === THE PROCESS === #


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--rate", type=float, default=RATE, help="orders a second")
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    options = parser.parse_args(arguments)
    session.start()
    logging.getLogger("odoo").setLevel(logging.CRITICAL)  # counted, not told
    desk = Desk(options.database, options.rate)
    desk.confirm_next()  # what a server has loaded is loaded
    desk.begin()
    threads = [threading.Thread(target=desk.work) for _ in range(options.sessions)]
    for thread in threads:
        thread.start()
    print("confirming", flush=True)
    sys.stdin.read()
    desk.is_over.set()
    for thread in threads:
        thread.join()
    print(json.dumps(desk.figures()))
    return 0


class Desk:
    """Orders that wait to be confirmed, in any order, and what became of them."""

    def __init__(self, database, rate):
        self.database, self.rate = database, rate
        with session.transaction(database) as env:
            users = env["res.users"]
            self.user_id = users.search([("login", "=", session.MANAGER)]).id
            drafts = env["sale.order"].search([("state", "=", "draft")], order="id")
            waiting = [(order.id, order.company_id.id) for order in drafts]
        random.Random(SEED).shuffle(waiting)
        self.waiting = iter(waiting)
        self.is_over = threading.Event()
        self.lock = threading.Lock()
        self.begin()

    def begin(self):
        """Forget what was, and let the clock of the orders begin."""
        self.started, self.numbers = time.monotonic(), itertools.count()
        self.took, self.states, self.errors, self.retries = [], Counter(), Counter(), 0

    def work(self):
        """One session: confirm orders as they come, until it is over."""
        threading.current_thread().dbname = self.database
        while True:
            with self.lock:
                due = self.started + next(self.numbers) / self.rate
            if self.is_over.wait(max(due - time.monotonic(), 0)):
                return
            self.confirm_next(due)

    def confirm_next(self, due=None):
        """Confirm the next order as a server does it; it was due at that time."""
        with self.lock:
            order_id, company_id = next(self.waiting, (None, None))
        if not order_id:
            self.errors["NoOrderLeft"] += 1
            return
        due, tries = due or time.monotonic(), itertools.count()
        registry = Registry(self.database).check_signaling()
        try:
            with registry.cursor() as cr:
                words = {"allowed_company_ids": [company_id]}
                env = api.Environment(cr, self.user_id, words)
                order = env["sale.order"].browse(order_id)
                retrying(lambda: next(tries) + bool(order.action_confirm()), env)
                state = order.state
            registry.signal_changes()
        except Exception as error:  # noqa: BLE001  (it is counted, of any kind)
            registry.reset_changes()
            state = None
            self.errors[type(error).__name__] += 1
        took = time.monotonic() - due
        with self.lock:
            self.took.append(took)
            self.states[state or "failed"] += 1
            self.retries += max(next(tries) - 1, 0)

    def figures(self):
        took = sorted(self.took) or [0.0]
        return {
            "orders": len(self.took),
            "median_ms": round(statistics.median(took) * 1000, 1),
            "p95_ms": round(took[int(len(took) * 0.95)] * 1000, 1),
            "longest_ms": round(took[-1] * 1000, 1),
            "retries": self.retries,
            "states": dict(self.states),
            "errors": dict(self.errors),
        }


if __name__ == "__main__":
    sys.exit(main())
