"""`stride demo` and `stride replay`: a live session in the dashboard, or in the terminal where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from imu import api
from imu.acquisition.profiles import get_profile
from imu.acquisition.simulator import Simulation
from imu.cli.analyze import open_recording
from imu.cli.dashboard import show_dashboard
from imu.cli.machine import has_display
from imu.cli.stored import number_of, stored_session
from imu.cli.text import require_writable, to_json
from imu.cli.watch import print_run, print_steps
from imu.errors import ImuError, ProfileError, SettingsError, StoreError
from imu.settings import Settings

_HEADLESS_S = 30.0
"""Length of a headless demo that was given none: four seconds of standing, four of walking, the rest running."""
_OFFSCREEN_S = 20.0
"""The same for the demo without a display, which runs in real time."""
_END_S = 5.0
"""A replay for a picture may take this much longer than the recording; it ends with the recording."""
_DEMO_NAMES = ("simulated runner", "virtual ")
_SENSOR = "movesense"
"""Worn by the runner of a demo by Bluetooth that was given none."""


def demo(
    runner: dict[str, Any],
    *,
    ble: bool,
    profiles: list[str],
    headless: bool,
    seconds: float | None,
    out: Path | None,
    truth: Path | None,
    language: str | None,
    theme: str | None,
    screenshot: Path | None,
) -> int:
    """Run the simulated runner; see `stride demo --help`.

    Raises
    ------
    ImuError
        A value is out of range, a file cannot be written, or the dashboard cannot start.
    """
    if profiles and not ble:
        raise ProfileError(
            "A profile chooses the virtual sensor of a demo by Bluetooth.",
            hint=f"Add it: --ble --profile {profiles[0]}.",
        )
    if ble and all(get_profile(p).kind == "context" for p in profiles):  # says the nearest name
        profiles = [_SENSOR, *profiles]
    simulation = Simulation(**runner)
    settings = Settings().with_suggestions(simulation.suggested())
    shown = not headless and has_display()
    if seconds is None and (not shown or screenshot is not None):
        seconds = _HEADLESS_S if headless else _OFFSCREEN_S
    if not headless and not shown:
        out = out or Path("stride-demo.stride")
        screenshot = screenshot or out.with_suffix(".png")
    for file, ending in ((out, ".stride"), (truth, ".json"), (screenshot, ".png")):
        require_writable(file, ending)
    again = out is not None and _is_demo(out)

    def make() -> api.Session:
        return api.Session.simulate(
            simulation,
            settings,
            out=out,
            duration_s=seconds,
            realtime=not headless,
            sensor=profiles or None,
            overwrite=again,
        )

    if ble:
        sensors = (
            f"A virtual {profiles[0]} sensor" if len(profiles) == 1 else f"Virtual sensors ({', '.join(profiles)})"
        )
        typer.echo(f"{sensors}, through a Bluetooth stack without a radio ...", err=True)
    if headless:
        session = make()
        print_run(session, settings, linked=ble)
    elif shown:
        session = show_dashboard(make, language, theme, screenshot, seconds)
    else:
        typer.echo(f"No display: {seconds:g} s of a simulated runner offscreen ...")
        session = show_dashboard(make, language, theme, screenshot, seconds)
        print_steps(session, settings)
    if truth is not None:
        _write_truth(session, truth)
    for label, file in (("Session", out), ("Truth", truth), ("Picture of the dashboard", screenshot)):
        if file is not None and file.exists():
            typer.echo(f"{label}: {file.resolve()}")
    return 0


def replay(
    path: Path,
    given: dict[str, Any],
    *,
    speed: str,
    headless: bool,
    language: str | None,
    theme: str | None,
    screenshot: Path | None,
) -> int:
    """Play a recording through the pipeline; see `stride replay --help`.

    Raises
    ------
    ImuError
        The recording cannot be read or analysed, or the speed makes no sense.
    """
    factor = parse_speed(speed)
    number = number_of(path)
    recording, settings = open_recording(path, given)
    source = path if number is None else stored_session(number)
    settings = settings.with_suggestions(recording.suggested)
    require_writable(screenshot, ".png")

    def make() -> api.Session:
        return api.Session.replay(source, settings, speed=factor)

    if headless or (not has_display() and screenshot is None):
        if not headless:
            typer.echo("No display: the steps as a table (with --screenshot FILE also a picture).")
            factor = None
        print_run(make(), settings)
        return 0
    seconds = None if screenshot is None else recording.duration_s / (factor or 1.0) + _END_S
    session = show_dashboard(make, language, theme, screenshot, seconds)
    if not has_display():
        print_steps(session, settings)
    if screenshot is not None and screenshot.exists():
        typer.echo(f"Picture of the dashboard: {screenshot.resolve()}")
    return 0


def parse_speed(text: str) -> float | None:
    """Turn "4" or "max" into a factor; None = as fast as it goes.

    Raises
    ------
    SettingsError
        Neither a positive number nor "max".
    """
    if text.lower() == "max":
        return None
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0.0 < factor <= 1000.0:
        raise SettingsError("speed", f"'{text}' is no replay speed.", hint="Use 1, 4, another factor, or max.")
    return factor


def _write_truth(session: api.Session, path: Path) -> None:
    try:
        path.write_text(to_json(session.truth().as_dict()) + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}).", hint="Choose another file.") from None


def _is_demo(path: Path) -> bool:
    """Tell whether a file is an earlier demo's, which the next one may replace; a real session never is."""
    if not path.is_file():
        return False
    try:
        return api.read(path).stream.name.startswith(_DEMO_NAMES)
    except ImuError:
        return False
