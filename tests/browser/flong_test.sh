#!/bin/bash
# flong_test.sh [SCREENSHOT_FOLDER] - ReplayWeb.page shows what flong made of the fictional site,
# with the site switched off. Prints TAP.
set -euo pipefail
. "$(dirname "$0")/browser.sh"

need "$flong" "flong is not built"
folder=$(sample_folder)
python3 "$here/wanted.py" "$folder" >"$folder/wanted.json"
exec node "$here/replay.mjs" "$folder/wanted.json" "${1:-$folder/screenshots}"
