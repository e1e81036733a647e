#!/usr/bin/env bash
# Preprocessing and training on the Spark cluster of the running stack: parses, builds profiles, trains, publishes the
# indices, evaluates and promotes. What has not changed is not done again.
#   ./commande.sh                      with progress
#   ./commande.sh --force              although nothing has changed
#   ./commande.sh --weighting any --json
# Exit code 0: done or nothing to do, 1: failed, 2: it could not begin; the live model stays what it was.
source "$(dirname "$0")/scripts/common.sh"

terminal=()
[ -t 1 ] || terminal=(-T)
running=$("$project/scripts/compose.sh" ps -q celery-worker) || exit 2
[ -n "$running" ] || fail "The stack does not run; start it with: make up"
exec "$project/scripts/compose.sh" exec "${terminal[@]}" celery-worker python manage.py run_pipeline "$@"
