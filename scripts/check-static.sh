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

# tidy_one FILE MARK: lint the file; MARK.wanted becomes MARK when it is clean. Large pages for malloc save it a
# fifth of the time.
# shellcheck disable=SC2317 # xargs calls it
tidy_one() {
    local output argument arguments=()
    for argument in -Xclang -analyzer-config -Xclang "max-nodes=$tidy_nodes"; do
        arguments+=("--extra-arg=$argument")
    done
    if output=$(GLIBC_TUNABLES=glibc.malloc.hugetlb=1 \
        clang-tidy-14 -quiet -p "$tidy_folder" "${arguments[@]}" "$1" 2>/dev/null); then
        mv "$2.wanted" "$2"
    else
        printf '%s\n' "$output"
        return 1
    fi
}
export -f tidy_one
export tidy_folder tidy_nodes

# unmarked: FILE MARK of each source that has no mark with the digests of it, of all of our headers that it
# includes, and of the rules. Writes MARK.wanted. What no target builds is left out.
unmarked() {
    {
        sed -n 's,.*"file": ".*/\(src/[^"]*\.c\)".*,built \1,p' "$tidy_folder/compile_commands.json"
        files_of . 'src/*.[ch]' 'include/*.h' | xargs sha256sum .clang-tidy
    } | awk -v marks="$tidy_folder/tidy/" -v nodes="$tidy_nodes" '
        function add(file,    i, count, path, tried) { # to `own`, with what it includes
            if (file in seen) return
            seen[file] = 1
            own = own digest[file] "\n"
            if (!(file in includes)) {
                while ((getline line <file) > 0)
                    if (line ~ /^[ \t]*#[ \t]*include[ \t]*["<]/) {
                        sub(/^[^"<]*["<]/, "", line)
                        sub(/[">].*/, "", line)
                        includes[file] = includes[file] " " line
                    }
                close(file)
            }
            count = split(includes[file], path, " ")
            for (i = 1; i <= count; i++) {
                tried = file
                sub(/[^\/]*$/, "", tried)
                if (tried path[i] in digest) add(tried path[i])
                else if ("src/" path[i] in digest) add("src/" path[i])
                else if ("include/" path[i] in digest) add("include/" path[i])
            }
        }
        $1 == "built" { built[$2] = 1; next }
        { digest[$2] = $1; names[++count_of_names] = $2 }
        END {
            for (n = 1; n <= count_of_names; n++) {
                if (!(names[n] in built)) continue
                split("", seen)
                own = nodes "\n" digest[".clang-tidy"] "\n"
                add(names[n])
                mark = names[n]
                gsub(/\//, "-", mark)
                mark = marks mark
                there = ""
                while ((getline line <mark) > 0) there = there line "\n"
                close(mark)
                if (there == own) continue
                printf "%s", own >(mark ".wanted")
                close(mark ".wanted")
                print names[n], mark
            }
        }'
}

# One at a time in a tree: scripts/test begins early, and the test waits for what that has not done.
check_tidy() {
    local output turn
    exec {turn}<.
    flock "$turn"
    if ! output=$(CC=clang-14 configure "$tidy_folder" -Dbuildtype=debug 2>&1 &&
        ninja -C "$tidy_folder" build.ninja 2>&1); then
        printf '%s\n' "$output" | tail -n 15
        blame "meson setup $tidy_folder fails; see above"
        return
    fi
    mkdir -p "$tidy_folder/tidy"
    unmarked | xargs -r -P "$(nproc)" -n 2 bash -c 'tidy_one "$@"' _ || blame "clang-tidy-14 found something"
    exec {turn}<&-
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
