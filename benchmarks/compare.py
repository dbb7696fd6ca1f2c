# ruff: noqa: T201
"""Run benchmarks of this folder on the last landed state and on this one, in one go.

    python3 benchmarks/compare.py limits S
    python3 benchmarks/compare.py limits collecting changing S M --rounds 5

``BASELINE`` has the id of the commit to compare with. Its files are put into the cache
folder, and it gets databases of its own. The two take turns, and each row of a
benchmark is compared with the same row of the same round; printed is the median.

A benchmark is run as it was then. One that was not there then, or all of them with
``--same-script``, are run as they are now with the addons of then. Options that are not
of this command are handed to the benchmarks.
"""

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache"
SIZES = ("S", "M", "L")
BASELINE, NOW = "baseline", "now"


def main(arguments=None):
    options = _options(arguments)
    _enter_environment()
    sizes = {size: provide(size) for size in options.sizes}
    before = set(databases())
    found = []
    try:
        for number in range(options.rounds):
            is_last = number + 1 == options.rounds
            found.append(one_round(options, sizes, number % 2, is_last))
            print(f"round {number + 1} of {options.rounds} is done", file=sys.stderr)
    finally:
        if not options.keep:
            clean_up(set(databases()) - before, sizes.values())
    print(table(found))
    if options.json:
        Path(options.json).write_text(json.dumps(_plain(found), indent=1) + "\n")
    return 0


def _options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="+", metavar="BENCHMARK or S, M or L")
    parser.add_argument(
        "--rounds", type=int, default=3, help="of both sides, default 3"
    )
    parser.add_argument("--same-script", action="store_true", help="today's, on both")
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    parser.add_argument("--json", metavar="FILE", help="also write every figure there")
    options, options.more = parser.parse_known_args(arguments)
    options.sizes = [word for word in options.words if word in SIZES] or ["S"]
    options.benchmarks = [word for word in options.words if word not in SIZES]
    for name in options.benchmarks:
        if not (HERE / f"{name}.py").exists():
            parser.error(f"there is no benchmark {name}.py")
    if not options.benchmarks:
        parser.error("name a benchmark")
    return options


def _enter_environment():
    """Begin anew with the Odoo and PostgreSQL of ``./cc`` where there is none yet."""
    probe = [sys.executable, "-c", "import odoo.init"]
    if subprocess.run(probe, check=False, capture_output=True).returncode:
        again = shlex.join(["python", str(HERE / "compare.py"), *sys.argv[1:]])
        script = (
            f'set -e; exports=$({HERE.parent / "cc"} env); eval "$exports"; {again}'
        )
        if os.environ.get("BENCH_ENTERED"):
            raise SystemExit("there is no Odoo in the environment of ./cc")
        os.environ["BENCH_ENTERED"] = "1"
        os.execvp("bash", ["bash", "-c", script])


# === THE TWO SIDES === #


def checkout():
    """Return the folder with the files of the baseline."""
    commit = (HERE / "BASELINE").read_text().strip()
    folder = CACHE / f"baseline-{commit[:12]}"
    if not folder.is_dir():
        half_done = folder.with_suffix(".part")
        half_done.mkdir(parents=True, exist_ok=True)
        archive = ["git", "-C", str(HERE.parent), "archive", commit]
        files = subprocess.run(archive, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", str(half_done)], input=files, check=True)
        half_done.rename(folder)
    return folder


def script_of(side, benchmark, is_same):
    """Return the script to run for a side, and what its environment has besides."""
    now = HERE / f"{benchmark}.py"
    if side == NOW:
        return now, {}
    then = checkout() / "benchmarks" / f"{benchmark}.py"
    if is_same or not then.exists():
        return now, {"BENCH_ADDONS": str(checkout())}
    return then, {}


def one_round(options, sizes, other_way_round, is_last):
    """Return ``{row: {side: figures}}`` of all benchmarks, run once on both sides."""
    rows = {}
    for benchmark in options.benchmarks:
        for side in (NOW, BASELINE) if other_way_round else (BASELINE, NOW):
            script, more = script_of(side, benchmark, options.same_script)
            keeps = options.keep or not is_last
            words = [*_words(side, sizes), *options.more]
            figures = _run(script, more, words, keeps)
            for row, one in flat(figures).items():
                rows.setdefault((benchmark, *row), {})[side] = one
    return rows


def _words(side, sizes):
    """Return the sizes and databases of a side as arguments of a benchmark."""
    suffix = "_baseline" if side == BASELINE else ""
    return [f"{size}={name}{suffix}" for size, name in sizes.items()]


def _run(script, more, words, keeps):
    with TemporaryDirectory() as folder:
        target = Path(folder) / "figures.json"
        command = [sys.executable, str(script), *words, "--json", str(target)]
        command += ["--keep"] if keeps else []
        environment = {**os.environ, **more, "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(command, check=True, env=environment, stdout=sys.stderr)
        return json.loads(target.read_text())


# === DATABASES === #


def provide(size):
    """Return the name of the generated database of a size, and copy it for the
    baseline."""
    name = f"bench_{size.lower()}"
    if name not in databases():
        generate = [sys.executable, str(HERE / "generate.py"), "--db", name]
        subprocess.run([*generate, "--bench", size], check=True, stdout=sys.stderr)
    if f"{name}_baseline" not in databases():
        subprocess.run(["createdb", "-T", name, f"{name}_baseline"], check=True)
    return name


def databases():
    query = "SELECT datname FROM pg_database"
    command = ["psql", "-d", "postgres", "-Atc", query]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return found.stdout.split()


def clean_up(created, templates):
    """Drop the copies for the baseline, and what benchmarks made and did not drop."""
    for template in templates:
        ours = {name for name in created if name.startswith(f"{template}_")}
        for name in sorted(ours | {f"{template}_baseline"}):
            subprocess.run(["dropdb", "--if-exists", "--force", name], check=True)


# === THE TABLE === #


def flat(figures, path=()):
    """Return ``{path: figures}`` of all that was timed or counted, however deep."""
    if not isinstance(figures, dict):
        return {}
    if "median_ms" in figures or "value" in figures:
        return {path: figures}
    found = {}
    for key, inner in figures.items():
        found |= flat(inner, (*path, key))
    return found


def paired(rounds):
    """Return ``{row: (baseline, now, ratio)}``: medians over the rounds.

    Milliseconds or what was counted, and the ratio of the two of one round, which a
    busy moment hurts least; ``None`` beside nothing. Rows that only one side has are
    left out.
    """
    found = {}
    for row in dict.fromkeys(row for one in rounds for row in one):
        pairs = [
            (_number(one[row][BASELINE]), _number(one[row][NOW]))
            for one in rounds
            if one.get(row, {}).keys() >= {BASELINE, NOW}
        ]
        if pairs:
            then, now = zip(*pairs, strict=True)
            ratios = [b / a for a, b in pairs if a]
            ratio = statistics.median(ratios) if ratios else None
            found[row] = (statistics.median(then), statistics.median(now), ratio)
    return found


def _number(figures):
    return figures["median_ms"] if "median_ms" in figures else figures["value"]


def table(rounds):
    """Return the comparison as Markdown."""
    lines = [
        "| benchmark | row | baseline | now | now / baseline |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for row, (then, now, ratio) in paired(rounds).items():
        sides = rounds[-1][row]
        cells = [
            row[0],
            ", ".join(map(str, row[1:])),
            _words_of(then, sides[BASELINE]),
            _words_of(now, sides[NOW]),
            "–" if ratio is None else f"{ratio:.2f}×",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _words_of(number, figures):
    """Return a number of a row with its unit, queries and memory in brackets."""
    if "median_ms" not in figures:
        return f"{number:,} {figures['unit']}".strip()
    more = [f"{figures['queries']:,}"] if "queries" in figures else []
    more += [f"{figures['rss_mb']:,.0f} MB"] if "rss_mb" in figures else []
    brackets = f" ({', '.join(more)})" if more else ""
    return f"{number:,.1f} ms{brackets}"


def _plain(rounds):
    """Return the rounds as what JSON can hold."""
    return [{", ".join(map(str, row)): one[row] for row in one} for one in rounds]


if __name__ == "__main__":
    sys.exit(main())
