"""./cc lint and ./cc fix: every linter over every addon, all findings in one go."""

import hashlib
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

from . import debian, odoo_cli, place, say, venv

LONGEST_FILE = 250  # lines; tests may be longer, tables of cases are
TEXT = set(".py .xml .js .scss .csv .po .pot .md .rst .json .yml .lock".split())
MAY_BE_NONE = "--no-error-on-unmatched-pattern"  # for prettier and eslint
# pylint-odoo's file cannot say this: there, enabling all of its checks wins
PYLINT_OFF = "--disable=consider-merging-classes-inherited"


def lint():
    """Run all linters, show what they found, return 1 if that is anything."""
    tools, node = venv.ensure(venv.LINT_LOCK), _node_programs()
    commands = _commands(tools / "bin", node)
    # two at a time keep two cores busy; each one's output stays in one piece
    with ThreadPoolExecutor(2) as pool:
        results = [(name, pool.submit(_call, command)) for name, command in commands]
    findings = [(name, *result.result()) for name, result in results]
    findings.append(("text", *_check_texts()))
    for name, code, output in findings:
        say.step(f"{name}: {'FAILED' if code else 'ok'}")
        if code:
            say.show(output.rstrip())
    failed = [name for name, code, _ in findings if code]
    say.step(f"Lint failed: {', '.join(failed)}" if failed else "Lint is clean")
    return int(bool(failed))


def fix():
    """Let the formatters rewrite what they would complain about."""
    ruff = venv.ensure(venv.LINT_LOCK) / "bin" / "ruff"
    node = _node_programs()
    commands = [
        [ruff, "check", "--fix", "--select", "I", *python_folders()],
        [ruff, "format", *python_folders()],
        [node / "prettier", "--write", "--log-level", "warn", *_markup()],
    ]
    return max(_call(command, capture=False)[0] for command in commands)


def python_folders():
    names = [*odoo_cli.addons(), "dev", "tests", "benchmarks", "tools"]
    return [name for name in names if next((place.TOP / name).rglob("*.py"), None)]


def _commands(tools, node):
    addons, folders = odoo_cli.addons(), python_folders()
    scripts = [f"{name}/static/**/*.js" for name in addons]
    catalogues = sorted(place.TOP.glob("credit_collections*/i18n/*.po*"))
    commands = [
        ("pylint-odoo", [tools / "pylint", "-j1", PYLINT_OFF, *addons]),
        ("ruff", [tools / "ruff", "check", *folders]),
        ("ruff format", [tools / "ruff", "format", "--check", *folders]),
        ("oca module", [tools / "oca-checks-odoo-module", *addons]),
        ("oca fixit", [tools / "oca-checks-odoo-module-fixit", *addons]),
        ("layers", [tools / "lint-imports"]),
        ("prettier", [node / "prettier", "--check", *_markup()]),
        ("eslint", [node / "eslint", MAY_BE_NONE, *scripts]),
    ]
    if catalogues:
        commands.append(("oca po", [tools / "oca-checks-po", *catalogues]))
    return commands


def _markup():
    patterns = [f"{name}/**/*.{{xml,js,scss}}" for name in odoo_cli.addons()]
    return [MAY_BE_NONE, *patterns]


def _call(command, capture=True):
    environment = {**os.environ, "PYTHONPATH": str(place.TOP)}
    environment["PATH"] = f"{command[0].parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        [str(word) for word in command],
        cwd=place.TOP,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if capture else None,
        stderr=subprocess.STDOUT if capture else None,
        text=True,
    )
    return result.returncode, result.stdout or ""


def _node_programs():
    """The folder of prettier and eslint, installed again when their lock changed."""
    debian.need({"node": "nodejs", "npm": "npm"})
    modules = place.TOP / "node_modules"
    lock = (place.TOP / "package-lock.json").read_bytes()
    wanted, mark = hashlib.sha256(lock).hexdigest(), modules / "installed"
    with place.locked(place.state() / "node.lock"):
        if not mark.exists() or mark.read_text() != wanted:
            say.step("Installing Node packages of package-lock.json")
            shutil.rmtree(modules, ignore_errors=True)
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            failure = "The Node packages could not be installed, is the network there?"
            say.run(command, "npm", failure, cwd=place.TOP)
            mark.write_text(wanted)
    return modules / ".bin"


def _check_texts():
    """Blanks at line ends, missing line ends, merge marks, files that grew too long."""
    listed = ["git", "ls-files", "-co", "--exclude-standard"]
    output = subprocess.run(
        listed, cwd=place.TOP, capture_output=True, text=True
    ).stdout
    paths = [place.TOP / name for name in output.splitlines()]
    found = [
        f"{path.relative_to(place.TOP)}: {finding}"
        for path in paths
        if path.suffix in TEXT and path.is_file()
        for finding in text_findings(path.relative_to(place.TOP), path.read_text())
    ]
    return int(bool(found)), "\n".join(found)


def text_findings(path, text):
    """What is wrong with the plain text of one file."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield f"{number}: blanks at the end of the line"
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            yield f"{number}: a merge mark"
    if text and not text.endswith("\n"):
        yield "no line end at the end of the file"
    is_code = path.suffix == ".py" and "tests" not in path.parts
    if is_code and len(lines) > LONGEST_FILE:
        yield f"{len(lines)} lines, more than {LONGEST_FILE}"
