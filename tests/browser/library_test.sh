#!/bin/bash
# library_test.sh [SCREENSHOT_FOLDER] - every page of the library for everyone (library.mjs). Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

missing=$(missing_peers)
[ -x "$flong" ] || missing="flong is not built"
[ -e "$peers/node/node_modules/axe-core/axe.min.js" ] || missing="axe-core is not installed; scripts/setup --peers does it"
if [ -n "$missing" ]; then
    echo "1..0 # SKIP $missing"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$tree/tests/support/library_archives.py" "$flong" "$work" >"$work/made.json"
node "$here/library.mjs" "$work/made.json" "${1:-$work/screenshots}" "$flong" "$work/paper" "$work/big" "$work/parts"
