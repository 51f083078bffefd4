#!/bin/bash
# systemd_test.sh FOLDER - the units of scheduled runs say what they should, and the service can do little.
# FOLDER holds flong@.service and flong@.timer. Prints TAP.
set -uo pipefail

folder=$1
most=15 # tenths: of the exposure level that systemd-analyze counts

if ! command -v systemd-analyze >/dev/null; then
    echo '1..0 # SKIP systemd-analyze is not installed'
    exit 0
fi

security() {
    systemd-analyze security --offline=true --no-pager "$1"
}

# level TENTHS WORD: from the last line, "Overall exposure level for flong@i.service: 1.4 OK"
level() {
    local found
    found=$(security "$1" 2>/dev/null | sed -nE 's/.*exposure level for [^:]*: ([0-9]+)\.([0-9]).*/\1\2/p')
    [ -n "$found" ] && printf '%d' "$((10#$found))"
}

point() { # OK CLAIM [DETAIL]
    points=$((${points:-0} + 1))
    printf '%s %d - %s\n' "$([ "$1" -eq 0 ] && echo ok || echo 'not ok')" "$points" "$2"
    [ "$1" -eq 0 ] || printf '# %s\n' "${3//$'\n'/$'\n'# }"
}

service=$folder/flong@.service
found=$(level "$service")
[ -n "$found" ] && [ "$found" -le "$most" ]
point $? "the exposure level of the service is at most 1.5" "$(security "$service" 2>&1 | grep -v ✓)"

open=$(mktemp -d)
trap 'rm -rf "$open"' EXIT
sed '/^SystemCallFilter/d' "$service" >"$open/flong@.service"
found=$(level "$open/flong@.service")
[ -n "$found" ] && [ "$found" -gt "$most" ]
point $? "without its filter of system calls it would not be" "level $found"

unknown=$(security "$service" 2>&1 | grep -i 'unknown')
[ -z "$unknown" ]
point $? "the service has no option that systemd does not know" "$unknown"

calendar=$(sed -n 's/^OnCalendar=//p' "$folder/flong@.timer")
next=$(systemd-analyze calendar --iterations=2 "$calendar" 2>&1)
[[ $calendar == *UTC && $next == *'Next elapse'* ]]
point $? "the timer has a time, in UTC" "$calendar: $next"

grep -qx 'Persistent=true' "$folder/flong@.timer"
point $? "what was missed is caught up"

echo "1..$points"
