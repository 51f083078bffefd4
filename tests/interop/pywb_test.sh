#!/bin/bash
# pywb_test.sh - the answers of flong serve beside those of pywb (pywb_api.py). Prints TAP.
set -euo pipefail
. "$(dirname "$0")/../support/sample.sh"

missing=
[ -e "$peers/python/bin/wayback" ] || missing="pywb is not installed; scripts/setup --peers does it"
[ -x "$flong" ] || missing="flong is not built"
if [ -n "$missing" ]; then
    echo "1..0 # SKIP $missing"
    exit 0
fi
FLONG=$flong FLONG_PEERS=$peers exec python3 "$(dirname "$0")/pywb_api.py" "$(sample_folder)"
