#!/bin/bash
# judges_test.sh - the judges pass good archives, made by the peers, and name the fault of bad ones.
#
# Prints TAP.
set -uo pipefail
. "$(dirname "$0")/../support/sample.sh"

here=$(cd "$(dirname "$0")" && pwd)
python=$peers/python/bin/python
if [ ! -x "$python" ]; then
    echo "1..0 # SKIP warcio is not installed; scripts/setup --peers does it"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
points=0

# claim PEER FOLDER WANTED TEXT: the judge ends with WANTED and says TEXT.
claim() {
    local peer=$1 folder=$2 wanted=$3 text=$4 status=0 result="not ok"
    "$python" "$here/judge.py" "$peer" "$work/$folder" >"$work/output" 2>&1 || status=$?
    points=$((points + 1))
    if [ $status -eq 77 ]; then
        printf 'ok %d - %s on %s # SKIP %s\n' $points "$peer" "$folder" "$(sed 's/^SKIP: //' "$work/output")"
        return
    fi
    if [ $status -eq "$wanted" ] && [[ $(<"$work/output") == *"$text"* ]]; then
        result=ok
    else
        sed 's/^/# /' "$work/output"
    fi
    printf '%s %d - %s on %s: %s\n' "$result" $points "$peer" "$folder" "${text:-accepted}"
}

for fault in good digest oneshot; do
    "$python" "$here/../support/sample.py" "$work/$fault" "$fault" >"$work/output" 2>&1 ||
        sed 's/^/# /' "$work/output"
done
for peer in members warcio jwarc warcio_js fastwarc wacz; do
    claim $peer good 0 ""
done
for peer in members warcio jwarc fastwarc; do
    claim $peer digest 1 "block digest"
done
claim members oneshot 1 "not CRLF CRLF and the end"

mkdir "$work/cut" "$work/changed"
head -c -5 "$work/good/sample.warc.gz" >"$work/cut/sample.warc.gz"
claim members cut 1 "cut short"
sed 's/parliament/Parliament/' "$work/good/sample.wacz" >"$work/changed/sample.wacz"
claim wacz changed 1 "sample.wacz"

# A program that prints what cdxj-indexer prints, and one that is a byte off.
printf '#!/bin/sh\nshift\nexec "%s" -s "$@"\n' "$peers/python/bin/cdxj-indexer" >"$work/same"
printf '#!/bin/sh\n"%s" "$@" | sed s/200/201/\n' "$work/same" >"$work/other"
chmod +x "$work/same" "$work/other"
FLONG=$work/same claim cdxj good 0 ""
FLONG=$work/other claim cdxj good 1 "flong index and cdxj-indexer -s differ"
"$peers/python/bin/cdxj-indexer" -s -p -d "$work/good/sample.warc.gz" |
    sed -E 's/^([^ ]* [0-9]{14}) /\1345 /' >"$work/good/index.cdx"
FLONG=$work/same claim cdxj good 0 ""
sed -i 2d "$work/good/index.cdx"
FLONG=$work/same claim cdxj good 1 "index.cdx and cdxj-indexer -s -p -d differ"
printf '1..%d\n' $points
