"""Other addons add to ours: one that adds one of each, in a database of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2

from odoo import sql_db
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

ADDON = "credit_collections_test_extension"
ADDONS = Path(__file__).parent / "addons"


@tagged("post_install", "-at_install")
class TestExtension(BaseCase):
    """The database of the run is copied, the addon installed and tested in there."""

    def setUp(self):
        super().setUp()
        self.name = f"{get_db_name()}_extension"[-60:]
        self.addCleanup(self._drop)
        self._drop()
        # nobody may be connected to a database while it is copied
        sql_db.close_db(get_db_name())
        self._sql(f'CREATE DATABASE "{self.name}" TEMPLATE "{get_db_name()}"')
        files = Path(config.filestore(get_db_name()))
        if files.exists():
            shutil.copytree(files, config.filestore(self.name), copy_function=os.link)

    def _drop(self):
        self._sql(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        shutil.rmtree(config.filestore(self.name), ignore_errors=True)

    def _sql(self, statement):
        connection = psycopg2.connect(dbname="postgres")
        connection.autocommit = True
        try:
            connection.cursor().execute(statement)
        finally:
            connection.close()

    def test_an_addon_adds_one_of_each(self):
        words = [sys.executable, shutil.which("odoo"), "-c", os.environ["CC_CONF"]]
        words += [f"--addons-path={','.join([*config['addons_path'], str(ADDONS)])}"]
        words += ["-d", self.name, "-i", ADDON, "--test-tags", f"/{ADDON}"]
        words += ["--no-http", "--stop-after-init"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        self.assertFalse(done.returncode, done.stderr[-9000:])
        counts = r"0 failed, 0 error\(s\) of (\d+) tests"
        found = re.search(counts, done.stderr)
        self.assertTrue(found, done.stderr[-9000:])
        self.assertEqual(int(found[1]), self._count_tests(), done.stderr[-9000:])

    def _count_tests(self):
        cases = (ADDONS / ADDON / "tests" / "test_extension.py").read_text()
        return len(re.findall(r"def test_", cases))
