#!/usr/bin/env bash
# docker-compose as the machine has it, with the project's .env (MOVIEREC_ENV_FILE names another one); says what is
# missing before Docker does.
#   scripts/compose.sh up -d
source "$(dirname "$0")/common.sh"
cd "$project"

env_file=${MOVIEREC_ENV_FILE:-.env}
command -v docker >/dev/null || fail "Docker is needed; install it (Debian: docker.io docker-compose) and run this again."
[ -f "$env_file" ] || fail "There is no $env_file with secrets; make one with: make env"
docker info >/dev/null 2>&1 || fail "Docker's engine does not answer; start it, or ask for access to it (group docker)."
if docker compose version >/dev/null 2>&1; then
    exec docker compose --env-file "$env_file" "$@"
fi
command -v docker-compose >/dev/null || fail "docker-compose is needed; install it (Debian: docker-compose) and run this again."
exec docker-compose --env-file "$env_file" "$@"
