"""`stride live` and `stride record`: sensors found by Bluetooth, in the dashboard or in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from imu import api
from imu.cli.dashboard import show_dashboard
from imu.cli.library import client_id_of
from imu.cli.machine import has_display
from imu.cli.qt import remembered_speed_unit
from imu.cli.sensor_request import Request, Wanted, check_request
from imu.cli.sensor_search import Found, connect_all, find_all
from imu.cli.stored import open_library, refuse_recording
from imu.cli.text import require_writable
from imu.cli.watch import Watched, drop_if_empty, print_summary, refuse_failed, stop_all, watch
from imu.errors import StoreError
from imu.types import LinkState

_SHOWN: Final = 2
"""Sensors that the dashboard shows."""
_OFFSCREEN_S: Final = 20.0
"""Length of a run for a picture that was given none."""


def live(request: Request, *, headless: bool, language: str | None, theme: str | None, screenshot: Path | None) -> int:
    """Show sensors live; see `stride live --help`.

    Raises
    ------
    ImuError
        Something typed is wrong, a sensor is not found or cannot be used, a file cannot be written.
    """
    wanted = check_request(request)
    require_writable(request.out, ".stride")
    require_writable(screenshot, ".png")
    shown = not headless and (has_display() or screenshot is not None)
    if shown and len(wanted) > _SHOWN:
        typer.echo(f"The dashboard shows {_SHOWN} sensors; the steps of more come as a table.", err=True)
        shown = False
    elif not shown and not headless:
        typer.echo("No display: the steps as a table (with --screenshot FILE also a picture).", err=True)
    seconds = request.seconds
    if shown and screenshot is not None and seconds is None:
        seconds = _OFFSCREEN_S
    found = find_all(request, wanted)
    sessions = connect_all(request, wanted, found, [w.out for w in wanted], seconds)
    if not shown:
        return _in_terminal(request, wanted, sessions, found)
    made = list(sessions[:1])

    def make() -> api.Session:
        if made:
            return made.pop()
        return connect_all(request, wanted[:1], found, [None], None)[0]  # begun anew from the window: not recorded

    second = None
    if len(sessions) > 1:
        second = (lambda: sessions[1], sessions[1].settings)
    try:
        show_dashboard(make, language, theme, screenshot, seconds, second=second)
    finally:
        stop_all(sessions)
        for session in sessions:
            drop_if_empty(session)
    for w in wanted:
        _say_file(f"Session{f' of the {w.label}' if w.label else ''}", w.out)
    _say_file("Picture of the dashboard", screenshot)
    return 0


def record(request: Request, *, library: Path | None, client: str | None) -> int:
    """Record sensors without a display; see `stride record --help`.

    Raises
    ------
    ImuError
        As `live`.
    """
    wanted = check_request(request)
    if request.out is not None:
        if library is not None or client is not None:
            raise StoreError(
                "A recording goes into a file of its own (--out) or into the library (--library, --client), not both.",
                hint="Leave out one of them; `stride import-session` takes a file into the library later.",
            )
        require_writable(request.out, ".stride")
        found = find_all(request, wanted)
        sessions = connect_all(request, wanted, found, [w.out for w in wanted], request.seconds)
        return _in_terminal(request, wanted, sessions, found)
    if library is not None:
        refuse_recording(library)
    client_id = None
    if client is not None:
        with open_library(library) as there:  # a wrong name makes no library
            client_id = client_id_of(there, client)
    with api.Library.open(library) as opened:
        found = find_all(request, wanted)
        targets = [opened.record(client_id) for _ in wanted]
        sessions = connect_all(request, wanted, found, targets, request.seconds)
        try:
            return _in_terminal(request, wanted, sessions, found)
        finally:
            for session in sessions:
                if session.session_id is not None and not session.status().received:
                    opened.drop_empty(session.session_id)


def _in_terminal(request: Request, wanted: Sequence[Wanted], sessions: Sequence[api.Session], found: Found) -> int:
    unit = request.speed_unit or remembered_speed_unit()
    watched = [
        Watched(s, w.label, linked=True, advise=True, speed_unit=unit) for w, s in zip(wanted, sessions, strict=True)
    ]
    watch(watched)
    failed = []
    for w, one in zip(wanted, watched, strict=True):
        status = one.session.status()
        if status.received:
            if one.label:
                typer.echo(f"\n{one.label} ({status.source})")
            print_summary(one.session, one.session.settings, legend=one is watched[-1], said=found.warnings)
        _say_file(f"Session{f' of the {one.label}' if one.label else ''}", w.out)
        if status.received and one.session.keeps_in_library and one.session.session_id is not None:
            number = one.session.session_id
            typer.echo(f"Session {number} in the library: stride analyze {number}, stride report {number}")
        if status.state is LinkState.FAILED:
            failed.append(one)
        elif not status.received:
            typer.echo(f"{one.who}: ended before the first sample.", err=True)
    if failed:  # what each ended with was said when it did
        refuse_failed(failed[-1].session)
    return 0


def _say_file(label: str, file: Path | None) -> None:
    if file is not None and file.exists():
        typer.echo(f"{label}: {file.resolve()}")
