"""The only importer of numba: one decorator with the house rules, and a cache that cannot go stale.

Rules: nogil, numpy's error model, no fastmath, no parallel, no memory of its own. A kernel of one file may call kernels
of another; numba would then keep the old result after the other file is edited (numba/numba#8359). So the cache
folder's name holds a hash of every kernel's source and of the versions involved: any edit starts a new folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

_KEEP_CACHES = 3


def _source_key() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    for name in ("numba", "llvmlite", "numpy"):
        digest.update(version(name).encode())
    digest.update(f"{sys.version_info[:2]}{platform.machine()}".encode())
    return digest.hexdigest()[:16]


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _prune(parent: Path, keep: Path) -> None:
    """Drop the caches of older versions; a folder another process is using is simply rebuilt by it."""
    others = sorted((p for p in parent.glob("*") if p.is_dir() and p != keep), key=lambda p: p.stat().st_mtime)
    for old in others[: max(0, len(others) - (_KEEP_CACHES - 1))]:
        shutil.rmtree(old, ignore_errors=True)


def cache_folder() -> Path:
    """Folder of the compiled kernels of exactly these sources; a temporary one where the user's cannot be written."""
    if chosen := os.environ.get("STRIDE_KERNEL_CACHE"):
        parent = Path(chosen)
    else:
        import platformdirs

        parent = Path(platformdirs.user_cache_dir("stride-impact", appauthor=False)) / "kernels"
    folder = parent / _source_key()
    if _is_writable(folder):
        with contextlib.suppress(OSError):  # tidying is optional
            _prune(parent, folder)
        return folder
    return (
        Path(tempfile.gettempdir())
        / f"stride-impact-kernels-{folder.name}-{os.getuid() if hasattr(os, 'getuid') else 0}"
    )


os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())
# numba writes an error message for every way in which a call cannot be typed; colouring them costs 5 % of the compiler.
os.environ.setdefault("NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING", "1")

import numba  # noqa: E402  (the cache folder has to be set before numba is imported)

COMPILES = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"
"""Whether kernels are compiled at all: the coverage run reads them as plain Python."""

# Two options that numba's types lack. The entry for C callbacks is a seventh of the compile time and nobody calls it.
# Arrays are borrowed from the caller, who holds them, instead of counted: a third less for each call from Python. So a
# kernel makes no array and returns none.
_RULES: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "cache": True,
    "no_cfunc_wrapper": True,
    "_nrt": False,
}
_INNER: dict[str, Any] = {**_RULES, "no_cpython_wrapper": True}


def njit(func: Callable[..., Any]) -> Any:
    """Compile a kernel with the house rules."""
    return numba.njit(**_RULES)(func)


def inner(func: Callable[..., Any]) -> Any:
    """Compile a kernel that only other kernels call: without the entry from Python, a twelfth of the compile time."""
    return numba.njit(**_INNER)(func)
