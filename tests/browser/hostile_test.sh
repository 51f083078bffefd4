#!/bin/bash
# hostile_test.sh - an archive made to attack whoever looks at it (hostile.mjs). Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

missing=$(missing_peers)
[ -x "$flong" ] || missing="flong is not built"
if [ -n "$missing" ]; then
    echo "1..0 # SKIP $missing"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node "$here/hostile.mjs" "$flong" "$work"
