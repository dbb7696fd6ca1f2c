"""Odoo 19's source: the user's own, or Debian's package unpacked in the cache."""

import os
import re
import shutil
from pathlib import Path

from . import debian, guard, place, say

# Debian's package links to the others outside of itself
FROM_UNSTABLE = [
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
]
# unstable's Font Awesome has other file names, the icons would vanish
FROM_STABLE = ["fonts-font-awesome"]
# Debian leaves this file out, its absence is an error in every browser test
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
PACKAGES = "usr/lib/python3/dist-packages"


def ensure():
    """Return the folder to put on PYTHONPATH, fetching Odoo first if needed."""
    if own := os.environ.get("ODOO_SOURCE"):
        return check_own(Path(own).expanduser())
    unpacked = place.cache() / "odoo-19"
    if not unpacked.exists():
        with guard.alone(place.cache(), "odoo-19"):
            if not unpacked.exists():
                _unpack(unpacked)
    return unpacked / PACKAGES


def check_own(folder):
    """Return ``folder`` if it holds Odoo 19; say what is wrong with it otherwise."""
    if not (folder / "odoo" / "release.py").is_file():
        raise say.Failure(
            f"ODOO_SOURCE={folder} holds no Odoo: expected odoo/release.py in it "
            "(the folder of a git checkout, or the one that pip installed into)."
        )
    series = re.search(r"\d+", version(folder))
    if not series or series[0] != "19":
        found = series[0] if series else "of an unknown version"
        raise say.Failure(f"ODOO_SOURCE={folder} is Odoo {found}, but 19 is needed.")
    return folder.resolve()


def version(source):
    text = (source / "odoo" / "release.py").read_text()
    found = re.search(r"(?m)^version_info\s*=\s*(.*)$", text)
    return found[1] if found else ""


def addons_paths(source):
    """Folders of Odoo's own addons; a git checkout keeps most of them in addons/."""
    candidates = (source / "odoo" / "addons", source / "addons")
    return [path for path in candidates if path.is_dir()]


def _unpack(target):
    """Unpack beside ``target``, rename at the end: it is there as a whole or not."""
    half_done = target.with_name("odoo-19.tmp")
    shutil.rmtree(half_done, ignore_errors=True)  # of an interrupted try
    guard.need_space(place.cache(), 4, "Odoo 19 with Python packages and databases")
    say.step("Fetching Odoo 19 (130 MB)")
    wanted = [f"{name}/sid" for name in FROM_UNSTABLE]
    wanted += [f"{name}/{debian.codename()}" for name in FROM_STABLE]
    archives = debian.fetch(wanted, half_done / "download")
    say.step("Unpacking Odoo 19 (1.3 GB)")
    for archive in archives:
        failure = f"{archive.name} could not be unpacked"
        say.run(["dpkg", "-x", archive, half_done / "root"], "odoo-unpack", failure)
    missing = half_done / "root" / PACKAGES / LEFT_OUT
    missing.parent.mkdir(parents=True, exist_ok=True)
    missing.touch()
    (half_done / "root").rename(target)
    shutil.rmtree(half_done)
