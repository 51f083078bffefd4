#!/bin/bash
# replay_test.sh - replay.mjs passes a good archive made by py-wacz and names the fault of bad ones.
#
# Prints TAP.
set -uo pipefail
. "$(dirname "$0")/browser.sh"

need "$python" "py-wacz is not installed; scripts/setup --peers does it"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
points=0

# claim FAULT POINT: with that fault this point of replay.mjs fails; without a fault none does.
claim() {
    local fault=$1 wanted=$2 folder=$work/$1 result="not ok"
    "$python" "$here/../support/sample.py" "$folder" "$fault" >"$work/output" 2>&1
    # what never comes need not be waited for long
    [ "$fault" = good ] || sed -i 's/^{/{"timeout_ms": 5000, /' "$folder/sample.json"
    node "$here/replay.mjs" "$folder/sample.json" "$folder/shots" >>"$work/output" 2>&1
    points=$((points + 1))
    if [ "$fault" = good ]; then
        grep -q '^1\.\.8$' "$work/output" && ! grep -q '^not ok' "$work/output" && result=ok
    else
        grep -q "^not ok.*$wanted" "$work/output" && result=ok
    fi
    [ "$result" = ok ] || sed 's/^/# /' "$work/output"
    printf '%s %d - %s\n' "$result" $points "$fault: ${wanted:-all points pass}"
}

claim good ""
claim image "pictures"
claim style "style sheets"
claim font "fonts"
claim link "related story shows"
claim text "search"
printf '1..%d\n' $points
