#!/usr/bin/env bash
# Holds the API's schema to the rules of Redocly and Spectral, two linters that come from npm. Where they cannot be
# installed nothing can be said: that is told in one line and is no failure, unless LINT_STRICT=1.
source "$(dirname "$0")/common.sh"
cd "$project"

redocly=2.77.0 spectral=6.16.3
folder="$cache/schema-linters-$redocly-$spectral"

without() {
    [ "${LINT_STRICT:-}" != 1 ] || fail "$1"
    echo "The schema was not linted: $1"
    exit 0
}

command -v npm >/dev/null || without "there is no npm; install Node.js 20.19 or newer (Debian 13: apt install npm)."
if [ ! -x "$folder/node_modules/.bin/spectral" ] || [ ! -x "$folder/node_modules/.bin/redocly" ]; then
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel error \
        "@redocly/cli@$redocly" "@stoplight/spectral-cli@$spectral" >/dev/null ||
        without "npm could not install them; its message stands above."
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$venv/bin/python" manage.py spectacular --fail-on-warn --validate --file "$work/schema.yml" \
    --settings movierec_site.settings.test
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
"$folder/node_modules/.bin/redocly" lint --max-problems 50 "$work/schema.yml"
"$folder/node_modules/.bin/spectral" lint --fail-severity warn "$work/schema.yml"
