#!/bin/bash
# install_test.sh BUILD SOURCE_ROOT CC [FLAG...] - libflong as it is installed: its headers in C and C++, and
# the examples of libflong(3) built by pkg-config, against the shared and against the static library.
#
# CC is a command, of more than one word where a cache stands before the compiler. The FLAGs are for the compiler,
# such as -fsanitize=address. Prints TAP.
set -uo pipefail

build=$1
source=$2
read -ra cc <<<"$3"
shift 3
flags=("$@")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
points=0

point() { # CLAIM COMMAND...: ok when COMMAND succeeds
    local claim=$1
    shift
    points=$((points + 1))
    if "$@" >"$work/output" 2>&1; then
        printf 'ok %d - %s\n' "$points" "$claim"
    else
        printf 'not ok %d - %s\n' "$points" "$claim"
        sed 's/^/# /' "$work/output"
    fi
}

skip() { # CLAIM REASON
    points=$((points + 1))
    printf 'ok %d - %s # SKIP %s\n' "$points" "$1" "$2"
}

install_it() {
    DESTDIR=$work/tree meson install -C "$build" --no-rebuild --quiet || return
    pc=$(find "$work/tree" -name flong.pc)
    [ -n "$pc" ]
}

# Each header alone, and all of them together, as strict as the compiler can be.
headers_compile() { # STANDARD LANGUAGE COMPILER...
    local standard=$1 language=$2 header names
    shift 2
    mapfile -t names < <(cd "$source/include" && printf '%s\n' flong/*.h)
    for header in "${names[@]}"; do
        printf '#include <%s>\nint main(void) { return 0; }\n' "$header" >"$work/header.$language"
        "$@" "-std=$standard" -Wall -Wextra -Wpedantic -Wundef -Werror "-I$includes" -fsyntax-only "$work/header.$language" || return
    done
    printf '#include <%s>\n' "${names[@]}" >"$work/header.$language"
    "$@" "-std=$standard" -Wall -Wextra -Wpedantic -Werror "-I$includes" -fsyntax-only "$work/header.$language"
}

# A C++ program that calls the library links: the names are not mangled.
cpp_links() { # COMPILER
    printf '#include <flong/flong.h>\nint main() { return flong_version() == nullptr; }\n' >"$work/version.cc"
    # shellcheck disable=SC2046 # options
    "$1" -std=c++11 -Wall -Werror "${flags[@]}" -o "$work/version" "$work/version.cc" $(config --cflags --libs flong) &&
        run "$work/version"
}

# pkg-config of the installed tree alone, as if it were the root of the file system.
config() {
    PKG_CONFIG_PATH=$(dirname "$pc") PKG_CONFIG_SYSROOT_DIR=$work/tree pkg-config "$@"
}

run() {
    LD_LIBRARY_PATH=$library_path "$@"
}

build_example() { # NAME OPTION...: of pkg-config
    local name=$1
    shift
    # shellcheck disable=SC2046 # options
    "${cc[@]}" -std=c17 -Wall -Wextra -Werror "${flags[@]}" -o "$work/$name" "$source/src/lib/examples/$name.c" \
        $(config "$@" --cflags --libs flong)
}

no_clash() { # a program with a function of the name of one of ours
    printf '%s\n' '#include <flong/flong.h>' 'int buf_add(int a);' 'int buf_add(int a) { return a; }' \
        'int main(void) { return buf_add(flong_version() == 0); }' >"$work/clash.c"
    # shellcheck disable=SC2046 # options
    "${cc[@]}" -std=c17 "${flags[@]}" -o "$work/clash" "$work/clash.c" $(config --static --cflags --libs flong) &&
        "$work/clash"
}

needs_libflong() {
    readelf -d "$work/$1" | grep -q 'NEEDED.*libflong\.so\.0'
}

carries_libflong() {
    ! needs_libflong "$1"
}

works() { # writes, finds and lists
    rm -f "$work"/new.*
    run "$work/write_and_find" "$work/new.warc.gz" "$work/new.cdxj" 'HTTP://Example.org/a b' >"$work/found" || return
    grep -q '^http://example.org/a%20b of [0-9]* *[0-9]*: [0-9]* bytes at [0-9]* of new.warc.gz$' "$work/found" || return
    run "$work/list_records" "$work/new.warc.gz" >"$work/list" || return
    grep -q '  200         16  response  http://example.org/a%20b$' "$work/list"
}

command -v pkg-config >/dev/null || {
    echo '1..0 # SKIP pkg-config is not installed'
    exit 0
}
point "meson installs it" install_it
includes=$(dirname "$(dirname "$(find "$work/tree" -path '*/flong/flong.h')")")
library_path=$(dirname "$(find "$work/tree" -name libflong.so)")

point "the headers are C11" headers_compile c11 c "${cc[@]}"
for cpp in g++ clang++-14; do
    if command -v "$cpp" >/dev/null; then
        point "the headers are C++11 for $cpp" headers_compile c++11 cc "$cpp"
    else
        skip "the headers are C++11 for $cpp" "$cpp is not installed"
    fi
done
if [ ${#flags[@]} -eq 0 ] && command -v g++ >/dev/null; then
    point "a C++ program links with it" cpp_links g++
else
    skip "a C++ program links with it" "g++ is not installed, or the library is for sanitizers"
fi

for example in list_records write_and_find; do
    point "$example builds with the shared library" build_example "$example"
    point "$example needs libflong.so.0" needs_libflong "$example"
done
point "the examples work with the shared library" works
find "$work/tree" -name 'libflong.so*' -delete # so that -lflong is libflong.a
for example in list_records write_and_find; do
    point "$example builds with the static library" build_example "$example" --static
    point "$example does not need libflong.so.0" carries_libflong "$example"
done
point "the examples work with the static library" works
point "the static library has no names but its own" no_clash
printf '1..%d\n' "$points"
