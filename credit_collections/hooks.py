"""What happens once: the addon comes into a database with years of data, or goes."""

from odoo import models
from odoo.tools import SQL, sql

from .models.collector.account_partial_reconcile import AccountPartialReconcile
from .models.gate.sale_order_line import SaleOrderLine
from .models.hub.account_move_line import AccountMoveLine as OpenItem
from .models.hub.account_payment import AccountPayment as RegisteredPayment
from .models.risk.account_payment import AccountPayment
from .models.strategy.account_move_line import AccountMoveLine as DunnedItem
from .sql.hub.foreign_keys import foreign_keys_between

#: Classes with indexes over rows of core's.
INDEXED = (
    OpenItem,
    DunnedItem,
    RegisteredPayment,
    AccountPayment,
    SaleOrderLine,
    AccountPartialReconcile,
)

#: Columns that core's biggest tables get, by table, and whether each has an index.
COLUMNS = {
    "account_move": {"dispute_id": True},
    "account_move_line": {
        "case_id": True,
        "collection_exclusion_reason_id": True,
        "collection_level": False,
        "collection_step_id": True,
    },
}


def pre_init_hook(env):
    """Build the indexes over core's rows one by one, each in its own transaction.

    Writing to a table waits for its index, and reading for nothing. In the transaction
    of the installation all of them would keep core's tables locked until its end: that
    is why this commits.
    """
    cr = env.cr
    for table, columns in COLUMNS.items():
        for column in columns:
            if not sql.column_exists(cr, table, column):
                sql.create_column(cr, table, column, "int4")
    cr.commit()  # pylint: disable=invalid-commit; nothing but columns, Odoo begins later
    for table, name, definition, comment in _indexes():
        if not sql.index_exists(cr, name):
            sql.add_index(cr, name, table, definition, unique=False, comment=comment)
        cr.commit()  # pylint: disable=invalid-commit; as above


def _indexes():
    """Yield ``table, name, definition, comment`` of indexes, as Odoo makes them."""
    for cls in INDEXED:
        table = cls._name.replace(".", "_")
        for key, index in vars(cls).items():
            if isinstance(index, models.Index):
                comment = index.get_definition(None)
                yield table, f"{table}{key}", comment.removeprefix("INDEX "), comment
    for table, columns in COLUMNS.items():
        for column, has_index in columns.items():
            if has_index:
                name = sql.make_index_name(table, column)
                yield table, name, f"({column}) WHERE {column} IS NOT NULL", ""


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
