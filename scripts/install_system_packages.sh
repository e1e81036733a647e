#!/usr/bin/env bash
# Installs what only the system can give: Java 17, Python 3.11, and with --dev a browser, Redis and PostgreSQL for the tests.
# Where all of it is there already, nothing happens.
source "$(dirname "$0")/common.sh"

java_is_new_enough() {
    local java=${JAVA_HOME:+$JAVA_HOME/bin/}java version
    version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1) || return 1
    [ "${version:-0}" -ge 17 ]
}

missing=()
java_is_new_enough || missing+=(openjdk-17-jre-headless)
[ -n "$(find_python)" ] || missing+=(python3.11 python3.11-venv)
if [ "${1:-}" = --dev ]; then
    command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
    command -v chromedriver >/dev/null || missing+=(chromium-driver)
    command -v msgfmt >/dev/null || missing+=(gettext)
    command -v redis-server >/dev/null || missing+=(redis-server)
    compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
fi

[ ${#missing[@]} -gt 0 ] || exit 0
can_install || fail "Please install these packages (Debian's names): ${missing[*]}; then run this again."
apt_install "${missing[@]}"
