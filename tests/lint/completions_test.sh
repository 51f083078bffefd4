#!/bin/bash
# completions_test.sh FLONG FOLDER - each shell offers what the program has. FOLDER holds flong.bash, _flong and
# flong.fish. Prints TAP.
#
# A shell is asked as a person asks it: a line and the tab key. One that is not installed is skipped.
set -uo pipefail

flong=$1
folder=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
points=0
mkdir "$work/files" "$work/files/archive"
: >"$work/files/story.warc.gz"

ask_bash() { # LINE: its last word is completed
    (cd "$work/files" && bash --norc -c '
        . "$1"
        line=$2
        # As readline divides it: "=" is a word.
        read -ra COMP_WORDS <<<"${line//=/ = }"
        [[ $line == *" " || $line == *= ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _flong
        printf "%s\n" "${COMPREPLY[@]}"' bash "$folder/flong.bash" "$1")
}

# shellcheck disable=SC2016 # fish reads it
ask_fish() {
    (cd "$work/files" && HOME=$work XDG_CONFIG_HOME=$work fish --no-config -c '
        source $argv[1]
        complete -C $argv[2]' "$folder/flong.fish" "$1" | cut -f1)
}

ask_zsh() { # every match that is added is printed in brackets, and the end is marked
    (cd "$work/files" && HOME=$work zsh -f -c '
        zmodload zsh/zpty || exit
        zpty child zsh -f -i
        zpty -w child "unsetopt beep zle_bracketed_paste 2>/dev/null; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D"
        zpty -w child '\''compadd() {
            local -a hits
            if [[ ${@[(i)-[ODA]*]} -le $# ]]; then builtin compadd "$@"; return; fi
            builtin compadd -O hits "$@"
            ((${#hits})) && print -r -- "{{${(j: :)hits}}}"
            builtin compadd "$@"
        }'\''
        zpty -w child "ask() { zle complete-word; print -r -- \"{{{\"END\"}}}\" }; zle -N ask; bindkey \"^I\" ask"
        zpty -w -n child "$2"$'\''\t'\''
        zpty -r child text "*{{{END}}}*"
        zpty -d child
        print -r -- "$text"' zsh "$folder" "$1" | tr -d '\r' | grep -o '{{[^{}]*}}' | tr -d '{}' | tr ' ' '\n')
}

point() { # SHELL LINE WORD...: SHELL offers each WORD for LINE, and not one that begins with "!"
    local shell=$1 line=$2 word fault=""
    shift 2
    points=$((points + 1))
    "ask_$shell" "$line" >"$work/offered" 2>&1
    for word in "$@"; do
        case $word in
        !*) grep -qxF -- "${word#!}" "$work/offered" && fault="$fault ${word#!} is offered;" ;;
        *) grep -qxF -- "$word" "$work/offered" || fault="$fault $word is not offered;" ;;
        esac
    done
    if [ -z "$fault" ]; then
        printf 'ok %d - %s: %s\n' "$points" "$shell" "$line"
    else
        printf 'not ok %d - %s: %s\n#%s\n' "$points" "$shell" "$line" "$fault"
        sed 's/^/# /' "$work/offered"
    fi
}

lacking() { # FILE: options that the program has and the file does not name
    local option
    "$flong" --list-options | cut -f2 | sort -u | while read -r option; do
        grep -qE -- "(-l |--)${option#--}([^a-z0-9-]|\$)" "$1" || echo "$option"
    done
}

for shell in bash zsh fish; do
    if ! command -v "$shell" >/dev/null; then
        points=$((points + 1))
        printf 'ok %d - %s # SKIP %s is not installed\n' "$points" "$shell" "$shell"
        continue
    fi
    point "$shell" "flong cr" crawl
    point "$shell" "flong crawl --rob" --robots
    point "$shell" "flong crawl --robots " pages all ignore "!json"
    point "$shell" "flong crawl --robots p" pages "!all"
    point "$shell" "flong resume --max-p" --max-pages
    point "$shell" "flong https://news.example/ --progress a" auto always "!never"
    point "$shell" "flong check --cacert" "!--cacert"
    point "$shell" "flong check sto" story.warc.gz
    point "$shell" "flong inspect li" links
    point "$shell" "flong help in" index inspect
done
point bash "flong crawl --robots=a" all
for file in flong.bash _flong flong.fish; do
    points=$((points + 1))
    lacking "$folder/$file" >"$work/lacking"
    if [ -s "$folder/$file" ] && ! [ -s "$work/lacking" ]; then
        printf 'ok %d - %s has every option\n' "$points" "$file"
    else
        printf 'not ok %d - %s has every option\n# lacks: %s\n' "$points" "$file" "$(tr '\n' ' ' <"$work/lacking")"
    fi
done
printf '1..%d\n' "$points"
