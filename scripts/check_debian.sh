#!/usr/bin/env bash
# Runs commands of the README in a fresh Debian that has nothing but make and git. For root; takes 4 GB for its time.
#   scripts/check_debian.sh [trixie] [demo-check]
source "$(dirname "$0")/common.sh"
cd "$project"

release=${1:-trixie} target=${2:-demo-check}
[ "$(id -u)" = 0 ] || fail "Only root can make another Debian in a folder and change into it."
work=$(mktemp -d "${TMPDIR:-/var/tmp}/movierec-debian.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/$release

echo "Making $release in $root"
bootstrap_debian "$release" "$root" make,git
cp /etc/resolv.conf "$root/etc/"
mkdir -p "$root/opt/movierec"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' path; do
    [ ! -e "$path" ] || printf '%s\0' "$path"
done | tar --null --files-from=- --create | tar --extract --no-same-owner --directory "$root/opt/movierec"

# Mounts and processes end with the command, whatever becomes of it. make is not the first process of its namespace:
# that one inherits orphans, of which make knows nothing.
unshare --mount --pid --fork --kill-child env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} ${https_proxy:+https_proxy="$https_proxy"} \
    chroot "$root" sh -euc 'mount -t proc proc /proc; mount -t devpts devpts /dev/pts; mkdir -p /dev/shm; cd /opt/movierec; make "$1"; exit $?' sh "$target"
echo "make $target has passed on $release: $(chroot "$root" /opt/movierec/.venv/bin/python --version), Java $(chroot "$root" sh -c 'java -version 2>&1' | sed -n 's/.* version "\([^"]*\).*/\1/p')"
