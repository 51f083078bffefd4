#!/bin/bash
# recall_test.sh - flong has everything that Chromium asks for to show a page of the fictional site, but what
# only scripts compute. Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

need "$flong" "flong is not built"
export FLONG=$flong FLONG_SOURCE_ROOT=$tree
exec python3 "$here/recall.py"
