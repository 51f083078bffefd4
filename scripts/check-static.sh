#!/bin/bash
# check-static.sh [TREE] [WHAT...] - clang-tidy, cppcheck, shellcheck, shfmt, codespell; or only WHAT.
#
# clang-tidy remembers in build-tidy/ which files were fine, so that a second run is quick. Its analyzer follows
# a function's paths for FLONG_TIDY_NODES steps; scripts/nightly gives it three times as many, which takes three
# times as long.
# Exit status 1 when one of them finds something; its messages say what.
set -uo pipefail
. "$(dirname "$0")/lib.sh"

tree=${1:-$root}
root=$tree
shift $(($# > 0 ? 1 : 0))
wanted=${*:-tidy cppcheck shell spelling}
cd "$tree" || exit 1
bad=0
tidy_folder=build-tidy
tidy_nodes=${FLONG_TIDY_NODES:-75000}

blame() {
    say "check-static.sh: $*"
    bad=1
}

# tidy_one FILE MARK: lint the file; MARK is made when it is clean. Large pages for malloc save it a fifth of
# the time.
# shellcheck disable=SC2317 # xargs calls it
tidy_one() {
    local output argument arguments=()
    for argument in -Xclang -analyzer-config -Xclang "max-nodes=$tidy_nodes"; do
        arguments+=("--extra-arg=$argument")
    done
    if output=$(GLIBC_TUNABLES=glibc.malloc.hugetlb=1 \
        clang-tidy-14 -quiet -p "$tidy_folder" "${arguments[@]}" "$1" 2>/dev/null); then
        : >"$2"
    else
        printf '%s\n' "$output"
        return 1
    fi
}
export -f tidy_one
export tidy_folder tidy_nodes

# own_files FILE: it and all of our headers that it includes.
own_files() {
    gcc -D_GNU_SOURCE -Iinclude -Isrc -MM -MG "$1" | sed 's/^[^:]*://; s/\\$//' | tr ' ' '\n' |
        while read -r file; do
            [ -f "$file" ] && printf '%s\n' "$file"
        done
}

check_tidy() {
    local file mark output
    if ! output=$(CC=clang-14 configure "$tidy_folder" -Dbuildtype=debug 2>&1 &&
        ninja -C "$tidy_folder" build.ninja 2>&1); then
        printf '%s\n' "$output" | tail -n 15
        blame "meson setup $tidy_folder fails; see above"
        return
    fi
    mkdir -p "$tidy_folder/tidy"
    files_of . 'src/*.c' | while read -r file; do
        grep -qF "/$file\"" "$tidy_folder/compile_commands.json" || continue # no target builds it
        mark=$(own_files "$file" | { xargs cat .clang-tidy && echo "$tidy_nodes"; } | sha256sum)
        mark=$tidy_folder/tidy/${mark:0:32}
        [ -e "$mark" ] || printf '%s %s\n' "$file" "$mark"
    done | xargs -r -P "$(nproc)" -n 2 bash -c 'tidy_one "$@"' _ || blame "clang-tidy-14 found something"
}

# Suppressed is what it says of SCOPED and TAKE, whose cleanup attribute it does not know; and of
# readdir, which is safe on a stream of its own.
check_cppcheck() {
    local folder folders=()
    for folder in src include; do
        [ -d "$folder" ] && folders+=("$folder")
    done
    [ ${#folders[@]} -gt 0 ] || return
    cppcheck -q -j "$(nproc)" --std=c11 --enable=warning,style,performance,portability --inline-suppr \
        --error-exitcode=2 --suppress=missingIncludeSystem \
        --suppress=resourceLeak --suppress=memleak --suppress=unreadVariable \
        --suppress=knownConditionTrueFalse --suppress=readdirCalled --library=posix,gnu -D_GNU_SOURCE \
        -Iinclude -Isrc "${folders[@]}" || blame "cppcheck found something"
}

shell_files() {
    files_of . '*' | while read -r file; do
        head -c 64 "$file" | head -n 1 | grep -aqE '^#!.*[ /](ba)?sh( |$)|^# shellcheck shell' &&
            printf '%s\n' "$file"
    done
}

check_shell() {
    local files
    mapfile -t files < <(shell_files)
    [ ${#files[@]} -gt 0 ] || return
    shellcheck -x -P SCRIPTDIR "${files[@]}" || blame "shellcheck found something"
    shfmt -d -i 4 "${files[@]}" || blame "shfmt: run 'shfmt -w -i 4' on the files above"
}

# Names and words of other languages stand in tests/data and tests/site; names of HTML in one file.
check_spelling() {
    local files
    mapfile -t files < <(files_of . '*.md' '*.[ch]' '*.py' '*.sh' '*.scd' '*.mjs' 'meson*' 'scripts/*' |
        grep -vE '^tests/(data|site|fuzz/corpus)/|/markup_entities\.c$')
    [ ${#files[@]} -gt 0 ] || return
    # Names of system calls and of the trade; words of other languages, and the misspelt ones of robots.txt.
    local known=creat,crate,inflight,readd,hist,ro,ue,fpr
    known+=,te,hel,fo,nd,ser,ist,der,som,als,sie,ore,hace,autor,archiv,categorie,programm,serie,foto,fotograf
    known+=,connexion,momento,vie,dissallow,dissalow,disalow,termine
    codespell --ignore-words-list="$known" "${files[@]}" || blame "codespell found something"
}

for check in $wanted; do
    case $check in
    tidy) check_tidy ;;
    cppcheck) check_cppcheck ;;
    shell) check_shell ;;
    spelling) check_spelling ;;
    *) die "no check named '$check'; there are: tidy cppcheck shell spelling" ;;
    esac
done
exit $bad
