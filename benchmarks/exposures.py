"""Jobs: exposure of one customer, of all customers, and refresh of what is stored."""

from dataclasses import replace

from odoo.tools import SQL

import databases
import statements
from measure import Case, interleaved
from session import today, transaction
from targets import SPECIALS

COMPANY = 1  # the manager's; company 2 is there to be left out
AMOUNTS = (
    "overdue",
    "not_due",
    "unapplied",
    "draft",
    "delivered",
    "order",
    "deposit",
)


def jobs(sides):
    """``{job: {side: Samples}}`` of everything about exposure."""
    found = {}
    for number in SPECIALS:
        job = f"exposure of one customer, {number:,} open invoices"
        found[job] = interleaved(_one_customer(sides, number))
    found["exposure of all customers"] = interleaved(_all_customers(sides))
    found["the same, written as in the reference"] = interleaved(_reference(sides))
    if "ours" in sides:
        found.update(_refresh(sides["ours"].database))
    return found


# === EXPOSURE === #


def _one_customer(sides, number):
    def customer(env):
        found = env["res.partner"].search([("name", "=", f"BENCH-{number}")])
        if env.registry.get("credit.profile") is not None:
            env["credit.profile"].sudo()._ensure(env.company, found.ids)
        return found

    cases = _sql_cases(sides, customer)
    cases.append(Case("core", sides["stock"].database, _core, customer))
    if "OCA" in sides:
        cases.append(Case("OCA", sides["OCA"].database, _oca, customer))
    if "ours" in sides:
        ours = Case("ours", sides["ours"].database, _ours, customer)
        cases += [ours, replace(ours, side="ours, warm", cold=False)]
    return cases


def _all_customers(sides):
    def customers(env):
        domain = [("customer_rank", ">", 0), ("parent_id", "=", False)]
        return env["res.partner"].search(domain)

    cases = _sql_cases(sides)
    cases.append(Case("core", sides["stock"].database, _core, customers))
    if "OCA" in sides:
        cases.append(Case("OCA", sides["OCA"].database, _oca, customers))
    if "ours" in sides:
        cases.append(Case("ours", sides["ours"].database, _ours))
    return cases


def _core(env, partners):
    partners.mapped("credit")
    partners.mapped("credit_to_invoice")
    return round(sum(p.credit + p.credit_to_invoice for p in partners))


def _oca(env, partners):
    return round(sum(partners.mapped("risk_total")))


def _ours(env, partners):
    ids = partners.ids if partners else None
    exposures = env["credit.profile"]._exposure_map(env.company, ids)
    return round(sum(sum(row[name] for name in AMOUNTS) for row in exposures.values()))


# === BARE SQL === #


def _sql_cases(sides, customer=None):
    """The floor on Odoo's own indexes, and on ours where they are."""
    cases = [_sql_case("SQL", sides["stock"].database, customer)]
    if "ours" in sides:
        name = "SQL, our indexes"
        cases.append(_sql_case(name, sides["ours"].database, customer))
    return cases


def _sql_case(side, database, customer=None):
    with transaction(database) as env:
        constants = statements.constants(env, COMPANY)
        partner_id = customer(env).id if customer else None
    statement = statements.exposure_map(constants, today(), partner_id)
    return Case(side, database, lambda env, _none: _fetch(env, statement))


def _fetch(env, statement):
    rows = env.execute_query(statement)
    return round(sum(amount or 0 for row in rows for amount in row[1:-1]))


def _reference(sides):
    """Both companies, receivables and orders beside the limit, without drafts."""
    with transaction(sides["stock"].database) as env:
        accounts = statements.constants(env, COMPANY)["accounts"]
    statement = statements.exposure_total(accounts)
    names = [("SQL", "stock"), ("SQL, our indexes", "ours")]
    return [
        Case(name, sides[side].database, lambda env, _none: _count(env, statement))
        for name, side in names
        if side in sides
    ]


def _count(env, statement):
    return len(env.execute_query(statement))


# === REFRESH === #


def _refresh(database):
    """First fill and nothing changed, of all profiles of the manager's company.

    Beside them the exposure by bare SQL, which is what both are held against.
    """

    def profiles(env):
        return env["credit.profile"].sudo()

    def refresh(_env, profiles):
        return len(profiles._refresh_figures(profiles.env.company))

    def empty():
        databases.run(EMPTY, database=database)
        databases.vacuum(database)

    floor = _sql_case("SQL, our indexes", database)
    first = Case("ours", database, refresh, profiles, before=empty)
    again = Case("ours", database, refresh, profiles)
    job = "refresh of all profiles, first fill"
    found = {job: interleaved([first, floor], repeats=9)}
    with transaction(database, first.login, commit=True) as env:
        profiles(env)._refresh_figures(env.company)
    databases.vacuum(database)
    job = "refresh of all profiles, nothing changed"
    found[job] = interleaved([again, floor])
    return found


EMPTY = """UPDATE credit_profile SET overdue_amount = 0, not_due_amount = 0,
    unapplied_amount = 0, draft_amount = 0, order_amount = 0, deposit_amount = 0,
    delivered_amount = 0,
    exposure = 0, available_credit = 0, limit_used = 0, overdue_days = 0,
    oldest_due_date = NULL"""


def added_indexes(sides):
    """``{index: bytes}`` of what our addon adds to Odoo's own tables."""
    if "ours" not in sides:
        return {}
    stock, ours = (_indexes(sides[name].database) for name in ("stock", "ours"))
    return {name: size for name, size in ours.items() if name not in stock}


def _indexes(database):
    query = SQL(
        """SELECT indexrelname, pg_relation_size(indexrelid) FROM pg_stat_user_indexes
           WHERE relname IN ('account_move_line', 'account_move', 'res_partner',
                             'sale_order', 'sale_order_line')"""
    )
    with transaction(database) as env:
        return dict(env.execute_query(query))
