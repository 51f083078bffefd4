#!/bin/bash
# check-style.sh [TREE] - the house rules a machine can check; CONTRIBUTING.md has them all.
#
# Format, first lines, size of files, banned functions, words and files that do not belong here, and
# headers that stand alone. Exit status 1 when a file breaks one.
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
# What stands at the top of the tree: a file that was left there goes into a commit unseen.
top='src|include|tests|scripts|meson\.build|meson_options\.txt|(README|CHANGELOG|CONTRIBUTING)\.md|LICENSE|\..*'
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

# check_heads FILE...: their first two lines, and how long they are.
check_heads() {
    awk -v most="$max_lines" '
        function end() {
            if (lines > most) printf "%s:1: %d lines, over %d; split it by idea\n", file, lines, most
            if (lines < 2) second("")
        }
        function second(text,    name) {
            name = file
            sub(/.*\//, "", name)
            if (index(text, "/* " name " - ") == 0)
                printf "%s:2: the second line must be /* %s - the idea of the file */\n", file, name
        }
        FNR == 1 {
            if (file != "") end()
            file = FILENAME
            if ($0 != "/* SPDX-License-Identifier: MIT */")
                printf "%s:1: the first line must be /* SPDX-License-Identifier: MIT */\n", file
        }
        FNR == 2 { second($0) }
        { lines = FNR }
        END { if (file != "") end() }' "$@"
}

# calls_of NAMES LAST FILE...: calls of these functions; no character of LAST stands before such a name. The
# preprocessor takes the comments away and keeps the lines.
calls_of() {
    local called="(^|[^a-z0-9_$2])($1) *\\\\("
    shift 2
    [ $# -gt 0 ] || return
    gcc -fpreprocessed -dD -E "$@" 2>/dev/null | awk -v called="$called" '
        /^# [0-9]+ "/ { line = $2 - 1; file = $3; gsub(/"/, "", file); next }
        { line++ }
        match($0, called) {
            name = substr($0, RSTART, RLENGTH)
            sub(/^[^a-z]/, "", name)
            printf "%s:%d: %s\n", file, line, name
        }'
}

# Those of src that must go through base/io.
bound_to_io() {
    local file owner
    for file in "${sources[@]}"; do
        [[ $file == src/* ]] || continue
        for owner in ${disk_owners//|/ }; do
            # shellcheck disable=SC2053 # it is a pattern
            [[ $file == $owner ]] && continue 2
        done
        printf '%s\n' "$file"
    done
}

# not_first HEADER...: those that no source file of their name includes before all others; of the rest the build
# shows that they stand alone.
not_first() {
    local header source
    for header in "$@"; do
        source=${header%.h}.c
        [ -f "$source" ] && [ "$(grep -m 1 '^#include' "$source")" = "#include \"${header#src/}\"" ] && continue
        printf '%s\n' "$header"
    done
}

# check_standalone HEADER...: each is compiled as if it were a program.
check_standalone() {
    [ $# -gt 0 ] || return
    local flags=(-std=c17 -D_GNU_SOURCE -Iinclude -Isrc -Itests/support)
    gcc "${flags[@]}" -Wall -Wextra -Werror -fsyntax-only -fno-diagnostics-show-caret -xc "$@" 2>&1 |
        grep -E '^[^ ]+:[0-9]+:[0-9]+: (fatal )?error: ' | while IFS=: read -r file line _ message; do
        printf '%s:%s: does not compile by itself; include what it uses:%s\n' "$file" "$line" "${message#*:}"
    done
}

mapfile -t sources < <(files_of . 'src/*.[ch]' 'include/*.h' 'tests/*.[ch]')
mapfile -t texts < <(files_of . '*' | grep -vE '^tests/(data|fuzz/corpus)/|\.(png|gz|zip|woff2?)$')

if [ ${#sources[@]} -gt 0 ]; then
    blame_lines 'run clang-format-14 -i on it' < <(check_format "${sources[@]}")
    while read -r line; do
        blame "$line"
    done < <(check_heads "${sources[@]}")
    blame_lines "banned; CONTRIBUTING.md names what to use instead" < <(calls_of "$banned" '' "${sources[@]}")
    mapfile -t bound < <(bound_to_io)
    blame_lines "goes past base/io; io.h and files.h have what to call instead" < <(calls_of "$disk" '>.' "${bound[@]}")
    # unit.h needs cmocka; every unit test compiles it.
    mapfile -t headers < <(printf '%s\n' "${sources[@]}" | grep '\.h$' | grep -vx tests/support/unit.h)
    mapfile -t headers < <(not_first "${headers[@]}")
    while read -r line; do
        blame "$line"
    done < <(check_standalone "${headers[@]}")
fi
if [ ${#texts[@]} -gt 0 ]; then
    blame_lines 'finish it, or write it down as an issue' < <(grep -InHwoE "$unfinished" "${texts[@]}")
    blame_lines 'a path or host of one machine; the tree speaks of the project alone' \
        < <(grep -InHoE "$foreign" "${texts[@]}")
fi
if [ -e .git ]; then # what is tracked: a collection may be made here
    blame_lines 'does not belong at the top of the tree' \
        < <(git ls-files | cut -d/ -f1 | sort -u | grep -vxE "$top")
fi
exit $bad
