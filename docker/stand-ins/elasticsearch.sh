#!/bin/bash
# As in Elastic's image: environment variables with a dot in their name are settings.
set -euo pipefail
settings=(-Enetwork.host=0.0.0.0)
while IFS= read -r setting; do settings+=("-E$setting"); done < <(env | grep -E '^[a-z_]+\.[a-z_.]+=' || true)
exec bin/elasticsearch "${settings[@]}"
