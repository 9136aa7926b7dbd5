#!/usr/bin/env bash
# Writes constraints.txt from pyproject.toml: names, versions and markers for Python 3.11 to 3.14 on Linux, macOS and
# Windows; no addresses of any index. uv resolves for all of them at once; it is fetched into a throw-away folder.
# --upgrade takes the newest versions allowed; without it, pins that still fit are kept.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work"
"$work/bin/python" -m pip install -q --disable-pip-version-check 'uv>=0.9'
cp constraints.txt "$work/pins.txt" 2>/dev/null || true
"$work/bin/uv" pip compile pyproject.toml --universal --python-version 3.11 --all-extras --no-config --no-header \
    --no-annotate --no-emit-index-url --no-emit-find-links --quiet --output-file "$work/pins.txt" "$@"
{
    echo '# Exported by "make constraints" from pyproject.toml; do not edit by hand.'
    grep -vE '^(#|stride-impact)' "$work/pins.txt"
} >constraints.txt
