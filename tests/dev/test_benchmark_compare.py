"""benchmarks/compare.py: its words, which script it runs, and how it pairs rows."""

import importlib.util
import subprocess

import pytest

from dev import place

FOLDER = place.TOP / "benchmarks"


@pytest.fixture
def compare():
    spec = importlib.util.spec_from_file_location("compare", FOLDER / "compare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def then(compare, tmp_path, monkeypatch):
    """A checkout of the baseline that had one benchmark."""
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "limits.py").touch()
    monkeypatch.setattr(compare, "checkout", lambda: tmp_path)
    return tmp_path


def _figures(milliseconds, queries=2):
    return {"median_ms": milliseconds, "queries": queries}


def test_words_are_sizes_and_benchmarks(compare):
    options = compare._options(["limits", "M", "collecting"])
    assert options.sizes == ["M"]
    assert options.benchmarks == ["limits", "collecting"]
    assert compare._options(["limits"]).sizes == ["S"]


def test_sizes_go_up_to_100000_customers(compare):
    assert compare._options(["S", "limits", "L"]).sizes == ["S", "L"]


def test_what_is_not_of_the_comparison_is_the_benchmark_s(compare):
    options = compare._options(["limits", "L", "--rounds", "1", "--nights=3"])
    assert options.more == ["--nights=3"]
    assert options.rounds == 1


@pytest.mark.parametrize("words", [["S"], ["nothing_like_that"], []])
def test_words_that_make_no_sense(compare, words, capsys):
    with pytest.raises(SystemExit):
        compare._options(words)
    assert capsys.readouterr().err


def test_a_benchmark_is_run_as_it_was_then(compare, then):
    script, more = compare.script_of(compare.BASELINE, "limits", is_same=False)
    assert script == then / "benchmarks" / "limits.py"
    assert not more


@pytest.mark.parametrize(("name", "is_same"), [("changing", False), ("limits", True)])
def test_todays_script_is_run_with_the_addons_of_then(compare, then, name, is_same):
    script, more = compare.script_of(compare.BASELINE, name, is_same)
    assert script == FOLDER / f"{name}.py"
    assert more == {"BENCH_ADDONS": str(then)}


def test_this_state_is_run_as_it_is(compare):
    assert compare.script_of(compare.NOW, "limits", is_same=True) == (
        FOLDER / "limits.py",
        {},
    )


def test_each_side_has_databases_of_its_own(compare):
    sizes = {"S": "bench_s", "M": "bench_m"}
    assert compare._words(compare.NOW, sizes) == ["S=bench_s", "M=bench_m"]
    assert compare._words(compare.BASELINE, sizes) == [
        "S=bench_s_baseline",
        "M=bench_m_baseline",
    ]


def test_rows_are_found_however_deep_they_are(compare):
    figures = {
        "date": "2026-11-30",
        "S": {"plan": {"ours": _figures(5.0), "SQL": _figures(3.0)}, "list": [1]},
    }
    assert compare.flat(figures) == {
        ("S", "plan", "ours"): _figures(5.0),
        ("S", "plan", "SQL"): _figures(3.0),
    }


def test_rows_of_one_round_are_paired(compare):
    """Ratios 0.5, 2.0 and 0.25: the one in the middle, not that of the medians."""
    rounds = [
        {"a": {"baseline": _figures(10.0), "now": _figures(5.0)}},
        {"a": {"baseline": _figures(20.0), "now": _figures(40.0)}},
        {"a": {"baseline": _figures(40.0), "now": _figures(10.0)}},
    ]
    assert compare.paired(rounds) == {"a": (20.0, 10.0, 0.5)}


def test_rows_of_one_side_alone_are_left_out(compare):
    rounds = [
        {
            "old": {"baseline": _figures(1.0)},
            "new": {"now": _figures(1.0)},
            "both": {"baseline": _figures(4.0), "now": _figures(1.0)},
        }
    ]
    assert compare.paired(rounds) == {"both": (4.0, 1.0, 0.25)}


def test_the_table(compare):
    row = ("limits", "S", "decide", "member")
    sides = {"baseline": _figures(1234.56, 3), "now": _figures(617.28, 2)}
    text = compare.table([{row: sides}])
    assert text.splitlines()[2] == (
        "| limits | S, decide, member | 1,234.6 ms (3) | 617.3 ms (2) | 0.50× |"
    )


def test_what_is_counted_is_a_row_too(compare):
    row = ("nights", "L", "nights", "lost")
    sides = {
        "baseline": {"value": 3, "unit": "of 4"},
        "now": {"value": 0, "unit": "of 4"},
    }
    assert compare.flat({"L": {"nights": {"lost": sides["now"]}}}) == {
        ("L", "nights", "lost"): sides["now"]
    }
    text = compare.table([{row: sides}])
    assert text.splitlines()[2] == (
        "| nights | L, nights, lost | 3 of 4 | 0 of 4 | 0.00× |"
    )


def test_nothing_has_no_ratio(compare):
    row = ("nights", "L", "orders", "failed")
    sides = {"baseline": {"value": 0, "unit": ""}, "now": {"value": 2, "unit": ""}}
    text = compare.table([{row: sides}])
    assert text.splitlines()[2] == "| nights | L, orders, failed | 0 | 2 | – |"


def test_the_most_memory_stands_beside_the_queries(compare):
    row = ("scale", "L", "change", "lines")
    sides = {
        "baseline": {**_figures(20.0, 795), "rss_mb": 866.2},
        "now": {"median_ms": 10.0, "rss_mb": 240.0},
    }
    text = compare.table([{row: sides}])
    assert text.splitlines()[2] == (
        "| scale | L, change, lines | 20.0 ms (795, 866 MB) | 10.0 ms (240 MB) "
        "| 0.50× |"
    )


def test_the_baseline_is_a_commit_of_this_repository():
    commit = (FOLDER / "BASELINE").read_text().strip()
    kind = ["git", "-C", str(place.TOP), "cat-file", "-t", commit]
    found = subprocess.run(kind, capture_output=True, text=True)
    assert found.stdout.strip() == "commit"
