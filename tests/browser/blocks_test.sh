#!/bin/bash
# blocks_test.sh - a package with a long index: py-wacz accepts it, and ReplayWeb.page finds its pages.
# Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

need "$flong" "flong is not built"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$tree/tests/support/many_pages.py" "$flong" "$work"
if [ -x "$peers/python/bin/wacz" ]; then
    if "$peers/python/bin/wacz" validate -f "$work/many.wacz" >"$work/verdict" 2>&1; then
        echo "# wacz validate accepts the package"
    else
        sed 's/^/# /' "$work/verdict"
        echo "Bail out! wacz validate refuses the package"
        exit 1
    fi
fi
node "$here/blocks.mjs" "$work/shown.json"
