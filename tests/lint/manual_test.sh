#!/bin/bash
# manual_test.sh FLONG MANUAL_FOLDER - help and manual tell the same options, within 80 columns.
#
# MANUAL_FOLDER holds the pages' sources, NAME.SECTION.scd. Prints TAP.
set -uo pipefail

flong=$1
manual=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
points=0

point() { # CLAIM COMMAND...: ok when COMMAND prints nothing
    local claim=$1 output
    shift
    points=$((points + 1))
    output=$("$@" 2>&1)
    if [ -z "$output" ]; then
        printf 'ok %d - %s\n' "$points" "$claim"
    else
        printf 'not ok %d - %s\n' "$points" "$claim"
        printf '# %s\n' "${output//$'\n'/$'\n'# }"
    fi
}

# Options as "-x --name VALUE", sorted. In a help they stand at the left margin, in a page's
# source at the beginning of a line with asterisks and underscores around them.
options_of_help() { # the texts begin in column 27, or on the next line
    "$flong" help "$1" | grep -E '^  (-.,|   ) --[a-z]' |
        sed -E 's/^(.{25}) .*/\1/; s/^ +//; s/ +$//; s/,//' | sort
}
options_of_page() {
    grep -E '^\*-' "$manual/flong-$1.1.scd" | sed -E 's/[*_,]//g' | sort
}

same_options() { # COMMAND PAGE
    options_of_help "$1" >"$work/help"
    options_of_page "$2" >"$work/page"
    [ -s "$work/help" ] || echo "flong help $1 lists no option"
    diff --label "flong help $1" --label "flong-$2.1.scd" -u "$work/help" "$work/page"
}

over_80_columns() { # COMMAND
    # shellcheck disable=SC2086 # no command: the overview
    "$flong" help $1 | awk 'length > 80'
}

not_in_overview() { # COMMAND
    grep -qE "^\*$1\*" "$manual/flong.1.scd" || echo "flong.1.scd does not name $1"
}

faults() { # PAGE: scdoc ends paragraphs that mandoc then finds empty; all else counts
    scdoc <"$1" >"$work/page.man" || return
    mandoc -T lint -W warning "$work/page.man" | grep -v 'skipping paragraph macro'
}

point "the overview fits 80 columns" over_80_columns ""
for command in $("$flong" --list-commands); do
    point "flong(1) has $command" not_in_overview "$command"
    case $command in
    help | version) continue ;;
    resume) page=crawl ;;
    *) page=$command ;;
    esac
    point "help $command fits 80 columns" over_80_columns "$command"
    point "help $command and flong-$page(1) have the same options" same_options "$command" "$page"
done
if command -v scdoc >/dev/null && command -v mandoc >/dev/null; then
    for page in "$manual"/*.scd; do
        point "$(basename "$page" .scd) has no faults" faults "$page"
    done
else
    printf '# SKIP scdoc or mandoc: not installed; the pages are not checked for faults\n'
fi
printf '1..%d\n' "$points"
