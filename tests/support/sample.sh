# shellcheck shell=bash
# sample.sh - the archive that the interop and browser tests look at, made once for all of them.
#
# sample_folder prints the folder with a crawl of the fictional site at depth 1 (see crawl_site.py).
# It lies in FLONG_SAMPLE_DIR and is made again when flong or the site has changed.

tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # for those who include this file
peers=${FLONG_PEERS:-$tree/.peers}
flong=${FLONG:-$tree/build/flong}

skip() {
    printf 'SKIP: %s\n' "$*"
    exit 77
}

# need FILE NAME: skip unless the peer's file is there.
need() {
    [ -e "$1" ] || skip "$2 is not installed; scripts/setup --peers does it"
}

sample_folder() {
    local folder=${FLONG_SAMPLE_DIR:-$tree/build/sample} stamp
    mkdir -p "$folder"
    stamp=$(cat "$flong" "$tree"/tests/site/*.py "$tree"/tests/support/crawl_site.py | sha256sum)
    (
        flock 9
        if [ "$(cat "$folder/stamp" 2>/dev/null)" != "$stamp" ]; then
            find "$folder" -mindepth 1 ! -name lock -delete
            if python3 "$tree/tests/support/crawl_site.py" "$flong" "$folder" >&2; then
                printf '%s\n' "$stamp" >"$folder/stamp"
            else
                printf 'FAIL: flong did not archive the fictional site; its last words:\n' >&2
                tail -n 5 "$folder/flong.err" >&2
                exit 1
            fi
        fi
    ) 9>"$folder/lock" || return 1
    printf '%s\n' "$folder"
}
