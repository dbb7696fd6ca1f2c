# ruff: noqa: T201
"""Fill a database with receivables and orders: deterministic, any size, in a minute.

Exemplars are made through the ORM, then cloned set-wise:

    python generate.py --db bench_s --bench S
    python generate.py --db bench_small --partners 500 --open-invoices 5000
"""

import argparse
import random
import sys
import time
from itertools import product

from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

import databases
import session
from check import report
from clone import Cloner
from exemplars import DocumentMaker, make_customers, setup_companies, setup_product
from targets import (
    OPEN_DAYS,
    ORDER_DAYS,
    PAID_DAYS,
    SPECIALS,
    Customer,
    Targets,
    shares,
)

SIZES = {
    "S": (2_000, 19_000, 20_000, 2_000),
    "M": (20_000, 192_000, 200_000, 20_000),
    "L": (100_000, 960_000, 500_000, 100_000),
}
NUMBERS = ("partners", "open_invoices", "paid_invoices", "orders")


def main(arguments=None):
    """Make, fill, tidy and check one database."""
    options = _options(arguments)
    databases.provide_base(options.template)
    databases.drop(options.db)
    half_done = f"{options.db}_tmp"
    databases.copy(half_done, options.template)
    session.start()
    started = time.monotonic()
    with session.transaction(half_done, commit=True) as env:
        fill(env, options)
    Registry.delete(half_done)
    close_db(half_done)
    tidy(half_done)
    databases.rename(half_done, options.db)
    print(f"{options.db}: generated in {time.monotonic() - started:.0f} s")
    return 0 if report(options.db) else 1


def _options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--db", required=True, help="database to make (dropped before)")
    parser.add_argument("--template", default="bench_base", help="made if missing")
    parser.add_argument("--bench", choices=SIZES, default="S", help="named size")
    parser.add_argument("--seed", type=int, default=19)
    for name in NUMBERS:
        parser.add_argument(f"--{name.replace('_', '-')}", type=int)
    options = parser.parse_args(arguments)
    for name, number in zip(NUMBERS, SIZES[options.bench], strict=True):
        if getattr(options, name) is None:
            setattr(options, name, number)
    return options


def fill(env, options):
    """Make the exemplars and clone them; one transaction."""
    # loading millions of rows: do not check what is right by construction
    env.cr.execute("SET LOCAL session_replication_role = replica")
    env.cr.execute("SET LOCAL synchronous_commit = off")
    companies, item = setup_companies(env), setup_product(env)
    make_manager(env, companies)
    single, parent = make_customers(env)
    customers, specials = _clone_customers(env, single, parent, options)
    ids = parent.rows["res_partner"]
    exemplars = _make_documents(env, companies, item, env["res.partner"].browse(ids[0]))
    env.flush_all()
    cloner, targets = Cloner(env, ids), Targets(options.seed, customers)
    jobs = (
        ("open", options.open_invoices, OPEN_DAYS),
        ("paid", options.paid_invoices, PAID_DAYS),
        ("orders", options.orders, ORDER_DAYS),
    )
    for group, total, days in jobs:
        for exemplar, number in shares(total, exemplars[group]):
            cloner.clone(exemplar, targets.draw(number, days))
    plain = exemplars["open"][0, 0][0]
    for special, number in zip(specials, SPECIALS, strict=True):
        cloner.clone(plain, targets.for_customer(special, number, OPEN_DAYS))
    env.invalidate_all()


def make_manager(env, companies):
    """The user who measures: accounting and sales manager, not a superuser."""
    groups = ("account.group_account_manager", "sales_team.group_sale_manager")
    values = {
        "name": "Bench Manager",
        "login": session.MANAGER,
        "company_id": companies[0].id,
        "company_ids": [Command.set([company.id for company in companies])],
    }
    user = env["res.users"].create(values)
    user.group_ids += env.ref(groups[0]) + env.ref(groups[1])


def _clone_customers(env, single, parent, options):
    """Half of the customers with a contact, and the special ones without."""
    env.flush_all()
    cloner = Cloner(env)
    half = options.partners // 2
    names = [f"Customer-{number:06d}" for number in range(options.partners)]
    with_contact = cloner.clone(parent, _named(names[:half]))
    alone = cloner.clone(single, _named(names[half:]))
    special_names = [f"BENCH-{number}" for number in SPECIALS]
    special = cloner.clone(single, _named(special_names))["res_partner"]
    customers = _customers(with_contact["res_partner"], names[:half], rows=2)
    customers += _customers(alone["res_partner"], names[half:])
    random.Random(options.seed).shuffle(customers)
    _set_limits(env)
    return customers, _customers(special, special_names)


def _customers(first, names, rows=1):
    """Clones from id ``first`` on; the second of two ``rows`` is the contact."""
    ids = range(first, first + rows * len(names), rows)
    pairs = zip(ids, names, strict=True)
    return [Customer(id_, id_ + rows - 1, name) for id_, name in pairs]


def _named(names):
    return [(0, 0, name, 0, 1) for name in names]


def _set_limits(env):
    """Three customers of five have a limit, in both companies.

    The special ones, and the first customer, whose drafts will be posted, get a huge
    one, so that limits are compared but never exceeded.
    """
    env.cr.execute(
        """UPDATE res_partner SET credit_limit = CASE WHEN name LIKE 'BENCH%'
                        OR name = 'Customer-000000'
               THEN jsonb_build_object('1', 1000000000)
               ELSE jsonb_build_object(
                   '1', 1000 * (1 + id % 50), '2', 1000 * (1 + id % 30)) END
           WHERE name LIKE 'BENCH%' OR name = 'Customer-000000' OR (
               name LIKE 'Customer%' AND parent_id IS NULL AND id % 5 < 3)"""
    )
    env["res.partner"].invalidate_model()


def _make_documents(env, companies, item, customer):
    """``{"open" | "paid" | "orders": {(company, currency): [Exemplar]}}``."""
    found = {"open": {}, "paid": {}, "orders": {}}
    usd, eur = env.ref("base.USD"), env.ref("base.EUR")
    for company, currency in product((0, 1), (0, 1)):
        own, other = ((usd, eur), (eur, usd))[company]
        chosen = (own, other)[currency]
        maker = DocumentMaker(
            env, companies[company], chosen, customer, item, session.today()
        )
        found["open"][company, currency] = maker.open_documents()
        found["paid"][company, currency] = [maker.paid()]
        found["orders"][company, currency] = maker.orders()
    return found


def tidy(database):
    """Entries lie in the order of their dates, as in a database that grew over years.

    A bulk load would store the open ones densely, which flatters every statement.
    """
    statement = "CLUSTER account_move_line USING {}"
    databases.run(statement, LINES_BY_DATE, database=database)
    databases.vacuum(database)


LINES_BY_DATE = "account_move_line_date_name_id_idx"

if __name__ == "__main__":
    sys.exit(main())
