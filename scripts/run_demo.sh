#!/usr/bin/env bash
# The simulated runner in the dashboard; `stride demo` itself sees whether there is a display.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mkdir -p out
exec .venv/bin/stride demo --out out/demo.stride "$@"
