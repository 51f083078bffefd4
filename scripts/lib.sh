# shellcheck shell=bash
# lib.sh - what the scripts share: where the tree is, how they speak, how they ask for root.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
peers=${FLONG_PEERS:-$root/.peers}

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$(basename "$0"): $*"
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# The help of a script is the comment at its top.
usage() {
    sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"
}

# as_root COMMAND...: run as root; sudo is used only when we are not root already.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        die "'$1' needs root: run 'scripts/setup' as root once, or install sudo"
    fi
}
