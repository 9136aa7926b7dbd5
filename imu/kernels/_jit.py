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
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

_KEEP_CACHES = 8  # some 3 MB each


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
            os.utime(folder)  # in use: the last to go
            _prune(parent, folder)
        return folder
    return (
        Path(tempfile.gettempdir())
        / f"stride-impact-kernels-{folder.name}-{os.getuid() if hasattr(os, 'getuid') else 0}"
    )


os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())
# numba writes an error message for every way in which a call cannot be typed; colouring them costs 5 % of the compiler.
os.environ.setdefault("NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING", "1")

from numba.core.codegen import JITCodeLibrary  # noqa: E402  (the cache folder has to be set before numba is imported)
from numba.core.compiler import Compiler  # noqa: E402
from numba.core.registry import CPUDispatcher  # noqa: E402

COMPILES = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"
"""Whether kernels are compiled at all: the coverage run reads them as plain Python."""

# Two options that numba's types lack. The entry for C callbacks is a seventh of the compile time and nobody calls it.
# Arrays are borrowed from the caller, who holds them, instead of counted: a third less for each call from Python. So a
# kernel makes no array and returns none.
_RULES: dict[str, Any] = {
    "nopython": True,
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
    "_nrt": False,
}


class _PartLibrary(JITCodeLibrary):
    """Code of a kernel within another one: handed over as it is, to be optimised and turned into machine code there.

    numba does both for every kernel, with all that it calls, on each level anew: a third of the compile time.
    """

    def _optimize_final_module(self) -> None:
        """Leave it to the kernel that this one becomes a part of."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0: there is no machine code."""
        return 0

    @property
    def codegen(self) -> Any:
        """Whoever asks wants to call `set_env`."""
        return self

    def set_env(self, env_name: str, env: object) -> None:
        """Do nothing: only entries from Python and exceptions have an environment."""


class _PartCompiler(Compiler):
    def define_pipelines(self) -> Any:
        """As numba, but into a library of the kind above."""
        self.state.library = _PartLibrary(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        return super().define_pipelines()


class _Part(CPUDispatcher):
    """A kernel that only other kernels can call."""

    def __call__(self, *args: Any) -> Any:
        raise TypeError(f"{self.py_func.__name__} is called by other kernels only")


class _Kernel(CPUDispatcher):
    """A kernel: compiled as a whole where Python calls it, and as a part where another kernel does."""

    @cached_property
    def _part(self) -> Any:
        return _part_of(self.py_func)

    @property
    def _numba_type_(self) -> Any:
        """What numba takes this kernel for where another one names it."""
        return self._part._numba_type_


def _part_of(func: Callable[..., Any]) -> _Part:
    return _Part(func, targetoptions={**_RULES, "no_cpython_wrapper": True}, pipeline_class=_PartCompiler)


def njit(func: Callable[..., Any]) -> Any:
    """Compile a kernel with the house rules."""
    if not COMPILES:
        return func
    kernel = _Kernel(func, targetoptions=dict(_RULES))
    kernel.enable_caching()
    return kernel


def entry(kernel: Callable[..., Any], *like: object) -> Callable[..., Any]:
    """Return the compiled code of a kernel for arguments of these types, compiled or loaded now.

    Called in place of the kernel, it saves what the kernel does first at every call: looking at the type of each
    argument (0.3 to 0.9 us). So the caller answers for the types: arrays of another number of dimensions, kind or
    order would be read as if they were of these.
    """
    if not COMPILES:
        return kernel
    types = tuple(kernel.typeof_pyval(value) for value in like)  # type: ignore[attr-defined]
    compiled: Callable[..., Any] = kernel.compile(types)  # type: ignore[attr-defined]
    return compiled


def plain(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as the Python that it is written in: for what Python calls too rarely to be compiled for it."""
    python: Callable[..., Any] = getattr(kernel, "py_func", kernel)
    return python


def inner(func: Callable[..., Any]) -> Any:
    """Compile a kernel that only other kernels call."""
    return _part_of(func) if COMPILES else func
