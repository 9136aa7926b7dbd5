"""A session in the dashboard, which is reached by name only (`gui.app`), because the engine must not depend on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from imu import api
from imu.cli.qt import load
from imu.cli.watch import drop_if_empty
from imu.errors import ImuError
from imu.settings import Settings


def show_dashboard(
    make: Callable[[], api.Session],
    language: str | None,
    theme: str | None,
    screenshot: Path | None,
    seconds: float | None,
    *,
    second: tuple[Callable[[], api.Session], Settings] | None = None,
) -> api.Session:
    """Show the dashboard until it is closed (or for some seconds); return the session, stopped.

    A second sensor is shown beside the first in the near view; whoever gave its session also stops it.
    """
    made: list[api.Session] = []
    refused: list[ImuError] = []

    def make_once() -> api.Session:
        try:
            made.append(make())
        except ImuError as error:
            refused.append(error)
            raise
        return made[-1]

    app = load("gui.app", window=True)
    try:
        code = app.show_live(
            make_once,
            language=language,
            theme=theme,
            screenshot=None if screenshot is None else str(screenshot),
            seconds=seconds,
            second=second,
        )
    finally:
        for session in made:
            session.stop()
            drop_if_empty(session)
    if code and refused and not made:
        raise refused[-1]
    if code:
        detail = made[-1].status().detail if made else ""
        hint = "" if detail else "`stride doctor` says what is missing."
        raise ImuError(detail or "The dashboard ended with an error.", hint=hint)
    if not made:
        raise ImuError("The dashboard was closed before it began.")
    return made[-1]
