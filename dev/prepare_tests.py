"""Runs inside Odoo: make a part of the set-up that all test classes share."""

import sys

import odoo.init  # noqa: F401, what every process of Odoo begins with
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

# What a browser loads of the backend and of its tours. Odoo makes it when it is first
# asked for, which would be anew in each test, as all of it is rolled back.
BUNDLES = [
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_tests",
    "web.assets_emoji",
    "bus.websocket_worker_assets",
]


def main(config_file, database, part):
    config.parse_config(["-c", config_file, "-d", database, "--no-http"])
    PARTS[part](Registry(database))


def _make_books(_registry):
    # tests are imported after all models
    from odoo.addons.credit_collections.tests.common import CreditCommon
    from odoo.addons.credit_collections.tests.prepared import prepare

    prepare(CreditCommon)


def _make_bundles(registry):
    with registry.cursor() as cr:
        qweb = Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
        for name in BUNDLES:
            bundle = qweb._get_asset_bundle(name)
            bundle.js()
            bundle.css()


# made at once, each in a process of its own
PARTS = {"books": _make_books, "bundles": _make_bundles}

if __name__ == "__main__":
    main(*sys.argv[1:])
