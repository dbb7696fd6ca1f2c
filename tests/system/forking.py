"""A process that does its work in one of its own each time, to be killed anywhere."""

#: Calls ``work()`` of the program before it each time that it is told to: ``begin``.
#: Tells the number of the process that does it, and how it ends: ``over`` or ``gone``.
FORKS = """
    import os
    from odoo.sql_db import close_all

    close_all()
    while sys.stdin.readline():
        pid = os.fork()
        if not pid:
            print("begun", os.getpid(), flush=True)
            work()
            print("over", flush=True)
            os._exit(0)
        os.waitpid(pid, 0)
        print("gone", flush=True)
"""


class Forking:
    """For committed tests: what they tell such a process, and what they hear."""

    def _fork_with(self, program, **values):
        self.worker = self._process(program + FORKS, **values)

    def _tell(self, word="go"):
        self.worker.stdin.write(f"{word}\n")
        self.worker.stdin.flush()

    def _hear(self):
        return self.worker.stdout.readline().split()

    def _begin(self):
        """Let it begin, and return the number of the process that works."""
        self._tell("begin")
        word, pid = self._hear()
        self.assertEqual(word, "begun")
        return int(pid)
