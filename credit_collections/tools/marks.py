"""Marks on what is being done, for as long as a block of ours runs.

They are kept by cursor, out of reach of callers. Not in ``cr.precommit.data``: that is
emptied whenever its callbacks run, behind any savepoint for instance.
"""

from weakref import WeakKeyDictionary

_MARKS = WeakKeyDictionary()


def marked(env, name):
    """Return the set of what is marked by this name; the same one at each call.

    Whoever adds to it takes out what he added, whatever happens between.
    """
    return _MARKS.setdefault(env.cr, {}).setdefault(name, set())
