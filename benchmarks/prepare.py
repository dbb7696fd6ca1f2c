"""The databases a comparison needs: stock, with OCA's addons, with ours."""

from dataclasses import dataclass, field

from odoo.fields import Command

import databases
import jobs
import session
from targets import SPECIALS

LINES_PER_ORDER = 5
QUOTATION = "bench quotation"
OCA_GROUP = "account_financial_risk.group_account_financial_risk_manager"
OUR_GROUP = "credit_collections.group_credit_manager"


@dataclass
class Side:
    """One database of the comparison."""

    name: str
    database: str
    install_seconds: float = 0.0
    added_bytes: int = 0
    subjects: dict = field(default_factory=dict)


def sides(template, with_oca=True, with_ours=True):
    """Copy ``template`` for every side, install, prepare and tidy it."""
    found = [Side("stock", f"{template}_stock")]
    found += [Side("OCA", f"{template}_oca")] if with_oca else []
    found += [Side("ours", f"{template}_ours")] if with_ours else []
    for side in found:
        databases.copy(side.database, template)
        _install(side)
        with session.transaction(side.database, commit=True) as env:
            PREPARED[side.name](env)
            add_documents(env)
        databases.vacuum(side.database)
    return {side.name: side for side in found}


def _install(side):
    modules = {"OCA": databases.OCA_MODULES, "ours": databases.OUR_MODULES}
    if side.name in modules:
        size = databases.size_of(side.database)
        side.install_seconds = databases.install(side.database, modules[side.name])
        if side.name == "ours":
            jobs.work_off_all(side.database)
        side.added_bytes = databases.size_of(side.database) - size


def _manager(env):
    return env["res.users"].search([("login", "=", session.MANAGER)])


def _prepare_oca(env):
    """Count everything the addon can count, for every customer."""
    _manager(env).group_ids += env.ref(OCA_GROUP)
    partners = env["res.partner"]
    includes = [
        name
        for name, one in partners._fields.items()
        if name.startswith("risk_") and name.endswith("_include") and one.store
    ]
    customers = partners.search([("customer_rank", ">", 0)])
    customers.write(dict.fromkeys(includes, True))


def _prepare_ours(env):
    _manager(env).group_ids += env.ref(OUR_GROUP)
    env["credit.rule"].search([]).active = False


PREPARED = {"stock": lambda env: None, "OCA": _prepare_oca, "ours": _prepare_ours}


def add_documents(env):
    """Quotations to confirm and drafts to post, committed: each run undoes its own."""
    manager = _manager(env)
    env = env(user=manager.id, context={"allowed_company_ids": manager.company_id.ids})
    item = env["product.product"].search([("name", "=", "Bench service")])
    for name in SPECIALS:
        customer = env["res.partner"].search([("name", "=", f"BENCH-{name}")])
        _add_quotation(env, customer, item)
    customer = env["res.partner"].search([("name", "=", "Customer-000000")])
    _add_drafts(env, customer, item)


def _add_quotation(env, customer, item):
    line = {"product_id": item.id, "product_uom_qty": 1, "price_unit": 9.0}
    values = {
        "partner_id": customer.id,
        "client_order_ref": QUOTATION,
        "order_line": [Command.create(line) for _ in range(LINES_PER_ORDER)],
    }
    env["sale.order"].create(values)


def _add_drafts(env, customer, item, number=20):
    line = {"product_id": item.id, "quantity": 1, "price_unit": 9.0, "tax_ids": []}
    values = {
        "move_type": "out_invoice",
        "ref": QUOTATION,
        "partner_id": customer.id,
        "invoice_date": session.today(),
        "invoice_line_ids": [Command.create(line) for _ in range(LINES_PER_ORDER)],
    }
    env["account.move"].create([dict(values) for _ in range(number)])
