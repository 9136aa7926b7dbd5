#!/usr/bin/env bash
# Sets this folder up: system libraries for Qt, a virtual environment in .venv, the pinned Python packages.
#
#   scripts/setup.sh run     what the program needs
#   scripts/setup.sh test    the same plus the test tools and gates
#   scripts/setup.sh bench   the same plus what the benchmarks need
#
# A second call does nothing: .venv/.done-<level> holds a hash of everything that decides what is installed.
# PYTHON=/path/to/python3.12 chooses another interpreter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

level=${1:-run}
venv=.venv
log=$PWD/build/setup.log

say() { printf '%s\n' "$*"; }
stop() {
    printf '\nSet-up stopped: %s\n' "$1" >&2
    shift
    printf '%s\n' "$@" | sed 's/^/  /' >&2
    exit 1
}

case $level in
run) extras='' ;;
test) extras='[test]' ;;
bench) extras='[test,bench]' ;;
*) stop "unknown level '$level'." "Use run, test or bench." ;;
esac

# Run a command with its output in the log; a terminal sees the seconds pass.
quietly() {
    local label=$1 start=$SECONDS job
    shift
    printf '  %s ...' "$label"
    { printf '\n$ %s\n' "$*" && "$@"; } >>"$log" 2>&1 </dev/null &
    job=$!
    while [ -t 1 ] && kill -0 "$job" 2>/dev/null; do
        printf '\r  %s ... %d s' "$label" $((SECONDS - start))
        sleep 1
    done
    [ ! -t 1 ] || printf '\r  %s ...' "$label"
    if wait "$job"; then
        printf ' done (%d s)\n' $((SECONDS - start))
    else
        printf ' failed (%d s)\n' $((SECONDS - start))
        return 1
    fi
}

# ---- Debian packages -------------------------------------------------------------------------------------------------
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null && return 0
    [ -t 0 ] && sudo -v # asks for the password here, before the quiet part
}

apt_install() {
    local why=$1
    shift
    may_install || stop "$why" "This needs an administrator. Ask for:" "    apt-get update && apt-get install -y $*" \
        "(other systems: the packages that hold the same libraries), then start again."
    if [ -z "${lists_read:-}" ]; then
        quietly "Reading the package lists" as_root apt-get update -qq || true # an old list may still do
        lists_read=yes
    fi
    quietly "Installing system packages ($#)" as_root apt-get install -y -qq --no-install-recommends "$@" ||
        stop "apt-get could not install: $*" "The last lines it printed:" "$(tail -n 5 "$log")" \
            "The whole log: $log"
}

# ---- Python ----------------------------------------------------------------------------------------------------------
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
        if command -v "$candidate" >/dev/null && fits "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    return 1
}

require_python() {
    python=$(find_python) && return 0
    [ -n "${PYTHON:-}" ] && stop "PYTHON=$PYTHON is not a Python 3.11, 3.12, 3.13 or 3.14." "Name another one."
    if ! command -v python3 >/dev/null; then
        apt_install "there is no Python 3 here." python3 python3-venv
        python=$(find_python) && return 0
    fi
    stop "no Python 3.11 to 3.14 found (python3 is $(python3 --version 2>&1))." \
        "Install one and name it: make run PYTHON=/path/to/python3.12"
}

require_venv_module() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return 0
    local package
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    case $(readlink -f "$python") in
    /usr/bin/*) apt_install "this Python cannot make virtual environments (no ensurepip)." "$package" ;;
    esac
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "$python cannot make virtual environments (no ensurepip)." "Install its venv module, or name another" \
            "interpreter: make run PYTHON=/path/to/python3.12"
}

# ---- what Qt loads from the system ------------------------------------------------------------------------------------
# shared library : Debian package. Qt itself comes with PySide6, these do not.
qt_always='
libEGL.so.1:libegl1        libGL.so.1:libgl1                 libxkbcommon.so.0:libxkbcommon0
libdbus-1.so.3:libdbus-1-3 libfontconfig.so.1:libfontconfig1 libglib-2.0.so.0:libglib2.0-0
'
qt_window='
libxcb-cursor.so.0:libxcb-cursor0 libxkbcommon-x11.so.0:libxkbcommon-x11-0 libX11-xcb.so.1:libx11-xcb1
libxcb-icccm.so.4:libxcb-icccm4   libxcb-image.so.0:libxcb-image0          libxcb-keysyms.so.1:libxcb-keysyms1
libxcb-randr.so.0:libxcb-randr0   libxcb-shape.so.0:libxcb-shape0          libxcb-render-util.so.0:libxcb-render-util0
libxcb-sync.so.1:libxcb-sync1     libxcb-xfixes.so.0:libxcb-xfixes0        libxcb-xkb.so.1:libxcb-xkb1
libwayland-client.so.0:libwayland-client0 libwayland-cursor.so.0:libwayland-cursor0 libwayland-egl.so.1:libwayland-egl1
'

missing_of() {
    local entry
    for entry in $1; do
        grep -qF "${entry%%:*}" <<<"$known_libraries" || printf '%s ' "${entry##*:}"
    done
}

has_font() {
    local folders=(/usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.fonts" "${HOME:-/}/.local/share/fonts")
    [ -n "$(find "${folders[@]}" \( -name '*.ttf' -o -name '*.otf' \) -print -quit 2>/dev/null)" ]
}

require_qt_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    local known_libraries always window fonts=''
    known_libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) || return 0 # `stride doctor` will tell
    always=$(missing_of "$qt_always")
    window=$(missing_of "$qt_window")
    has_font || fonts='fonts-dejavu-core'
    [ -n "$always$window$fonts" ] || return 0
    if [ -z "$always" ] && ! may_install; then
        say "  Without a display all is well. To open a window, have an administrator install: $window$fonts"
        return 0
    fi
    # shellcheck disable=SC2086  # lists of names
    apt_install "system libraries that Qt needs are missing." $always $window $fonts
}

# The tests give bleak's Linux back end a Bluetooth service of their own, on a message bus of their own.
require_message_bus() {
    if [ "$(uname -s)" != Linux ] || [ "$level" = run ] || command -v dbus-daemon >/dev/null; then
        return 0
    fi
    if ! may_install; then
        say "  Some Bluetooth tests will be skipped. To run them, have an administrator install: dbus"
        return 0
    fi
    apt_install "the message bus that Bluetooth tests need is missing." dbus
}

# ---- the virtual environment -------------------------------------------------------------------------------------------
pip_install() {
    quietly "$1" "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off --no-input \
        -c constraints.txt "${@:2}" ||
        stop "pip could not install the Python packages." "The last lines it printed:" "$(tail -n 5 "$log")" \
            "Is a package index reachable from here? The whole log: $log"
}

hash_of() { "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }

require_python
home_key="$PWD $("$python" -c 'import sys; print(sys.executable, sys.version)' | tr '\n' ' ')"
full_key=$({ printf "%s\n" "$home_key" && cat pyproject.toml constraints.txt scripts/setup.sh; } | hash_of)

done_already() {
    local name
    for name in bench test run; do
        [ "$(cat "$venv/.done-$name" 2>/dev/null)" = "$full_key" ] && return 0
        [ "$name" = "$level" ] && return 1
    done
    return 1
}

if done_already && "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

say "Setting up stride-impact with $("$python" --version) (needed once)"
mkdir -p build
: >"$log"
require_qt_libraries
require_message_bus
if [ "$(cat "$venv/.made-by" 2>/dev/null)" != "$home_key" ] || ! "$venv/bin/python" -c '' 2>/dev/null; then
    require_venv_module
    rm -rf "$venv"
    quietly "Making the virtual environment $venv" "$python" -m venv "$venv" ||
        stop "$python -m venv failed." "$(tail -n 5 "$log")"
    printf '%s\n' "$home_key" >"$venv/.made-by"
fi
pip_install "Installing the build tool" hatchling editables
pip_install "Installing the pinned packages (some 100 MB the first time)" --no-build-isolation -e ".$extras"
rm -f "$venv"/.done-*
printf '%s\n' "$full_key" >"$venv/.done-$level"
