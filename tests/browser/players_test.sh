#!/bin/bash
# players_test.sh [SCREENSHOT_FOLDER] - flong serve, ReplayWeb.page and pywb show what flong made of the
# fictional site as the site itself did, with the site switched off. Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

need "$flong" "flong is not built" \
    "$peers/node/node_modules/pixelmatch" "pixelmatch is not installed; scripts/setup --peers does it" \
    "$peers/python/bin/wayback" "pywb is not installed; scripts/setup --peers does it"
folder=$(sample_folder)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/collections"
"$flong" unpack "$folder/sample.wacz" -o "$work/collections/kept" >"$work/output" 2>&1
ln -s "$work/collections/kept" "$work/kept #1%41"
"$flong" pack "$work/kept #1%41" --html "$work/a folder" --player player >>"$work/output" 2>&1
python3 "$here/players_plan.py" "$folder" "$work" "$flong" "$python" >"$work/plan.json"
node "$here/players.mjs" "$work/plan.json" "${1:-$folder/screenshots/players}"
