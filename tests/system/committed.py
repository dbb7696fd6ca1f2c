"""Customers who owe something, committed, for processes of their own to work on."""

import os
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL, config

#: What every process begins with.
BEGIN = """
    import sys
    import odoo.init
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["--addons-path", {addons!r}, "--no-http", "-d", {database!r}])
    registry = Registry({database!r})
"""


class Committed(BaseCase):
    """Works on committed data, and takes it away afterwards."""

    #: How many customers there are.
    customers = 12

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.made = []  # models and ids of what goes last
        self.addCleanup(self._clean_up)
        with self._env() as env:
            self.company_id = env.company.id
            self.journal_id, self.account_ids = self._books(env)
            partners = env["res.partner"].create(
                [
                    {"name": f"Killed {n}", "email": f"killed{n}@example.com"}
                    for n in range(self.customers)
                ]
            )
            self.partner_ids = partners.ids
            self.move_ids = [self._debt(env, partner).id for partner in partners]
            self._set_up_more(env, partners)

    @contextmanager
    def _env(self):
        """Yield an environment of a transaction that is committed at its end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _set_up_more(self, env, partners):
        """Add what a test needs besides; override."""

    def _take_away(self, env):
        """Remove what refers to the customers; override."""

    def _books(self, env):
        """Return a journal and a receivable and an income account, made if missing."""
        names = {"asset_receivable": "KILLR", "income": "KILLI"}
        accounts = env["account.account"].create(
            [
                {
                    "name": code,
                    "code": code,
                    "account_type": kind,
                    "reconcile": kind == "asset_receivable",
                }
                for kind, code in names.items()
            ]
        )
        journal = env["account.journal"].create(
            {"name": "Killed", "code": "KILLD", "type": "general"}
        )
        return journal.id, accounts.ids

    def _debt(self, env, partner):
        receivable, income = self.account_ids
        due = fields.Date.today() - timedelta(days=10)
        move = env["account.move"].create(
            {
                "journal_id": self.journal_id,
                "date": due,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable,
                            "partner_id": partner.id,
                            "date_maturity": due,
                            "debit": 100.0,
                        }
                    ),
                    Command.create({"account_id": income, "credit": 100.0}),
                ],
            }
        )
        move.action_post()
        move.line_ids.no_followup = False  # core leaves plain entries alone
        return move

    def _clean_up(self):
        with self._env() as env:
            self._take_away(env)
            moves = env["account.move"].browse(self.move_ids)
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            profiles = env["credit.profile"].search(
                [("partner_id", "in", self.partner_ids)]
            )
            self._forget_records(profiles)
            profiles.unlink()
            env["res.partner"].browse(self.partner_ids).unlink()
            for model, record_id in self.made:
                env[model].browse(record_id).unlink()
            env["account.journal"].browse(self.journal_id).unlink()
            env["account.account"].browse(self.account_ids).unlink()

    def _forget_records(self, profiles):
        """Delete what is on record of customers, which nobody may in earnest."""
        while found := profiles._get_on_record():
            for records in found:
                table = SQL.identifier(records._table)
                profiles.env.execute_query(
                    SQL("DELETE FROM %s WHERE id = ANY(%s)", table, records.ids)
                )
            profiles.env.invalidate_all()

    def _process(self, program, **values):
        """Return a process of its own that runs a program behind :data:`BEGIN`."""
        words = textwrap.dedent(BEGIN + program).format(
            addons=",".join(map(str, config["addons_path"])),
            database=get_db_name(),
            **values,
        )
        process = subprocess.Popen(
            [sys.executable, "-c", words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        return process
