"""Running Odoo: its configuration, its environment, installing and updating addons."""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import cluster, database, debian, odoo_source, place, say, venv

CONFIG = """[options]
; written by ./cc at every start, changes are lost
addons_path = {addons_path}
data_dir = {data_dir}
db_host = {socket}
db_port = {port}
db_user = {user}
http_interface = 127.0.0.1
list_db = False
workers = 0
max_cron_threads = 1
limit_time_cpu = 3600
limit_time_real = 7200
limit_time_real_cron = 7200
"""
# nothing of these is loaded into the database, so a change there needs no update
NOT_LOADED = {"tests", "static", "readme", "__pycache__"}


@dataclass(frozen=True)
class Setup:
    """Everything that is needed to run Odoo, in place and running."""

    source: Path
    venv: Path
    config: Path

    def exports(self):
        """Variables that let Odoo, psql and pytest run without further options."""
        path = (self.venv / "bin", cluster.programs(), os.environ["PATH"])
        return {
            "PGHOST": str(cluster.folder()),
            "PGPORT": str(cluster.PORT),
            "PGUSER": cluster.USER,
            "PYTHONPATH": str(self.source),
            "ODOO_ADDONS": str(odoo_source.addons_paths(self.source)[-1]),
            "CC_CONF": str(self.config),
            "PATH": os.pathsep.join(map(str, path)),
        }

    def environment(self):
        return {**os.environ, **self.exports()}


def prepare(programs=None):
    """Fetch and start whatever is not there yet, Debian's ``programs`` included."""
    debian.need({"initdb": "postgresql", **(programs or {})})
    source, environment = odoo_source.ensure(), venv.ensure()
    cluster.ensure()
    return Setup(source, environment, _write_config(source, environment))


def _write_config(source, environment):
    paths = [*odoo_source.addons_paths(source), place.TOP]
    # OCA's addons come as Python packages
    paths += (environment / "lib").glob("python3.*/site-packages/odoo/addons")
    text = CONFIG.format(
        addons_path=",".join(map(str, paths)),
        data_dir=place.state() / "data",
        socket=cluster.folder(),
        port=cluster.PORT,
        user=cluster.USER,
    )
    config = place.state() / "odoo.conf"
    # moved into place in one go: another command may be reading it now
    half_done = config.with_suffix(f".{os.getpid()}")
    half_done.write_text(text)
    return half_done.replace(config)


def command(setup, *words):
    """Odoo's command line with our configuration; its subcommands come first in it."""
    leading = words[:1] if words and not str(words[0]).startswith("-") else ()
    # through python itself: the script's first line allows no blanks in its path
    program = [setup.venv / "bin/python", setup.venv / "bin/odoo", *leading]
    program += ["-c", setup.config]
    return [str(word) for word in (*program, *words[len(leading) :])]


def call(words):
    """Run Odoo as the user typed it; return its exit code."""
    setup = prepare()
    environment = setup.environment()
    return subprocess.run(command(setup, *words), env=environment).returncode


def addons():
    """Names of the addons in this checkout."""
    found = place.TOP.glob("credit_collections*/__manifest__.py")
    return sorted(path.parent.name for path in found)


def addon_hash(name, top=place.TOP):
    """Changes when anything of the addon changes that its database has to learn."""
    digest = hashlib.sha256()
    for path in sorted((top / name).rglob("*")):
        relative = path.relative_to(top / name)
        if path.is_file() and not NOT_LOADED.intersection(relative.parts):
            digest.update(f"{relative}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def sync_addons(setup, name, wanted):
    """Install or update those ``wanted`` addons that changed since the last time."""
    known = database.note(name)
    now = {addon: addon_hash(addon) for addon in wanted}
    new = [addon for addon in wanted if addon not in known]
    changed = [addon for addon in wanted if known.get(addon, now[addon]) != now[addon]]
    if new or changed:
        install(setup, name, new, changed)
        database.write_note(name, {**known, **now})


def install(setup, name, new, changed=()):
    """Install ``new`` and update ``changed`` modules in database ``name``."""
    text = ", ".join([*new, *changed])
    say.step(f"{'Installing' if new else 'Updating'} {text} in {name}")
    words = ["-d", name, "--no-http", "--stop-after-init"]
    words += ["-i", ",".join(new)] if new else []
    words += ["-u", ",".join(changed)] if changed else []
    failure = f"Odoo could not install {text} in database {name}"
    environment = setup.environment()
    say.run(command(setup, *words), f"install-{name}", failure, env=environment)
