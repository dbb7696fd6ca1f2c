"""Tests in several processes at once: files handed out, results put together.

Each share is a pytest of its own (``share_plugin`` is its side of it), with a database
of its own where it needs one. Whoever is through takes the next file; the longest come
first, by the times of the last run. What pytest prints itself goes into a log.
"""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from . import place, say
from .share_plugin import OWN_ORDER, SOCKET

FAILED, INTERRUPTED, NO_TESTS = 1, 2, 5  # pytest's exit codes
GRACE = 15  # seconds to end by itself, browser and server included
# what a file is taken to need that never ran here: its classes set up, its tests run
SECONDS_PER_FILE, SECONDS_PER_TEST = 3.0, 0.3


class Queue:
    """The files that no share has taken yet, the longest first."""

    def __init__(self, times=None):
        self.times = times or {}
        self.files = None  # until a share has collected them

    def fill(self, files):
        """``files``: how many tests each has. All shares must find the same ones."""
        if self.files is None:
            self.collected = files
            self.files = sorted(files, key=self.expected_seconds, reverse=True)
        return files == self.collected

    def expected_seconds(self, path):
        guess = SECONDS_PER_FILE + SECONDS_PER_TEST * self.collected[path]
        return self.times.get(path, guess)

    def take(self):
        return self.files.pop(0) if self.files else None

    def close(self):
        """Nothing more is handed out."""
        self.files = []


@dataclass
class Results:
    """What came of all shares together."""

    counts: Counter = field(default_factory=Counter)
    collected: dict = field(default_factory=dict)
    ran: set = field(default_factory=set)
    failures: dict = field(default_factory=dict)  # text by test and phase
    skipped: Counter = field(default_factory=Counter)  # tests by reason
    warnings: Counter = field(default_factory=Counter)
    troubles: list = field(default_factory=list)  # of the shares themselves
    codes: list = field(default_factory=list)
    seconds: dict = field(default_factory=dict)  # by file
    phases: list = field(default_factory=list)  # (seconds, phase, test)

    def add(self, result):
        """Count a result, once also where both shares meet it, as when collecting."""
        test, when, category = (result[key] for key in ("test", "when", "category"))
        if when == "collect":
            if (test, when) in self.failures:
                return
        else:
            self.phases.append((result["seconds"], when, test))
        if category:  # a set-up that worked has none
            self.counts[category] += 1
            self.ran |= {test} if when != "collect" else set()
        if result["failed"]:
            self.failures[test, when] = result["text"]
        elif category == "skipped":
            self.skipped[result["text"]] += 1

    def of_file(self, path):
        """What to say of a file that is through."""
        tests = [test for test in self.ran if test.startswith(f"{path}::")]
        bad = {test for test, _ in self.failures if test in tests}
        good = f"{len(tests) - len(bad)} ok"
        return f"{good}, {len(bad)} FAILED" if bad else good

    def never_run(self):
        """How many tests were collected of which nothing was heard again."""
        return sum(self.collected.values()) - len(self.ran)

    def exit_code(self):
        """That of a single pytest over everything: green only if everything ran."""
        bad = [code for code in self.codes if code not in (0, NO_TESTS)]
        if self.troubles or self.failures:
            return next((code for code in bad if code > 0), FAILED)
        if bad:
            return bad[0]
        if not self.ran:
            return NO_TESTS
        return FAILED if self.never_run() else 0


class Crew:
    """The shares of one run: a context that ends them all, however it is left."""

    def __init__(self, times=None):
        self.queue = Queue(times)
        self.results = Results()
        self.lock = threading.Lock()
        self.shares = []
        self.begun = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, name, command, environment, takes_all=False):
        """Start a share; one that ``takes_all`` runs what it collects, in its order."""
        share = _Share(self, name, takes_all)
        share.start(command, environment)
        self.shares.append(share)

    def seconds(self):
        return time.monotonic() - self.begun

    def finish(self):
        """Wait for all shares and return the results."""
        for share in self.shares:
            share.thread.join()
        return self.results

    def stop(self):
        """End what still runs, politely first, and nothing stays behind."""
        for share in self.shares:
            share.interrupt()
        until = time.monotonic() + GRACE
        for share in self.shares:
            share.end(until)


class _Share:
    """One pytest, and the thread that listens to it."""

    def __init__(self, crew, name, takes_all):
        self.crew, self.name, self.takes_all = crew, name, takes_all
        self.log = place.logs() / f"tests-{name}.log"
        self.running = None  # the file it is at
        self.code = None  # what it said itself
        self.thread = threading.Thread(target=self._listen, daemon=True)

    def start(self, command, environment):
        self.socket, theirs = socket.socketpair()
        variables = {**environment, SOCKET: str(theirs.fileno())}
        variables[OWN_ORDER] = "1" if self.takes_all else ""
        with self.log.open("w") as output, theirs:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                cwd=place.TOP,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C reaches it through us alone
            )
        self.thread.start()

    def _listen(self):
        with self.socket.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                message = json.loads(line)
                with self.crew.lock:
                    getattr(self, f"_on_{message.pop('kind')}")(**message)
        code = self.process.wait()
        with self.crew.lock:
            self._ended(code)

    # === WHAT A SHARE TELLS === #

    def _on_collected(self, files):
        results = self.crew.results
        if self.takes_all or self.crew.queue.files is None:
            results.collected |= files
        if not self.takes_all and not self.crew.queue.fill(files):
            self._trouble("found other tests than the share before it")

    def _on_next(self):
        path = self.crew.queue.take()
        self.socket.sendall(f"{json.dumps(path)}\n".encode())

    def _on_begin(self, file):
        self.running = file

    def _on_end(self, file, seconds):
        self.running = None
        results = self.crew.results
        results.seconds[file] = seconds
        done, total = len(results.ran), sum(results.collected.values())
        share = f"{100 * done // total:3d}%"
        say.show(f"[{share}] {file}: {results.of_file(file)} ({seconds:.1f} s)")

    def _on_result(self, **result):
        self.crew.results.add(result)
        if result["failed"]:
            say.show(f"FAILED {result['test']} ({result['when']})")

    def _on_warning(self, text):
        self.crew.results.warnings[text] += 1

    def _on_finished(self, code):
        self.code = code
        if code == INTERRUPTED or (code == FAILED and self.running):
            self.crew.queue.close()  # -x, --maxfail: the others need not go on

    def _ended(self, code):
        """A share that ends without a word, or with another code, has crashed."""
        self.crew.results.codes.append(code)
        if self.code is None or code != self.code:
            self._trouble(f"ended with {code}")
        elif code not in (0, FAILED, NO_TESTS):
            self._trouble(f"gave up with {code}")

    def _trouble(self, what):
        where = f" in {self.running}" if self.running else ""
        lines = self.log.read_text(errors="replace").splitlines()[-40:]
        text = "\n".join([f"share {self.name} {what}{where}; log: {self.log}", *lines])
        self.crew.results.troubles.append(text)

    # === THE END === #

    def interrupt(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)

    def end(self, until):
        """Browsers are of its process group: they end with it."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(until - time.monotonic(), 0))
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.thread.join()
        self.socket.close()


# === THE REPORT === #


def report(results, took, durations=None):
    """Print failures whole, then one summary over all shares."""
    for (test, when), text in results.failures.items():
        say.show(f"\n{f' {test} ({when}) ':_^88}\n{text}")
    for text in results.troubles:
        say.show(f"\n{text}")
    if durations is not None:
        say.show(slowest(results, durations))
    for text, count in results.warnings.most_common():
        say.show(f"WARNING [{count}] {text}")
    for reason, count in results.skipped.most_common():
        say.show(f"SKIPPED [{count}] {reason}")
    for test, when in results.failures:
        say.show(f"FAILED {test} ({when})")
    say.step(summary(results, took))


def summary(results, took):
    words = ("failed", "error", "passed", "skipped")
    named = [*words, *sorted(set(results.counts) - set(words))]
    parts = [f"{results.counts[word]} {word}" for word in named if results.counts[word]]
    if missing := results.never_run():
        parts.append(f"{missing} NEVER RUN")
    parts += [text.split(";")[0].splitlines()[0] for text in results.troubles]
    minutes, seconds = divmod(round(took), 60)
    return f"{', '.join(parts) or 'no tests'} in {minutes} min {seconds} s"


def slowest(results, count):
    """Where time went: tests, the set-up of classes (it is in their first test), files.

    ``count``: how many lines of each; 0 shows all.
    """
    last = count or None
    calls = sorted((line for line in results.phases if line[1] == "call"), reverse=True)
    setups = Counter()
    for seconds, when, test in results.phases:
        if when != "call":
            setups[test.rpartition("::")[0]] += seconds
    total = sum(seconds for seconds, *_ in calls)
    lines = [f"\nTests: {total:.0f} s, the slowest:"]
    lines += [f"{seconds:8.2f} s  {test}" for seconds, _, test in calls[:last]]
    lines += [f"\nSet-up and clean-up of classes: {sum(setups.values()):.0f} s:"]
    lines += [f"{seconds:8.2f} s  {name}" for name, seconds in setups.most_common(last)]
    files = Counter(results.seconds)
    lines += [f"\nFiles: {sum(files.values()):.0f} s:"]
    lines += [f"{seconds:8.2f} s  {name}" for name, seconds in files.most_common(last)]
    return "\n".join(lines)
