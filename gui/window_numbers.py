"""The numbers of one window of steps, each with its interval: the one place where the dashboard asks for statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from imu.api import Symmetry, window_summary
from imu.types import Estimate, Place, Step

NOTHING = Estimate(None, None, 0)
NO_SYMMETRY = Symmetry(None, None, 0, 0)


@dataclass(frozen=True, slots=True)
class WindowNumbers:
    """All numbers of one view, from the same steps.

    Attributes
    ----------
    n : int
        Running steps in the window.
    load, load_left, load_right : Estimate
        Mean load peak in g.
    difference : Symmetry
        200 (R - L) / (R + L) of the load peak in percent.
    cadence_spm : Estimate
    contact_ms : Estimate
    """

    n: int = 0
    load: Estimate = NOTHING
    load_left: Estimate = NOTHING
    load_right: Estimate = NOTHING
    difference: Symmetry = NO_SYMMETRY
    cadence_spm: Estimate = NOTHING
    contact_ms: Estimate = NOTHING


def _milli(estimate: Estimate) -> Estimate:
    def times(value: float | None) -> float | None:
        return None if value is None else 1000.0 * value

    return replace(estimate, value=times(estimate.value), half_width=times(estimate.half_width))


def window_numbers(
    steps: Sequence[Step], sides_from: int = 0, place: Place = Place.SACRUM, tilt_pct: float = 0.0
) -> WindowNumbers:
    """Summarise the running steps of one window.

    Parameters
    ----------
    steps : sequence of Step
        Running steps only, oldest first.
    sides_from : int
        Steps with a smaller index do not count for left and right (the sides were swapped since).
    place : Place
        Where the sensor is worn: some places allow no comparison of left and right.
    tilt_pct : float
        Left-right difference that the tilt of the sensor could fake.
    """
    if not steps:
        return WindowNumbers()
    out = window_summary(steps, len(steps), place=place, sides_from=sides_from, tilt_pct=tilt_pct)

    def estimate(name: str) -> Estimate:
        value = out[name]
        return value if isinstance(value, Estimate) else NOTHING

    difference = out["load_peak_symmetry_pct"]
    return WindowNumbers(
        n=len(steps),
        load=estimate("load_peak_g"),
        load_left=estimate("load_peak_left_g"),
        load_right=estimate("load_peak_right_g"),
        difference=difference if isinstance(difference, Symmetry) else NO_SYMMETRY,
        cadence_spm=estimate("cadence_spm"),
        contact_ms=_milli(estimate("contact_time_s")),
    )
