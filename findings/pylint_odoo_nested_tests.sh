#!/usr/bin/env bash
# pylint-odoo 10.0.12: a test in tests/ROOM/ is no test to it.
#
# Guessed: the check "translation-required" (C8107: the text given to message_post has to
# be translatable) leaves tests alone, wherever below the folder tests/ they stand.
# Seen: it leaves alone only files whose own folder is called tests. The same line in
# tests/room/ is reported. Whoever sorts an addon's tests into subfolders, as core's mail
# does, gets complaints about texts that nobody will ever translate.
#
# Expected output:
#   addon/tests/test_flat.py: nothing
#   addon/tests/room/test_nested.py:3: translation-required
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pylint-odoo==10.0.12
mkdir -p "$work/addon/tests/room" && cd "$work"
cat > addon/__manifest__.py <<'EOF'
{"name": "Sample", "version": "19.0.1.0.0", "license": "LGPL-3", "author": "Sample"}
EOF
touch addon/__init__.py addon/tests/__init__.py addon/tests/room/__init__.py
printf '"""Sample."""\n\ndef note(order): order.message_post(body="Called the customer")\n' \
    | tee addon/tests/test_flat.py > addon/tests/room/test_nested.py

found() {
    "$work/venv/bin/pylint" --load-plugins=pylint_odoo --disable=all \
        --enable=translation-required --score=n \
        --msg-template='{path}:{line}: {symbol}' "$1" | grep -v '^\*' || true
}
flat=$(found addon/tests/test_flat.py)
nested=$(found addon/tests/room/test_nested.py)
echo "addon/tests/test_flat.py: ${flat:-nothing}"
echo "${nested:-addon/tests/room/test_nested.py: nothing}"
[ -z "$flat" ] && [ "$nested" = "addon/tests/room/test_nested.py:3: translation-required" ]
