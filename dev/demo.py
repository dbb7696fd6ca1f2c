"""./cc demo: a filled database and a running Odoo, built once, kept afterwards."""

import shutil

from . import cluster, database, guard, odoo_cli, place, say, server

NAME = "demo"
MODULES = [
    "credit_collections",
    "contacts",
    "sale_management",
    "account",
    "sale_stock",
    "payment_demo",
]
PROGRAMS = {"wkhtmltopdf": "wkhtmltopdf"}
NOTHING = "no demo data to load"
FILL = f"""
if "credit.demo" in env:
    env["credit.demo"]._load()
    env.cr.commit()
else:
    print("{NOTHING}")
"""
WELCOME = """
Odoo is running at {address}

  Log in as           Password            You are
  admin               admin               administrator, and credit manager too
  credit_manager      credit_manager      Credit Manager
  credit_controller   credit_controller   Credit Controller, up to an amount
  collector           collector           Collector, who calls and writes
  salesperson         salesperson         Inside Sales, of one company
  salesperson2        salesperson2        Field Sales, of both companies

Look first at Credit & Collections: the held orders, the customers, and the work list of
the collector. As salesperson, confirm the quotation of Greenline Solar Mounts under
Sales. README.md has ten minutes.

Stop it with ./cc stop, begin anew with ./cc reset and ./cc demo.
"""


def run(wanted_port):
    """Build what is missing, update what is outdated, start what is not running."""
    with guard.alone(place.state(), "demo"):
        _check_port(wanted_port)  # say so before the long work, not after it
        setup = odoo_cli.prepare(PROGRAMS)
        port = server.running_port() or wanted_port
        if NAME not in database.names():
            server.stop()
            _build(setup)
        elif _is_outdated():
            server.stop()
            odoo_cli.sync_addons(setup, NAME, list(database.note(NAME)))
        if not server.running_port():
            port = server.choose_port(port)
            server.start(setup, NAME, port)
    say.show(WELCOME.format(address=server.address(port)))


def _check_port(wanted):
    running = server.running_port()
    if wanted and running and running != wanted:
        raise say.Failure(
            f"The demo is running already, at {server.address(running)}; "
            "run ./cc stop first to start it on another port."
        )
    if not running:
        server.choose_port(wanted)


def _is_outdated():
    note = database.note(NAME)
    return note != {addon: odoo_cli.addon_hash(addon) for addon in note}


def _build(setup):
    """Under another name until it is finished: half a demo is never taken for one."""
    guard.need_space(cluster.folder(), 1, "The demo database")
    half_done = f"{NAME}_tmp"
    database.create(half_done)
    odoo_cli.install(setup, half_done, MODULES)
    hashes = {name: odoo_cli.addon_hash(name) for name in _own_addons(half_done)}
    say.step("Filling the demo database")
    shell = odoo_cli.command(setup, "shell", "-d", half_done, "--no-http")
    failure, environment = "The demo data could not be loaded", setup.environment()
    log = say.run(shell, "demo-data", failure, env=environment, input=FILL.encode())
    if NOTHING in log.read_text():
        say.step("The addon has no demo data (model credit.demo): left out")
    database.rename(half_done, NAME)
    database.write_note(NAME, hashes)


def _own_addons(name):
    """Those of this checkout that are installed, also the ones Odoo added itself."""
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    installed = database.sql(query, database=name).splitlines()
    return [addon for addon in odoo_cli.addons() if addon in installed]


def stop():
    with guard.alone(place.state(), "demo"):
        if server.stop():
            say.step("Odoo is stopped")
        if cluster.stop():
            say.step("PostgreSQL is stopped")


def reset(everything):
    with guard.alone(place.state(), "demo"):
        server.stop()
        if everything:
            cluster.remove()
            shutil.rmtree(place.state())
            say.step("All databases of this checkout are removed")
        elif cluster.folder().exists():
            cluster.ensure()
            database.drop(NAME)
            say.step("The demo database is removed, ./cc demo builds it again")
