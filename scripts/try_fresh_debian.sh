#!/usr/bin/env bash
# Tries the commands of the README in a minimal Debian: only python3 (without venv), make, git and certificates, an empty
# HOME, a clean clone of the last commit. Needs root and debootstrap.
#
#   scripts/try_fresh_debian.sh [SUITE] [COMMAND ...]      default: bookworm "make test" "make run" "make run"
#
# The root is kept in TRY_FOLDER (default: a folder below TMPDIR) and used again; the clone is always new. Recordings
# are bound read-only from STRIDE_DATA. How this machine reaches its package index (pip's configuration, certificates)
# is passed on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

suite=${1:-bookworm}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- "make test" "make run" "make run"
folder=${TRY_FOLDER:-${TMPDIR:-/tmp}/try-fresh-debian}
base=$folder/$suite
root=$folder/$suite-work
data=${STRIDE_DATA:-$PWD/../shared/data}

if [ ! -d "$base" ]; then
    mkdir -p "$folder"
    debootstrap --variant=minbase --include=python3,make,git,ca-certificates "$suite" "$base.part" >"$folder/$suite.log"
    mv "$base.part" "$base"
fi

bound=()
unbind() {
    local target
    for target in "${bound[@]}"; do umount -l "$target"; done
    bound=()
}
trap unbind EXIT
bind() {
    [ -e "$1" ] || return 0
    if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$(dirname "$root$2")" && touch "$root$2"; fi
    mount --bind "$1" "$root$2"
    bound+=("$root$2")
}

rm -rf "$root"
cp -a "$base" "$root"
git clone -q . "$root/home/stride-impact"
mkdir -p "$root/home/nobody"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
for path in /proc /dev /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do bind $path $path; done
bind "$data" /home/shared/data

pip_settings=()
while IFS= read -r line; do pip_settings+=("$line"); done < <(env | grep -E '^(PIP_(INDEX_URL|CERT|PROXY)|SSL_CERT_FILE)=' || true)
for command in "$@"; do
    printf '\n$ %s\n' "$command"
    start=$SECONDS
    status=0
    chroot "$root" env -i HOME=/home/nobody LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin CI="${CI:-}" \
        "${pip_settings[@]}" bash -c "cd /home/stride-impact && $command" </dev/null || status=$?
    printf '[exit %d after %d s]\n' "$status" $((SECONDS - start))
    [ "$status" -eq 0 ] || exit "$status"
done
