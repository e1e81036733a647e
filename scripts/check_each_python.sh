#!/usr/bin/env bash
# Runs `make check` on every Python of this machine that the project supports. Each has an environment of its own in
# the cache, so that .venv stays as it is.
source "$(dirname "$0")/common.sh"
cd "$project"

outcome='' code=0
for version in $(tr ' ' '\n' <<<"$pythons" | sort -V); do
    export PYTHON_VERSION=$version MOVIEREC_VENV=$cache/environments/$version
    if [ -z "$(find_python)" ]; then
        outcome+="Python $version: not on this machine"$'\n'
        continue
    fi
    echo "Python $version"
    if make check; then outcome+="Python $version: passed"$'\n'; else outcome+="Python $version: FAILED"$'\n' code=1; fi
done
printf '%s' "$outcome"
exit $code
