"""Progress on the terminal, errors as one sentence, subprocesses with a log."""

import re
import subprocess
import sys

from . import place


class Failure(Exception):
    """Something the user can understand and act on; its text is the whole message."""


class Progress:
    """Where progress lines go: stdout, unless a command's stdout is its result."""

    stream = sys.stdout


def step(text):
    print(f"==> {text}", file=Progress.stream, flush=True)


def show(text):
    print(text, file=Progress.stream, flush=True)


def last_error(log):
    """The last line of ``log`` that names an error, to put into the sentence."""
    pattern = re.compile(r"(E|ERROR|FATAL|[\w.]*[A-Z]\w*[a-z]\w*): +\S")
    for line in reversed(log.read_text(errors="replace").splitlines()):
        if pattern.match(line):
            return line.strip()[:300]
    return ""


def run(command, log_name, failure, **options):
    """Run ``command`` with its output in a log; raise ``failure`` if it fails.

    The sentence ends with the reason found in the log and the log's place.
    """
    log = place.logs() / f"{log_name}.log"
    if "input" not in options:
        options.setdefault("stdin", subprocess.DEVNULL)
    with log.open("w") as output:
        result = subprocess.run(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            **options,
        )
    if result.returncode:
        reason = last_error(log)
        raise Failure(f"{failure}{': ' if reason else ' '}{reason} (log: {log})")
    return log
