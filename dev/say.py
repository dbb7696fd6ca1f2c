"""Progress on the terminal, trouble as one sentence, subprocesses with a log."""

import re
import subprocess
import sys

from . import place

DISK_FULL = "No space left on device"
ERROR_LINE = re.compile(r"(E|ERROR|FATAL|[\w.]*[A-Z]\w*[a-z]\w*): +\S")


class Failure(Exception):
    """Something the user can understand and act on; its text is the whole message."""


class Progress:
    """Where progress goes: stdout, unless a command's stdout is its result."""

    stream = sys.stdout


def step(text):
    print(f"==> {text}", file=Progress.stream, flush=True)


def show(text):
    print(text, file=Progress.stream, flush=True)


def last_error(log):
    """The last line of ``log`` that names an error, to put into the sentence."""
    text = log.read_text(errors="replace")
    if DISK_FULL in text:
        return DISK_FULL  # what follows from it would only mislead
    for line in reversed(text.splitlines()):
        if ERROR_LINE.match(line):
            return line.strip()[:300]
    return "see there"


def run(command, log_name, failure, **options):
    """Run ``command`` with its output in a log, and return the log.

    If it fails, the sentence is ``failure``, the reason that the log gives, its place.
    """
    log = place.logs() / f"{log_name}.log"
    if "input" not in options:
        options.setdefault("stdin", subprocess.DEVNULL)
    with log.open("w") as output:
        words = [str(word) for word in command]
        options.update(stdout=output, stderr=subprocess.STDOUT)
        result = subprocess.run(words, **options)
    if result.returncode:
        colon = "" if failure.endswith("?") else ":"
        raise Failure(f"{failure}{colon} {last_error(log)} (log: {log})")
    return log
