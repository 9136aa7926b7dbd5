"""Speed as a person reads and types it: km/h, or pace in minutes per km; inside it is always m/s. No Qt."""

from __future__ import annotations

import re
from typing import Final

from gui.i18n import KMH, PACE, Texts
from gui.numbers import NOTHING, number
from imu.constants import MPS_PER_KMH

SLOWEST_KMH: Final = 2.0
FASTEST_KMH: Final = 36.0
"""What can be typed, in both units: 2 to 36 km/h, 30:00 to 1:40 min/km."""
_M_PER_KM: Final = 1000.0
_STEP_KMH: Final = 0.1
_STEP_S: Final = 5
"""One press of - or +: what a treadmill's own keys do in km/h, and a round figure of pace."""
_PACE: Final = re.compile(r"\s*(\d{1,2})[:.,'](\d{2})\s*")


def unit_word(t: Texts) -> str:
    """Return the chosen unit: "km/h" (Dutch "km/u") or "min/km"."""
    return t("speed.unit_kmh" if t.speed_unit == KMH else "speed.unit_pace")


def speed_value(speed_mps: float | None, t: Texts, *, short: bool = False, nothing: str = NOTHING) -> str:
    """Return a speed without its unit, for a column that names it.

    Parameters
    ----------
    speed_mps : float or None
        None = not known.
    t : Texts
        Language and unit.
    short : bool
        In km/h a decimal only where it has one.
    nothing : str
        What stands for a speed that is not known, and for the pace of a belt that stands.

    Returns
    -------
    str
        Such as "9.5" (Dutch "9,5"), or "6:19" per km, rounded to the second.
    """
    if speed_mps is None:
        return nothing
    if t.speed_unit == PACE:
        return nothing if speed_mps <= 0.0 else pace_text(speed_mps / MPS_PER_KMH)
    value = speed_mps / MPS_PER_KMH
    return number(value, 0 if short and abs(value - round(value)) < 0.05 else 1, t.language)


def speed_text(speed_mps: float | None, t: Texts, *, short: bool = False) -> str:
    """Return a speed with its unit, such as "9,5 km/u" or "6:19 min/km"."""
    return f"{speed_value(speed_mps, t, short=short)} {unit_word(t)}"


def pace_text(kmh: float) -> str:
    """Return the pace of a speed above zero as minutes and seconds per km."""
    minutes, seconds = divmod(round(_M_PER_KM / (kmh * MPS_PER_KMH)), 60)
    return f"{minutes}:{seconds:02d}"


def pace_kmh(text: str) -> float | None:
    """Return the speed in km/h of a pace typed as 5:30 (or 5.30, 5,30, 5'30); None when it is not one."""
    found = _PACE.fullmatch(text)
    if found is None or int(found[2]) >= 60 or int(found[1]) + int(found[2]) == 0:
        return None
    return _M_PER_KM / (60 * int(found[1]) + int(found[2])) / MPS_PER_KMH


def typed_mps(text: str, t: Texts) -> float:
    """Return the speed in m/s of what was typed in the chosen unit.

    Raises
    ------
    ValueError
        It is not a number, or not a pace.
    """
    if t.speed_unit == KMH:
        return float(text.replace(",", ".")) * MPS_PER_KMH
    kmh = pace_kmh(text)
    if kmh is None:
        raise ValueError(text)
    return kmh * MPS_PER_KMH


def stepped_kmh(kmh: float, steps: int, unit: str) -> float:
    """Return the speed so many steps faster: 0.1 km/h each, or 5 s per km on whole fives; within what can be typed."""
    if unit == PACE:
        seconds = _M_PER_KM / (kmh * MPS_PER_KMH) / _STEP_S
        fives = max(round(seconds) - steps, 1)
        kmh = _M_PER_KM / (fives * _STEP_S) / MPS_PER_KMH
    else:
        kmh += steps * _STEP_KMH
    return min(max(kmh, SLOWEST_KMH), FASTEST_KMH)
