#!/bin/bash
# lint_test.sh - the checkers in scripts/ find what they are for, and let clean code pass.
#
# Each case writes a small tree with one fault and expects that fault to be named. Prints TAP.
set -uo pipefail

scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
points=0

point() { # ok|"not ok" CLAIM
    points=$((points + 1))
    printf '%s %d - %s\n' "$1" "$points" "$2"
}

# new_tree: an empty tree with one clean file and one clean header.
new_tree() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/src/base" "$work/tree/src/web" "$work/tree/include/flong" "$work/tree/scripts"
    cp "$scripts/../.clang-format" "$work/tree/"
    write src/base/one.h '' '#ifndef BASE_ONE_H' '#define BASE_ONE_H' '' 'int one_get(void);' '#endif'
    write src/base/one.c '' '#include "base/one.h"' '' 'int one_get(void)' '{' $'\treturn 1;' '}'
}

# write FILE LINE...: a source file with a right head; the first LINE may add to the file comment.
write() {
    local file=$1
    shift
    {
        printf '/* SPDX-License-Identifier: MIT */\n/* %s - a file%s */\n' "${file##*/}" "$1"
        shift
        printf '%s\n' "$@"
    } >"$work/tree/$file"
}

accepts() { # CLAIM CHECKER [WHAT]
    if "$scripts/$2" "$work/tree" ${3:+"$3"} >"$work/output" 2>&1; then
        point ok "$1"
    else
        sed 's/^/# /' "$work/output"
        point "not ok" "$1"
    fi
}

rejects() { # CLAIM WORD CHECKER [WHAT]: it fails, and its output has WORD
    if "$scripts/$3" "$work/tree" ${4:+"$4"} >"$work/output" 2>&1; then
        printf '# %s did not fail\n' "$3"
        point "not ok" "$1"
    elif ! grep -qF -- "$2" "$work/output"; then
        sed 's/^/# /' "$work/output"
        point "not ok" "$1"
    else
        point ok "$1"
    fi
}

new_tree
accepts "layers: clean tree passes" check-layers.sh
write src/base/two.c '' '#include "web/url.h"'
rejects "layers: an upward include fails" "base may not include web/url.h" check-layers.sh

new_tree
write src/web/two.c '' '#include <curl/curl.h>'
rejects "layers: a second user of a library fails" "<curl/curl.h> belongs to" check-layers.sh
mkdir -p "$work/tree/src/crawl"
mv "$work/tree/src/web/two.c" "$work/tree/src/crawl/fetcher.c"
accepts "layers: the owner of a library passes" check-layers.sh

new_tree
mkdir -p "$work/tree/src/misc"
write src/misc/two.c '' '#include "base/one.h"'
rejects "layers: a folder that is no layer fails" "src/misc is no layer" check-layers.sh

new_tree
write include/flong/two.h '' '#include "base/one.h"'
rejects "layers: a public header with a private one fails" "a public header includes" check-layers.sh

new_tree
accepts "style: clean tree passes" check-style.sh
write src/base/two.c '' 'int two_get( void );'
rejects "style: unformatted code fails" "run clang-format-14" check-style.sh

new_tree
sed -i 1d "$work/tree/src/base/one.c"
rejects "style: a missing licence line fails" "the first line must be" check-style.sh

new_tree
sed -i '2s/one.c/1.c/' "$work/tree/src/base/one.c"
rejects "style: a file comment with another name fails" "the second line must be" check-style.sh

new_tree
for ((i = 0; i < 500; i++)); do printf 'extern int one_%d;\n' "$i"; done >>"$work/tree/src/base/one.c"
rejects "style: a file over 500 lines fails" "lines, over 500" check-style.sh

new_tree
write src/base/two.c '' '#include <stdlib.h>' '' 'int two_get(void)' '{' $'\treturn atoi("2");' '}'
rejects "style: a banned function fails, with its line" "src/base/two.c:7: atoi(" check-style.sh
write src/base/two.c '' '/* atoi() is banned */' 'int two_atoi(void);'
accepts "style: a banned name in a comment passes" check-style.sh
write src/web/two.c '' '#include <unistd.h>' '' 'int two_get(int fd);' '' 'int two_get(int fd)' '{' $'\treturn fsync(fd);' '}'
rejects "style: a call past base/io fails, with its line" "src/web/two.c:9: fsync(" check-style.sh
write src/web/two.c '' 'struct two {' $'\tint (*open)(int);' '};' 'int two_get(struct two *two);' '' 'int two_get(struct two *two)' '{' $'\treturn two->open(1);' '}'
accepts "style: a member of that name may be called" check-style.sh
rm "$work/tree/src/web/two.c"

new_tree
printf 'FIX%s: later\n' ME >"$work/tree/README.md"
rejects "style: unfinished work fails" "README.md:1" check-style.sh
printf 'see /%s/there\n' root >"$work/tree/README.md"
rejects "style: a path of one machine fails" "README.md:1" check-style.sh
printf 'see http://news.example/%s/there\n' root >"$work/tree/README.md"
accepts "style: the same folder in a URL passes" check-style.sh

new_tree
printf 'left here\n' >"$work/tree/left.whl"
git -C "$work/tree" init -q
git -C "$work/tree" add src
accepts "style: a file of nobody's at the top passes" check-style.sh
git -C "$work/tree" add left.whl
rejects "style: a file that is tracked and does not belong there fails" "left.whl: does not belong at the top" check-style.sh

new_tree
write src/base/one.h '' '#ifndef BASE_ONE_H' '#define BASE_ONE_H' '' 'size_t one_get(void);' '#endif'
accepts "style: what one.c includes first is left to the build" check-style.sh
write src/base/one.c '' '#include <stddef.h>' '' '#include "base/one.h"'
rejects "style: a header that does not stand alone fails" "one.h:6: does not compile by itself" check-style.sh

new_tree
accepts "cppcheck: clean tree passes" check-static.sh cppcheck
write src/base/two.c '' 'int two_get(void)' '{' $'\tint a[2] = {0, 0};' $'\treturn a[2];' '}'
rejects "cppcheck: an index past the end fails" "out of bounds" check-static.sh cppcheck

new_tree
cp "$scripts/../.clang-tidy" "$work/tree/"
printf "project('x', 'c')\nstatic_library('x', 'src/base/one.c', include_directories: 'src')\n" \
    >"$work/tree/meson.build"
accepts "clang-tidy: clean tree passes" check-static.sh tidy
write src/base/one.c '' '#include "base/one.h"' '' 'int one_get(void)' '{' $'\tif (1)' $'\t\treturn 1;' \
    $'\treturn 0;' '}'
rejects "clang-tidy: an if without braces fails" "braces-around-statements" check-static.sh tidy

new_tree
# shellcheck disable=SC2016 # the text of a script
printf '#!/bin/sh\necho "$1"\n' >"$work/tree/scripts/x"
accepts "shellcheck, shfmt: a clean script passes" check-static.sh shell
# shellcheck disable=SC2016 # the text of a script
printf '#!/bin/sh\necho $1\n' >"$work/tree/scripts/x"
rejects "shellcheck: an unquoted variable fails" "SC2086" check-static.sh shell
printf '#!/bin/sh\nif true; then\n  echo\nfi\n' >"$work/tree/scripts/x"
rejects "shfmt: two spaces of indent fail" "shfmt" check-static.sh shell

new_tree
printf 'it rec%sves bytes\n' ie >"$work/tree/README.md"
rejects "codespell: a misspelt word fails" "receives" check-static.sh spelling
printf 'it receives bytes\n' >"$work/tree/README.md"
accepts "codespell: the right word passes" check-static.sh spelling

printf '1..%d\n' "$points"
