"""Runs inside Odoo: make the set-up that all test classes share in a database."""

import sys

import odoo.init  # noqa: F401, what every process of Odoo begins with
from odoo.modules.registry import Registry
from odoo.tools import config


def main(config_file, database):
    config.parse_config(["-c", config_file, "-d", database, "--no-http"])
    Registry(database)  # tests are imported after all models
    from odoo.addons.credit_collections.tests.common import CreditCommon
    from odoo.addons.credit_collections.tests.prepared import prepare

    prepare(CreditCommon)


if __name__ == "__main__":
    main(*sys.argv[1:])
