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

    @property
    def python(self):
        return self.venv / "bin" / "python"

    def exports(self):
        """Variables that let Odoo, psql and pytest run without further options."""
        return {
            "PGHOST": str(cluster.folder()),
            "PGPORT": str(cluster.PORT),
            "PGUSER": cluster.USER,
            "PYTHONPATH": str(self.source),
            "ODOO_ADDONS": str(odoo_source.addons_paths(self.source)[-1]),
            "CC_CONF": str(self.config),
            "PATH": os.pathsep.join(
                [str(self.venv / "bin"), str(cluster.programs()), os.environ["PATH"]]
            ),
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
    """Written whole and moved into place: somebody else may be reading it now."""
    paths = [*odoo_source.addons_paths(source), place.TOP]
    # OCA's addons come as Python packages
    packaged = venv.site_packages(environment) / "odoo" / "addons"
    paths += [packaged] if packaged.is_dir() else []
    text = CONFIG.format(
        addons_path=",".join(map(str, paths)),
        data_dir=place.state() / "data",
        socket=cluster.folder(),
        port=cluster.PORT,
        user=cluster.USER,
    )
    config = place.state() / "odoo.conf"
    half_done = config.with_suffix(f".{os.getpid()}")
    half_done.write_text(text)
    return half_done.replace(config)


def addons():
    """Names of the addons in this checkout, the one all others build on first."""
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
    changed = [
        addon for addon in wanted if addon in known and known[addon] != now[addon]
    ]
    if new or changed:
        install(setup, name, new, changed)
        database.write_note(name, {**known, **now})


def install(setup, name, new, changed=()):
    """Install ``new`` and update ``changed`` modules in database ``name``."""
    say.step(f"Installing {', '.join([*new, *changed])} in {name}")
    options = ["-i", ",".join(new)] if new else []
    options += ["-u", ",".join(changed)] if changed else []
    failure = f"Odoo could not install {', '.join([*new, *changed])} in {name}"
    command = [*arguments(setup, name), "--no-http", "--stop-after-init", *options]
    say.run(command, f"install-{name}", failure, env=setup.environment())


def arguments(setup, name, *command):
    """The command line of Odoo's ``command`` (its server if none) on ``name``."""
    program = [setup.python, setup.venv / "bin" / "odoo", *command]
    return [*program, "-c", setup.config, "-d", name]


def call(setup, words):
    """Run Odoo's own command line as the user typed it, and return its exit code."""
    odoo = [setup.python, setup.venv / "bin" / "odoo"]
    # a first word without a dash is one of Odoo's commands: its options come after it
    leading = [words.pop(0)] if words and not words[0].startswith("-") else []
    command = [*odoo, *leading, "-c", setup.config, *words]
    environment = setup.environment()
    return subprocess.run([str(w) for w in command], env=environment).returncode
