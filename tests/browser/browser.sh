# shellcheck shell=bash
# browser.sh - what the browser tests share: where things are and which peers they lack.

. "$(dirname "${BASH_SOURCE[0]}")/../support/sample.sh"
# shellcheck disable=SC2034 # for those who include this file
here=$tree/tests/browser
# shellcheck disable=SC2034
python=$peers/python/bin/python

# missing_peers: print what the browser tests need and do not find, or nothing.
missing_peers() {
    local names=()
    command -v node >/dev/null || names+=(node)
    command -v chromium >/dev/null || names+=(chromium)
    [ -e "$peers/node/node_modules/playwright-core" ] || names+=(playwright-core)
    [ -e "$peers/replaywebpage/ui.js" ] || names+=(replaywebpage)
    [ ${#names[@]} -eq 0 ] || printf '%s: not installed; scripts/setup --peers does it\n' "${names[*]}"
}

# need PATH WHY...: ends the test as skipped when a player or one of the paths is not there.
need() {
    local missing
    missing=$(missing_peers)
    while [ $# -ge 2 ]; do
        [ -e "$1" ] || missing=$2
        shift 2
    done
    if [ -n "$missing" ]; then
        echo "1..0 # SKIP $missing"
        exit 0
    fi
}
