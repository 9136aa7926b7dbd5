"""Numba told to look up once what it looks up again and again: for processes that do nothing but compile kernels.

Methods of numba itself are replaced, and put back. Nothing else may import this module: what it touches may be gone in
numba's next version, and then only these processes compile as slowly as before.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import imu.kernels._jit  # noqa: F401  (the cache folder has to be set before numba is imported)

from numba.core import transforms  # isort: skip
from numba.core.cpu import CPUContext  # isort: skip
from numba.core.postproc import PostProcessor, VariableLifetime  # isort: skip
from numba.core.types.functions import BaseFunction  # isort: skip

_OWNERS: dict[str, Any] = {
    "get_call_type": BaseFunction,
    "load_additional_registries": CPUContext,
    "run": PostProcessor,
}
_PLAIN = {name: getattr(owner, name) for name, owner in _OWNERS.items()}


@contextlib.contextmanager
def compiling_only() -> Iterator[None]:
    """Have numba make the same code in a quarter less time, for everybody in this process.

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
