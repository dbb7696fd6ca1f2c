"""Odoo without a server: its configuration, and transactions that are undone."""

import os
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import odoo.init  # noqa: F401  (patches libraries: before anything else of Odoo)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache"
OCA_ADDONS = CACHE / "oca" / "odoo" / "addons"
MANAGER = "bench_manager"


def addons_path():
    """The addons of this checkout, or of the one that is compared with it, and OCA's
    once they were fetched."""
    own = Path(os.environ.get("BENCH_ADDONS") or HERE.parent)
    found = [own] + ([OCA_ADDONS] if OCA_ADDONS.is_dir() else [])
    return ",".join(map(str, found))


def options():
    """Odoo's options for every script here, on top of the configuration of ``./cc``."""
    words = ["--addons-path", addons_path(), "--max-cron-threads=0", "--no-http"]
    if configuration := os.environ.get("CC_CONF"):
        return ["-c", configuration, *words]
    return ["--data-dir", str(CACHE / "data"), *words]


def start():
    """Configure Odoo for this process; once, before anything else of Odoo is used."""
    config.parse_config([*options(), "--log-level", "warn"], setup_logging=True)


@contextmanager
def transaction(database, login=None, commit=False, company_id=None):
    """An environment of ``login`` (else the superuser), undone unless ``commit``."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if login:
            user = env["res.users"].search([("login", "=", login)])
            company = company_id or user.company_id.id
            env = api.Environment(cr, user.id, {"allowed_company_ids": [company]})
        yield env
        if commit:
            env.cr.flush()
        else:
            env.cr.rollback()


def today():
    """The day all ages count from; BENCH_DATE replays the data of another day."""
    text = os.environ.get("BENCH_DATE")
    return date.fromisoformat(text) if text else date.today()  # noqa: DTZ011
