#!/bin/bash
# corpus_test.sh [SCREENSHOT_FOLDER] - ReplayWeb.page opens what flong made of real article pages, each
# at its headline, with the network shut. Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

need "$flong" "flong is not built" \
    "$tree/../shared/corpus" "../shared/corpus is not here"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export FLONG=$flong FLONG_SOURCE_ROOT=$tree
if ! python3 "$tree/tests/scenarios/corpus_site.py" --keep "$work/kept" >"$work/output" 2>&1; then
    sed 's/^/# /' "$work/output"
    echo "Bail out! the pages of the corpus were not archived as they should be"
    exit 1
fi
node "$here/shows.mjs" "$work/kept/shown.json" "${1:-$work/screenshots}"
