#!/usr/bin/env bash
# Installs what only the system can give: Java, Python, and with --dev a browser, Redis and PostgreSQL for the tests.
# Where all of it is there already, nothing happens. Debian 12 and 13 are what this is tried on.
source "$(dirname "$0")/common.sh"

[ "$(uname -s)" = Linux ] ||
    fail "movierec runs on Linux, and this is $(uname -s); install Docker and use the containers (make env && make up), or a virtual machine with Debian 13."

system() { sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" "$os_release" 2>/dev/null | head -n 1; }

# Spark and Elasticsearch look in the same places (find_java), so one of them is enough.
java_is_there() {
    local java version
    for java in ${JAVA_HOME:+"$JAVA_HOME/bin/java"} java "$jvm_folder"/*/bin/java; do
        version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1) || continue
        [ "${version:-0}" -lt 17 ] || return 0
    done
    return 1
}

missing=()
if ! java_is_there; then
    # Debian 12 has 17 alone, Debian 13 has 21, and Ubuntu has both.
    [ "$(system VERSION_CODENAME)" = bookworm ] && missing+=(openjdk-17-jre-headless) || missing+=(openjdk-21-jre-headless)
fi
python=$(find_python)
if [ -z "$python" ]; then
    [ -z "${PYTHON_VERSION:-}" ] ||
        fail "There is no Python $PYTHON_VERSION here; install it (with pyenv, for example), or choose another one with PYTHON_VERSION."
    missing+=(python3 python3-venv)
fi
if [ "${1:-}" = --dev ]; then
    command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
    command -v chromedriver >/dev/null || missing+=(chromium-driver)
    command -v msgfmt >/dev/null || missing+=(gettext)
    command -v redis-server >/dev/null || missing+=(redis-server)
    compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
fi

[ ${#missing[@]} -gt 0 ] || exit 0
command -v apt-get >/dev/null ||
    fail "$(system PRETTY_NAME) has no apt-get; please install what Debian calls ${missing[*]} (Fedora: dnf install java-21-openjdk-headless python3.13; Arch: pacman -S jre21-openjdk-headless python), then run this again."
can_install || fail "Please install these packages (Debian's names): ${missing[*]}; then run this again."
apt_install "${missing[@]}"
# An older release than Debian 12 installs its own, older Python without a word.
[ -n "$(find_python)" ] ||
    fail "$(system PRETTY_NAME) has no Python 3.11 to 3.14; install one (with pyenv, for example), or use Debian 12 or 13."
