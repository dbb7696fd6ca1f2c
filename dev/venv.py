"""Python environments, one per lock file, built once and shared by all checkouts."""

import hashlib
import shutil
import sys

from . import guard, place, say

LOCK = place.TOP / "dev" / "requirements.lock"
LINT_LOCK = place.TOP / "dev" / "requirements-lint.lock"
ODOO_COMMAND = "#!{python}\nimport odoo.cli\nodoo.cli.main()\n"


def folder_name(lock_text, python=sys.version_info):
    """Another lock file or Python makes another environment, never a changed one."""
    key = f"{python[0]}.{python[1]}\n{sys.base_prefix}\n{lock_text}"
    return f"venv-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def ensure(lock=LOCK):
    """Return the environment of ``lock``, complete or built now."""
    folder = place.cache() / folder_name(lock.read_text())
    if not _complete(folder):
        with guard.alone(place.cache(), "venv"):
            if not _complete(folder):
                _build(folder, lock)
    return folder


def _complete(folder):
    return (folder / "complete").exists()


def _build(folder, lock):
    """Built in place, scripts name their own path; the mark ``complete`` comes last."""
    shutil.rmtree(folder, ignore_errors=True)  # of an interrupted try
    guard.need_space(place.cache(), 1, "The Python packages")
    say.step(f"Installing Python packages of {lock.name}")
    failure = "The Python packages could not be installed, is the network there?"
    say.run([sys.executable, "-m", "venv", folder], "venv", failure)
    pip = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check", "install"]
    say.run([*pip, "--no-deps", "-r", lock], "pip", failure)
    command = folder / "bin" / "odoo"
    command.write_text(ODOO_COMMAND.format(python=folder / "bin/python"))
    command.chmod(0o755)
    (folder / "complete").touch()
