"""The set-up that all classes share, made once in a database and committed to it.

A company with its chart of accounts takes seconds to make, and every class needs one.
``./cc test`` makes it once, in the database that its copies come from; classes then
look it up, and what they do to it is rolled back as ever. In any other database, such
as one of Odoo's own test runs, each class makes its own: nothing here is needed.
"""

import json
from contextlib import contextmanager, nullcontext
from functools import cache
from unittest.mock import patch

from odoo.models import BaseModel
from odoo.modules import module
from odoo.modules.registry import Registry
from odoo.tests import TransactionCase, get_db_name
from odoo.tools import config

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import BaseCommon

KEY = "credit_collections.prepared_tests"
SPARES = 2  # companies beside the first one, for one test


@cache
def state(database):
    """Return what is prepared in a database, ``{}`` for nothing."""
    with Registry(database).cursor() as cr:
        cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [KEY])
        found = cr.fetchone()
    return json.loads(found[0]) if found else {}


def is_prepared():
    return bool(state(get_db_name()))


# === TAKING IT === #


def books(test_class):
    """Within it, Odoo's class for accounting takes what it finds prepared."""
    if not (is_prepared() and test_class.shares_books):
        return nullcontext()
    return patch.object(
        AccountTestInvoicingCommon, "setUpClass", vars(_Taken)["setUpClass"]
    )


class _Taken(BaseCommon):
    """What Odoo's classes for companies, products and accounting do when prepared."""

    @classmethod
    def setUpClass(cls):
        super(BaseCommon, cls).setUpClass()  # a browser or a transaction, as ever
        env = cls.env["base"].with_context(**cls.default_env_context()).env
        cls.env = env(user=state(get_db_name())["user"])
        cls.maxDiff = None
        cls.tax_number = 0
        take(cls, "books")


def take(cls, part):
    """Give a class the prepared records under their names."""
    for name, value in state(get_db_name())[part].items():
        setattr(cls, name, _decoded(cls.env, value))


def make_way(env):
    """Let a class make its own: names of companies and logins are taken only once."""
    for model, name in (("res.company", "name"), ("res.users", "login")):
        for record in env[model].browse(state(get_db_name()).get(model, [])):
            record[name] = f"prepared_{record[name]}"


def spare_company(env):
    """Return a company with a chart of accounts of which the user knows nothing yet;
    an empty recordset where none is left or prepared."""
    spares = env["res.company"].browse(state(get_db_name()).get("spares", []))
    return (spares - env.user.company_ids)[:1]


# === MAKING IT === #


def prepare(common):
    """Set up ``common`` in a database and commit that."""

    class Prepare(common):
        @classmethod
        def _set_up_people(cls):
            cls.prepared = {"books": _encoded_names(cls)}
            return super()._set_up_people()

        @classmethod
        def _archive_rules(cls):
            """Not for good: the demo has them, and whoever does without them here."""

    with _set_up(TransactionCase) as plain:
        own = set(vars(plain))
    with _set_up(Prepare) as done:
        books = done.prepared["books"]
        people = _encoded_names(done).items()
        user = done.env.user
        own_companies = user.company_ids
        spares = [done._create_company(name=f"Spare {n + 1}").id for n in range(SPARES)]
        user.company_ids = own_companies
        content = {
            "user": user.id,
            "spares": spares,
            "res.company": done.company.ids,
            "res.users": done.company.user_ids.ids,
            "books": {name: books[name] for name in books if name not in own},
            "people": {
                name: value
                for name, value in people
                if name not in own and books.get(name) != value
            },
        }
        done.env["ir.config_parameter"].sudo().set_param(KEY, json.dumps(content))
        done.env.flush_all()
        type(done.cr).commit(done.cr)  # past the guard that tests have
    state.cache_clear()


@contextmanager
def _set_up(base):
    class Once(base):
        def runTest(self):  # what a test case has to have
            pass

        @classmethod
        def _gc_filestore(cls):
            """Not here: it takes away what another process has not committed yet."""

    # what the runner of tests tells Odoo, some of whose code goes by it
    config["test_enable"], module.current_test = True, Once()
    try:
        Once.setUpClass()
        yield Once
    finally:
        Once.doClassCleanups()
        config["test_enable"], module.current_test = False, None


def _encoded_names(cls):
    encoded = {name: _encoded(value) for name, value in vars(cls).items()}
    return {name: value for name, value in encoded.items() if value is not None}


def _encoded(value):
    """Records, or dictionaries of them; anything else a class sets itself."""
    if isinstance(value, BaseModel):
        return [value._name, value.ids]
    if isinstance(value, dict):
        parts = {name: _encoded(part) for name, part in value.items()}
        return parts if parts and None not in parts.values() else None
    return None


def _decoded(env, value):
    if isinstance(value, dict):
        return {name: _decoded(env, part) for name, part in value.items()}
    model, ids = value
    return env[model].browse(ids)
