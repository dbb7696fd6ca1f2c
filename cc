#!/usr/bin/env bash
# Set up, show, test and check this project: run ./cc without arguments for the list.
# Finds a Python that Odoo 19 supports and hands over to the package dev/.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

find_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11 python3.10 /usr/bin/python3; do
        if "$candidate" - 2>/dev/null <<<'
import ensurepip, sys, venv
sys.exit(not (3, 10) <= sys.version_info < (3, 14))'; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

install_python() {
    local root=()
    [ "$(id -u)" = 0 ] || root=(sudo)
    echo "==> Installing Debian packages: python3 python3-venv" >&2
    "${root[@]}" apt-get update >/dev/null &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y \
            --no-install-recommends python3 python3-venv >/dev/null
}

python=$(find_python) || { install_python && python=$(find_python); } || {
    echo "cc: Python 3.10 to 3.13 with its venv module is missing and could not be" \
        "installed; install the Debian packages python3 and python3-venv first." >&2
    exit 1
}
exec "$python" -c '
import sys
sys.path.insert(0, sys.argv.pop(1))
from dev.__main__ import main
main()' "$here" "$@"
