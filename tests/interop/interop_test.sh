#!/bin/bash
# interop_test.sh PEER - one peer's judgement (judge.py) on what flong made of the fictional site.
set -euo pipefail
. "$(dirname "$0")/../support/sample.sh"

peer=$1
python=$peers/python/bin/python
[ -x "$flong" ] || skip "flong is not built"
case $peer in
members | jwarc | warcio_js) [ -x "$python" ] || python=python3 ;;
*) need "$python" "$peer" ;;
esac
folder=$(sample_folder)
exec "$python" "$(dirname "$0")/judge.py" "$peer" "$folder"
