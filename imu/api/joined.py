"""Who hears what a treadmill or a heart-rate belt says: its own session, and those of the same run that share it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imu.api.engine import Engine


class Joined:
    """Passes on what the devices that join one sensor say; any thread may call it.

    Parameters
    ----------
    engine : Engine
        Of the sensor that they join.
    """

    def __init__(self, engine: Engine) -> None:
        self._hearers: tuple[Engine, ...] = (engine,)

    def add(self, other: Engine) -> None:
        """Let another session of the run hear it, too, until it has ended; a second call does nothing."""
        if other not in self._hearers:
            self._hearers = (*self._hearers, other)

    def hear(self, said: Mapping[str, float | None]) -> None:
        """Tell every session, one lock after the other."""
        first, *others = self._hearers
        if any(other.ended.is_set() for other in others):
            self._hearers = (first, *(other for other in others if not other.ended.is_set()))
        for engine in self._hearers:
            engine.take_context(said)
