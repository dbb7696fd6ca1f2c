"""./cc test in several processes: handing out, putting together, ending."""

import io
import os
import signal
import subprocess
import sys
import time

import pytest

from dev import place, say, shares

GREEN = "def test_one(): pass\ndef test_two(): pass\n"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDIT_COLLECTIONS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def screen(monkeypatch):
    """What the terminal shows."""
    monkeypatch.setattr(say.Progress, "stream", io.StringIO())
    return say.Progress.stream


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "pytest.ini").touch()
    return tmp_path / "suite"


def command(folder, *words):
    python = [sys.executable, "-m", "pytest", "-p", "dev.share_plugin", "-p", "no:odoo"]
    # outside of the checkout the plugin's package has to be on the path
    return [*python, "-c", folder / "pytest.ini", "--rootdir", folder, folder, *words]


def run(folder, *words, count=2, times=None):
    with shares.Crew(times) as crew:
        for number in range(count):
            crew.start(f"share{number}", command(folder, *words), dict(os.environ))
        return crew.finish()


def result(test, category, when="call", text="", seconds=0.0):
    failed = category in ("failed", "error")
    return {
        "test": test,
        "when": when,
        "category": category,
        "failed": failed,
        "seconds": seconds,
        "text": text,
    }


def wait_for(condition, seconds=10):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


# === HANDING OUT === #


def test_the_longest_files_of_the_last_run_come_first():
    queue = shares.Queue({"a": 1.0, "b": 30.0, "c": 2.0})
    assert queue.fill({"a": 50, "b": 1, "c": 1})
    assert [queue.take() for _ in range(4)] == ["b", "c", "a", None]


def test_files_that_never_ran_are_judged_by_their_number_of_tests():
    queue = shares.Queue({"known": 4.0})
    queue.fill({"small": 1, "large": 40, "known": 1})
    # 3 + 0.3 each: 15, 4, 3.3
    assert [queue.take() for _ in range(3)] == ["large", "known", "small"]


def test_shares_that_find_different_tests_are_noticed():
    queue = shares.Queue()
    assert queue.fill({"a": 1})
    assert queue.fill({"a": 1})
    assert not queue.fill({"a": 2})


def test_every_test_runs_exactly_once(folder, screen):
    for number in range(6):
        (folder / f"test_{number}.py").write_text(GREEN)
    results = run(folder)
    assert results.counts == {"passed": 12}
    assert len(results.ran) == 12
    assert results.exit_code() == 0
    assert screen.getvalue().count(": 2 ok (") == 6


def test_files_are_run_by_whoever_is_free(folder):
    """One share is at the long file; meanwhile the other takes all the short ones."""
    (folder / "test_long.py").write_text(
        "import os, pathlib, time\n"
        "def test_waits_until_all_others_ran():\n"
        "    here = pathlib.Path(__file__).parent\n"
        "    while len(list(here.glob('done*'))) < 4: time.sleep(0.01)\n"
    )
    for number in range(5):
        (folder / f"test_{number}.py").write_text(
            "import pathlib\n"
            "def test_short():\n"
            f"    pathlib.Path(__file__).with_name('done{number}').touch()\n"
        )
    results = run(folder, times={"test_long.py": 60.0})
    # five short ones: the share at the long file has one of them up its sleeve
    assert results.counts == {"passed": 6}


def test_a_share_may_run_all_it_finds_in_its_own_order(folder):
    (folder / "test_a.py").write_text(GREEN)
    with shares.Crew() as crew:
        crew.start("all", command(folder), dict(os.environ), takes_all=True)
        results = crew.finish()
    assert (results.counts, results.exit_code()) == ({"passed": 2}, 0)


def test_what_follows_is_known_before_a_file_ends(folder):
    """Otherwise what is set up once a session would be torn down after every file."""
    (folder / "conftest.py").write_text(
        "import pathlib, pytest\n"
        "@pytest.fixture(scope='session', autouse=True)\n"
        "def server():\n"
        "    with (pathlib.Path(__file__).parent / 'starts').open('a') as file:\n"
        "        file.write('x')\n"
        "    yield\n"
    )
    for number in range(4):
        (folder / f"test_{number}.py").write_text(GREEN)
    run(folder, count=1)
    assert (folder / "starts").read_text() == "x"


# === PUTTING TOGETHER === #


def test_a_failure_is_shown_whole_and_counted_once(folder, screen):
    (folder / "test_good.py").write_text(GREEN)
    (folder / "test_bad.py").write_text(
        "def test_bad():\n    print('seen on the way')\n    assert 1 + 1 == 3\n"
    )
    results = run(folder)
    shares.report(results, 61.0)
    assert results.exit_code() == 1
    output = screen.getvalue()
    assert "assert (1 + 1) == 3" in output
    assert "seen on the way" in output
    assert "test_bad.py: 0 ok, 1 FAILED" in output
    assert output.endswith("==> 1 failed, 2 passed in 1 min 1 s\n")


def test_trouble_in_set_up_and_clean_up_is_an_error(folder):
    (folder / "test_bad.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def broken(): raise OSError('no set-up')\n"
        "@pytest.fixture\n"
        "def untidy():\n"
        "    yield\n"
        "    raise OSError('no clean-up')\n"
        "def test_begin(broken): pass\n"
        "def test_end(untidy): pass\n"
    )
    results = run(folder)
    assert results.counts == {"error": 2, "passed": 1}
    assert list(results.failures) == [
        ("test_bad.py::test_begin", "setup"),
        ("test_bad.py::test_end", "teardown"),
    ]
    assert results.exit_code() == 1


def test_what_cannot_be_imported_fails_once_though_both_shares_meet_it(folder):
    (folder / "test_broken.py").write_text("import no_such_module\n")
    (folder / "test_good.py").write_text(GREEN)
    results = run(folder)
    assert results.counts == {"error": 1}
    assert "no_such_module" in results.failures["test_broken.py", "collect"]
    assert results.exit_code() == shares.INTERRUPTED


def test_skipped_tests_are_named_with_their_reason(folder, screen):
    (folder / "test_skip.py").write_text(
        "import pytest\n"
        "@pytest.mark.skip(reason='no browser')\n"
        "def test_a(): pass\n"
        "def test_b(): pytest.skip('no browser')\n"
    )
    results = run(folder)
    shares.report(results, 1.0)
    assert results.exit_code() == 0
    output = screen.getvalue()
    assert "SKIPPED [2] no browser\n" in output
    assert output.endswith("==> 2 skipped in 0 min 1 s\n")


def test_subtests_that_fail_fail_the_run(folder):
    (folder / "test_sub.py").write_text(
        "import unittest\n"
        "class TestSub(unittest.TestCase):\n"
        "    def test_all(self):\n"
        "        for number in range(3):\n"
        "            with self.subTest(number=number):\n"
        "                self.assertNotEqual(number, 1)\n"
    )
    assert run(folder).exit_code() == 1


def test_first_failure_ends_all_shares_if_asked(folder):
    (folder / "test_bad.py").write_text("def test_bad(): assert False\n")
    for number in range(20):
        (folder / f"test_{number}.py").write_text(GREEN)
    results = run(folder, "-x", times={"test_bad.py": 60.0})
    assert results.exit_code() != 0
    assert results.counts["failed"] == 1
    assert results.never_run() > 0


def test_filters_work_in_every_share(folder):
    for number in range(4):
        (folder / f"test_{number}.py").write_text(GREEN)
    results = run(folder, "-k", "two")
    assert (results.counts, results.exit_code()) == ({"passed": 4}, 0)


def test_no_tests_at_all_is_no_success(folder):
    (folder / "test_a.py").write_text(GREEN)
    assert run(folder, "-k", "nothing_of_that_name").exit_code() == shares.NO_TESTS


@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_share_that_dies_is_no_success_and_the_other_goes_on(folder, screen, end):
    (folder / "test_dies.py").write_text(f"import os\ndef test_dies(): {end}\n")
    for number in range(5):
        (folder / f"test_{number}.py").write_text(GREEN)
    results = run(folder, times={"test_dies.py": 60.0})
    shares.report(results, 1.0)
    assert results.exit_code() == 1
    output = screen.getvalue()
    assert "in test_dies.py; log: " in output
    # the dead one may have taken a file with it that it had not begun
    missing = results.never_run()
    assert missing in (1, 3)
    assert results.counts == {"passed": 11 - missing}
    assert f" {missing} NEVER RUN, " in output


@pytest.mark.parametrize(
    ("codes", "categories", "expected"),
    [
        ([0, 0], ["passed"], 0),
        ([0, 1], ["passed", "failed"], 1),
        ([0, 5], ["passed"], 0),
        ([5, 5], [], 5),
        ([0, 4], ["passed"], 4),
        ([0, -9], ["passed"], -9),
        ([0, 0], ["passed", "error"], 1),
        ([2, 0], ["passed", "failed"], 2),
    ],
)
def test_exit_code_is_that_of_one_run_over_all(codes, categories, expected):
    results = shares.Results(codes=codes, collected={"a": len(categories)})
    for number, category in enumerate(categories):
        results.add(result(f"a::test_{number}", category))
    assert results.exit_code() == expected


def test_tests_of_which_nothing_was_heard_are_no_success():
    results = shares.Results(codes=[0, 0], collected={"a": 2})
    results.add(result("a::test_1", "passed"))
    assert results.exit_code() == 1
    assert shares.summary(results, 5) == "1 passed, 1 NEVER RUN in 0 min 5 s"


def test_where_time_goes():
    results = shares.Results(seconds={"a.py": 9.0, "b.py": 1.0})
    results.add(result("a.py::TestA::test_1", "", "setup", seconds=3.0))
    results.add(result("a.py::TestA::test_1", "passed", seconds=1.0))
    results.add(result("a.py::TestA::test_2", "passed", seconds=4.0))
    results.add(result("a.py::TestA::test_2", "", "teardown", seconds=1.0))
    results.add(result("b.py::test_3", "passed", seconds=1.0))
    assert shares.slowest(results, 1).splitlines() == [
        "",
        "Tests: 6 s, the slowest:",
        "    4.00 s  a.py::TestA::test_2",
        "",
        "Set-up and clean-up of classes: 4 s:",
        "    4.00 s  a.py::TestA",
        "",
        "Files: 10 s:",
        "    9.00 s  a.py",
    ]


# === ENDING === #


def test_leaving_early_ends_the_shares_and_what_they_started(folder):
    (folder / "test_hangs.py").write_text(
        "import pathlib, subprocess, time\n"
        "def test_hangs():\n"
        "    browser = subprocess.Popen(['sleep', '600'])\n"
        "    pathlib.Path(__file__).with_name('pid').write_text(str(browser.pid))\n"
        "    time.sleep(600)\n"
    )
    with shares.Crew() as crew:
        crew.start("hangs", command(folder), dict(os.environ))
        pid = folder / "pid"
        wait_for(lambda: pid.exists() and pid.read_text())
    assert crew.shares[0].process.returncode is not None
    wait_for(lambda: not _runs(int(pid.read_text())))


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_the_shares(folder, sign):
    (folder / "test_hangs.py").write_text(
        "import os, pathlib, time\n"
        "def test_hangs():\n"
        "    pathlib.Path(__file__).with_name('pid').write_text(str(os.getpid()))\n"
        "    time.sleep(600)\n"
    )
    script = (
        "import os, signal, sys\n"
        "from dev import shares\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "with shares.Crew() as crew:\n"
        "    crew.start('hangs', sys.argv[1:], dict(os.environ))\n"
        "    crew.finish()\n"
    )
    words = [sys.executable, "-c", script, *map(str, command(folder))]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(words, cwd=place.TOP, **quiet)
    pid = folder / "pid"
    wait_for(lambda: pid.exists() and pid.read_text())
    process.send_signal(sign)
    assert process.wait(20) not in (0, None)
    assert not _runs(int(pid.read_text()))


def _runs(pid):
    """Whether the process is there and no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
