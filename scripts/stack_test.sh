#!/usr/bin/env bash
# The whole stack under Docker's engine: builds both images, brings docker-compose.yml up, trains on the Spark cluster,
# asks for lists over HTTP, checks Kibana's dashboards against the real indices, and takes everything down again.
# Uses the engine that answers; where there is none, root starts one for the time of the test.
source "$(dirname "$0")/common.sh"
cd "$project"
source scripts/stand_in_images.sh

begun=$SECONDS
say() { printf '[%4d s] %s\n' $((SECONDS - begun)) "$*"; }
# Docker sees this folder, so it is not in a place that only this user can enter.
work=$(mktemp -d "${STACK_TEST_DIR:-/var/tmp}/movierec-stack-test.XXXXXX")
engine='' had_bridge=''
export COMPOSE_PROJECT_NAME=movierec-stack-test NETWORK_NAME=movierec-stack-test MOVIEREC_ENV_FILE=$work/env
export MOVIEREC_SITE_IMAGE=movierec-site:stack-test MOVIEREC_SPARK_IMAGE=movierec-spark:stack-test
export MOVIEREC_NOTEBOOK_IMAGE=movierec-notebook:stack-test
site_megabytes=400 # the most that the site's image may have
# Debian's packages come without buildx; the older builder makes the same images.
[ -n "${DOCKER_BUILDKIT:-}" ] || docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0

clean_up() {
    local code=$?
    trap - EXIT INT TERM
    set +e
    if [ -f "$MOVIEREC_ENV_FILE" ]; then
        [ $code = 0 ] || { say "It failed; the last lines of the logs:"; scripts/compose.sh logs --tail=15 2>&1 | tail -n 120; }
        say "Taking the stack down"
        scripts/compose.sh --profile notebook down --volumes --timeout 5 >"$work/down" 2>&1 || tail -n 5 "$work/down"
    fi
    if [ -n "$engine" ]; then
        say "Stopping Docker's engine"
        kill "$engine"
        wait "$engine" 2>/dev/null
        # The engine leaves its mounts and its bridge behind.
        awk -v folder="$work/" 'index($2, folder) == 1 {print $2}' /proc/mounts | sort -r | xargs --no-run-if-empty umount --lazy
        [ -n "$had_bridge" ] || ip link delete docker0 2>/dev/null
    else
        docker image ls --quiet --filter reference='movierec*:stack-test' --filter reference='movierec-stand-in-*' |
            sort -u | xargs --no-run-if-empty docker image rm --force >/dev/null 2>&1
    fi
    rm -rf "$work"
    [ $code = 0 ] && say "The stack test has passed, and nothing is left running." || say "The stack test has FAILED."
    exit $code
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start_engine() {
    [ "$(id -u)" = 0 ] || fail "Docker's engine does not answer and only root can start one; start it, or run this as root."
    { command -v dockerd && command -v iptables; } >/dev/null || apt_install docker.io docker-compose iptables iproute2
    say "Starting Docker's engine for this test"
    export DOCKER_HOST=unix://$work/docker.sock
    had_bridge=$(ip link show docker0 2>/dev/null) || true
    # A group of its own: Ctrl-C of the terminal must not end it before the stack.
    setsid dockerd --host "$DOCKER_HOST" --data-root "$work/engine" --exec-root "$work/exec" --pidfile "$work/pid" \
        >"$work/dockerd.log" 2>&1 &
    engine=$!
    for _ in $(seq 60); do
        ! docker info >/dev/null 2>&1 || return 0
        kill -0 "$engine" 2>/dev/null || break
        sleep 1
    done
    fail "Docker's engine does not start here: $(grep -m 1 -iE 'failed to start|level=fatal|error' "$work/dockerd.log" | tail -n 1)"
}

free_port() { # the wanted one if nothing listens there
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then echo "$1"; return; fi
    "$venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

docker info >/dev/null 2>&1 || start_engine
command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 || apt_install docker-compose

say "Images"
provide_images

build_image() { # TARGET IMAGE
    say "Building $2 on $BASE_IMAGE"
    docker build --quiet --build-arg "BASE_IMAGE=$BASE_IMAGE" ${PIP_INDEX_URL:+--build-arg "PIP_INDEX_URL=$PIP_INDEX_URL"} \
        --target "$1" --tag "$2" . >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log"; fail "The image could not be built."; }
    docker run --rm --entrypoint sh "$2" -c '
        [ "$(id -u)" != 0 ] || { echo "The image runs as root." >&2; exit 1; }
        found=$(find / -xdev \( -name u.data -o -name u.item -o -name u.user -o -name "*.skops" -o -name ".env" -o -name "item_vectors*" \) -not -path "/proc/*" 2>/dev/null)
        found="$found$(find /opt/movierec /var/lib/movierec -name "*.npz" -o -name "*.parquet" -o -name "*.sqlite3")"
        [ -z "$found" ] || { echo "The image holds data or models: $found" >&2; exit 1; }' ||
        fail "The image is not what it should be."
    megabytes=$(($(docker image inspect --format '{{.Size}}' "$2") / 1000000))
    say "It runs as $(docker run --rm --entrypoint id "$2" -un), holds no data and no model, and has $megabytes MB"
}

build_image site "$MOVIEREC_SITE_IMAGE"
[ "$megabytes" -le $site_megabytes ] || fail "The site's image has $megabytes MB; it may have $site_megabytes."
! docker run --rm --entrypoint sh "$MOVIEREC_SITE_IMAGE" -c 'command -v java || ls /opt/venv/lib/python3*/site-packages | grep -xE "pyspark|sklearn|scipy|pandas"' ||
    fail "The site's image holds what only training needs."
build_image spark "$MOVIEREC_SPARK_IMAGE"

(umask 077 && MOVIEREC_ENV_FILE="$MOVIEREC_ENV_FILE" scripts/make_env.sh >/dev/null)
WEB_PORT=$(free_port 5000) ELASTICSEARCH_PORT=$(free_port 9200)
SPARK_MASTER_PORT=$(free_port 7077) SPARK_UI_PORT=$(free_port 8080) KIBANA_PORT=$(free_port 5601)
export WEB_PORT ELASTICSEARCH_PORT SPARK_MASTER_PORT SPARK_UI_PORT KIBANA_PORT
site=http://127.0.0.1:$WEB_PORT

scripts/stack_file.sh | docker stack config -c - >/dev/null 2>"$work/swarm" || { tail -n 5 "$work/swarm"; fail "A swarm would refuse the stack."; }

say "Starting the stack"
services=(web celery-worker celery-beat)
[ "$with_kibana" = no ] || services+=(kibana-setup)
scripts/compose.sh up -d --no-build "${services[@]}" >"$work/up" 2>&1 || { tail -n 20 "$work/up"; fail "The stack does not start."; }
"$venv/bin/python" scripts/wait_for.py "$site/healthz" 300
say "The site answers at $site"

say "Preprocessing and training on the cluster (./commande.sh)"
training=$SECONDS
./commande.sh >"$work/training" 2>&1 || { tail -n 30 "$work/training"; fail "./commande.sh has failed."; }
tail -n 3 "$work/training"
say "Trained and published in $((SECONDS - training)) s on $(curl -fsS --noproxy '*' "http://127.0.0.1:$SPARK_UI_PORT/json/" | "$venv/bin/python" -c '
import json, sys
told = json.load(sys.stdin)
done = [app for app in told["completedapps"]]
assert done, "the cluster has run no application"
print(told["aliveworkers"], "workers,", told["cores"], "cores")')"

for container in $(scripts/compose.sh ps -q); do
    docker inspect --format '{{.Name}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{gt .HostConfig.Memory 0}} {{.HostConfig.PidsLimit}}' "$container"
done >"$work/containers"
! grep -vE ' true \[ALL\] \[no-new-privileges:true\] true [1-9][0-9]*$' "$work/containers" || fail "These containers may do more than they need."
seen=$(scripts/compose.sh exec -T spark-worker-1 ls /var/lib/movierec | xargs)
[ "$seen" = "data models work" ] || fail "A Spark worker sees $seen; it needs data, models and work."
say "All $(wc -l <"$work/containers") containers are read-only and have no capabilities; Spark sees neither mail nor logs"

say "Asking for lists"
"$venv/bin/python" scripts/stack_checks.py "$site" "$(sed -n 's/^METRICS_TOKEN=//p' "$MOVIEREC_ENV_FILE")"
scripts/compose.sh exec -T celery-worker python manage.py record_operations
curl -fsS --noproxy '*' "http://127.0.0.1:$ELASTICSEARCH_PORT/_mapping" | "$venv/bin/python" docker/kibana/dashboards.py --check
! scripts/compose.sh logs 2>&1 | grep -iE 'read-only file system|operation not permitted' ||
    fail "A container lacks a right that it needs."
if [ "$with_kibana" = yes ]; then
    for _ in $(seq 60); do
        state=$(docker inspect --format '{{.State.Status}} {{.State.ExitCode}}' "$(scripts/compose.sh ps --all -q kibana-setup)" 2>/dev/null || true)
        [[ $state == exited* ]] && break
        sleep 3
    done
    [ "$state" = "exited 0" ] || fail "Kibana did not take the dashboards (kibana-setup: $state)."
    say "Kibana has taken the dashboards"
else
    say "Kibana is LEFT OUT: its image can neither be pulled nor built here; its dashboards were checked against the fields of the real indices instead"
fi
