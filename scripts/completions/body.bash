    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=crawl i value
    COMPREPLY=()
    # "=" divides words: --name = value
    if [ "$word" = "=" ]; then
        word=""
    elif [ "$before" = "=" ] && ((COMP_CWORD > 1)); then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD == 1)) && [[ $word != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
        return
    fi
    for i in $commands; do # the bare form has the options of crawl
        [ "$i" = "${COMP_WORDS[1]}" ] && command=$i
    done
    value=$(_flong_value "$command" "$before")
    case $value in
    "") ;;
    @files)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    @own) return ;;
    *)
        mapfile -t COMPREPLY < <(compgen -W "$value" -- "$word")
        return
        ;;
    esac
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_flong_options "$command")" -- "$word")
        return
    fi
    case $(_flong_operand "$command") in
    file)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        ;;
    dir)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        ;;
    command) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word") ;;
    subject)
        compopt -o filenames 2>/dev/null
        if ((COMP_CWORD == 2)); then
            mapfile -t COMPREPLY < <(compgen -W "$subjects" -- "$word")
        else
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
        fi
        ;;
    esac
}
complete -F _flong flong
