#!/usr/bin/env bash
# Says within a moment, before any long work, that the site's port cannot be had.
#   scripts/check_port.sh 5000
source "$(dirname "$0")/common.sh"

port=${1:?a port}
[[ $port =~ ^[0-9]{1,5}$ ]] && ((10#$port >= 1 && 10#$port <= 65535)) ||
    fail "PORT is '$port'; expected a number from 1 to 65535, for example: make demo PORT=5001"
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    other=$((port < 65535 ? port + 1 : 5001))
    fail "Port $port is taken by another program; end it, or choose another one: make demo PORT=$other"
fi
