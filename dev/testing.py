"""./cc test: tests without a database, the addons' own, and the whole system's."""

import hashlib
import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from . import database, guard, odoo_cli, odoo_source, place, say, shares, venv

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
# these need none of our databases; they run while those are made, the longest at last
WITHOUT_DATABASE = (
    "tests/engine",
    "tests/dev",
    "tests/test_architecture.py",
    "tests/packaging",  # has one of its own, with an Odoo of its own
)
NO_TESTS = 5  # pytest's exit code
SHARES = 4  # at most, however many cores there are
BUILT = "built_"  # databases with our addons, to copy
TIMES = "test_times.json"
# table by table, so that copies inherit it and other databases stay as they are
NO_AUTOVACUUM = """
DO $$
DECLARE name regclass;
BEGIN
    FOR name IN
        SELECT oid FROM pg_class
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
           AND NOT COALESCE('autovacuum_enabled=off' = ANY(reloptions), false)
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', name);
    END LOOP;
END $$"""
# what these set up stands in the database itself
COMMON = place.TOP / "credit_collections" / "tests"
PREPARED = [COMMON / "common.py", COMMON / "prepared.py"]
PREPARED_PARTS = ["books", "bundles"]  # of dev/prepare_tests.py
# options by which somebody wants pytest itself on the terminal
ONE_PROCESS = {
    *("-s", "--capture=no", "--pdb", "--trace", "-v", "-vv", "--verbose", "-q", "-h"),
    *("--lf", "--last-failed", "--ff", "--failed-first", "--nf", "--sw", "--stepwise"),
    *("--co", "--collect-only", "--fixtures", "--markers", "--help", "--setup-show"),
}


def run(options, words):
    """Run what ``words`` name, everything by default; return the exit code."""
    plain, with_odoo, others = sort_words(words)
    if not plain and not with_odoo:
        plain, with_odoo = plain_folders(), odoo_folders()
    if options.quick or not ONE_PROCESS.isdisjoint(others):
        return _run_one_by_one(options, plain, with_odoo, others)
    return _run_in_shares(options, plain, with_odoo, others)


# === IN ONE PROCESS, AS PYTEST SHOWS IT === #


def _run_one_by_one(options, plain, with_odoo, others):
    if options.durations is not None:
        others = [*others, f"--durations={options.durations}", "--durations-min=0.01"]
    codes = []
    if plain:
        say.step("Tests without a database")
        codes.append(_pytest(*_plain(), [*plain, *others]))
    if with_odoo and not any(code not in (0, NO_TESTS) for code in codes):
        setup = odoo_cli.prepare(PROGRAMS)
        with _databases(setup, options, 1) as names:
            say.step(f"Tests with Odoo in database {names[0]}")
            codes.append(_pytest(*_odoo(setup, names[0]), [*with_odoo, *others]))
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
    return [name for name in WITHOUT_DATABASE if (place.TOP / name).exists()]


def odoo_folders():
    """The addons' own tests, and every folder of whole-system tests."""
    own = [f"{name}/tests" for name in odoo_cli.addons()]
    folders = sorted(path.parent for path in (place.TOP / "tests").glob("*/test_*.py"))
    whole = [os.path.relpath(path, place.TOP) for path in dict.fromkeys(folders)]
    return own + [path for path in whole if path not in WITHOUT_DATABASE]


# === IN SHARES === #


def _run_in_shares(options, plain, with_odoo, others):
    """Tests without a database run while databases are made for the others."""
    times = _read_times()
    with shares.Crew(times) as crew:
        try:
            _start_all(crew, options, plain, with_odoo, others)
        except (KeyboardInterrupt, SystemExit):
            say.step("Stopped; this is what ran until then")
            shares.report(crew.results, crew.seconds(), options.durations)
            raise
    results = crew.results
    shares.report(results, crew.seconds(), options.durations)
    if not others:
        _write_times({**times, **results.seconds})
    return results.exit_code()


def _start_all(crew, options, plain, with_odoo, others):
    """Start the shares and wait for their end."""
    if plain:
        _start(crew, "plain", _plain(), [*plain, *others], takes_all=True)
    with ExitStack() as stack:
        if with_odoo:
            setup = odoo_cli.prepare(PROGRAMS)
            count = options.shares or min(os.cpu_count(), SHARES)
            names = stack.enter_context(_databases(setup, options, count))
            say.step(f"Tests with Odoo in {' and '.join(names)}")
            for name in names:
                _start(crew, name, _odoo(setup, name), [*with_odoo, *others])
        # before the databases go, whoever still runs in them is ended
        stack.callback(crew.stop)
        crew.finish()


def _start(crew, name, how, arguments, takes_all=False):
    environment, words, variables = how
    words = ["-p", "dev.share_plugin", *words, *arguments]
    command = [environment / "bin" / "python", "-m", "pytest", *words]
    crew.start(name, command, variables, takes_all)


def _read_times():
    """How long each file took the last time it ran here."""
    file = place.state() / TIMES
    with suppress(OSError, ValueError):
        return json.loads(file.read_text())
    return {}


def _write_times(times):
    known = {path: time for path, time in times.items() if (place.TOP / path).exists()}
    (place.state() / TIMES).write_text(json.dumps(known, indent=1, sort_keys=True))


# === PYTEST === #


def _plain():
    """Environment, options and variables of tests without a database."""
    # the engine is tested as a package of its own: the addon's would import Odoo
    words = ["-p", "no:odoo", "-o", "pythonpath=. credit_collections"]
    return venv.ensure(), words, dict(os.environ)


def _odoo(setup, name):
    words = ["--odoo-http", f"--odoo-config={setup.config}", f"--odoo-database={name}"]
    return setup.venv, words, setup.environment()


def _pytest(environment, words, variables, arguments):
    """Skipped tests are named in the summary: a green run must not hide them."""
    python = str(environment / "bin" / "python")
    command = [python, "-m", "pytest", "-rs", *words, *arguments]
    return subprocess.run(command, cwd=place.TOP, env=variables).returncode


# === DATABASES === #


def database_name(options):
    """Always test_something, so that no test can ever harm the demo."""
    own = "quick" if options.quick else str(os.getpid())
    name = options.db or own
    return database.checked(name if name.startswith("test_") else f"test_{name}")


@contextmanager
def _databases(setup, options, count):
    """Names of ``count`` databases with our addons, which go with the context."""
    base = database_name(options)
    names = [base] if count == 1 else [f"{base}_{i + 1}" for i in range(count)]
    with guard.alone(place.state(), base):
        try:
            if options.quick:
                _update(setup, base)
            else:
                _copies(setup, names)
            yield names
        finally:
            if not options.quick and not options.keep:
                for name in names:
                    database.drop(name)
                (place.state() / f"{base}.lock").unlink()


def _update(setup, name):
    """Bring the kept database ``name`` up to date."""
    wanted = {"prepared": _digest(path.read_text() for path in PREPARED)}
    anew = name not in database.names() or wanted.items() - database.note(name).items()
    if anew:
        database.create(name, template=_template(setup))
    odoo_cli.sync_addons(setup, name, odoo_cli.addons())
    if anew:
        _prepare(setup, name)
        database.write_note(name, {**database.note(name), **wanted})
    _steady_statistics(name)


def _copies(setup, names):
    """Install our addons once for all ``names``, and again when they changed."""
    _drop_leftovers()
    template = _template(setup)
    hashes = map(odoo_cli.addon_hash, odoo_cli.addons())
    prepared = (path.read_text() for path in PREPARED)
    built = f"{BUILT}{_digest([template, *hashes, *prepared])}"
    with guard.alone(place.state(), "built"):
        existing = database.names()
        if built not in existing:
            half_done = f"{built}_tmp"
            database.create(half_done, template=template)
            odoo_cli.sync_addons(setup, half_done, odoo_cli.addons())
            _prepare(setup, half_done)
            _steady_statistics(half_done)
            database.rename(half_done, built)
        for name in existing:
            if name.startswith(BUILT) and name != built:
                database.drop(name)  # of addons as they were
        for name in names:
            database.create(name, template=built)


def _steady_statistics(name):
    """Keep PostgreSQL from counting rows while tests run.

    What a test has written is invisible to autovacuum, which notes that tables of many
    pages are empty. PostgreSQL then plans for empty tables: a product of whole ones,
    minutes for a query of milliseconds, at random. A test that needs statistics makes
    them, and they are made again after it (credit_collections/tests/planner.py).
    """
    database.sql(NO_AUTOVACUUM, name)
    database.sql("VACUUM ANALYZE", name)


def _prepare(setup, name):
    """Let the set-up that all classes share be made once."""
    say.step(f"Preparing tests in {name}")
    failure = f"Tests could not be prepared in database {name}"
    environment = setup.environment()

    def make(part):
        command = [setup.venv / "bin" / "python", "-m", "dev.prepare_tests"]
        command += [setup.config, name, part]
        log = f"prepare-{part}-{name}"
        say.run(command, log, failure, cwd=place.TOP, env=environment)

    with ThreadPoolExecutor() as pool:
        for _ in pool.map(make, PREPARED_PARTS):  # takes up what failed
            pass


def _drop_leftovers():
    """Databases of test runs that were killed: nobody else would remove them."""
    for name in database.names():
        found = re.fullmatch(r"test_(\d+)(_\d+)?", name)
        if found and not Path("/proc", found[1]).exists():
            database.drop(name)


def _template(setup):
    """The database with everything but our addons, built once per Odoo and list."""
    key = f"{MODULES}{setup.source}{odoo_source.version(setup.source)}"
    name = f"template_{_digest([key])}"
    with guard.alone(place.state(), "template"):
        if name not in database.names():
            half_done = f"{name}_tmp"
            database.create(half_done)
            odoo_cli.install(setup, half_done, MODULES)
            database.rename(half_done, name)
    return name


def _digest(texts):
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:10]
