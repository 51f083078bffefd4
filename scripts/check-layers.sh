#!/bin/bash
# check-layers.sh [TREE] - includes point down the layers, and each library has its owner files.
#
# The two tables below are the rule; src/README.md tells why. Exit status 1 when a file breaks it.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# LAYER: what its files may include besides themselves and the public headers, "flong/..."
layers='
base:
web:     base
warc:    web base
index:   warc web base
lib:     index warc web base
links:   web base
article: links web base
crawl:   article links index warc web base
replay:  article links index warc web base
cli:     replay crawl article links index warc web base
'
# HEADER (or folder of headers): the only files that may include it; * stands for the rest of a name
owners='
zlib.h:       base/gzip.c base/gunzip.c base/inflate*
libdeflate.h: base/gzip.c base/gunzip.c
zstd.h:       base/zstd.c
openssl/:     base/digest.c crawl/tls.c index/sign.c
jansson.h:    base/json.c
pcre2.h:      base/regex.c
libpsl.h:     web/public_suffix.c
unicode/:     web/idna.c
brotli/:      web/content_coding.c
iconv.h:      web/charset_table.c
libxml/:      links/markup.c
curl/:        crawl/fetcher.c crawl/raw_fetch.c crawl/transfer*
sqlite3.h:    crawl/state*
zip.h:        index/zip.c
microhttpd.h: replay/server.c
seccomp.h:    base/sandbox*
linux/:       base/sandbox*
'

tree=${1:-$root}
cd "$tree"
{
    printf '%s' "$layers" | sed -n 's/^\(..*\):/layer \1/p'
    printf '%s' "$owners" | sed -n 's/^\(..*\):/owner \1/p'
    files_of . 'src/*.c' 'src/*.h' 'include/*.h' | while read -r file; do
        grep -HnE '^[[:space:]]*#[[:space:]]*include' "$file" || true
    done | sed -E 's/^([^:]*):([0-9]*):[^<"]*[<"]([^>"]*).*/include \1 \2 \3/'
} | awk '
function clean(list) {
    gsub(/ +/, " ", list)
    return list " "
}
function owns(list, file,    names, count, i, name) {
    count = split(list, names, " ")
    for (i = 1; i <= count; i++) {
        name = names[i]
        if (name == file || (sub(/\*$/, "", name) && index(file, name) == 1))
            return 1
    }
    return 0
}
function blame(text) { printf "%s:%s: %s\n", $2, $3, text; bad = 1 }
$1 == "layer" { known[$2] = 1; may[$2] = clean(substr($0, index($0, $2) + length($2))); next }
$1 == "owner" { owned[$2] = clean(substr($0, index($0, $2) + length($2))); next }
{
    split($2, path, "/"); split($4, to, "/")
    public = path[1] == "include"
    from = public ? "the public headers" : path[2]
    if (!public && !(from in known)) {
        blame("src/" from " is no layer; put the file into one of those in scripts/check-layers.sh")
        next
    }
    if (to[1] in known && to[2] != "") {
        if (public)
            blame("a public header includes \"" $4 "\"; only \"flong/...\" and the standard library")
        else if (to[1] != from && index(may[from], " " to[1] " ") == 0)
            blame(from " may not include " $4 "; it may include:" may[from])
    }
    for (header in owned) {
        mine = header ~ /\/$/ ? index($4, header) == 1 : $4 == header
        if (mine && !owns(owned[header], substr($2, 5)))
            blame("<" $4 "> belongs to" owned[header] "alone; call that module instead")
    }
}
END { exit bad }'
