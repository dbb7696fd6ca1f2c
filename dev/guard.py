"""What must hold before work begins: room on the disk, nobody else at the same work."""

import fcntl
import shutil
from contextlib import contextmanager

from . import place, say

GIGABYTE = 10**9


def need_space(folder, gigabytes, purpose):
    """Refuse to begin what the disk cannot hold."""
    free = shutil.disk_usage(folder).free / GIGABYTE
    if free < gigabytes:
        in_cache = folder.is_relative_to(place.cache())
        elsewhere = " or set CREDIT_COLLECTIONS_CACHE to a folder elsewhere"
        raise say.Failure(
            f"{purpose} needs about {gigabytes} GB, but {folder} has {free:.1f} GB "
            f"free; make room there{elsewhere if in_cache else ''}."
        )


@contextmanager
def alone(folder, work):
    """Let one process at a time do ``work``; a second one says that it waits."""
    with (folder / f"{work}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.step(f"Waiting for another ./cc that is at work on {work}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
