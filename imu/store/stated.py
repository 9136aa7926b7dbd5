"""What was stated while a session ran, from its markers; apart, so that a session opens without a decoder."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, Protocol

from imu.store.reader import StoredSession
from imu.types import LineChange

TILT_MARKER = "least_tilt"
"""Kind of the marker that holds `Settings.least_tilt_deg` as it was stated during the session."""

LINE_MARKER = "line"
"""Kind of the marker that holds the feedback line in g from its moment on; empty = it was taken away."""

_ONE_MOVE_S: Final = 1.0
"""A line that moves on sooner is still in the hand: where it comes to rest is what was set."""


class _Marked(Protocol):
    """A marker, of a recording or of the library."""

    @property
    def time_s(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> str: ...


def stated_tilt(stored: StoredSession) -> dict[str, float]:
    """Return the setting `least_tilt_deg` as it was stated during the session; empty = it was not."""
    tilts = [float(m.value) for m in stored.markers if m.kind == TILT_MARKER]
    return {"least_tilt_deg": tilts[-1]} if tilts else {}


def stated_lines(markers: Iterable[_Marked]) -> tuple[LineChange, ...]:
    """Return the feedback line as it was set, in the order of time; a drag is one change, at its end.

    Parameters
    ----------
    markers : iterable
        In the order of time. One whose value is no load counts as "no line": a damaged line judges no step.
    """
    found: list[LineChange] = []
    for marker in markers:
        if marker.kind != LINE_MARKER:
            continue
        change = LineChange(marker.time_s, _load(marker.value))
        if found and change.time_s - found[-1].time_s < _ONE_MOVE_S:
            found.pop()
        if change.line_g != (found[-1].line_g if found else None):
            found.append(change)
    return tuple(found)


def _load(value: str) -> float | None:
    try:
        load_g = float(value)
    except ValueError:
        return None
    return load_g if math.isfinite(load_g) and load_g > 0.0 else None
