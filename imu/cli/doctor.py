"""`stride doctor`: each thing that the program needs, whether it is there, and what to do."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from imu.cli import machine
from imu.cli.machine import Check
from imu.cli.text import console, to_json

_SUPPORTED = ((3, 11), (3, 14))
_MARKS = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "missing": "[red]missing[/]"}


def python_check(found: tuple[int, int] | None = None) -> Check:
    """Python between 3.11 and 3.14."""
    now = found or sys.version_info[:2]
    text = f"Python {platform.python_version()}" if found is None else f"Python {now[0]}.{now[1]}"
    if _SUPPORTED[0] <= now <= _SUPPORTED[1]:
        return Check("Python", "ok", text, needed=True)
    return Check("Python", "missing", text, "Use Python 3.11, 3.12, 3.13 or 3.14.", needed=True)


def packages_check() -> Check:
    """Look for the packages that every command needs."""
    names = ("numpy", "numba", "pydantic", "platformdirs", "rich", "typer")
    absent = [n for n in names if not machine.installed(n)]
    if absent:
        return Check("Packages", "missing", "without " + ", ".join(absent), "pip install stride-impact", needed=True)
    versions = ", ".join(f"{n} {machine.installed(n)}" for n in names[:3])
    return Check("Packages", "ok", versions, needed=True)


def qt_pair_check(python: tuple[int, int] | None = None, pyside: str | None = None) -> Check:
    """PySide6 6.12.0 loses a reference to None with each setter call on Python 3.11, until the process dies."""
    now = python or sys.version_info[:2]
    there = machine.installed("PySide6_Essentials") if pyside is None else pyside
    if not there:
        return Check("Qt and Python", "missing", "PySide6 is not installed", "pip install stride-impact", needed=True)
    if there == "6.12.0" and now < (3, 12):
        todo = 'pip install "pyside6-essentials!=6.12.0", or use Python 3.12 or newer.'
        found = f"PySide6 {there} ends the process on Python {now[0]}.{now[1]} after some thousand calls"
        return Check("Qt and Python", "missing", found, todo, needed=True)
    return Check("Qt and Python", "ok", f"PySide6 {there} on Python {now[0]}.{now[1]}", needed=True)


def qt_check() -> Check:
    """Qt and the plots load and run offscreen."""
    result, said = machine.probe_qt("offscreen")
    if result is not None:
        return Check("Qt", "ok", f"Qt {result['qt']} runs; {result['fonts']} font families", needed=True)
    libraries = machine.missing_libraries(
        tuple(n for n in machine.QT_LIBRARIES if n not in machine.window_libraries() and n != "libpulse.so.0")
    )
    if libraries:
        packages = " ".join(dict.fromkeys(machine.package_of_library(n) for n in libraries))
        todo = f"sudo apt-get install {packages}   (other systems: what holds these libraries)"
        return Check("Qt", "missing", "system libraries missing: " + ", ".join(libraries), todo, needed=True)
    return Check("Qt", "missing", f"cannot be loaded: {said}", "Install again: pip install stride-impact", needed=True)


def display_check() -> Check:
    """Find a display, and whether a window opens on it."""
    if not machine.has_display():
        return Check(
            "Display", "warn", "none: the demo runs offscreen and writes a picture", "Start it on a desktop to watch."
        )
    libraries = machine.missing_libraries(machine.window_libraries())
    result, said = machine.probe_qt("")
    if result is not None:
        return Check("Display", "ok", f"Qt platform {result['platform']}")
    packages = " ".join(dict.fromkeys(machine.package_of_library(n) for n in libraries))
    todo = f"sudo apt-get install {packages}" if packages else "Set QT_QPA_PLATFORM=offscreen to run without a window."
    return Check("Display", "missing", f"no window opens: {said}", todo, needed=True)


def fonts_check() -> Check:
    """Letters instead of boxes."""
    result, _ = machine.probe_qt("offscreen")
    if result is None:
        return Check("Fonts", "warn", "not known, because Qt does not run")
    if not result["fonts"]:
        own = any(Path(__file__).parents[2].joinpath("gui", "fonts").glob("*.[to]tf"))
        if own:
            return Check("Fonts", "ok", "none on the system; the dashboard brings its own")
        return Check("Fonts", "warn", "none: letters show as boxes", "sudo apt-get install fonts-dejavu-core")
    return Check("Fonts", "ok", f"{result['fonts']} families")


def kernels_check() -> Check:
    """Where compiled kernels are kept between starts."""
    try:
        from imu.kernels._jit import cache_folder

        folder = cache_folder()
    except Exception as error:  # a broken numba can raise anything
        return Check("Kernels", "missing", f"numba cannot be loaded: {error}", "pip install numba", needed=True)
    compiled = len(list(folder.glob("**/*.nbc")))
    if not machine.is_writable(folder):
        todo = "Set STRIDE_KERNEL_CACHE to a folder that can be written."
        return Check("Kernels", "warn", f"{folder} cannot be written: each start compiles anew", todo)
    if not compiled:
        return Check("Kernels", "ok", f"nothing compiled yet: the first start takes some seconds ({folder})")
    return Check("Kernels", "ok", f"{compiled} compiled, in {folder}")


def bluetooth_check() -> Check:
    """Look for a Bluetooth library and an adapter."""
    name = "Bluetooth"
    there = machine.installed("bleak")
    if not there:
        return Check(name, "missing", "bleak is not installed: no sensor can be read", "pip install bleak")
    if not sys.platform.startswith("linux"):
        return Check(name, "ok", f"bleak {there}; the adapter shows when a sensor is searched for")
    result, said = machine.probe_bluez()
    if result is None:
        if "dbus" in said.lower() or "No such file" in said or "Connection" in said:
            todo = "sudo apt-get install bluez dbus, then start the services dbus and bluetooth."
            return Check(name, "warn", f"bleak {there}, but no system D-Bus: no adapter can be reached", todo)
        return Check(name, "warn", f"bleak {there}, but D-Bus does not answer: {said}", "Is the service dbus running?")
    if "error" in result:
        todo = "sudo apt-get install bluez, then sudo systemctl start bluetooth."
        return Check(name, "warn", f"BlueZ does not answer ({result['error']})", todo)
    if not result["adapters"]:
        return Check(name, "warn", "BlueZ runs, but has no adapter", "Plug in a Bluetooth adapter (4.0 or newer).")
    if not result["powered"]:
        return Check(name, "warn", "the adapter is switched off", "bluetoothctl power on; check rfkill.")
    return Check(name, "ok", f"bleak {there}, {result['adapters']} adapter(s), switched on")


def audio_check() -> Check:
    """Sound for the runner: tone above the line, metronome."""
    if not machine.installed("PySide6_Addons"):
        todo = 'For the tone and the metronome (key A): pip install "stride-impact[audio]".'
        return Check("Sound", "warn", "QtMultimedia is not installed: no sound", todo)
    result, said = machine.probe_audio()
    if result is None:
        return Check("Sound", "warn", f"QtMultimedia cannot be loaded: {said}", "sudo apt-get install libpulse0")
    if not result["outputs"]:
        return Check("Sound", "warn", "no output device: no sound", "Connect speakers or headphones.")
    return Check("Sound", "ok", ", ".join(result["outputs"][:3]))


def store_check() -> Check:
    """Whether a session file can be written here: it goes where --out says, by default to this folder."""
    folder = Path.cwd()
    if machine.is_writable(folder):
        return Check("Sessions", "ok", f"files can be written in {folder}")
    return Check(
        "Sessions", "warn", f"{folder} cannot be written", "Change to another folder, or give --out FILE.stride."
    )


CHECKS: tuple[Callable[[], Check], ...] = (
    python_check,
    packages_check,
    qt_pair_check,
    qt_check,
    display_check,
    fonts_check,
    kernels_check,
    bluetooth_check,
    audio_check,
    store_check,
)


def run_checks(checks: tuple[Callable[[], Check], ...] = CHECKS) -> Iterator[Check]:
    """Run the checks one by one; a check that itself fails is a finding, not a crash."""
    for check in checks:
        try:
            yield check()
        except Exception as error:  # the doctor must not fall ill
            name = check.__name__.removesuffix("_check").replace("_", " ")
            yield Check(name, "warn", f"could not be looked at: {type(error).__name__}: {error}")


def report(*, as_json: bool, checks: tuple[Callable[[], Check], ...] = CHECKS) -> int:
    """Print the list; 0 = the demo can run here, 1 = it cannot."""
    found = list(run_checks(checks))
    can_run = not any(c.needed and c.state == "missing" for c in found)
    if as_json:
        rows = [{"name": c.name, "state": c.state, "found": c.found, "todo": c.todo, "needed": c.needed} for c in found]
        typer.echo(to_json({"can_run_demo": can_run, "system": platform.platform(), "checks": rows}))
        return 0 if can_run else 1
    from rich.markup import escape
    from rich.table import Table

    table = Table("", "", "found", "what to do", box=None, pad_edge=False)
    for c in found:
        table.add_row(c.name, _MARKS[c.state], escape(c.found), escape(c.todo))
    out = console()
    out.print(table)
    out.print(
        "The demo can run here: stride demo" if can_run else "The demo cannot run here yet: see 'missing' above.",
        markup=False,
    )
    return 0 if can_run else 1
