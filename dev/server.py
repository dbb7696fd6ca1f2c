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
        except OSError:
            return False
    return True


def choose_port(wanted=None):
    """The port the user asked for, or Odoo's usual one or the next that is free."""
    if wanted:
        if not is_free(wanted):
            raise say.Failure(
                f"Port {wanted} of {HOST} is taken or not allowed; "
                "name another one, or leave out --port to take the next free one."
            )
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY):
        if is_free(port):
            return port
    last = FIRST_PORT + PORTS_TO_TRY - 1
    raise say.Failure(f"All ports of {HOST} from {FIRST_PORT} to {last} are taken.")


def address(port):
    return f"http://{HOST}:{port}"


def running_port():
    """The port of this checkout's running server, None if there is none."""
    known = _read_state()
    return known["port"] if known and _is_ours(known["pid"]) else None


def start(setup, name, port):
    """Start Odoo on database ``name`` and return when its login page is there."""
    say.step(f"Starting Odoo on port {port}")
    log = place.logs() / "server.log"
    command = [*odoo_cli.arguments(setup, name), f"--http-port={port}"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(word) for word in [*command, f"--db-filter=^{name}$"]],
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
    while time.monotonic() < end:
        if process.poll() is not None:
            raise say.Failure(f"Odoo ended at once: {say.last_error(log)} (log: {log})")
        try:
            with urllib.request.urlopen(address(port) + "/web/login", timeout=60):
                return
        except urllib.error.HTTPError as error:
            raise say.Failure(
                f"Odoo answers with error {error.code} (log: {log})"
            ) from error
        except OSError:
            time.sleep(0.3)
    raise say.Failure(f"Odoo did not answer within {PATIENCE} seconds (log: {log})")


def stop():
    """Stop this checkout's server; return whether there was one."""
    known = _read_state()
    _state_file().unlink(missing_ok=True)
    if not known or not _is_ours(known["pid"]):
        return False
    # the second signal makes Odoo drop requests that are still open
    for number, patience in (
        (signal.SIGTERM, 5),
        (signal.SIGTERM, 3),
        (signal.SIGKILL, 5),
    ):
        os.kill(known["pid"], number)
        if _gone(known["pid"], patience):
            break
    return True


def _gone(pid, patience):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not _is_ours(pid):
            return True
        time.sleep(0.1)
    return False


def _state_file():
    return place.state() / "server.json"


def _read_state():
    try:
        return json.loads(_state_file().read_text())
    except (FileNotFoundError, ValueError):
        return None


def _is_ours(pid):
    """Numbers of ended processes are used again: look what the process really is."""
    process = Path("/proc") / str(pid)
    try:
        zombie = ") Z " in (process / "stat").read_text()
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return not zombie and str(place.state() / "odoo.conf").encode() in words
