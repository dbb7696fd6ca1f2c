"""What happens once, when the addon comes into a database with years of data, or goes."""

from odoo.tools import SQL

from .sql.hub.foreign_keys import foreign_keys_between


def post_init_hook(env):
    """Let core's default limits count, and leave everything else to the jobs.

    Until this transaction ends nobody can read core's tables, which have new columns.
    """
    for root in env["res.company"]._credit_roots():
        _take_over_default_limit(env, root)
    env["credit.profile"]._begin_install()


def _take_over_default_limit(env, root):
    """Core's default limit counts where core's feature is switched on."""
    default = (
        env["ir.default"]
        .with_company(root)
        ._get("res.partner", "credit_limit", company_id=root.id)
    )
    if root.account_use_credit_limit and default:
        root.write(
            {"credit_default_policy": "limited", "credit_default_limit": default}
        )


def uninstall_hook(env):
    """Cut the ties between the addon's own tables, which all go.

    Its records are deleted first, and for each of them PostgreSQL would look through
    all customers for what refers to it.
    """
    tables = [
        model._table
        for model in env.values()
        if model._original_module == "credit_collections" and model._auto
    ]
    for table, name in env.execute_query(foreign_keys_between(tables)):
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
