"""Odoo in the background: a free port, start and wait, stop."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import odoo_cli, place, say

HOST = "127.0.0.1"
FIRST_PORT = 8069
PORTS_TO_TRY = 100
PATIENCE = 180  # seconds until Odoo must have answered


def is_free(port):
    with socket.socket() as probe:
        # as servers do: a connection that only lingers does not count as taken
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def choose_port(wanted=None):
    """The port the user asked for, or Odoo's usual one or the next that is free."""
    last = FIRST_PORT + PORTS_TO_TRY - 1
    candidates = [wanted] if wanted else range(FIRST_PORT, last + 1)
    if port := next(filter(is_free, candidates), None):
        return port
    if wanted:
        raise say.Failure(
            f"Port {wanted} of {HOST} is taken or not allowed; "
            "name another one, or leave out --port to take the next free one."
        )
    raise say.Failure(f"All ports of {HOST} from {FIRST_PORT} to {last} are taken.")


def address(port):
    return f"http://{HOST}:{port}"


def running_port():
    """The port of this checkout's running server, None if there is none."""
    known = _known()
    return known and known["port"]


def start(setup, name, port):
    """Start Odoo on database ``name`` and return when its login page is there."""
    say.step(f"Starting Odoo on port {port}")
    log = place.logs() / "server.log"
    command = odoo_cli.command(setup, "-d", name, f"--db-filter=^{name}$")
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, f"--http-port={port}"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=setup.environment(),
            start_new_session=True,  # survives the terminal it was started from
        )
    _state_file().write_text(json.dumps({"pid": process.pid, "port": port}))
    try:
        _wait(process, port, log)
    except BaseException:
        stop()
        raise


def _wait(process, port, log):
    """The login page, not just any answer: it also builds the style sheets once."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address(port) + "/web/login", timeout=60).close()
            return
        except urllib.error.HTTPError as error:
            text = f"Odoo answers with error {error.code} (log: {log})"
            raise say.Failure(text) from error
        except OSError:
            time.sleep(0.3)
    raise say.Failure(f"Odoo does not answer: {say.last_error(log)} (log: {log})")


def stop():
    """Stop this checkout's server; return whether there was one."""
    known = _known()
    if known:
        os.kill(known["pid"], signal.SIGTERM)
        end = time.monotonic() + 10
        while _known() and time.monotonic() < end:
            time.sleep(0.1)
        if _known():
            os.kill(known["pid"], signal.SIGKILL)
    _state_file().unlink(missing_ok=True)
    return bool(known)


def _state_file():
    return place.state() / "server.json"


def _known():
    """What :func:`start` wrote, if the process it names is alive and still Odoo."""
    try:
        known = json.loads(_state_file().read_text())
        process = Path("/proc") / str(known["pid"])
        words = (process / "cmdline").read_bytes().split(b"\0")  # none if it ended
    except (OSError, ValueError):
        return None
    return known if str(place.state() / "odoo.conf").encode() in words else None
