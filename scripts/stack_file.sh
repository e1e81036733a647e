#!/usr/bin/env bash
# Prints docker-compose.yml for a swarm, without what `docker stack deploy` refuses; the head of docker-compose.swarm.yml
# says how to use it.
source "$(dirname "$0")/common.sh"

"$project/scripts/compose.sh" -f docker-compose.yml -f docker-compose.swarm.yml config | sed -E '
    /^name: /d
    /^    (mem_limit|cpus|pids_limit): /d
    /^    (depends_on|profiles):$/,/^    [a-z_]+:/{/^    (depends_on|profiles):$|^      |^    - /d}
    s/^( +cpus: )([0-9.]+)$/\1"\2"/'
