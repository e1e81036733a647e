#!/usr/bin/env bash
# Asks for known vulnerabilities of every pinned package. Without the service (no internet, or a package index that
# does not offer it) nothing can be said: that is told in one line and is no failure, unless AUDIT_STRICT=1.
source "$(dirname "$0")/common.sh"
cd "$project"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
code=0
timeout 300 "$venv/bin/pip-audit" --requirement "${1:-requirements/base.txt}" --require-hashes --disable-pip \
    --progress-spinner off --timeout 10 --format json >"$work/answer" 2>"$work/errors" || code=$?
exec "$venv/bin/python" scripts/audit_report.py "$work/answer" "$work/errors" "$code"
