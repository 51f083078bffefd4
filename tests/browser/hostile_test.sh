#!/bin/bash
# hostile_test.sh - an archive made to attack whoever looks at it (hostile.mjs). Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

need
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node "$here/hostile.mjs" "$flong" "$work"
