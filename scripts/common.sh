# Sourced by the other scripts: where things are, and how a failure is told.
# shellcheck shell=bash
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/movierec
# Where the environment is; `make matrix` has one for each Python.
venv=${MOVIEREC_VENV:-.venv}
pythons="3.13 3.12 3.11 3.14"
os_release=/etc/os-release
jvm_folder=/usr/lib/jvm
# What runs on this machine is never asked through a proxy.
no_proxy=127.0.0.1,localhost,::1${no_proxy:+,$no_proxy}
export no_proxy NO_PROXY=$no_proxy

fail() {
    echo "$*" >&2
    exit 2
}

# Whether Python $1 (3.13, or longer: 3.13.1) is one that this project runs on.
supported() { [[ " $pythons " == *" $(cut -d . -f 1,2 <<<"$1") "* ]]; }

# A Python to run on: the version that PYTHON_VERSION names, else python3 of the path, else the first one of $pythons
# that really runs (a pyenv shim may exist and still refuse). Empty if there is none.
find_python() {
    local wanted=$pythons version candidate found candidates=(python3 python)
    if [ -n "${PYTHON_VERSION:-}" ]; then
        supported "$PYTHON_VERSION" ||
            fail "PYTHON_VERSION is '$PYTHON_VERSION'; expected one of $pythons, for example: make setup PYTHON_VERSION=3.13"
        wanted=$(cut -d . -f 1,2 <<<"$PYTHON_VERSION")
    fi
    for version in $wanted; do
        candidates+=("python$version" {/usr,/usr/local}/bin/"python$version"
            "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python)
    done
    for candidate in "${candidates[@]}"; do
        found=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)' 2>/dev/null) || continue
        [[ " $wanted " == *" ${found%% *} "* ]] || continue
        echo "${found#* }"
        return
    done
}

# Whether packages can be installed here without asking anybody.
can_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
    echo "Installing from Debian: $*"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -q </dev/null >/dev/null || fail "apt-get update failed; check the network and run it again."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null >/dev/null ||
        fail "apt-get could not install $*; install them by hand and run this again."
}

# Makes a small Debian ($1, for example trixie) in the folder $2, with the packages $3 (with commas) and with what this
# machine had to be told about package sources and authorities. Output goes to $2.log.
bootstrap_debian() {
    local mirror
    command -v debootstrap >/dev/null || apt_install debootstrap
    mirror=$(sed -n 's/^URIs: *//p; s/^deb [^h]*\(http[^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | head -n 1) || true
    debootstrap --variant=minbase --include="ca-certificates${3:+,$3}" "$1" "$2" ${mirror:+"$mirror"} >"$2.log" ||
        fail "debootstrap failed: $(tail -n 1 "$2.log")"
    cp /etc/ssl/certs/ca-certificates.crt "$2/etc/ssl/certs/"
    [ ! -r /etc/pip.conf ] || cp /etc/pip.conf "$2/etc/"
}
