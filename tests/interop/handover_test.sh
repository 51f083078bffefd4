#!/bin/bash
# handover_test.sh - the commands of flong-handover(7) do what the page says (handover.py). Prints TAP.
set -euo pipefail
. "$(dirname "$0")/../support/sample.sh"

missing=
[ -e "$peers/python/bin/wayback" ] || missing="pywb is not installed; scripts/setup --peers does it"
[ -d "$peers/java" ] || missing="jwarc is not installed; scripts/setup --peers does it"
[ -x "$flong" ] || missing="flong is not built"
if [ -n "$missing" ]; then
    echo "1..0 # SKIP $missing"
    exit 0
fi
FLONG=$flong FLONG_PEERS=$peers exec python3 "$(dirname "$0")/handover.py" "$(sample_folder)"
