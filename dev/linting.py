"""./cc lint and ./cc fix: every linter over every addon, all findings in one go."""

import hashlib
import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from . import debian, guard, odoo_cli, place, say, venv

LONG_FILE = 250  # lines; tests may be longer, tables of cases are
CLEAN = "lint_clean.json"
FILE_BY_FILE = "oca fixit"
MAY_BE_NONE = "--no-error-on-unmatched-pattern"  # for prettier and eslint
# pylint-odoo's file cannot say this: there, enabling all of its checks wins
PYLINT_OFF = "--disable=consider-merging-classes-inherited"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # git's, in every repository


def lint():
    """Run all linters, show what they found, return 1 if that is anything."""
    tools, node = venv.ensure(venv.LINT_LOCK) / "bin", _node_programs()
    unseen = _unseen()
    # as many at a time as there are cores; each one's output stays in one piece
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = list(pool.map(_run, _commands(tools, node, unseen)))
    for name, output in findings:
        say.step(f"{name}: {'FAILED' if output else 'ok'}")
        if output:
            say.show(output.rstrip())
    failed = [name for name, output in findings if output]
    if not any(name.startswith(FILE_BY_FILE) for name in failed):
        _remember(unseen)
    if hints := _long_files():
        say.step("Long files, no failure; does each have one subject?")
        say.show(hints)
    say.step(f"Lint failed: {', '.join(failed)}" if failed else "Lint is clean")
    return int(bool(failed))


def fix():
    """Let the formatters rewrite what they would complain about."""
    ruff, node = venv.ensure(venv.LINT_LOCK) / "bin" / "ruff", _node_programs()
    commands = {
        "imports": [ruff, "check", "--fix", "--select", "I", *_python()],
        "ruff format": [ruff, "format", *_python()],
        "prettier": [node / "prettier", "--write", "--log-level", "warn", *_markup()],
    }
    outputs = [output for _, output in map(_run, commands.items()) if output]
    say.show("\n".join(outputs) or "All formatted")
    return int(bool(outputs))


def readme():
    """Make what readme/ is the source of; the parser of Markdown is a linter's."""
    name, output = _run(("readme", [_lint_python(), "-m", "dev.readme"]))
    say.show(output or "All pages are up to date with readme/")
    return int(bool(output))


def _lint_python():
    return venv.ensure(venv.LINT_LOCK) / "bin" / "python"


def _commands(tools, node, unseen):
    addons = odoo_cli.addons()
    scripts = [f"{name}/static/**/*.js" for name in addons]
    catalogues = sorted(place.TOP.glob("credit_collections*/i18n/*.po*"))
    fixit = tools / "oca-checks-odoo-module-fixit"
    halves = unseen[::2], unseen[1::2]
    commands = {
        # the longest come first
        f"{FILE_BY_FILE} 1": halves[0] and [fixit, *halves[0]],
        f"{FILE_BY_FILE} 2": halves[1] and [fixit, *halves[1]],
        "pylint-odoo": [tools / "pylint", "-j", "0", PYLINT_OFF, *addons],
        "prettier": [node / "prettier", "--check", *_markup()],
        "ruff": [tools / "ruff", "check", *_python()],
        "ruff format": [tools / "ruff", "format", "--check", *_python()],
        "oca module": [tools / "oca-checks-odoo-module", *addons],
        "oca po": catalogues and [tools / "oca-checks-po", *catalogues],
        "layers": [tools / "lint-imports"],
        "eslint": [node / "eslint", MAY_BE_NONE, *scripts],
        "readme": [tools / "python", "-m", "dev.readme", "--check"],
        # blanks at line ends and merge marks
        "whitespace": ["git", "diff", "--check", EMPTY_TREE],
    }
    return [item for item in commands.items() if item[1]]


def _python():
    names = [*odoo_cli.addons(), "dev", "tests", "benchmarks", "tools"]
    return [name for name in names if (place.TOP / name).is_dir()]


def _markup():
    patterns = [f"{name}/**/*.{{xml,js,scss}}" for name in odoo_cli.addons()]
    return [MAY_BE_NONE, *patterns]


def _run(item):
    """Return the linter's name and its complaints, which are empty if all is well."""
    name, command = item
    programs = os.path.dirname(command[0])  # some linters call others by name
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        [str(word) for word in command],
        cwd=place.TOP,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(place.TOP)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    silent = f"exit code {result.returncode}"
    return name, (result.stdout or silent) if result.returncode else ""


# === WHAT WAS CLEAN BEFORE === #


def _unseen():
    """Python files of the addons that the linter of single files has not seen clean.

    It takes longer than all others together, and looks at each file alone: what it
    found to be clean stays so as long as file, linter and settings are the same.
    """
    known = set(_read_clean())
    files = [
        path.relative_to(place.TOP)
        for name in odoo_cli.addons()
        for path in sorted((place.TOP / name).rglob("*.py"))
    ]
    return [path for path in files if _seal(path) not in known]


def _seal(path):
    """Another one for every content, linter and setting."""
    parts = (place.TOP / path, venv.LINT_LOCK, place.TOP / ".oca_hooks.cfg")
    digest = hashlib.sha256(str(path).encode())
    for part in parts:
        digest.update(hashlib.sha256(part.read_bytes()).digest())
    # checks go by the series of Odoo that the manifest names
    digest.update((place.TOP / path.parts[0] / "__manifest__.py").read_bytes())
    return digest.hexdigest()


def _read_clean():
    with suppress(OSError, ValueError):
        return json.loads((place.state() / CLEAN).read_text())
    return []


def _remember(paths):
    """Note that these are clean, too; of old contents a few thousand are kept."""
    seals = [*_read_clean(), *map(_seal, paths)][-5000:]
    (place.state() / CLEAN).write_text(json.dumps(seals))


# === LENGTH === #


def _long_files():
    """Long files may hold a second subject; how long a file may be is no number."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "*.py"]
    listed = subprocess.check_output(command, cwd=place.TOP, text=True).splitlines()
    code = [path for path in map(Path, listed) if "tests" not in path.parts]
    lengths = {
        path: len((place.TOP / path).read_text().splitlines())
        for path in code
        if (place.TOP / path).exists()
    }
    return "\n".join(
        f"{path}: {length} lines"
        for path, length in lengths.items()
        if length > LONG_FILE
    )


def _node_programs():
    """The folder of prettier and eslint, installed again when their lock changed."""
    debian.need({"node": "nodejs", "npm": "npm"})
    modules = place.TOP / "node_modules"
    lock = (place.TOP / "package-lock.json").read_bytes()
    wanted, mark = hashlib.sha256(lock).hexdigest(), modules / "installed"
    with guard.alone(place.state(), "node_modules"):
        if not mark.exists() or mark.read_text() != wanted:
            say.step("Installing Node packages of package-lock.json")
            shutil.rmtree(modules, ignore_errors=True)
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            failure = "The Node packages could not be installed, is the network there?"
            say.run(command, "npm", failure, cwd=place.TOP)
            mark.write_text(wanted)
    return modules / ".bin"
