"""./cc wheels: each addon as a wheel, as OCA's addons come from the package index."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from . import odoo_cli, place, say, venv

BUILD_LOCK = place.TOP / "dev" / "requirements-build.lock"


def build(target):
    """Write a wheel per addon into folder ``target``, and return their paths."""
    python = venv.ensure(BUILD_LOCK) / "bin" / "python"
    target.mkdir(parents=True, exist_ok=True)
    for path in _wheels(target):
        path.unlink()  # of another version, perhaps
    with tempfile.TemporaryDirectory() as copy:
        folders = [_copy(name, Path(copy)) for name in odoo_cli.addons()]
        command = [python, "-m", "pip", "--disable-pip-version-check", "wheel"]
        options = ["--no-index", "--no-deps", "--no-build-isolation", "-w", target]
        failure = "The wheels could not be built"
        # not from the checkout, whose folders python would take for packages
        say.run([*command, *options, *folders], "wheels", failure, cwd=copy)
    return _wheels(target)


def _wheels(target):
    names = [f"odoo_addon_{name}-*.whl" for name in odoo_cli.addons()]
    return [path for name in names for path in sorted(target.glob(name))]


def _copy(addon, target):
    """Copy what belongs to an addon; the builder would leave out what is not committed,
    and stumble over what was moved since."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z", addon]
    if not (place.TOP / ".git").exists():
        raise say.Failure("Wheels are built from a clone: this folder has no history.")
    listed = subprocess.check_output(command, cwd=place.TOP, text=True)
    for name in filter(None, listed.split("\0")):
        source = place.TOP / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    return target / addon
