#!/bin/bash
# As in Elastic's image: `eswrapper` starts the server with the environment variables that have a dot in their name as
# settings; anything else is a command.
set -euo pipefail
[ "$1" = eswrapper ] || exec "$@"
settings=(-Enetwork.host=0.0.0.0)
while IFS= read -r setting; do settings+=("-E$setting"); done < <(env | grep -E '^[a-z_]+\.[a-z_.]+=' || true)
exec bin/elasticsearch "${settings[@]}"
