#!/usr/bin/env bash
# Makes .venv exactly as requirements/base.txt or requirements/dev.txt say. Does nothing if it is so already.
#   scripts/make_environment.sh base|dev
source "$(dirname "$0")/common.sh"
cd "$project"

wanted=${1:?base or dev}
stamp=.venv/.made-from
fingerprint() { echo "$1 $(sha256sum <"requirements/$1.txt" | cut -d ' ' -f 1)"; }

# One at a time: `make demo` and `make test` may be started together.
if command -v flock >/dev/null; then
    exec 9<requirements
    flock 9
fi

# dev.txt contains everything of base.txt, so an environment for dev serves both.
if [ -x .venv/bin/python ] && [ -f "$stamp" ] && grep -qxF "$(fingerprint "$wanted")" "$stamp"; then
    exit 0
fi
# What was made for dev stays so: a demo after a change must not take a developer's tools away.
if [ -f "$stamp" ] && grep -q '^dev ' "$stamp"; then
    wanted=dev
fi

python=$(find_python)
[ -n "$python" ] || fail "Python 3.11 is needed and was not found; install it (Debian: python3.11 python3.11-venv) and run this again."

# What pip was told about this machine's network holds for uv as well, and both trust what the system trusts.
pip_setting() { "$python" -m pip config get "global.$1" 2>/dev/null || true; }
index=${PIP_INDEX_URL:-$(pip_setting index-url)}
[ -z "$index" ] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}
authorities=${SSL_CERT_FILE:-${PIP_CERT:-$(pip_setting cert)}}
[ -n "$authorities" ] || authorities=/etc/ssl/certs/ca-certificates.crt
[ ! -r "$authorities" ] || export SSL_CERT_FILE=$authorities PIP_CERT=$authorities
export UV_HTTP_TIMEOUT=${UV_HTTP_TIMEOUT:-300} PIP_ROOT_USER_ACTION=ignore

# Prints the path of a uv: the one on the path, or the version that dev.txt pins, fetched with pip once.
find_uv() {
    if uv --version >/dev/null 2>&1; then
        command -v uv
        return
    fi
    local version pinned
    version=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements/dev.txt)
    pinned=$cache/uv-$version/uv
    [ -x "$pinned" ] || fetch_uv "$(dirname "$pinned")" >&2
    echo "$pinned"
}

fetch_uv() {
    local work
    work=$(mktemp -d)
    awk '/^[^ #]/ {own = /^uv==/} own && !/^ *#/' requirements/dev.txt >"$work/uv.txt"
    if ! "$python" -c 'import ensurepip' 2>/dev/null && ! "$python" -m pip --version >/dev/null 2>&1; then
        can_install || fail "Python's venv module is incomplete; please install python3.11-venv (Debian's name) and run this again."
        apt_install python3.11-venv
    fi
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv "$work/venv"
        "$work/venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$work/uv.txt"
        install -D "$work/venv/bin/uv" "$1/uv"
    else
        "$python" -m pip install -q --disable-pip-version-check --require-hashes --target "$work/uv" -r "$work/uv.txt"
        install -D "$work/uv/bin/uv" "$1/uv"
    fi
    rm -rf "$work"
}

echo "Making .venv from requirements/$wanted.txt"
uv=$(find_uv)
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    rm -rf .venv
    "$uv" venv -q --python "$python" .venv
fi
rm -f "$stamp"
"$uv" pip sync -q --python .venv/bin/python --require-hashes "requirements/$wanted.txt" ||
    fail "The packages of requirements/$wanted.txt could not be installed; check the network and run this again."
{
    fingerprint base
    [ "$wanted" = base ] || fingerprint "$wanted"
} >"$stamp"
