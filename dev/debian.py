"""Debian packages: installing missing ones, and fetching some from unstable aside."""

import os
import re
import shutil
import sys
from pathlib import Path

from . import say

APT = Path("/etc/apt")
SERVER_PROGRAMS = Path("/usr/lib/postgresql")
# without this, apt-get update counts an archive that it cannot reach as a mere warning
STRICT = ("-o", "APT::Update::Error-Mode=any")


def need(programs):
    """Install the packages of those ``{program: package}`` that are not there yet."""
    missing = [package for program, package in programs.items() if not which(program)]
    if missing:
        install(missing)


def which(program):
    """Find ``program``, also where Debian keeps PostgreSQL's server programs."""
    folders = SERVER_PROGRAMS.glob("*/bin")
    newest = sorted(folders, key=lambda path: float(path.parent.name), reverse=True)
    return shutil.which(program) or shutil.which(
        program, path=os.pathsep.join(map(str, newest))
    )


def install(packages):
    names = " ".join(packages)
    prefix = as_root(names)
    say.step(f"Installing Debian packages: {names}")
    failure = (
        f"The Debian packages {names} could not be installed, is the network there?"
    )
    say.run([*prefix, "apt-get", *STRICT, "update"], "apt-update", failure, stdin=None)
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y"]
    command += ["--no-install-recommends", *packages]
    say.run([*prefix, *command], "apt-install", failure, stdin=None)


def as_root(names):
    """The words that make a command run as root."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        raise say.Failure(
            f"These Debian packages are missing: {names}; "
            "install them, or run this as root or as a user who may use sudo."
        )
    # without a terminal nobody can type a password: fail instead of hanging
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]


def codename():
    """The name of this machine's Debian release, such as bookworm."""
    found = re.search(r"(?m)^VERSION_CODENAME=(\S+)", _read("/etc/os-release"))
    return found[1] if found else "?"


def private_source(release):
    """This machine's own source of ``release``, with unstable (sid) beside it.

    Address and signature stay as the machine has them. Only apt calls that name this
    text use it: the system itself never upgrades anything to unstable.
    """
    for stanza in _stanzas():
        suites = re.search(r"(?m)^Suites:(.*)$", stanza)
        if suites and release in suites[1].split():
            stanza = re.sub(r"(?m)^Suites:.*$", f"Suites: {release} sid", stanza)
            return re.sub(r"(?m)^Components:.*$", "Components: main", stanza)
    raise say.Failure(
        "Odoo 19 is fetched from Debian's archive, but this machine has no Debian "
        "package source; set ODOO_SOURCE to the folder of your own Odoo 19."
    )


def _stanzas():
    """The machine's sources, those in the older one-line format rewritten."""
    for path in APT.glob("sources.list.d/*.sources"):
        for stanza in re.split(r"\n\s*\n", _read(path)):
            yield re.sub(r"(?m)^#.*\n?", "", stanza).strip() + "\n"
    for path in (APT / "sources.list", *APT.glob("sources.list.d/*.list")):
        lines = re.findall(r"(?m)^deb\s+(?:\[(.*)\]\s+)?(\S+)\s+(\S+)\s+", _read(path))
        for options, address, suite in lines:
            signed = re.search(r"signed-by=(\S+)", options)
            yield (
                f"Types: deb\nURIs: {address}\nSuites: {suite}\nComponents: main\n"
                + (f"Signed-By: {signed[1]}\n" if signed else "")
            )


def _read(path):
    path = Path(path)
    return path.read_text() if path.exists() else ""


def fetch(packages, folder):
    """Download ``packages`` (``name/suite``) into ``folder``; apt checks signatures."""
    (folder / "lists" / "partial").mkdir(parents=True)
    source = folder / "private.sources"
    source.write_text(private_source(codename()))
    aside = {
        "Dir::Etc::sourcelist": source,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder,
        "APT::Sandbox::User": "root",  # apt's own user may not enter a private home
    }
    apt = ["apt-get", *STRICT]
    for key, value in aside.items():
        apt += ["-o", f"{key}={value}"]
    failure = "Odoo 19 could not be fetched from Debian, is the network there?"
    say.run([*apt, "update"], "odoo-lists", failure)
    say.run([*apt, "download", *packages], "odoo-download", failure, cwd=folder)
    return sorted(folder.glob("*.deb"))
