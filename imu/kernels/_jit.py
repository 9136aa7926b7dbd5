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
from collections.abc import Callable, Iterator
from functools import cached_property
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

from numba.core import transforms  # noqa: E402
from numba.core.codegen import JITCodeLibrary  # noqa: E402  (the cache folder has to be set before numba is imported)
from numba.core.compiler import Compiler  # noqa: E402
from numba.core.cpu import CPUContext  # noqa: E402
from numba.core.postproc import PostProcessor, VariableLifetime  # noqa: E402
from numba.core.registry import CPUDispatcher  # noqa: E402
from numba.core.types.functions import BaseFunction  # noqa: E402

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


@contextlib.contextmanager
def compiling_only() -> Iterator[None]:
    """Have numba look up once what it looks up again and again: the same code, for a quarter less time.

    For a process that does nothing but compile: these are numba's own methods, replaced for everybody in it.

    * The type of `a + b` is asked of some thirty implementations (dates, sets, strings ...) until one answers. The
      answer depends on the types alone, unless that implementation is itself compiled (`min`): those are asked anew.
    * Before each function, and wherever an implementation is not found at once, a hundred imports are gone through.
    * After each of some ten passes the lifetime of every variable is worked out, which only generators need then.
    """
    known: dict[Any, Any] = {}
    loaded: list[Any] = []

    def type_of_call(self: Any, context: Any, args: Any, kws: Any) -> Any:
        key = id(self), args
        if kws or key not in known:
            signature = _PLAIN["get_call_type"](self, context, args, kws)
            if kws or self._impl_keys[signature.args] is not self.typing_key:
                return signature
            known[key] = signature, self  # kept, so that no other gets its id
        return known[key][0]

    def load(self: Any) -> None:
        if loaded:
            for registry in list(self._registries):  # what was added since
                self.install_registry(registry)
        else:
            _PLAIN["load_additional_registries"](self)
            loaded.append(self)

    def after_pass(self: Any, emit_dels: bool = False, extend_lifetimes: bool = False) -> None:
        code = self.func_ir
        if emit_dels or code.is_generator:
            _PLAIN["run"](self, emit_dels, extend_lifetimes)
        else:
            code.blocks = transforms.canonicalize_cfg(code.blocks)
            code.variable_lifetime = VariableLifetime(code.blocks)

    replaced = {"get_call_type": type_of_call, "load_additional_registries": load, "run": after_pass}
    try:
        for name, new in replaced.items():
            setattr(_OWNERS[name], name, new)
        yield
    finally:
        for name, old in _PLAIN.items():
            setattr(_OWNERS[name], name, old)


_OWNERS: dict[str, Any] = {
    "get_call_type": BaseFunction,
    "load_additional_registries": CPUContext,
    "run": PostProcessor,
}
_PLAIN = {name: getattr(owner, name) for name, owner in _OWNERS.items()}
