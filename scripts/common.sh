# Sourced by the other scripts: where things are, and how a failure is told.
# shellcheck shell=bash
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/movierec

fail() {
    echo "$*" >&2
    exit 2
}

# The first Python 3.11 that really runs (a pyenv shim may exist and still refuse); empty if there is none.
find_python() {
    local candidate
    for candidate in python3.11 python3 python /usr/bin/python3.11 /usr/local/bin/python3.11 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.11.*/bin/python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
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
