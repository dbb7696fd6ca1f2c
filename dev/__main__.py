"""The commands of ./cc."""

import argparse
import os
import shlex
import signal
import subprocess
import sys

from . import changelog, cluster, demo, linting, odoo_cli, place, say, testing, wheels

VARIABLES = """\
environment variables:
  ODOO_SOURCE               folder of your own Odoo 19, instead of fetching it
  CREDIT_COLLECTIONS_CACHE  where Odoo, Python packages and databases are kept
"""


def main():
    """Run one command; foreseeable trouble ends in one sentence and exit code 1."""
    # end through the same clean-up as Ctrl-C does
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        _keep_compiled()
        sys.exit(_dispatch(sys.argv[1:]) or 0)
    except say.Failure as failure:
        sys.exit(f"cc: {failure}")
    except OSError as error:
        sys.exit(f"cc: {error.strerror or error}: {error.filename or 'no file named'}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"cc: {error}")
    except KeyboardInterrupt:
        sys.exit("cc: stopped")


def _keep_compiled():
    """Let every Python that is started from here find Odoo's modules compiled.

    A test run starts dozens, and each takes some seconds to compile them itself. What
    is compiled stays in the cache: neither a checkout nor an Odoo of one's own changes.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(place.cache() / "compiled"))


def _dispatch(words):
    options, rest = _parser().parse_known_args(words or ["--help"])
    if rest and options.command not in (run_test,):
        _parser().error(f"unknown arguments: {' '.join(rest)}")
    return options.command(options, rest)


def _parser():
    parser = argparse.ArgumentParser(
        prog="./cc",
        description=__doc__,
        epilog=VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name, command, text, **options):
        one = commands.add_parser(name, help=text, description=text, **options)
        one.set_defaults(command=command)
        return one

    one = add("demo", run_demo, "fill a database and start Odoo with it")
    one.add_argument("--port", type=int, metavar="N", help="port of 127.0.0.1")
    add("stop", run_stop, "stop Odoo and the database server of this checkout")
    one = add("reset", run_reset, "remove the demo database")
    one.add_argument("--all", action="store_true", help="and all other databases")
    one = add("test", run_test, "run all tests, or those named as for pytest")
    one.add_argument("--quick", action="store_true", help="in a kept, updated database")
    one.add_argument("--keep", action="store_true", help="do not drop the database")
    one.add_argument("--db", metavar="NAME", help="use test_NAME")
    text = "how many databases at once (default: one a core, four at most)"
    one.add_argument("--shares", type=int, metavar="N", help=text)
    text = "show where time goes, N lines of each kind (0: all)"
    one.add_argument(
        "--durations", nargs="?", type=int, const=20, metavar="N", help=text
    )
    add("lint", run_lint, "run all linters")
    add("fix", run_fix, "let the formatters rewrite the code")
    add("news", run_news, "move readme/newsfragments into the history")
    add("readme", run_readme, "make README.rst and app pages from readme/")
    add("wheels", run_wheels, "build the addons as wheels, into dist/")
    add("env", run_env, 'print exports, for: eval "$(./cc env)"')
    one = add("odoo", run_odoo, "run Odoo's own command line", prefix_chars="\0")
    one.add_argument("words", nargs=argparse.REMAINDER)
    one = add("psql", run_psql, "open a database in psql", prefix_chars="\0")
    one.add_argument("words", nargs=argparse.REMAINDER)
    return parser


def run_demo(options, _rest):
    demo.run(options.port)


def run_stop(_options, _rest):
    demo.stop()


def run_reset(options, _rest):
    demo.reset(options.all)


def run_test(options, rest):
    return testing.run(options, rest)


def run_lint(_options, _rest):
    return linting.lint()


def run_fix(_options, _rest):
    return linting.fix()


def run_news(_options, _rest):
    changelog.build()
    return linting.readme()


def run_readme(_options, _rest):
    return linting.readme()


def run_wheels(_options, _rest):
    for path in wheels.build(place.TOP / "dist"):
        say.show(str(path))


def run_env(_options, _rest):
    say.Progress.stream = sys.stderr
    for name, value in odoo_cli.prepare().exports().items():
        print(f"export {name}={shlex.quote(value)}")


def run_odoo(options, _rest):
    say.Progress.stream = sys.stderr
    return odoo_cli.call(options.words)


def run_psql(options, _rest):
    say.Progress.stream = sys.stderr
    environment = odoo_cli.prepare().environment()
    program = str(cluster.programs() / "psql")
    return subprocess.run([program, *options.words], env=environment).returncode


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
