#!/bin/bash
# hostile_test.sh - an archive made to attack whoever looks at it (hostile.mjs). Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

need "$flong" "flong is not built"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node "$here/hostile.mjs" "$flong" "$work"
