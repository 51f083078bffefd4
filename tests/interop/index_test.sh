#!/bin/bash
# index_test.sh - flong index beside cdxj-indexer, jwarc and pywb (index_test.py). Prints TAP.
set -euo pipefail
. "$(dirname "$0")/../support/sample.sh"

python=$peers/python/bin/python
missing=
[ -e "$peers/python/bin/cdxj-indexer" ] || missing="cdxj-indexer is not installed; scripts/setup --peers does it"
[ -d "$tree/../shared/suites/warc" ] || missing="../shared is absent"
[ -x "$flong" ] || missing="flong is not built"
if [ -n "$missing" ]; then
    echo "1..0 # SKIP $missing"
    exit 0
fi
FLONG=$flong FLONG_PEERS=$peers exec "$python" "$(dirname "$0")/index_test.py"
