"""./cc test: tests without a database first, then the addons' own and the system's."""

import hashlib
import os
import subprocess
from pathlib import Path

from . import database, guard, odoo_cli, odoo_source, place, say, venv

# what a database of our users may have installed; our addons come on top of it
MODULES = [
    "contacts",
    "account",
    "sale_management",
    "sale_stock",
    "stock_picking_batch",
    "sale_loyalty",
    "sale_project",
    "website_sale",
    "payment_demo",
    "sms",
]
PROGRAMS = {"chromium": "chromium", "wkhtmltopdf": "wkhtmltopdf"}
WITHOUT_DATABASE = ("tests/engine", "tests/dev")
NO_TESTS = 5  # pytest's exit code


def run(options, words):
    """Run what ``words`` name, everything by default; return the exit code."""
    plain, with_odoo, others = sort_words(words)
    if not plain and not with_odoo:
        plain, with_odoo = plain_folders(), odoo_folders()
    codes = []
    if plain:
        codes.append(_run_plain([*plain, *others]))
    if with_odoo and not any(code not in (0, NO_TESTS) for code in codes):
        codes.append(_run_with_odoo(options, [*with_odoo, *others]))
    return exit_code(codes, filtered=bool(others))


def exit_code(codes, filtered):
    """The first bad one; a filter such as -k may leave one half without tests."""
    if filtered and set(codes) != {NO_TESTS}:
        codes = [code for code in codes if code != NO_TESTS]
    return next(filter(None, codes), 0)


def sort_words(words):
    """Split arguments: paths that need no database, paths that do, all other words."""
    plain, with_odoo, others = [], [], []
    for word in words:
        path, *test = word.split("::")
        found = next(filter(Path.exists, (Path(path), place.TOP / path)), None)
        if word.startswith("-") or not found:
            others.append(word)
            continue
        relative = os.path.relpath(found.resolve(), place.TOP)
        needs_none = relative.startswith(WITHOUT_DATABASE)
        (plain if needs_none else with_odoo).append("::".join([relative, *test]))
    return plain, with_odoo, others


def plain_folders():
    return [name for name in WITHOUT_DATABASE if (place.TOP / name).is_dir()]


def odoo_folders():
    """The addons' own tests, and every folder of whole-system tests."""
    own = [f"{name}/tests" for name in odoo_cli.addons()]
    folders = sorted(path.parent for path in (place.TOP / "tests").glob("*/test_*.py"))
    whole = [os.path.relpath(path, place.TOP) for path in dict.fromkeys(folders)]
    return own + [path for path in whole if path not in WITHOUT_DATABASE]


def _run_plain(arguments):
    say.step("Tests without a database")
    # the engine is tested as a package of its own: the addon's would import Odoo
    options = ["-p", "no:odoo", "-o", "pythonpath=. credit_collections"]
    return _pytest(venv.ensure(), [*options, *arguments], dict(os.environ))


def _run_with_odoo(options, arguments):
    setup = odoo_cli.prepare(PROGRAMS)
    name = database_name(options)
    with guard.alone(place.state(), name):
        try:
            _provide(setup, name, options.quick)
            say.step(f"Tests with Odoo in database {name}")
            odoo = ["--odoo-http", f"--odoo-config={setup.config}"]
            odoo.append(f"--odoo-database={name}")
            return _pytest(setup.venv, [*odoo, *arguments], setup.environment())
        finally:
            if not options.quick and not options.keep:
                database.drop(name)
                (place.state() / f"{name}.lock").unlink()


def database_name(options):
    """Always test_something, so that no test can ever harm the demo."""
    own = "quick" if options.quick else str(os.getpid())
    name = options.db or own
    return database.checked(name if name.startswith("test_") else f"test_{name}")


def _provide(setup, name, quick):
    """Bring database ``name`` up to date, from the template unless it is kept."""
    if not quick or name not in database.names():
        _drop_leftovers()
        database.create(name, template=_template(setup))
    odoo_cli.sync_addons(setup, name, odoo_cli.addons())


def _drop_leftovers():
    """Databases of test runs that were killed: nobody else would remove them."""
    for name in database.names():
        run_id = name.removeprefix("test_")
        if run_id.isdigit() and not Path("/proc", run_id).exists():
            database.drop(name)


def _template(setup):
    """The database with everything but our addons, built once per Odoo and list."""
    key = f"{MODULES}{setup.source}{odoo_source.version(setup.source)}"
    name = f"template_{hashlib.sha256(key.encode()).hexdigest()[:10]}"
    with guard.alone(place.state(), "template"):
        if name not in database.names():
            half_done = f"{name}_tmp"
            database.create(half_done)
            odoo_cli.install(setup, half_done, MODULES)
            database.rename(half_done, name)
    return name


def _pytest(environment, arguments, variables):
    """Skipped tests are named in the summary: a green run must not hide them."""
    command = [str(environment / "bin" / "python"), "-m", "pytest", "-rs", *arguments]
    return subprocess.run(command, cwd=place.TOP, env=variables).returncode
