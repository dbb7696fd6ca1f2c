"""./cc demo: a filled database and a running Odoo, built once, kept afterwards."""

import shutil

from . import cluster, database, odoo_cli, place, say, server

NAME = "demo"
MODULES = (
    "credit_collections contacts sale_management account sale_stock payment_demo"
).split()
PROGRAMS = {"wkhtmltopdf": "wkhtmltopdf"}
# the model comes with the addon; without it there is just nothing to fill in
FILL = """
if "credit.demo" in env:
    env["credit.demo"]._load()
    env.cr.commit()
else:
    print("no demo data yet")
"""
WELCOME = """
Odoo is running at {address}

  Log in as           Password            You are
  admin               admin               credit manager and administrator
  credit_manager      credit_manager      credit manager
  credit_controller   credit_controller   credit controller
  salesperson         salesperson         salesperson

Look first at: the menu Credit, then a held order under Sales.

Stop it with ./cc stop, begin anew with ./cc reset and ./cc demo.
"""


def run(wanted_port):
    with place.locked(place.state() / "demo.lock"):
        running = server.running_port()
        if wanted_port and running not in (None, wanted_port):
            raise say.Failure(
                f"The demo is running already, at {server.address(running)}; "
                "run ./cc stop first to start it on another port."
            )
        if not running:
            server.choose_port(wanted_port)  # say so before long work, not after it
        setup = odoo_cli.prepare(PROGRAMS)
        port = _bring_up(setup, running, wanted_port)
    say.show(WELCOME.format(address=server.address(port)))


def _bring_up(setup, running, wanted_port):
    """Leave a current database and a running server; return the server's port."""
    if not database.exists(NAME):
        server.stop()
        _build(setup)
    elif _is_outdated():
        server.stop()
        odoo_cli.sync_addons(setup, NAME, list(database.note(NAME)))
    if port := server.running_port():
        return port
    port = running or server.choose_port(wanted_port)
    server.start(setup, NAME, port)
    return port


def _is_outdated():
    note = database.note(NAME)
    return note != {addon: odoo_cli.addon_hash(addon) for addon in note}


def _build(setup):
    """Under another name until it is finished: half a demo is never taken for one."""
    half_done = f"{NAME}_tmp"
    place.need_space(cluster.folder(), 1, "The demo database")
    database.create(half_done)
    odoo_cli.install(setup, half_done, MODULES)
    say.step("Filling the demo database")
    shell = [*odoo_cli.arguments(setup, half_done, "shell"), "--no-http"]
    log = say.run(
        shell,
        "demo-data",
        "The demo data could not be loaded",
        env=setup.environment(),
        input=FILL.encode(),
    )
    if "no demo data yet" in log.read_text():
        say.step("The addon has no demo data (model credit.demo), left out")
    names = [name for name in odoo_cli.addons() if name in _installed(half_done)]
    hashes = {name: odoo_cli.addon_hash(name) for name in names}
    database.rename(half_done, NAME)
    database.write_note(NAME, hashes)


def _installed(name):
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    return set(database.sql(query, database=name).splitlines())


def stop():
    with place.locked(place.state() / "demo.lock"):
        if server.stop():
            say.step("Odoo is stopped")
        if cluster.is_running():
            cluster.stop()
            say.step("PostgreSQL is stopped")


def reset(everything):
    with place.locked(place.state() / "demo.lock"):
        server.stop()
        if everything:
            cluster.remove()
            shutil.rmtree(place.state())
            say.step("The cluster with all its databases is removed")
        elif cluster.folder().exists():
            cluster.ensure()
            database.drop(NAME)
            database.drop(f"{NAME}_tmp")
            say.step("The demo database is removed, ./cc demo builds it again")
