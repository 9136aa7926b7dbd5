"""A simulated run held still at one moment: what the window asks of a session, always with the same answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from imu.acquisition.simulator import Simulation
from imu.api import Session
from imu.settings import Settings
from imu.types import LinkState, LiveEvent, Snapshot, Stance, Status, Step

PERSON: dict[str, Any] = {"seed": 4, "asymmetry_pct": 5.0, "walking_s": 0.0}


class Held:
    """A finished session that says it still receives.

    Parameters
    ----------
    session : Session
        Run to its end at full speed.
    facts : dict
        What its status says instead; `steps` = only so many of them are given out, `change` = what becomes of each,
        `stance` = how it hangs.
    """

    def __init__(self, session: Session, **facts: Any) -> None:
        self._session = session
        self._most = facts.pop("steps", None)
        self._change: Callable[[Step], Step] = facts.pop("change", lambda step: step)
        self._stance: Stance | None = facts.pop("stance", None)
        self.facts = facts
        self.settings = session.settings
        self.session_id: int | None = None
        self.keeps_in_library = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def start(self) -> None:
        """Do nothing: it has run."""

    def stop(self) -> None:
        """Do nothing: it may be shown again."""

    def status(self) -> Status:
        """Say that it receives, whatever happened since."""
        said = self._session.status()
        here = {"state": LinkState.STREAMING, "detail": "", "stale_s": 0.02, "recording_path": "run.stride"}
        return replace(said, **{**here, "rate_hz": said.nominal_rate_hz, **self.facts})

    def stance(self) -> Stance | None:
        """Tell how it hangs."""
        return self._stance or self._session.stance()

    def steps(self, since: int = 0) -> list[Step]:
        """Return the steps."""
        return [self._change(step) for step in self._session.steps(0)[: self._most]][since:]

    def snapshot(self, seconds: float) -> Snapshot:
        """Return the newest seconds of the signal."""
        return self._session.snapshot(seconds)

    def drain_events(self) -> list[LiveEvent]:
        """Return nothing: all steps are final."""
        return []

    def arrivals(self, after: float = 0.0) -> Any:
        """Return nothing: no delay to a screen can be measured here."""
        return self._session.arrivals(after)[:0]

    def mark(self, text: str = "") -> None:
        """Do nothing: what is shown is not kept."""


def run(seconds: float, *, settings: Settings | None = None, **person: Any) -> Session:
    """Run a simulated runner at full speed to its end."""
    simulation = Simulation(**{**PERSON, "standing_s": 4.0, "loss_pct": 0.0, **person})
    settings = (settings or Settings(speed_mps=simulation.speed_mps, body_mass_kg=72.0)).with_suggestions(
        simulation.suggested()
    )
    session = Session.simulate(simulation, settings, duration_s=seconds, realtime=False)
    session.start()
    if not session.wait(120.0):
        raise RuntimeError(session.status().detail)
    return session
