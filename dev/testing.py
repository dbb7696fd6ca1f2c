"""./cc test: tests without a database first, then the addons' own and the system's."""

import hashlib
import os
import subprocess
from pathlib import Path

from . import database, odoo_cli, odoo_source, place, say, venv

# what a real database of our users has installed; the addon is installed on top of it
MODULES = (
    "contacts account sale_management sale_stock sale_loyalty sale_project "
    "website_sale payment_demo sms"
).split()
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
        codes.append(_run_plain(plain, others))
    if with_odoo and not (codes and codes[0] not in (0, NO_TESTS)):
        codes.append(_run_with_odoo(options, with_odoo, others))
    # a filter such as -k may well leave nothing of one half, but never of both
    return max((c for c in codes if not (others and c == NO_TESTS)), default=NO_TESTS)


def sort_words(words):
    """Split arguments: paths that need no database, paths that do, all other words."""
    plain, with_odoo, others = [], [], []
    for word in words:
        path = Path(word.split("::")[0])
        path = path if path.exists() else place.TOP / path
        if word.startswith("-") or not path.exists():
            others.append(word)
            continue
        target = os.path.relpath(path.resolve(), place.TOP)
        needs_none = target.startswith(WITHOUT_DATABASE)
        full = str(path.resolve()) + word[len(word.split("::")[0]) :]
        (plain if needs_none else with_odoo).append(full)
    return plain, with_odoo, others


def plain_folders():
    return [name for name in WITHOUT_DATABASE if _has_tests(place.TOP / name)]


def odoo_folders():
    """The addons' own tests, and every folder of whole-system tests."""
    own = [place.TOP / name / "tests" for name in odoo_cli.addons()]
    whole = [path for path in sorted((place.TOP / "tests").glob("*")) if path.is_dir()]
    relative = [
        os.path.relpath(path, place.TOP) for path in own + whole if _has_tests(path)
    ]
    return [path for path in relative if path not in WITHOUT_DATABASE]


def _has_tests(folder):
    return any(folder.rglob("test_*.py"))


def _run_plain(paths, others):
    say.step("Tests without a database")
    python = venv.ensure() / "bin" / "python"
    return _pytest(python, ["-p", "no:odoo", *paths, *others], dict(os.environ))


def _run_with_odoo(options, paths, others):
    setup = odoo_cli.prepare(PROGRAMS)
    name = database.checked(options.db or default_name(options))
    with place.locked(place.state() / f"{name}.lock"):
        try:
            _provide(setup, name, options.quick)
            say.step(f"Tests with Odoo in database {name}")
            arguments = ["--odoo-http", f"--odoo-config={setup.config}"]
            arguments += [f"--odoo-database={name}", *paths, *others]
            return _pytest(setup.python, arguments, setup.environment())
        finally:
            if not options.quick and not options.keep:
                database.drop(name)
                (place.state() / f"{name}.lock").unlink()


def default_name(options):
    """One kept database for quick runs, otherwise one of this run's own."""
    return "test_quick" if options.quick else f"test_{os.getpid()}"


def _provide(setup, name, quick):
    """Bring database ``name`` up to date, from the template unless it is kept."""
    if not quick or not database.exists(name):
        database.create(name, template=_template(setup))
    odoo_cli.sync_addons(setup, name, odoo_cli.addons())


def _template(setup):
    """The database with everything but our addons, built once per Odoo and list."""
    key = f"{MODULES}{setup.source}{odoo_source.version(setup.source)}"
    name = f"template_{hashlib.sha256(key.encode()).hexdigest()[:10]}"
    with place.locked(place.state() / "template.lock"):
        if not database.exists(name):
            half_done = f"{name}_tmp"
            database.create(half_done)
            odoo_cli.install(setup, half_done, MODULES)
            database.rename(half_done, name)
    return name


def _pytest(python, arguments, environment):
    """Skipped tests are named in the summary: a green run must not hide them."""
    command = [str(python), "-m", "pytest", "-rs", *arguments]
    return subprocess.run(command, cwd=place.TOP, env=environment).returncode
