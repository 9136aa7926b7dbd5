"""The facade: everything a notebook, the command line or the dashboard needs, and nothing else.

`read` and `analyze` for finished recordings, `Session` for live ones. Both run the very same `Pipeline`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from imu.metrics.asymmetry import Symmetry
from imu.metrics.summary import window as window_summary
from imu.settings import Settings
from imu.types import Analysis, LiveEvent, Recording, Snapshot, Status, Step

__all__ = ["Session", "Symmetry", "analyze", "read", "window_summary"]


def read(path: str | Path) -> Recording:
    """Read a recording: `.npz` (the documented array form) or `.stride` (our own session file).

    Raises
    ------
    RecordingError
        The file is missing, damaged, empty, or holds no usable acceleration; the message says which and what to do.
    """
    raise NotImplementedError


def analyze(recording: Recording, settings: Settings | None = None) -> Analysis:
    """Run the pipeline over a whole recording at full speed.

    Raises
    ------
    RecordingError
        The recording cannot be analysed (too slow, constant, gravity-free, all NaN).
    """
    raise NotImplementedError


class Session:
    """A live run: owns the acquisition thread; safe to poll from another thread."""

    @classmethod
    def simulate(
        cls,
        simulation: object = None,
        settings: Settings | None = None,
        *,
        out: str | Path | None = None,
        duration_s: float | None = None,
        realtime: bool = True,
    ) -> Session:
        """A simulated runner (see `imu.acquisition.simulator.Simulation`) through bytes, profile and pipeline."""
        raise NotImplementedError

    @classmethod
    def replay(cls, path: str | Path, settings: Settings | None = None, *, speed: float | None = 1.0) -> Session:
        """Play a recording through the pipeline; speed None = as fast as it goes."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the acquisition thread; returns at once."""

    def stop(self) -> None:
        """Stop, flush the pipeline and close the file; idempotent."""

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until the source has ended; False on time-out."""
        raise NotImplementedError

    def on_step(self, callback: Callable[[Step], None]) -> None:
        """Call back for each finished step, in the acquisition thread: be quick."""

    def steps(self, since: int = 0) -> Sequence[Step]:
        """Finished steps from index `since` on, by position."""
        raise NotImplementedError

    def drain_events(self) -> list[LiveEvent]:
        """Live events since the last call (bounded queue; what did not fit is counted in the status)."""
        raise NotImplementedError

    def snapshot(self, seconds: float) -> Snapshot:
        """Return a copy of the newest `seconds` of signal."""
        raise NotImplementedError

    def status(self) -> Status:
        """The status line now."""
        raise NotImplementedError

    def set_speed(self, speed_mps: float | None) -> None:
        """Typed speed, valid from now on."""

    def swap_sides(self) -> None:
        """Exchange left and right from the next step on; logged as a marker."""

    def mark(self, text: str = "") -> None:
        """Put a marker at the present moment."""

    def summary(self) -> dict[str, object]:
        """Summary of the steps so far."""
        raise NotImplementedError

    def __enter__(self) -> Session:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
