# ruff: noqa: T201
"""Does the generated data obey the rules Odoo's own would?"""

import random
import sys

from odoo.tools import SQL

import session

RULES = {
    "unbalanced entries": """
        SELECT move_id FROM account_move_line
        WHERE display_type NOT IN ('line_section', 'line_subsection', 'line_note')
        GROUP BY move_id HAVING sum(balance) <> 0 OR sum(debit) <> sum(credit)""",
    "residual differs from balance and partials": """
        SELECT l.id FROM account_move_line l
        JOIN account_account a ON a.id = l.account_id
        LEFT JOIN (SELECT debit_move_id AS id, sum(amount) AS amount
                   FROM account_partial_reconcile GROUP BY 1) d ON d.id = l.id
        LEFT JOIN (SELECT credit_move_id AS id, sum(amount) AS amount
                   FROM account_partial_reconcile GROUP BY 1) c ON c.id = l.id
        WHERE a.account_type = 'asset_receivable' AND l.parent_state = 'posted'
          AND l.amount_residual
              <> l.balance - COALESCE(d.amount, 0) + COALESCE(c.amount, 0)""",
    "reconciled differs from residual": """
        SELECT l.id FROM account_move_line l
        JOIN account_account a ON a.id = l.account_id
        WHERE a.account_type = 'asset_receivable' AND l.parent_state = 'posted'
          AND l.reconciled <> (l.amount_residual = 0
                               AND l.amount_residual_currency = 0)""",
    "residual of invoice differs from its lines": """
        SELECT m.id FROM account_move m
        JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'payment_term'
        WHERE m.state = 'posted' GROUP BY m.id
        HAVING sum(l.amount_residual) <> m.amount_residual_signed""",
    "partner of line differs from customer of invoice": """
        SELECT l.id FROM account_move_line l JOIN account_move m ON m.id = l.move_id
        WHERE m.commercial_partner_id <> l.partner_id""",
    "copied columns of lines differ from their entry": """
        SELECT l.id FROM account_move_line l JOIN account_move m ON m.id = l.move_id
        WHERE l.date <> m.date OR l.move_name <> m.name OR l.parent_state <> m.state
           OR l.company_id <> m.company_id""",
    "name differs from its parts": """
        SELECT id FROM account_move WHERE state = 'posted' AND ltrim(
            replace(name, sequence_prefix, ''), '0') <> sequence_number::text""",
    "total of order differs from its lines": """
        SELECT o.id FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id
        GROUP BY o.id HAVING sum(l.price_total) <> o.amount_total""",
}
SAMPLED = {
    "account.move": 200,
    "account.move.line": 400,
    "account.payment": 100,
    "sale.order": 100,
    "sale.order.line": 200,
    "res.partner": 100,
}
# numbered by a process, not a function of the record alone; what users may edit (price,
# terms …) is left out too: Odoo would put its defaults there
NOT_COMPUTED = {"made_sequence_gap", "name", "sequence_number", "sequence_prefix"}


def broken_rules(env):
    """``{rule: [ids that break it]}``, at most ten ids each."""
    found = {}
    for rule, query in RULES.items():
        env.cr.execute(f"{query} LIMIT 10")
        if ids := [row[0] for row in env.cr.fetchall()]:
            found[rule] = ids
    return found


def differing_fields(env, seed=0):
    """Let Odoo compute a sample again: ``{field: number of records that changed}``."""
    differing = {}
    for model, number in SAMPLED.items():
        table = SQL.identifier(env[model]._table)
        found = env.execute_query(SQL("SELECT id FROM %s ORDER BY id", table))
        ids = [row[0] for row in found]
        chosen = random.Random(seed).sample(ids, min(number, len(ids)))
        records = env[model].browse(chosen).exists()
        differing.update(_recompute(records))
    return differing


def _recompute(records):
    names = [
        name
        for name, field in records._fields.items()
        if field.compute and field.store and field.column_type and field.readonly
        if name not in NOT_COMPUTED
    ]
    before = {name: _values(records, name) for name in names}
    for name in names:
        records.env.add_to_compute(records._fields[name], records)
    records.env.flush_all()
    records.env.invalidate_all()
    changes = {name: _changes(before[name], _values(records, name)) for name in names}
    return {f"{records._name}.{name}": n for name, n in changes.items() if n}


def _values(records, name):
    return [record[name] for record in records]


def _changes(old, new):
    return sum(a != b for a, b in zip(old, new, strict=True))


def report(database):
    """Check ``database``, print the outcome, and say whether it is sound."""
    with session.transaction(database) as env:
        rules, fields = broken_rules(env), differing_fields(env)
    for what, found in (*rules.items(), *fields.items()):
        print(f"WRONG  {what}: {found}", file=sys.stderr)
    if not (rules or fields):
        print(f"{database}: {len(RULES)} rules hold, recomputed samples are equal")
    return not (rules or fields)


if __name__ == "__main__":
    session.start()
    sys.exit(not report(sys.argv[1]))
