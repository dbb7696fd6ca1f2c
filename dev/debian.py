"""Debian packages: installing missing ones, and fetching some from unstable aside."""

import os
import re
import shutil
import sys
from pathlib import Path

from . import say

SOURCES = Path("/etc/apt")
UNATTENDED = ("env", "DEBIAN_FRONTEND=noninteractive")


def need(programs):
    """Install the packages of those ``{program: package}`` that are not there yet."""
    missing = [package for program, package in programs.items() if not which(program)]
    if missing:
        install(missing)


def which(program):
    """Find ``program``, also where Debian keeps PostgreSQL's server programs."""
    if found := shutil.which(program):
        return found
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(folders, key=lambda path: float(path.parent.name), reverse=True)
    return next((str(p / program) for p in newest if (p / program).exists()), None)


def install(packages):
    names = " ".join(packages)
    say.step(f"Installing Debian packages: {names}")
    failure = f"The Debian packages {names} could not be installed"
    prefix = _as_root(names)
    say.run([*prefix, "apt-get", *STRICT, "update"], "apt-update", failure, stdin=None)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    say.run([*prefix, *UNATTENDED, *command], "apt-install", failure, stdin=None)


def _as_root(names):
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        raise say.Failure(
            f"These Debian packages are missing: {names}; "
            "install them, or run this as root or as a user who may use sudo."
        )
    # without a terminal nobody can type a password: fail instead of hanging
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]


# without this, apt-get update counts an unreachable archive as a mere warning
STRICT = ("-o", "APT::Update::Error-Mode=any")


def release_codename():
    """The name of this machine's Debian release, such as bookworm."""
    text = Path("/etc/os-release").read_text()
    found = re.search(r"^VERSION_CODENAME=(\S+)", text, re.MULTILINE)
    return found[1].strip('"') if found else ""


def private_source(codename):
    """This machine's own Debian source as text, once as it is and once for unstable.

    Host, signature and options stay as the machine has them; the system's own
    lists are never changed, so nothing else is ever upgraded to unstable.
    """
    for stanza in _stanzas(codename):
        own = re.sub(r"(?m)^Suites:.*$", f"Suites: {codename} sid", stanza)
        return re.sub(r"(?m)^Components:.*$", "Components: main", own) + "\n"
    raise say.Failure(
        "Odoo 19 is fetched from Debian's archive, but this machine has no Debian "
        "package source; set ODOO_SOURCE to the folder of your own Odoo 19."
    )


def _stanzas(codename):
    """Sources of ``codename`` in apt's stanza format, whichever format they come in."""
    for path in sorted(SOURCES.glob("sources.list.d/*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            suites = re.search(r"(?m)^Suites:(.*)$", stanza)
            if suites and codename in suites[1].split():
                yield re.sub(r"(?m)^#.*\n?", "", stanza)
    for path in (SOURCES / "sources.list", *SOURCES.glob("sources.list.d/*.list")):
        lines = path.read_text().splitlines() if path.exists() else []
        yield from filter(None, (_as_stanza(line, codename) for line in lines))


def _as_stanza(line, codename):
    found = re.match(rf"deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+{codename}\s+main", line)
    if not found:
        return None
    stanza = f"Types: deb\nURIs: {found[2]}\nSuites: {codename}\nComponents: main\n"
    signed = re.search(r"signed-by=(\S+)", found[1] or "")
    return stanza + (f"Signed-By: {signed[1]}\n" if signed else "")


def fetch(packages, folder):
    """Download ``packages`` (``name/suite``) into ``folder``; apt checks signatures."""
    (folder / "lists" / "partial").mkdir(parents=True)
    source = folder / "private.sources"
    source.write_text(private_source(release_codename()))
    aside = {
        "Dir::Etc::sourcelist": source,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder,
        "APT::Sandbox::User": "root",  # apt's own user cannot write into a private home
    }
    options = [
        word for key, value in aside.items() for word in ("-o", f"{key}={value}")
    ]
    failure = (
        "Odoo 19 could not be fetched from Debian's archive, is the network there?"
    )
    say.run(["apt-get", *options, *STRICT, "update"], "odoo-lists", failure)
    command = ["apt-get", *options, "download", *packages]
    say.run(command, "odoo-download", failure, cwd=folder)
    return sorted(folder.glob("*.deb"))
