#!/usr/bin/env bash
# Makes .venv exactly as one of requirements/base.txt, meaning.txt and dev.txt says, on the Python that it has, or that
# PYTHON_VERSION names, or that is found. Does nothing if it is so already.
#   scripts/make_environment.sh base|meaning|dev
source "$(dirname "$0")/common.sh"
cd "$project"

wanted=${1:?base, meaning or dev}
stamp=$venv/.made-from
fingerprint() { echo "$1 $(sha256sum <"requirements/$1.txt" | cut -d ' ' -f 1)"; }

# Whether the environment's Python runs, and is the one that is asked for (or any, if none is).
runs_as_wanted() {
    local version
    version=$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) && supported "$version" &&
        [[ -z "${PYTHON_VERSION:-}" || "$PYTHON_VERSION." == "$version."* ]]
}

# One at a time: `make demo` and `make test` may be started together.
if command -v flock >/dev/null; then
    exec 9<requirements
    flock 9
fi

# Each of them contains everything of those before it, so an environment for dev serves all.
if runs_as_wanted && [ -f "$stamp" ] && grep -qxF "$(fingerprint "$wanted")" "$stamp"; then
    exit 0
fi
# What was made for dev stays so: a demo after a change must not take a developer's tools away.
for more in meaning dev; do
    if [ -f "$stamp" ] && grep -q "^$more " "$stamp"; then wanted=$more; fi
done

mkdir -p "$(dirname "$venv")"
if [ -e "$venv" ]; then place=$venv; else place=$(dirname "$venv"); fi
{ [ -w "$place" ] && [ -x "$place" ]; } ||
    fail "The environment $venv has to be made anew, and the user $(id -un) may not write there; work in a checkout of your own, or have it given to you (chown)."

python=$(find_python)
[ -n "$python" ] || fail "Python ${PYTHON_VERSION:-3.11 to 3.14} is needed and was not found; install it (Debian: python3 python3-venv) and run this again."

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
    [ -x "$pinned" ] || fetch_uv "$(dirname "$pinned")" || return
    echo "$pinned"
}

# Each step says by its code whether the next one makes sense: `set -e` does not reach in here.
fetch_uv() {
    local work code=0 ask=(install -q --disable-pip-version-check --require-hashes -r)
    if ! "$python" -c 'import ensurepip' 2>/dev/null && ! "$python" -m pip --version >/dev/null 2>&1; then
        can_install || fail "Python's venv module is incomplete; please install python3-venv (Debian's name) and run this again."
        apt_install python3-venv
    fi
    work=$(mktemp -d)
    awk '/^[^ #]/ {own = /^uv==/} own && !/^ *#/' requirements/dev.txt >"$work/uv.txt"
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv "$work/uv" && "$work/uv/bin/python" -m pip "${ask[@]}" "$work/uv.txt"
    else
        "$python" -m pip "${ask[@]}" "$work/uv.txt" --target "$work/uv"
    fi && install -D "$work/uv/bin/uv" "$1/uv" || code=$?
    rm -rf "$work"
    return $code
}

could_not() { # with what the program said, of which the last line tells most
    local proxy=${https_proxy:-${HTTPS_PROXY:-${http_proxy:-}}}
    fail "The packages of requirements/$wanted.txt could not be installed (${1##*$'\n'}); check the network${proxy:+ and the proxy $proxy} and run this again."
}

echo "Making $venv from requirements/$wanted.txt"
told=$(find_uv 2>&1) || could_not "$told"
uv=${told##*$'\n'}
if ! runs_as_wanted; then
    rm -rf "$venv"
    "$uv" venv -q --python "$python" "$venv"
fi
rm -f "$stamp"
told=$("$uv" pip sync -q --python "$venv/bin/python" --require-hashes "requirements/$wanted.txt" 2>&1) || could_not "$told"
for each in base meaning dev; do
    fingerprint "$each"
    [ "$each" != "$wanted" ] || break
done >"$stamp"
