"""Load of a session: load peaks added up over the running steps, for each leg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from imu.metrics.columns import columns
from imu.types import ActivityKind, Place, Side, Step


@dataclass(frozen=True, slots=True)
class LegLoad:
    """Sum over the steps of one leg.

    Attributes
    ----------
    steps : int
    load_g : float or None
        Sum of the load peaks in g x steps; steps whose peak is not known count with this leg's mean.
    filled : int
        Steps that were counted that way.
    """

    steps: int
    load_g: float | None
    filled: int


@dataclass(frozen=True, slots=True)
class SessionLoad:
    """Sums of a session. `left` and `right` are None for a sensor on one side of the hip; `unknown` has no side."""

    total: LegLoad
    left: LegLoad | None
    right: LegLoad | None
    unknown: LegLoad | None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values."""
        return asdict(self)


def session_load(steps: Sequence[Step], place: Place = Place.SACRUM) -> SessionLoad:
    """Add up the load peaks (10 Hz) of all running steps; every g counts alike (weight m = 1).

    Parameters
    ----------
    steps : sequence of Step
        Of the whole session, in the order of time.
    place : Place
        A sensor on one side of the hip sees the near leg stronger: only the total is given.
    """
    running = [s for s in steps if s.activity is ActivityKind.RUNNING]
    data = columns(running, ("load_peak_g",))
    loads = data.values["load_peak_g"]

    def leg(mask: np.ndarray[Any, np.dtype[np.bool_]]) -> LegLoad:
        mine = loads[mask]
        known = np.isfinite(mine)
        n, used = len(mine), int(known.sum())
        return LegLoad(n, float(mine[known].mean()) * n if used else (0.0 if n == 0 else None), n - used)

    everything = leg(np.ones(len(running), dtype=bool))
    if Place(place) is Place.HIP:
        return SessionLoad(everything, None, None, None)
    left, right, unknown = (leg(data.side == side) for side in (Side.LEFT, Side.RIGHT, Side.UNKNOWN))
    return SessionLoad(everything, left, right, unknown)
