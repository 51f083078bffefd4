#!/bin/bash
# check-style.sh [TREE] - the house rules a machine can check; CONTRIBUTING.md has them all.
#
# Format, first lines, size of files, banned functions, words that do not belong here, and headers
# that stand alone. Exit status 1 when a file breaks one.
set -uo pipefail
. "$(dirname "$0")/lib.sh"

banned='strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|strtol|strtoul|sscanf|alloca|system|popen'
# Calls on files, for which base/io has others; what only looks (stat, readdir) may be called.
disk='open|openat|creat|fopen|freopen|fdopen|write|pwrite|writev|pwritev|rename|renameat|renameat2|link|linkat'
disk+='|unlink|unlinkat|remove|mkdir|mkdirat|rmdir|fsync|fdatasync|syncfs|ftruncate|truncate|fallocate'
disk+='|posix_fallocate|statvfs|fstatvfs|tmpfile|mkstemp|mkostemp|mkdtemp|symlink|copy_file_range|sendfile'
# Who may: the table of these calls; the sandbox, which tries what it forbids; programs that use the library.
disk_owners='src/base/io.c|src/base/sandbox.c|src/lib/examples/*'
max_lines=500
# In pieces, so that this file does not find itself.
unfinished='TO''DO|FIX''ME|XX''X'
foreign='(^|[^A-Za-z0-9._/-])/(work|root|tmp/team)/|registry\.npm''js|pypi\.''org|repo1\.''maven'

tree=${1:-$root}
cd "$tree" || exit 1
bad=0

blame() {
    printf '%s\n' "$*"
    bad=1
}

# blame_lines MESSAGE: each line of stdin (FILE:LINE:text) with the message.
blame_lines() {
    local line
    while read -r line; do
        blame "$line: $1"
    done
}

check_format() {
    clang-format-14 --dry-run --Werror "$@" 2>&1 | grep -E ' error: ' |
        sed -E 's/ error: .*/ not formatted/' | sort -u
}

check_head() {
    local file=$1 name
    name=$(basename "$file")
    [ "$(sed -n 1p "$file")" = '/* SPDX-License-Identifier: MIT */' ] ||
        blame "$file:1: the first line must be /* SPDX-License-Identifier: MIT */"
    sed -n 2p "$file" | grep -qF "/* $name - " ||
        blame "$file:2: the second line must be /* $name - the idea of the file */"
    [ "$(wc -l <"$file")" -le "$max_lines" ] ||
        blame "$file:1: $(wc -l <"$file") lines, over $max_lines; split it by idea"
}

# check_calls FILE NAMES [LAST]: calls of these functions; no character of LAST stands before such a name. The
# preprocessor takes the comments away and keeps the lines.
check_calls() {
    gcc -fpreprocessed -dD -E "$1" 2>/dev/null | awk -v file="$1" -v banned="(^|[^a-z0-9_${3:-}])($2) *\\\\(" '
        /^# [0-9]+ "/ { line = $2 - 1; next }
        { line++ }
        match($0, banned) {
            name = substr($0, RSTART, RLENGTH)
            sub(/^[^a-z]/, "", name)
            printf "%s:%d: %s\n", file, line, name
        }'
}

check_disk() {
    local owner
    for owner in ${disk_owners//|/ }; do
        # shellcheck disable=SC2053 # it is a pattern
        [[ $1 == $owner ]] && return
    done
    blame_lines "goes past base/io; io.h and files.h have what to call instead" < <(check_calls "$1" "$disk" '>.')
}

check_standalone() {
    local header=$1 flags=(-std=c17 -D_GNU_SOURCE -Iinclude -Isrc -Itests/support)
    [ "$header" = tests/support/unit.h ] && return # needs cmocka, checked by every unit test
    printf '#include "%s"\n' "$PWD/$header" |
        gcc "${flags[@]}" -Wall -Wextra -Werror -fsyntax-only -xc - >/dev/null 2>&1 ||
        blame "$header:1: does not compile by itself; include what it uses"
}

mapfile -t sources < <(files_of . 'src/*.[ch]' 'include/*.h' 'tests/*.[ch]')
mapfile -t texts < <(files_of . '*' | grep -vE '^tests/(data|fuzz/corpus)/|\.(png|gz|zip|woff2?)$')

if [ ${#sources[@]} -gt 0 ]; then
    blame_lines 'run clang-format-14 -i on it' < <(check_format "${sources[@]}")
    for file in "${sources[@]}"; do
        check_head "$file"
        blame_lines "banned; CONTRIBUTING.md names what to use instead" < <(check_calls "$file" "$banned")
        case $file in
        src/*) check_disk "$file" ;;
        esac
        case $file in
        *.h) check_standalone "$file" ;;
        esac
    done
fi
if [ ${#texts[@]} -gt 0 ]; then
    blame_lines 'finish it, or write it down as an issue' < <(grep -InHwoE "$unfinished" "${texts[@]}")
    blame_lines 'a path or host of one machine; the tree speaks of the project alone' \
        < <(grep -InHoE "$foreign" "${texts[@]}")
fi
exit $bad
