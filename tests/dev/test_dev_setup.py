"""What the set-up refuses, and how it says so: one sentence, nothing half-done."""

import re
import subprocess
import sys
from collections import namedtuple

import pytest

from dev import debian, guard, odoo_source, place, say, venv, wheels

Usage = namedtuple("Usage", "total used free")

DEB822 = """\
# a comment
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main
"""
ONE_LINE = "deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/d bookworm main\n"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDIT_COLLECTIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ODOO_SOURCE", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def apt(tmp_path, monkeypatch):
    (tmp_path / "apt" / "sources.list.d").mkdir(parents=True)
    monkeypatch.setattr(debian, "APT", tmp_path / "apt")
    return tmp_path / "apt"


def make_odoo(folder, release="version_info = (19, 0, 0, FINAL, 0, '')\n"):
    (folder / "odoo" / "addons").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(release)
    return folder


# === PLACES === #


def test_cache_is_below_the_home_folder_by_default(monkeypatch, tmp_path):
    monkeypatch.delenv("CREDIT_COLLECTIONS_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert place.cache() == tmp_path / ".cache" / "credit_collections"


def test_two_checkouts_share_the_cache_but_no_state(monkeypatch, tmp_path):
    first = place.state()
    monkeypatch.setattr(place, "TOP", tmp_path / "another")
    assert place.state() != first
    assert place.state().parent == first.parent


# === ODOO'S SOURCE === #


def test_own_source_is_taken_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("ODOO_SOURCE", str(make_odoo(tmp_path / "mine")))
    assert odoo_source.ensure() == tmp_path / "mine"


def test_git_checkout_has_two_folders_of_addons(tmp_path):
    source = make_odoo(tmp_path / "mine")
    (source / "addons").mkdir()
    assert odoo_source.addons_paths(source) == [
        source / "odoo/addons",
        source / "addons",
    ]


@pytest.mark.parametrize("release", ["version_info = (18, 0, 0)\n", "nothing here\n"])
def test_another_series_is_refused(tmp_path, release):
    source = make_odoo(tmp_path / "old", release)
    with pytest.raises(say.Failure, match="is Odoo .*, but 19 is needed"):
        odoo_source.check_own(source)


def test_debian_package_is_fetched_into_place_as_a_whole(monkeypatch, cache):
    def fetch(_packages, folder):
        folder.mkdir(parents=True)
        return [folder / "odoo.deb"]

    monkeypatch.setattr(debian, "fetch", fetch)
    monkeypatch.setattr(say, "run", lambda command, *_: command[-1].mkdir())
    source = odoo_source.ensure()
    assert (source / odoo_source.LEFT_OUT).exists()
    assert [path.name for path in cache.glob("odoo-19*")] != ["odoo-19.tmp"]
    assert not (cache / "odoo-19.tmp").exists()


def test_interrupted_download_leaves_nothing_to_stumble_over(monkeypatch, cache):
    def broken(_packages, folder):
        folder.mkdir(parents=True)
        raise say.Failure("Hash Sum mismatch")

    monkeypatch.setattr(debian, "fetch", broken)
    for _ in range(2):
        with pytest.raises(say.Failure, match="Hash Sum mismatch"):
            odoo_source.ensure()
    assert not (cache / "odoo-19").exists()


# === DEBIAN === #


@pytest.mark.parametrize(
    ("name", "text"),
    [("sources.list.d/debian.sources", DEB822), ("sources.list", ONE_LINE)],
)
def test_private_source_is_the_machines_own_with_unstable(apt, name, text):
    (apt / name).write_text(text)
    source = debian.private_source("bookworm")
    assert "Suites: bookworm sid\nComponents: main\n" in source
    assert "URIs: http://mirror.example/d" in source
    assert re.search(r"Signed-By: /\S+gpg", source)
    assert "security" not in source


def test_machine_without_debian_source_is_told_the_way_out(apt):
    (apt / "sources.list").write_text("deb http://mirror.example/ubuntu noble main\n")
    with pytest.raises(say.Failure, match="set ODOO_SOURCE"):
        debian.private_source("bookworm")


def test_missing_packages_are_named_to_who_may_not_install(monkeypatch):
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(debian.shutil, "which", lambda *_, **__: None)
    with pytest.raises(say.Failure, match="missing: postgresql wkhtmltopdf;"):
        debian.need({"no-such-1": "postgresql", "no-such-2": "wkhtmltopdf"})


def test_nothing_is_installed_when_all_is_there(monkeypatch):
    monkeypatch.setattr(debian, "install", lambda _: pytest.fail("installs"))
    debian.need({"sh": "dash"})


# === PYTHON PACKAGES === #


@pytest.mark.parametrize("lock", [venv.LOCK, venv.LINT_LOCK, wheels.BUILD_LOCK])
def test_lock_files_pin_every_package_once_for_each_python(lock):
    pins = {}
    for line in lock.read_text().splitlines():
        if line.startswith("#"):
            continue
        name, _, marker = re.fullmatch(
            r"([\w.-]+)==([\w.]+)(?: ; python_version ([<>=]+ \"3\.\d+\"))?", line
        ).groups()
        pins.setdefault(name.lower(), []).append(marker)
    for name, markers in pins.items():
        assert len(markers) == len(set(markers)), name
        assert len(markers) == 1 or None not in markers, name


def test_another_lock_or_python_makes_another_environment():
    names = {
        venv.folder_name("a==1", (3, 11)),
        venv.folder_name("a==2", (3, 11)),
        venv.folder_name("a==1", (3, 12)),
    }
    assert len(names) == 3


def test_half_made_environment_is_made_again(monkeypatch, cache):
    lock = place.TOP / "dev" / "requirements.lock"
    folder = cache / venv.folder_name(lock.read_text())
    (folder / "bin").mkdir(parents=True)
    (folder / "half-done").touch()
    monkeypatch.setattr(
        say, "run", lambda *_: (folder / "bin").mkdir(parents=True, exist_ok=True)
    )
    venv.ensure(lock)
    monkeypatch.setattr(say, "run", lambda *_: pytest.fail("built twice"))
    assert venv.ensure(lock) == folder
    assert not (folder / "half-done").exists()


# === DISK, LOGS, LOCKS === #


def test_full_disk_is_seen_before_the_work(monkeypatch, cache):
    monkeypatch.setattr(guard.shutil, "disk_usage", lambda _: Usage(9e9, 8e9, 1e9))
    with pytest.raises(say.Failure, match="needs about 4 GB, but .* has 1.0 GB free; "):
        odoo_source.ensure()
    assert not list(cache.glob("odoo-19*/"))


def test_failed_command_names_reason_and_log():
    script = "import sys; print('noise'); sys.exit('E: Failed to fetch')"
    with pytest.raises(say.Failure) as failure:
        say.run([sys.executable, "-c", script], "fetch", "It did not work")
    log = place.logs() / "fetch.log"
    assert str(failure.value) == (f"It did not work: E: Failed to fetch (log: {log})")
    assert "noise" in log.read_text()


@pytest.mark.parametrize(
    ("line", "is_reason"),
    [
        ("odoo.exceptions.ValidationError: no such field", True),
        ("psycopg2.errors.UndefinedColumn: column x does not exist", True),
        ("OSError: [Errno 98] Address already in use", True),
        ("2026-01-01 10:00:00,000 7 INFO demo odoo.registry: loaded", False),
        ("Traceback (most recent call last):", False),
    ],
)
def test_reason_is_found_among_odoos_log_lines(tmp_path, line, is_reason):
    log = tmp_path / "odoo.log"
    log.write_text(f"{line}\nmore text\n")
    assert (say.last_error(log) == line) is is_reason


def test_second_process_waits_for_the_first(tmp_path, capsys):
    script = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1])\n"
        "from dev import guard\n"
        "with guard.alone(pathlib.Path(sys.argv[2]), 'it'):\n"
        "    print('my turn')\n"
    )
    command = [sys.executable, "-c", script, str(place.TOP), str(tmp_path)]
    with guard.alone(tmp_path, "it"):
        second = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert second.stdout.readline().startswith("==> Waiting for another ./cc")
    assert second.communicate()[0] == "my turn\n"


def test_full_disk_later_is_named_whatever_follows_from_it(tmp_path):
    log = tmp_path / "unpack.log"
    log.write_text("tar: write: No space left on device\nERROR: tar ended with 2\n")
    assert say.last_error(log) == "No space left on device"
