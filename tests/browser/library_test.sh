#!/bin/bash
# library_test.sh [SCREENSHOT_FOLDER] - every page of the library for everyone (library.mjs). Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

need "$flong" "flong is not built" \
    "$peers/node/node_modules/axe-core/axe.min.js" "axe-core is not installed; scripts/setup --peers does it"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$tree/tests/support/library_archives.py" "$flong" "$work" >"$work/made.json"
node "$here/library.mjs" "$work/made.json" "${1:-$work/screenshots}" "$flong" "$work/paper" "$work/big" "$work/parts"
