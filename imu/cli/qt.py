"""Load a module of the dashboard by name, because the engine must not depend on it."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

from imu.cli.machine import has_display, package_of_library
from imu.errors import ImuError


def load(name: str, *, window: bool) -> Any:
    """Import a module of `gui`; without a display, or where no window is needed, Qt paints offscreen.

    Parameters
    ----------
    name : str
        Such as `gui.app`.
    window : bool
        Whether a window is to be shown.

    Raises
    ------
    ImuError
        Qt or one of its system libraries is missing.
    """
    if not window or not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        with _uninterrupted():
            return importlib.import_module(name)
    except ImportError as error:
        raise _explain(error) from None


def remembered_speed_unit() -> str | None:
    """Return the unit of speed that the dashboard remembers; None where it does not, or is not installed."""
    try:
        with _uninterrupted():
            preferences = importlib.import_module("gui.preferences")
    except ImportError:
        return None
    unit = preferences.StoredPreferences().get("speed_unit")
    return unit if isinstance(unit, str) else None


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait: an interrupt while Qt's modules are loaded ends the process with a memory dump."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)
    if pressed:
        raise KeyboardInterrupt


def _explain(error: ImportError) -> ImuError:
    library = str(error).split(":", maxsplit=1)[0]
    if ".so" in library:
        package = package_of_library(library)
        todo = f"Install it: sudo apt-get install {package}" if package else "Run `stride doctor`."
        return ImuError(f"Qt cannot start, because the system library {library} is missing.", hint=todo)
    return ImuError(f"The dashboard cannot be loaded ({error}).", hint="Run `stride doctor`.")
