"""The commands themselves: ports, databases, arguments, errors on the terminal."""

import argparse
import os
import socket
import subprocess

import pytest

from dev import database, odoo_cli, place, say, server, testing


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDIT_COLLECTIONS_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def taken_port():
    with socket.socket() as holder:
        holder.bind((server.HOST, 0))
        holder.listen()
        yield holder.getsockname()[1]


def cc(*words, **variables):
    """Run ./cc as a user would."""
    return subprocess.run(
        [place.TOP / "cc", *words],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )


# === PORTS === #


def test_first_port_is_odoos_own_when_free(monkeypatch):
    monkeypatch.setattr(server, "is_free", lambda _: True)
    assert server.choose_port() == 8069


def test_taken_port_is_passed_over(monkeypatch, taken_port):
    monkeypatch.setattr(server, "FIRST_PORT", taken_port)
    assert taken_port < server.choose_port() < taken_port + server.PORTS_TO_TRY


def test_asked_for_port_is_not_replaced_by_another(taken_port):
    with pytest.raises(say.Failure, match=f"Port {taken_port} of 127.0.0.1 is taken"):
        server.choose_port(taken_port)


def test_impossible_port_is_refused():
    with pytest.raises(say.Failure, match="Port 70000 .* not allowed"):
        server.choose_port(70000)


def test_all_ports_taken_is_said(monkeypatch):
    monkeypatch.setattr(server, "is_free", lambda _: False)
    with pytest.raises(say.Failure, match="All ports of 127.0.0.1 from 8069 to 8168"):
        server.choose_port()


def test_number_of_an_ended_server_given_to_another_process_is_not_ours(cache):
    (place.state() / "server.json").write_text(f'{{"pid": {os.getpid()}, "port": 1}}')
    assert server.running_port() is None
    assert server.stop() is False


# === ERRORS ON THE TERMINAL === #


@pytest.mark.parametrize(
    ("words", "variables", "sentence"),
    [
        (["env"], {"ODOO_SOURCE": "/no/odoo"}, "ODOO_SOURCE=/no/odoo holds no Odoo"),
        (["demo", "--port", "99999"], {}, "Port 99999 of 127.0.0.1 is taken"),
        (["env"], {"CREDIT_COLLECTIONS_CACHE": "/proc/x"}, "No such file or directory"),
    ],
)
def test_trouble_is_one_sentence_on_stderr(words, variables, sentence):
    result = cc(*words, **variables)
    assert result.returncode == 1
    assert result.stderr.startswith(f"cc: {sentence}")
    assert result.stderr.count("\n") == 1


def test_taken_port_is_said_before_any_work(taken_port):
    result = cc("demo", "--port", str(taken_port))
    assert (result.returncode, result.stdout) == (1, "")
    assert f"Port {taken_port} " in result.stderr


def test_help_lists_the_commands():
    text = cc("--help").stdout
    names = "demo stop reset test lint fix news readme wheels env odoo psql"
    for name in names.split():
        assert f"  {name} " in text


# === DATABASES AND ADDONS === #


@pytest.mark.parametrize("name", ["Demo", "a b", 'x"; DROP', "1st", ""])
def test_names_that_could_harm_a_statement_are_refused(name):
    with pytest.raises(say.Failure, match="is no name for a database"):
        database.checked(name)


@pytest.mark.parametrize(
    ("db", "quick", "expected"),
    [
        (None, True, "test_quick"),
        (None, False, f"test_{os.getpid()}"),
        ("demo", False, "test_demo"),
        ("test_mine", True, "test_mine"),
    ],
)
def test_tests_never_run_in_the_demo(db, quick, expected):
    options = argparse.Namespace(db=db, quick=quick)
    assert testing.database_name(options) == expected


def test_hash_changes_with_what_the_database_learns_only(tmp_path):
    addon = tmp_path / "addon"
    (addon / "models").mkdir(parents=True)
    (addon / "tests").mkdir()
    (addon / "models" / "a.py").write_text("a")
    before = odoo_cli.addon_hash("addon", tmp_path)
    (addon / "tests" / "test_a.py").write_text("t")
    assert odoo_cli.addon_hash("addon", tmp_path) == before
    (addon / "models" / "a.py").rename(addon / "models" / "b.py")
    assert odoo_cli.addon_hash("addon", tmp_path) != before


@pytest.mark.parametrize(
    ("known", "installed"),
    [
        ({}, [["a", "b"], []]),
        ({"a": "hash of a", "b": "older"}, [[], ["b"]]),
        ({"a": "hash of a", "b": "hash of b"}, None),
    ],
)
def test_only_new_and_changed_addons_are_touched(monkeypatch, known, installed):
    calls = []
    monkeypatch.setattr(odoo_cli, "addon_hash", lambda addon: f"hash of {addon}")
    monkeypatch.setattr(odoo_cli, "install", lambda *args: calls.append([*args[2:]]))
    monkeypatch.setattr(database, "note", lambda _: known)
    monkeypatch.setattr(database, "write_note", lambda *_: None)
    odoo_cli.sync_addons(None, "demo", ["a", "b"])
    assert calls == ([installed] if installed else [])


# === ARGUMENTS OF ./cc test === #


def test_paths_are_sorted_by_what_they_need(monkeypatch):
    monkeypatch.chdir(place.TOP / "tests")
    words = ["dev", "../dev/say.py::test_x", "-k", "tests_of_nothing", "tests/dev"]
    assert testing.sort_words(words) == (
        ["tests/dev", "tests/dev"],
        ["dev/say.py::test_x"],
        ["-k", "tests_of_nothing"],
    )


@pytest.mark.parametrize(
    ("codes", "filtered", "expected"),
    [
        ([0, 0], False, 0),
        ([5, 0], False, 5),
        ([5, 0], True, 0),
        ([5, 5], True, 5),
        ([0, 1], True, 1),
        ([0, -9], False, -9),
    ],
)
def test_no_tests_at_all_fails(codes, filtered, expected):
    assert testing.exit_code(codes, filtered) == expected
