"""What this machine offers: a display, Qt and its system libraries, Bluetooth, sound, folders, kernels.

Qt, bleak and D-Bus are looked at in a process of their own: a missing library or a wrong pair of versions can end the
process that loads them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Collection

    from imu.types import Place

State = Literal["ok", "warn", "missing"]

QT_LIBRARIES: dict[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libpulse.so.0": "libpulse0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""Shared library -> Debian package that holds it."""

_WINDOW_LIBRARIES = tuple(name for name in QT_LIBRARIES if "xcb" in name or name.endswith("x11.so.0"))
_NO_DISPLAY = frozenset({"offscreen", "minimal", "vnc"})
_TIMEOUT_S = 60.0

_QT_PROBE = """
import json, sys
from PySide6 import __version__ as pyside
from PySide6.QtCore import qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
import PySide6.QtWidgets, pyqtgraph
app = QGuiApplication(sys.argv[:1])
print(json.dumps({"pyside": pyside, "qt": qVersion(), "platform": app.platformName(),
                  "fonts": len(QFontDatabase.families())}))
"""
_AUDIO_PROBE = """
import json
from PySide6.QtCore import QCoreApplication
from PySide6.QtMultimedia import QMediaDevices
app = QCoreApplication([])
print(json.dumps({"outputs": [d.description() for d in QMediaDevices.audioOutputs()]}))
"""
_BLUEZ_PROBE = """
import asyncio, json
from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

async def main():
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    call = Message(destination="org.bluez", path="/", interface="org.freedesktop.DBus.ObjectManager",
                   member="GetManagedObjects")
    reply = await asyncio.wait_for(bus.call(call), 5)
    if reply.message_type is MessageType.ERROR:
        return {"error": reply.error_name}
    found = [i["org.bluez.Adapter1"] for i in reply.body[0].values() if "org.bluez.Adapter1" in i]
    return {"adapters": len(found), "powered": sum(bool(a["Powered"].value) for a in found)}

print(json.dumps(asyncio.run(main())))
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's list.

    Attributes
    ----------
    name : str
    state : "ok", "warn" or "missing"
    found : str
        What is there.
    todo : str
        What to do; empty where nothing is to be done.
    needed : bool
        The demo cannot run without it.
    """

    name: str
    state: State
    found: str
    todo: str = ""
    needed: bool = False


def has_display() -> bool:
    """Whether a window can be shown: not with an offscreen platform, nor on Linux without X11 or Wayland."""
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in _NO_DISPLAY:
        return False
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def say_first_start(places: Collection[Place] = ()) -> None:
    """Say on the error stream that the first start compiles: where nothing is compiled yet, or not for these places."""
    import typer

    if places:
        from imu.api.warm import is_compiled

        is_first = not all(map(is_compiled, places))
    else:
        from imu.kernels._jit import cache_folder

        is_first = not any(cache_folder().glob("**/*.nbi"))
    if is_first:
        typer.echo("First start on this machine: compiling, once; ten to twenty seconds ...", err=True)


def package_of_library(library: str) -> str:
    """Debian package of a shared library; empty where it is not known."""
    return QT_LIBRARIES.get(library.strip(), "")


def missing_libraries(names: tuple[str, ...]) -> list[str]:
    """Names of the shared libraries that the loader does not find (Linux only; else empty)."""
    if not sys.platform.startswith("linux"):
        return []
    import ctypes

    missing = []
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def probe(code: str, environment: dict[str, str] | None = None) -> tuple[dict[str, Any] | None, str]:
    """Run a few lines of Python in a process of their own.

    Returns
    -------
    result, said
        The JSON object that it printed, or None and the last line of what it said.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT_S,
            env={**os.environ, **(environment or {})},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, type(error).__name__
    lines = (done.stderr or done.stdout).strip().splitlines()
    last = lines[-1] if lines else ""
    if done.returncode != 0:
        died = f"the process died with signal {-done.returncode}" if done.returncode < 0 else "it failed"
        return None, last or died
    try:
        result = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return None, last or "it said nothing"
    return result, ""


def installed(name: str) -> str:
    """Version of an installed distribution; empty where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def is_writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or in the nearest parent that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@lru_cache(maxsize=4)
def probe_qt(platform: str) -> tuple[dict[str, Any] | None, str]:
    """Load Qt, the plots and a GUI application on a platform ("" = the machine's own)."""
    return probe(_QT_PROBE, {"QT_QPA_PLATFORM": platform} if platform else None)


def probe_audio() -> tuple[dict[str, Any] | None, str]:
    """List the sound outputs that Qt sees."""
    return probe(_AUDIO_PROBE)


def probe_bluez() -> tuple[dict[str, Any] | None, str]:
    """Ask BlueZ over D-Bus for its adapters (Linux)."""
    return probe(_BLUEZ_PROBE)


def window_libraries() -> tuple[str, ...]:
    """Libraries that a real X11 window needs on top of what Qt needs offscreen."""
    return _WINDOW_LIBRARIES
