"""A private PostgreSQL cluster per checkout: own folder and socket, no service."""

import os
import shutil
from pathlib import Path

from . import debian, guard, place, say

PORT = 5432  # only names the socket; the cluster listens on no network port
USER = "odoo"
SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes

# Everything in the cluster can be built again by ./cc, so it trades safety for speed:
# without fsync a power cut may ruin it. Never do this with data you need.
SETTINGS = f"""
listen_addresses = ''
port = {PORT}
max_connections = 100
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
"""


def folder():
    """As root the cluster belongs to user postgres, who cannot enter a private home."""
    if os.geteuid() == 0:
        return Path("/var/tmp") / f"credit_collections-{place.checkout_key()}"
    return place.cache() / f"cluster-{place.checkout_key()}"


def ensure():
    """Return the socket folder of the running cluster, made and started if needed."""
    debian.need({"initdb": "postgresql"})
    with guard.alone(place.state(), "cluster"):
        if not (folder() / "data").exists():
            _make()
        if not is_running():
            _start()
    return folder()


def is_running():
    data = folder() / "data"
    return data.exists() and _call("pg_ctl", "-D", data, "status", check=False)


def stop():
    """Stop the cluster; return whether it was running."""
    running = is_running()
    if running:
        _call("pg_ctl", "-D", folder() / "data", "-m", "fast", "-w", "stop")
    return running


def remove():
    stop()
    shutil.rmtree(folder(), ignore_errors=True)


def programs():
    """The folder of the server programs that fit the cluster."""
    made_with = folder() / "data" / "PG_VERSION"
    if made_with.exists():
        same = Path("/usr/lib/postgresql") / made_with.read_text().strip() / "bin"
        if same.is_dir():
            return same
    return Path(os.path.realpath(debian.which("initdb"))).parent


def _make():
    say.step("Making a private PostgreSQL cluster")
    target = folder()
    if len(str(target)) > SOCKET_PATH_LIMIT - len(f"/.s.PGSQL.{PORT}"):
        raise say.Failure(
            f"{target} is too long a path for a database socket; "
            "set CREDIT_COLLECTIONS_CACHE to a shorter one."
        )
    target.mkdir(mode=0o755, exist_ok=True)
    guard.need_space(target, 2, "The database")
    if os.geteuid() == 0:
        shutil.chown(target, "postgres", "postgres")
    half_done = target / "data.tmp"
    shutil.rmtree(half_done, ignore_errors=True)
    options = ("-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", USER, "--no-sync")
    _call("initdb", *options, "-D", half_done)
    with (half_done / "postgresql.conf").open("a") as file:
        file.write(f"{SETTINGS}unix_socket_directories = '{target}'\n")
    half_done.rename(target / "data")


def _start():
    log = folder() / "postgresql.log"
    _call("pg_ctl", "-D", folder() / "data", "-l", log, "-w", "start")


def _call(program, *arguments, check=True):
    """Run a server program, as root in the name of postgres, who must own the files."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*prefix, programs() / program, *arguments]
    try:
        failure = f"PostgreSQL's {program} failed"
        # a folder that postgres may enter, which the caller's own need not be
        say.run(command, program, failure, cwd="/")
    except say.Failure:
        if check:
            raise
        return False
    return True
