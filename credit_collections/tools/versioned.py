"""Values that the server keeps until what they are worked out from has changed.

What Odoo keeps with ``ormcache`` has no marks of what it depends on: to forget one
value is to forget everything that everybody keeps. Here each value is kept for a number
of changes of certain models, and a change makes the next one ask anew; nothing else is
forgotten.

Changes are counted in the database, so that they are seen with what was changed: by all
processes, after the commit, and not at all after a rollback. Nobody asks for the number
in order to decide: a process learns it when it looks for Odoo's own signals, before
each request and each job, and whenever it has to work a value out.
"""

from collections import Counter
from contextlib import suppress
from functools import partial

from psycopg2.errors import UndefinedTable

from odoo.tools import SQL, ormcache

#: Names of the models that a transaction has changed, in the data of what follows it.
_CHANGED = "credit_collections.changed"
#: Values that only this transaction uses, in its cache.
_OWN = "credit_collections.own_values"

_READ = SQL("SELECT model, SUM(amount)::bigint FROM credit_cache_change GROUP BY model")


class versioned(ormcache):
    """Like ``ormcache``, for values worked out from the records of some models.

    :param of: names of these models, all of which inherit ``credit.cached.mixin`` and
        are versioned
    """

    def __init__(self, *args, of):
        super().__init__(*args)
        self.of = of

    def lookup(self, *args, **kwargs):
        """Return the value of the arguments, worked out where it is not known."""
        records = args[0]
        key = self.key(*args, **kwargs)
        own = records.env.cr.cache.setdefault(_OWN, {})
        if key in own:
            return own[key]
        if _changed_here(records.env).isdisjoint(self.of):
            return self._shared(records, key, own, *args, **kwargs)
        own[key] = self.method(*args, **kwargs)
        return own[key]

    def _shared(self, records, key, own, *args, **kwargs):
        """Return a value that all may use: there, or worked out now.

        A transaction that began before a change works out what was right then, and
        keeps it to itself.
        """
        versions = _versions(records.pool)
        # with what Odoo keeps: it is forgotten together with that too
        shared = records.pool._Registry__caches[self.cache_name]
        with suppress(KeyError):  # one look: another thread may empty it in between
            return shared[(*key, versions.of(self.of))]
        seen = versions.learn(records.env)
        version = versions.of(self.of)
        value = self.method(*args, **kwargs)
        if version == versions.of(self.of, seen):
            shared[(*key, version)] = value
        else:
            own[key] = value
        return value


class _Versions:
    """How often the records of each model were changed, as far as a process knows."""

    def __init__(self):
        self.known = {}
        self.begun = Counter()  # changes of this process, committed or not

    def of(self, models, numbers=None):
        """Return what tells values apart that were worked out before and after.

        :param numbers: of changes that a transaction sees, default what is known
        """
        numbers = self.known if numbers is None else numbers
        return tuple((numbers.get(name, 0), self.begun[name]) for name in models)

    def learn(self, env):
        """Return the numbers of changes that a transaction sees, and remember them."""
        seen = dict(env.execute_query(_READ))
        self.remember(seen, but=_changed_here(env))
        return seen

    def remember(self, seen, but=()):
        """Remember numbers of changes; they only ever grow, so that a transaction that
        began long ago does not bring old values back."""
        for name in seen.keys() - but:
            self.known[name] = max(seen[name], self.known.get(name, 0))


def _versions(registry):
    return vars(registry).setdefault("_credit_versions", _Versions())


def _changed_here(env):
    return env.cr.postcommit.data.get(_CHANGED, frozenset())


def note_change(env, model):
    """Let values that depend on the records of a model be worked out anew.

    In this transaction at once, everywhere else when it is committed.
    """
    env.cr.execute(
        SQL("INSERT INTO credit_cache_change (model, amount) VALUES (%s, 1)", model)
    )
    after = env.cr.postcommit
    if _CHANGED not in after.data:  # once, however many records change
        after.data[_CHANGED] = set()
        after.add(partial(_learn_anew, env.registry))
    after.data[_CHANGED].add(model)
    env.cr.cache.pop(_OWN, None)
    # for those who share the connection and see it already, as in tests
    _versions(env.registry).begun[model] += 1


def _learn_anew(registry):
    """See what was committed, together with what others committed meanwhile."""
    with registry.cursor() as cr:
        _look(registry, cr)


def learn_with_signals(registry):
    """Let a registry look for changes whenever it looks for the signals of Odoo."""
    if "get_sequences" in vars(registry):  # once
        return
    signals = registry.get_sequences

    def get_sequences(cr):
        _look(registry, cr)
        return signals(cr)

    registry.get_sequences = get_sequences


def _look(registry, cr):
    try:
        with cr.savepoint(flush=False):
            cr.execute(_READ, log_exceptions=False)
            _versions(registry).remember(dict(cr.fetchall()))
    except UndefinedTable:
        return  # the addon was uninstalled; the registry will be loaded anew
