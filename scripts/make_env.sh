#!/usr/bin/env bash
# Writes .env (or MOVIEREC_ENV_FILE) from .env.example with random secrets, readable by its owner alone. Never touches an existing one.
source "$(dirname "$0")/common.sh"
cd "$project"

target=${MOVIEREC_ENV_FILE:-.env}
[ ! -e "$target" ] || fail "$target exists already and is left as it is; remove it first if you want new secrets."
umask 077
work=$(mktemp "$target.XXXXXX")
trap 'rm -f "$work"' EXIT
secrets="SECRET_KEY POSTGRES_PASSWORD REDIS_PASSWORD SPARK_SECRET METRICS_TOKEN JUPYTER_TOKEN"
while IFS= read -r line; do
    name=${line%%=*}
    if [[ " $secrets " == *" $name "* && $line == "$name=" ]]; then
        # 64 characters of 62 kinds: they need no quoting in an address or in a shell.
        line="$name=$(LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 64 || true)"
    fi
    echo "$line"
done <.env.example >"$work"
mv "$work" "$target"
trap - EXIT
echo "Wrote $target with random secrets. Look through it before you open the site to others."
