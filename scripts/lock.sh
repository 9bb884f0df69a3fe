#!/bin/sh
# Writes the locks in requirements/ anew: every version and hash, no addresses.
# One resolution serves Python 3.11 to 3.13 and every platform that has wheels.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }

lock() {
    echo "locking requirements/$1.in"
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
        --custom-compile-command "make lock" --output-file "requirements/$1.txt" "requirements/$1.in"
}

lock run
lock test
lock node
