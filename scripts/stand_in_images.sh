# Sourced by stack_test.sh: the images of others, pulled, or else built from Debian's packages and Maven's zip.
# shellcheck shell=bash
# Uses $work (a folder of its own) and $project; sets the variables that docker-compose.yml reads.

STAND_IN_VERSION=8.5.0 # the neighbour of 8.5.1 that the package registries offer

# Succeeds if the image is here already or can be pulled.
pulled() {
    docker image inspect "$1" >/dev/null 2>&1 || timeout "${PULL_SECONDS:-120}" docker pull --quiet "$1" >/dev/null 2>&1
}

# Prints the name of Debian 12 as an image, made at the first call.
debian() {
    if ! docker image inspect movierec-stand-in-debian >/dev/null 2>&1; then
        make_debian_image >&2
    fi
    echo movierec-stand-in-debian
}

make_debian_image() {
    local root=$work/debian
    bootstrap_debian bookworm "$root" ''
    if compgen -G '/etc/apt/sources.list.d/debian.sources' >/dev/null; then
        cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/"
        : >"$root/etc/apt/sources.list"
    fi
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
    # As in the images of Debian: what is only kept for the next installation makes images larger.
    echo 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin"; };' >"$root/etc/apt/apt.conf.d/docker-clean"
    echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";' >>"$root/etc/apt/apt.conf.d/docker-clean"
    tar -C "$root" -c . | docker import - movierec-stand-in-debian >/dev/null
    rm -rf "$root"
}

# stand_in NAME TAG [docker build options]: builds docker/stand-ins/NAME.Dockerfile.
stand_in() {
    local name=$1 tag=$2 context=$work/context base
    shift 2
    base=$(debian)
    mkdir -p "$context/docker"
    cp -r docker/stand-ins "$context/docker/"
    docker build --quiet --build-arg "DEBIAN=$base" "$@" --file "$context/docker/stand-ins/$name.Dockerfile" \
        --tag "$tag" "$context" >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; fail "The stand-in for $name could not be built."; }
}

provide_images() {
    export BASE_IMAGE=${BASE_IMAGE:-python:3.11-slim-bookworm} POSTGRES_IMAGE=${POSTGRES_IMAGE:-postgres:16-bookworm}
    export REDIS_IMAGE=${REDIS_IMAGE:-redis:8} STACK_VERSION=${STACK_VERSION:-8.5.1}
    export ELASTICSEARCH_IMAGE=${ELASTICSEARCH_IMAGE:-docker.elastic.co/elasticsearch/elasticsearch}
    export KIBANA_IMAGE=${KIBANA_IMAGE:-docker.elastic.co/kibana/kibana}
    with_kibana=no
    if ! pulled "$BASE_IMAGE"; then
        say "$BASE_IMAGE cannot be pulled: Debian 12 with its Python 3.11 takes its place"
        BASE_IMAGE=movierec-stand-in-python
        stand_in base "$BASE_IMAGE"
    fi
    if ! PULL_SECONDS=30 pulled "$POSTGRES_IMAGE"; then
        say "$POSTGRES_IMAGE cannot be pulled: Debian's PostgreSQL 15 takes its place"
        POSTGRES_IMAGE=movierec-stand-in-postgres
        stand_in postgres "$POSTGRES_IMAGE"
    fi
    if ! PULL_SECONDS=30 pulled "$REDIS_IMAGE"; then
        say "$REDIS_IMAGE cannot be pulled: Debian's Redis 7 takes its place"
        REDIS_IMAGE=movierec-stand-in-redis
        stand_in redis "$REDIS_IMAGE"
    fi
    if PULL_SECONDS=600 pulled "$ELASTICSEARCH_IMAGE:$STACK_VERSION"; then
        if PULL_SECONDS=600 pulled "$KIBANA_IMAGE:$STACK_VERSION"; then with_kibana=yes; fi
    else
        say "Elasticsearch's image cannot be pulled: the server core $STAND_IN_VERSION takes its place"
        mkdir -p "$work/context"
        "$venv/bin/python" -c "
import sys
from pathlib import Path
from recommendations.localnode.distribution import cache_folder, fetch_distribution
print(fetch_distribution(sys.argv[1], cache_folder()))" "$STAND_IN_VERSION" >"$work/zip" ||
            fail "Elasticsearch $STAND_IN_VERSION could not be fetched."
        cp "$(cat "$work/zip")" "$work/context/elasticsearch.zip"
        ELASTICSEARCH_IMAGE=movierec-stand-in-elasticsearch STACK_VERSION=$STAND_IN_VERSION
        stand_in elasticsearch "$ELASTICSEARCH_IMAGE:$STACK_VERSION" --build-arg ZIP=elasticsearch.zip
    fi
}
