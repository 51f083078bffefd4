#!/bin/bash
# runs_test.sh - ReplayWeb.page and pywb show the four runs of a job over a site that changes, with the
# site switched off. Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

need "$flong" "flong is not built"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
FLONG=$flong python3 "$here/runs.py" "$work" >"$work/runs.json"
if [ -x "$python" ]; then
    node "$here/runs.mjs" "$work/runs.json" "$python"
else
    echo "# SKIP pywb is not installed; scripts/setup --peers does it"
    node "$here/runs.mjs" "$work/runs.json"
fi
