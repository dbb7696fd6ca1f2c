"""What a job does to others: longest locks and transactions, sampled beside it."""

import os
import threading
import time

import databases

EVERY = 0.1  # seconds between two samples

#: Tables that nobody may even read, and since when.
SHUT = """
    SELECT class.relname, lock.pid
      FROM pg_locks lock JOIN pg_class class ON class.oid = lock.relation
     WHERE lock.locktype = 'relation' AND lock.mode = 'AccessExclusiveLock'
       AND lock.granted AND lock.pid <> pg_backend_pid()
       AND lock.database = (SELECT oid FROM pg_database
                             WHERE datname = current_database())
       AND class.relkind = 'r'"""

#: Transactions of a program that wrote into a table, whose rows they keep from others.
#: Odoo keeps the row of a job locked while it runs; nobody else wants it.
WRITING = """
    SELECT class.relname, lock.virtualtransaction
      FROM pg_locks lock JOIN pg_class class ON class.oid = lock.relation
      JOIN pg_stat_activity activity ON activity.pid = lock.pid
     WHERE lock.locktype = 'relation' AND lock.mode = 'RowExclusiveLock'
       AND activity.datname = current_database()
       AND activity.application_name = %s
       AND class.relkind = 'r' AND class.relname NOT LIKE 'ir\\_cron%%'"""


def application():
    """Return the name by which PostgreSQL knows the sessions of this process."""
    return f"odoo-{os.getpid()}"


class Watch(threading.Thread):
    """Runs a statement over and over; keeps how long each of its rows was there.

    The first column of the statement says what to keep the longest time for.
    """

    def __init__(self, database, statement, parameters=None):
        super().__init__(daemon=True)
        self.connection = databases.connect(database)
        self.statement, self.parameters = statement, parameters
        self.longest = {}
        self._since = {}
        self._over = threading.Event()

    def run(self):
        with self.connection.cursor() as cr:
            while not self._over.wait(EVERY):
                cr.execute(self.statement, self.parameters)
                self._keep(cr.fetchall())

    def _keep(self, rows):
        now = time.monotonic()
        self._since = {row: self._since.get(row, now) for row in rows}
        for row, since in self._since.items():
            lasted = now - since + EVERY
            self.longest[row[0]] = max(lasted, self.longest.get(row[0], 0.0))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self.join()
        self.connection.close()
