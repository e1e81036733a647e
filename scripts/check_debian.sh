#!/usr/bin/env bash
# Runs commands of the README in a fresh Debian that has nothing but make and git. For root; takes 4 GB for its time.
#   scripts/check_debian.sh [trixie] [demo-check]
source "$(dirname "$0")/common.sh"
cd "$project"

release=${1:-trixie} target=${2:-demo-check}
[ "$(id -u)" = 0 ] || fail "Only root can make another Debian in a folder and change into it."
work=$(mktemp -d "${TMPDIR:-/var/tmp}/movierec-debian.XXXXXX")
root=$work/$release
inner=

# Runs a command in a process group of its own and waits for it; unlike one in the foreground it lets this shell hear of
# SIGTERM and Ctrl-C at once, and can then be ended with everything that it has started.
in_group() {
    set -m
    "$@" &
    inner=$!
    set +m
    wait "$inner"
    inner=
}

# unshare itself does not end by SIGTERM while its command runs; when it is killed, the kernel ends its namespace.
tidy_up() {
    trap '' TERM INT HUP
    if [ -n "$inner" ]; then
        kill -KILL -- "-$inner" 2>/dev/null || true
        wait "$inner" 2>/dev/null || true
    fi
    # What was killed in the middle may have left file systems mounted below.
    awk -v folder="$work/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r | while IFS= read -r mounted; do
        umount --lazy "$mounted" || true
    done
    for _ in 1 2 3 4 5; do
        rm -rf --one-file-system "$work" 2>/dev/null && return
        sleep 1
    done
    echo "$work could not be removed; remove it by hand." >&2
}
trap tidy_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

echo "Making $release in $root"
in_group bootstrap_debian "$release" "$root" make,git
cp /etc/resolv.conf "$root/etc/"
mkdir -p "$root/opt/movierec"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' path; do
    [ ! -e "$path" ] || printf '%s\0' "$path"
done | tar --null --files-from=- --create | tar --extract --no-same-owner --directory "$root/opt/movierec"

# Mounts and processes end with the command, whatever becomes of it. make is not the first process of its namespace:
# that one inherits orphans, of which make knows nothing.
in_group unshare --mount --pid --fork --kill-child env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} ${https_proxy:+https_proxy="$https_proxy"} \
    chroot "$root" sh -euc 'mount -t proc proc /proc; mount -t devpts devpts /dev/pts; mkdir -p /dev/shm; cd /opt/movierec; make "$1"; exit $?' sh "$target"
echo "make $target has passed on $release: $(chroot "$root" /opt/movierec/.venv/bin/python --version), Java $(chroot "$root" sh -c 'java -version 2>&1' | sed -n 's/.* version "\([^"]*\).*/\1/p')"
