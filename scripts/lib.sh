# shellcheck shell=bash
# lib.sh - what the scripts share: where the tree is, how they speak, how they ask for root.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # for those who include this file
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

# configure FOLDER OPTION...: make the build folder, relative to the tree. One made with other options,
# maybe before the packages of the tests were there, is configured anew.
configure() {
    local folder=$1 stamp=$root/$1/.configured
    shift
    if [ ! -f "$root/$folder/build.ninja" ]; then
        (cd "$root" && rm -rf "$folder" && meson setup "$folder" "$@") || return
    elif [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$*" ]; then
        (cd "$root" && meson configure "$folder" --clearcache && # else what was absent stays so
            meson setup --reconfigure "$folder" "$@") || return
    fi
    printf '%s\n' "$*" >"$stamp"
}

# build_flong: set up, configure and build build/flong; quiet unless something fails.
build_flong() {
    local log
    "$root/scripts/setup" --build
    log=$(mktemp)
    [ -x "$root/build/flong" ] || say "building flong (once, about a minute)"
    if ! { { [ -f "$root/build/build.ninja" ] || configure build; } && ninja -C "$root/build" flong; } >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        rm -f "$log"
        die "flong does not build; the compiler's messages are above"
    fi
    rm -f "$log"
}

# files_of TREE PATTERN...: the files of TREE that belong to it (tracked, or new and not ignored),
# as paths relative to it; PATTERN as in `git ls-files`. Without git all but hidden and build folders.
files_of() {
    local tree=$1
    shift
    if git -C "$tree" rev-parse --show-toplevel >/dev/null 2>&1; then
        git -C "$tree" ls-files -co --exclude-standard -- "$@" | while read -r file; do
            [ -f "$tree/$file" ] && printf '%s\n' "$file"
        done
    else
        local names=() pattern
        for pattern in "$@"; do
            names+=(-o -path "./$pattern")
        done
        (cd "$tree" && find . \( -name 'build*' -o -name '.?*' \) -prune -o -type f \
            \( "${names[@]:1}" \) -print | sed 's,^\./,,' | sort)
    fi
}
