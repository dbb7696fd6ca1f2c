"""Databases of the benchmark: made from a template, copied, installed in, dropped."""

import subprocess
import sys
import time

import psycopg2
from psycopg2 import sql

import session  # isort: skip  (patches libraries: before anything else of Odoo)
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

BASE_MODULES = ("sale_management", "sms")
OCA_MODULES = ("account_financial_risk", "sale_financial_risk")
OCA_WHEELS = (
    "odoo-addon-account-financial-risk==19.0.*",
    "odoo-addon-sale-financial-risk==19.0.*",
)
OUR_MODULES = ("credit_collections",)


def connect(database="postgres"):
    """An autocommit connection; host, port and user come from the PG variables."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def run(statement, *names, database="postgres"):
    """Run one statement whose ``{}`` are database or table names."""
    connection = connect(database)
    try:
        with connection.cursor() as cr:
            cr.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        connection.close()


def rows(database, query, parameters=None):
    """Return the rows of a query."""
    connection = connect(database)
    try:
        with connection.cursor() as cr:
            cr.execute(query, parameters)
            return cr.fetchall()
    finally:
        connection.close()


def exists(database):
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return bool(rows("postgres", query, [database]))


def drop(database):
    run("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


def copy(database, template):
    """(Re)make ``database`` as a copy of ``template``, file by file."""
    drop(database)
    run("CREATE DATABASE {} TEMPLATE {}", database, template)


def forget(database):
    """Drop a database that this process has worked in."""
    Registry.delete(database)
    close_db(database)
    drop(database)


def rename(old, new):
    run("ALTER DATABASE {} RENAME TO {}", old, new)


def vacuum(database):
    """Fresh statistics and visibility map: what autovacuum reaches after a while."""
    run("VACUUM ANALYZE", database=database)


def provide_base(database):
    """The database with Odoo's own modules only, kept from run to run."""
    if not exists(database):
        half_done = f"{database}_tmp"
        copy(half_done, "template0")
        install(half_done, BASE_MODULES)
        rename(half_done, database)


def install(database, modules):
    """Install ``modules`` with Odoo's own command line; return the seconds it took."""
    words = ["-d", database, "-i", ",".join(modules), "--stop-after-init"]
    started = time.monotonic()
    _odoo([*session.options(), *words, "--log-level", "warn"])
    return time.monotonic() - started


def _odoo(words):
    program = [sys.executable, "-c", "import odoo.cli; odoo.cli.main()"]
    subprocess.run([*program, *words], check=True, stdout=sys.stderr)


def uninstall(database, modules):
    """Uninstall modules as the button in Apps does."""
    with session.transaction(database, commit=True) as env:
        names = [("name", "in", modules)]
        env["ir.module.module"].search(names).button_immediate_uninstall()


def fetch_oca():
    """OCA's addons from their wheels, into the ignored cache folder."""
    if not session.OCA_ADDONS.is_dir():
        fetch_wheels(OCA_WHEELS)


def fetch_wheels(found):
    """Unpack wheels of these names into the ignored cache folder."""
    wheels = session.CACHE / "wheels"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    names = [*found, "-d", str(wheels)]
    subprocess.run([*pip, "download", "--no-deps", *names], check=True)
    target = session.OCA_ADDONS.parent.parent
    for wheel in sorted(wheels.glob("odoo_addon_*.whl")):
        unzip = [sys.executable, "-m", "zipfile", "-e", wheel, target]
        subprocess.run(unzip, check=True)


def oca_versions():
    """``{wheel name: version}`` of what was fetched."""
    wheels = sorted((session.CACHE / "wheels").glob("odoo_addon_*.whl"))
    return dict(wheel.name.split("-")[:2] for wheel in wheels)


def ours_is_there():
    return (session.HERE.parent / OUR_MODULES[0] / "__manifest__.py").exists()


def size_of(database):
    return rows(database, "SELECT pg_database_size(current_database())")[0][0]
