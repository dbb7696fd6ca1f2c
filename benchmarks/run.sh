#!/usr/bin/env bash
# Generate databases, measure all sides, print tables, write results/, clean up:
#   benchmarks/run.sh [S] [M] [L] [options of overview.py]
# Databases stay for the next run with BENCH_KEEP=1.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

# an environment that has Odoo and a database server is used as it is
if ! python -c 'import odoo.init' 2>/dev/null; then
    exports=$("$here/../cc" env)
    eval "$exports"
fi
export PYTHONDONTWRITEBYTECODE=1 BENCH_DATE=${BENCH_DATE:-$(date +%F)}

sizes=() options=() databases=()
for word in "$@"; do
    case $word in
        S | M | L) sizes+=("$word") ;;
        *) options+=("$word") ;;
    esac
done
[ ${#sizes[@]} -gt 0 ] || sizes=(S M)

clean_up() {
    [ "${BENCH_KEEP:-}" = 1 ] && return
    for size in "${sizes[@]}"; do
        for name in bench_base bench_base_tmp "bench_${size,,}"{,_stock,_oca,_ours}; do
            dropdb --if-exists --force "$name" 2>/dev/null || true
        done
    done
}
trap clean_up EXIT

for size in "${sizes[@]}"; do
    name=bench_${size,,}
    databases+=("$size=$name")
    if ! psql -d "$name" -c '' >/dev/null 2>&1; then
        python "$here/generate.py" --db "$name" --bench "$size"
    fi
done

mkdir -p "$here/results"
report=$here/results/$(date +%F-%H%M)
python "$here/overview.py" "${databases[@]}" --json "$report.json" "${options[@]}" |
    tee "$report.md"
