"""What the user tells the analysis: place, mounting, body facts, speed; checked once, then immutable."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from imu.errors import SettingsError
from imu.types import Place, Side

_RANGES: dict[str, tuple[float, float, str]] = {
    "body_mass_kg": (20.0, 250.0, "kg"),
    "body_height_m": (1.0, 2.3, "m"),
    "speed_mps": (0.3, 12.0, "m/s"),
    "least_tilt_deg": (0.0, 45.0, "degrees"),
}

_SIGNED_AXES = ("+x", "-x", "+y", "-y", "+z", "-z")


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one analysis.

    Parameters
    ----------
    place : Place or str
        Where the sensor is worn: sacrum, hip (on one side), foot or shank.
    mounting : str or None
        Which sensor axis points up, to the right and forward, in that order: one of 24 strings such as "+y-x+z"
        (see `imu.frames`). None = found from gravity; then left-right and fore-aft axes are not used.
    up_axis : str or None
        Sensor axis that points up, such as "-y", where only that is known; gravity corrects it.
    sensor_side : Side
        Leg that wears a foot or shank sensor; side of the body for the hip.
    body_mass_kg, body_height_m, speed_mps : float or None
        None = unknown; numbers that need them are then left out or have a wider interval.
    first_side : Side
        Side of the first step when the user knows it (typed anchor); UNKNOWN = find it.
    least_tilt_deg : float
        Roll of the sensor that the left-right difference of peaks reckons with at least: because nobody looked how it
        hangs, or because it hung so. 0 = only what is measured while running.

    Raises
    ------
    SettingsError
        With the name of the setting and the range allowed.
    """

    place: Place = Place.SACRUM
    mounting: str | None = None
    up_axis: str | None = None
    sensor_side: Side = Side.UNKNOWN
    body_mass_kg: float | None = None
    body_height_m: float | None = None
    speed_mps: float | None = None
    first_side: Side = Side.UNKNOWN
    least_tilt_deg: float = 0.0

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "place", Place(self.place))
        except ValueError:
            choices = ", ".join(p.value for p in Place)
            raise SettingsError("place", f"'{self.place}' is not a place.", hint=f"Use one of: {choices}.") from None
        for name, (low, high, unit) in _RANGES.items():
            value = getattr(self, name)
            if value is None:
                continue
            if not isinstance(value, (int, float)) or not math.isfinite(value) or not low <= value <= high:
                raise SettingsError(
                    name, f"{value} is outside {low:g} to {high:g} {unit}.", hint="Check the number and its unit."
                )
        if self.mounting is not None:
            from imu.frames import parse_mounting

            parse_mounting(self.mounting)
        if self.up_axis is not None and self.up_axis not in _SIGNED_AXES:
            raise SettingsError("up_axis", f"'{self.up_axis}' is not an axis.", hint="Use +x, -x, +y, -y, +z or -z.")

    def with_suggestions(self, suggested: dict[str, Any]) -> Settings:
        """Fill what the user left open with what the recording's own header states."""
        defaults = Settings()
        up = suggested.get("axis_hints", {}).get("is")
        if up in _SIGNED_AXES and self.mounting is None:
            suggested = {"up_axis": up, **suggested}
        fill = {
            k: v
            for k, v in suggested.items()
            if k in self.__dataclass_fields__ and getattr(self, k) == getattr(defaults, k) and v is not None
        }
        return replace(self, **fill) if fill else self
