"""One run of OCA's account_credit_control over all overdue items."""

import time

from odoo.modules.registry import Registry

import databases
import session
from measure import peak, settle

OCA_MODULES = ("account_credit_control",)
OCA_WHEELS = ("odoo-addon-account-credit-control==19.0.*",)


def _fetch_oca():
    databases.fetch_oca()
    if not (session.OCA_ADDONS / OCA_MODULES[0]).is_dir():
        databases.fetch_wheels(OCA_WHEELS)


def measure(template, keep):
    """One run of account_credit_control over the same items, once: it takes long."""
    _fetch_oca()
    session.start()
    database = f"{template}_credit_control"
    databases.copy(database, template)
    databases.install(database, OCA_MODULES)
    databases.vacuum(database)
    Registry(database)
    settle()
    try:
        with session.transaction(database) as env:
            env = env(context={"allowed_company_ids": [1]})
            policies = env["credit.control.policy"]
            policy = policies.search([("do_nothing", "=", False)])[0]
            policy.account_ids = env["account.account"].search(
                [("account_type", "=", "asset_receivable")]
            )
            env["res.partner"].search([("customer_rank", ">", 0)]).write(
                {"credit_policy_id": policy.id}
            )
            values = {"date": session.today(), "policy_ids": policy.ids}
            run = env["credit.control.run"].create(values)
            env.flush_all()
            before, queries = peak(), env.cr.sql_log_count
            wall, cpu = time.perf_counter(), time.process_time()
            run.generate_credit_lines()
            env.flush_all()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            return {
                "median_ms": round(wall * 1000),
                "cpu_ms": round(cpu * 1000),
                "queries": env.cr.sql_log_count - queries,
                "peak_mb": round((peak() - before) / 1024, 1),
                "runs": 1,
                "result": env["credit.control.line"].search_count([]),
            }
    finally:
        if not keep:
            databases.forget(database)
