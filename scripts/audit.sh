#!/bin/sh
# Known weaknesses in what is locked. Asks the network, so it stands apart from the tests.
# A service that cannot be reached is reported as unchecked, never as clean.
set -u
cd "$(dirname "$0")/.."
status=0

judge() { # judge NAME EXIT-STATUS OUTPUT-FILE PATTERN-OF-A-REAL-ANSWER
    if [ "$2" -eq 0 ]; then
        echo "$1: clean"
    elif grep -qE "$4" "$3"; then
        cat "$3"
        echo "$1: weaknesses found"
        status=1
    else
        echo "$1: UNCHECKED, the service could not be reached: $(tail -n 1 "$3" | cut -c 1-200)"
    fi
}

output=$(mktemp)
trap 'rm -f "$output"' EXIT

for lock in run test; do
    .venv/bin/pip-audit --disable-pip --require-hashes --progress-spinner off --timeout 15 \
        -r "requirements/$lock.txt" >"$output" 2>&1
    judge "Python packages ($lock)" $? "$output" 'Found [0-9]+ known vulnerabilit'
done

npm audit >"$output" 2>&1
judge "browser packages" $? "$output" '[0-9]+ (low|moderate|high|critical)'

exit $status
