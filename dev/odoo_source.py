"""Odoo 19's source: the user's own folder, or Debian's package unpacked in the cache."""

import os
import re
import shutil
from pathlib import Path

from . import debian, place, say

# what Debian's Odoo package links to outside of itself
FROM_UNSTABLE = (
    "odoo-19 libjs-jquery libjs-jquery-form libjs-underscore fonts-roboto-unhinted "
    "fonts-montserrat fonts-inconsolata fonts-ocr-b fonts-glyphicons-halflings"
).split()
# unstable's Font Awesome has other file names, the icons would vanish
FROM_STABLE = ["fonts-font-awesome"]
# Debian leaves this file out, its absence is an error in every browser test
LEFT_OUT = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure():
    """Return the folder to put on PYTHONPATH, fetching Odoo first if needed."""
    if own := os.environ.get("ODOO_SOURCE"):
        return check_own(Path(own).expanduser())
    unpacked = place.cache() / "odoo-19"
    if not unpacked.exists():
        with place.locked(place.cache() / "odoo-19.lock"):
            if not unpacked.exists():
                _unpack(unpacked)
    return unpacked / "usr/lib/python3/dist-packages"


def check_own(folder):
    """Return ``folder`` if it holds Odoo 19; say what is wrong with it otherwise."""
    release = folder / "odoo" / "release.py"
    if not release.is_file():
        raise say.Failure(
            f"ODOO_SOURCE={folder} holds no Odoo: expected odoo/release.py in it "
            "(the folder of a git checkout, or the one that pip installed into)."
        )
    found = re.search(r"version_info\s*=\s*\(\D*(\d+)", release.read_text())
    if not found or found[1] != "19":
        series = found[1] if found else "of an unknown version"
        raise say.Failure(f"ODOO_SOURCE={folder} is Odoo {series}, not 19.")
    return folder.resolve()


def version(source):
    text = (source / "odoo" / "release.py").read_text()
    return re.search(r"(?m)^version_info.*$", text)[0]


def addons_paths(source):
    """Folders of Odoo's own addons; a git checkout keeps most of them in addons/."""
    candidates = (source / "addons", source / "odoo" / "addons")
    return [path for path in candidates if path.is_dir()]


def _unpack(target):
    """Fetch beside ``target`` and rename at the end: an interrupted try leaves no trace."""
    place.need_space(place.cache(), 4, "Odoo 19 with its Python packages and databases")
    say.step("Fetching Odoo 19 (130 MB)")
    half_done = target.with_suffix(".tmp")
    shutil.rmtree(half_done, ignore_errors=True)
    stable = debian.release_codename()
    wanted = [f"{name}/sid" for name in FROM_UNSTABLE]
    wanted += [f"{name}/{stable}" for name in FROM_STABLE]
    archives = debian.fetch(wanted, half_done / "download")
    say.step("Unpacking Odoo 19 (1.3 GB)")
    for archive in archives:
        failure = f"{archive.name} could not be unpacked"
        say.run(["dpkg", "-x", archive, half_done / "root"], "odoo-unpack", failure)
    missing = half_done / "root/usr/lib/python3/dist-packages/odoo" / LEFT_OUT
    missing.parent.mkdir(parents=True, exist_ok=True)
    missing.touch()
    (half_done / "root").rename(target)
    shutil.rmtree(half_done)
