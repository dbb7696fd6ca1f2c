"""pytest's side of a share: run the files that ./cc hands out, report what came of it.

Loaded with ``-p dev.share_plugin`` where CC_SHARE names an open socket. Files come one
by one, so the share that is through sooner takes the next one. pytest must know what
follows before it runs the last test of a file, or it would stop Odoo's server after
each of them: so the next file is always asked for before the present one begins.
"""

import json
import os
import signal
import socket
import time

import pytest

SOCKET = "CC_SHARE"  # the number of the socket to ./cc
OWN_ORDER = "CC_SHARE_ALL"  # set where a share runs all that it finds


def pytest_configure(config):
    # even below a shell that ignores it: this is how ./cc asks us to end
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(Share(int(os.environ[SOCKET])), "cc-share")


class Share:
    """Speaks lines of JSON with ./cc; every line has its ``kind``."""

    def __init__(self, number):
        self.socket = socket.socket(fileno=number)
        self.answers = self.socket.makefile("r", encoding="utf-8")

    def tell(self, kind, **content):
        line = json.dumps({"kind": kind, **content})
        self.socket.sendall(f"{line}\n".encode())

    def _next_file(self):
        """The next file to run, or None, also when ./cc at the other end is gone."""
        self.tell("next")
        return json.loads(self.answers.readline() or "null")

    # === WHAT PYTEST CALLS === #

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session):
        files = {path: len(items) for path, items in by_file(session.items).items()}
        self.tell("collected", files=files)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        if (
            session.testsfailed
            and not session.config.option.continue_on_collection_errors
        ):
            raise session.Interrupted(f"{session.testsfailed} errors while collecting")
        if session.config.option.collectonly:
            return True
        files = by_file(session.items)
        if os.environ.get(OWN_ORDER):
            order = [*files, None]
            ask = iter(order).__next__
        else:
            ask = self._next_file
        upcoming = ask()
        while upcoming is not None:
            path, upcoming = upcoming, ask()
            following = files[upcoming][0] if upcoming is not None else None
            self._run_file(session, path, files[path], following)
        return True

    def _run_file(self, session, path, items, following):
        self.tell("begin", file=path)
        begun = time.perf_counter()
        for item, nextitem in zip(items, [*items[1:], following], strict=True):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
        self.tell("end", file=path, seconds=time.perf_counter() - begun)

    @pytest.hookimpl
    def pytest_collectreport(self, report):
        if report.failed:
            text = report.longreprtext
            self.tell("result", **_result(report, "error", text))
        elif report.skipped:
            self.tell("result", **_result(report, "skipped", _why_skipped(report)))

    def pytest_runtest_logreport(self, report):
        status = self._config.hook.pytest_report_teststatus(
            report=report, config=self._config
        )
        category = status[0]
        text = _why_skipped(report) if report.skipped else ""
        if report.failed:
            text = _whole_text(report)
        self.tell("result", **_result(report, category, text))

    @pytest.hookimpl
    def pytest_sessionstart(self, session):
        self._config = session.config

    def pytest_warning_recorded(self, warning_message, nodeid):
        place = f"{warning_message.filename}:{warning_message.lineno}"
        name = warning_message.category.__name__
        self.tell("warning", text=f"{place}: {name}: {warning_message.message}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        self.tell("finished", code=int(exitstatus))


def by_file(items):
    """The tests of each file, in their order."""
    files = {}
    for item in items:
        files.setdefault(item.nodeid.split("::")[0], []).append(item)
    return files


def _result(report, category, text):
    return {
        "test": report.nodeid,
        "when": getattr(report, "when", None) or "collect",
        "category": category,
        "failed": report.failed,
        "seconds": getattr(report, "duration", 0.0),
        "text": text,
    }


def _why_skipped(report):
    """The reason alone; pytest gives file, line and reason."""
    where = report.longrepr
    return where[2].removeprefix("Skipped: ") if isinstance(where, tuple) else ""


def _whole_text(report):
    """The traceback and all that the test printed and logged."""
    parts = [report.longreprtext]
    parts += [f"{f' {name} ':-^80}\n{text}" for name, text in report.sections]
    return "\n".join(part.rstrip() for part in parts)
