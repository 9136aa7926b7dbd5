#!/usr/bin/env bash
# Branch coverage of imu/kernels with the compiler off (coverage cannot see into compiled code), by the tests that
# import the kernels themselves.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail_under=95

# test_warm.py is about the compiler, which is off here.
mapfile -t tests < <(grep -rlE '^(from|import) imu\.kernels' tests --include='test_*.py' --exclude=test_warm.py | sort)
if [ ${#tests[@]} -eq 0 ]; then
    echo "No test imports imu.kernels." >&2
    exit 1
fi
tests+=(tests/test_decode_join.py)  # reaches its kernel through the decoder
# What compiled code does silently (inf - inf), numpy scalars warn about.
NUMBA_DISABLE_JIT=1 .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not compiled" \
    -p no:cacheprovider -W ignore::RuntimeWarning \
    --cov=imu.kernels --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under="$fail_under" "${tests[@]}"
