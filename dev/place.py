"""Where things live: the checkout, the cache all checkouts share, its own corner."""

import hashlib
import os
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent


def cache():
    """The folder shared by all checkouts of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    own = os.environ.get("CREDIT_COLLECTIONS_CACHE")
    return _made(Path(own or Path(base) / "credit_collections").absolute())


def checkout_key():
    """Tells checkouts apart, and the uses of one checkout with several caches."""
    identity = f"{TOP}{os.environ.get('CREDIT_COLLECTIONS_CACHE', '')}"
    return hashlib.sha256(identity.encode()).hexdigest()[:10]


def state():
    """What belongs to this checkout alone: configuration, logs, Odoo's data folder."""
    return _made(cache() / f"checkout-{checkout_key()}")


def logs():
    return _made(state() / "logs")


def _made(folder):
    folder.mkdir(parents=True, exist_ok=True)
    return folder
