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
        self._source = engine.source
        self._hearers: tuple[Engine, ...] = (engine,)

    def add(self, other: Engine) -> None:
        """Let another session of the run hear it, too, until it has ended; a second call does nothing."""
        if other not in self._hearers:
            self._hearers = (*self._hearers, other)
            if hasattr(self._source, "share") and hasattr(other.source, "share"):  # linked sensors
                self._source.share(other.source)

    def hear(self, said: Mapping[str, float | None]) -> None:
        """Tell every session that has not ended, one lock after the other."""
        if any(engine.ended.is_set() for engine in self._hearers):
            self._hearers = tuple(engine for engine in self._hearers if not engine.ended.is_set())
        for engine in self._hearers:
            engine.take_context(said)
