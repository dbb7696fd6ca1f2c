"""The addons as wheels: built, installed beside an Odoo 19, and at work there."""

import email
import json
import os
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from dev import cluster, database, odoo_cli, odoo_source, place, testing, wheels

#: Installs the addon as Odoo's own command does, and confirms an order over the limit.
DECIDE = """
import json, sys
import odoo.init
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

name, options = sys.argv[1], sys.argv[2:]
config.parse_config(options)
modules = {"credit_collections"}
registry = Registry.new(name, update_module=True, install_modules=modules)
with registry.cursor() as cr:
    env = api.Environment(cr, SUPERUSER_ID, {})
    partner = env["res.partner"].create({"name": "Customer", "is_company": True})
    env.company.credit_limit_manual_edit = True
    profile = env["credit.profile"]._ensure(env.company, partner.ids)
    profile.write({"limit_policy": "limited", "credit_limit": 500.0})
    product = env["product.product"].create({"name": "Bolt", "taxes_id": False})
    def confirm(amount):
        line = {"product_id": product.id, "price_unit": amount}
        order = env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [(0, 0, line)]}
        )
        order.action_confirm()
        return order
    small, large = confirm(400.0), confirm(200.0)
    modules = env["ir.module.module"].search(
        [("name", "=like", "credit_collections%"), ("state", "=", "installed")]
    )
    import odoo.addons.credit_collections as addon
    print("RESULT", json.dumps({
        "addon": addon.__file__,
        "small": [small.state, bool(small.credit_hold_id)],
        "large": [large.state, bool(large.credit_hold_id)],
        "installed": sorted(modules.mapped("name")),
    }))
"""


class TestWheels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.wheels = wheels.build(cls.folder / "dist")

    def _metadata(self, wheel):
        with zipfile.ZipFile(wheel) as archive:
            [name] = [one for one in archive.namelist() if one.endswith("/METADATA")]
            return email.message_from_bytes(archive.read(name))

    def test_there_is_one_per_addon(self):
        names = [self._metadata(wheel)["Name"] for wheel in self.wheels]
        self.assertEqual(
            [name.replace("_", "-") for name in names],
            [
                "odoo-addon-credit-collections",
                "odoo-addon-credit-collections-stock",
                "odoo-addon-credit-collections-website-sale",
            ],
        )

    def test_metadata_says_what_they_are_and_need(self):
        for wheel, addon in zip(self.wheels, odoo_cli.addons(), strict=True):
            metadata = self._metadata(wheel)
            manifest = (place.TOP / addon / "__manifest__.py").read_text()
            self.assertIn(f'"version": "{metadata["Version"]}"', manifest)
            self.assertEqual(metadata["License"], "LGPL-3")
            needs = metadata.get_all("Requires-Dist")
            self.assertIn("odoo==19.0.*", needs)
            if addon == "credit_collections":
                self.assertIn("qrcode", needs)
            else:
                self.assertIn("odoo-addon-credit_collections==19.0.*", needs)
            self.assertIn("Changelog", metadata.get_payload())

    def test_all_of_the_addon_is_in_it(self):
        for wheel, addon in zip(self.wheels, odoo_cli.addons(), strict=True):
            with zipfile.ZipFile(wheel) as archive:
                names = set(archive.namelist())
            for name in ("__manifest__.py", "readme/HISTORY.md", "README.rst"):
                self.assertIn(f"odoo/addons/{addon}/{name}", names)
            self.assertIn(f"odoo/addons/{addon}/static/description/icon.png", names)

    def test_they_decide_on_an_order_beside_an_odoo(self):
        setup = odoo_cli.prepare()
        python = self._install(setup)
        # named after this process, so that it is removed also when that is killed
        name = f"test_{os.getpid()}"
        database.create(name, template=testing._template(setup))
        self.addCleanup(database.drop, name)
        # nothing but Odoo's own folders: the installed addons have to be found
        addons = ",".join(map(str, odoo_source.addons_paths(setup.source)))
        options = [f"--addons-path={addons}", "--no-http", "--log-level=warn"]
        options += ["-d", name, f"--data-dir={place.state() / 'data'}"]
        options += [f"--db_host={cluster.folder()}", f"--db_port={cluster.PORT}"]
        options += [f"--db_user={cluster.USER}"]
        environment = {**os.environ, "PYTHONPATH": str(setup.source)}
        done = subprocess.run(
            [str(python), "-c", DECIDE, name, *options],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        [result] = [
            json.loads(line.removeprefix("RESULT "))
            for line in done.stdout.splitlines()
            if line.startswith("RESULT ")
        ]
        self.assertTrue(Path(result["addon"]).is_relative_to(self.folder))
        self.assertEqual(result["installed"], odoo_cli.addons())
        self.assertEqual(result["small"], ["sale", False])
        self.assertEqual(result["large"], ["draft", True])

    def _install(self, setup):
        """Return the python of a fresh environment that has the wheels, and Odoo's
        requirements from the environment of the tests."""
        fresh = self.folder / "venv"
        python = fresh / "bin" / "python"
        subprocess.run(
            [setup.venv / "bin" / "python", "-m", "venv", "--without-pip", fresh],
            check=True,
        )
        [own] = fresh.glob("lib/python3.*/site-packages")
        [requirements] = setup.venv.glob("lib/python3.*/site-packages")
        (own / "requirements.pth").write_text(f"{requirements}\n")
        pip = [setup.venv / "bin" / "python", "-m", "pip", "--python", python]
        options = ["--disable-pip-version-check", "--quiet", "install"]
        # Odoo is here, but not as the distribution that pip would look for
        options += ["--no-index", "--no-deps"]
        subprocess.run([*pip, *options, *self.wheels], check=True)
        return python
