"""Where things live: the checkout, the cache all checkouts share, their own corners."""

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
GIGABYTE = 10**9


def cache():
    """The folder shared by all checkouts of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    own = os.environ.get("CREDIT_COLLECTIONS_CACHE")
    return _made(Path(own or Path(base) / "credit_collections").absolute())


def checkout_key():
    return hashlib.sha256(str(TOP).encode()).hexdigest()[:10]


def state():
    """What belongs to this checkout alone: configuration, logs, Odoo's data folder."""
    return _made(cache() / f"checkout-{checkout_key()}")


def logs():
    return _made(state() / "logs")


def _made(folder):
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def need_space(folder, gigabytes, purpose):
    """Refuse to begin what the disk cannot hold: a half-filled disk breaks everything."""
    from .say import Failure

    free = shutil.disk_usage(folder).free / GIGABYTE
    if free < gigabytes:
        raise Failure(
            f"{purpose} needs about {gigabytes} GB, but only {free:.1f} GB are free in "
            f"{folder}; free some space or set CREDIT_COLLECTIONS_CACHE to another disk."
        )


@contextmanager
def locked(path):
    """Let one process at a time pass; a second one says that it waits."""
    from . import say

    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.step("Waiting for another ./cc to finish the same thing")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
