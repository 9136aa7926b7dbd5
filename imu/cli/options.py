"""Options that several commands share, and what was typed as settings."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from imu.types import Side


class PlaceName(enum.StrEnum):
    """Places, as typed."""

    SACRUM = "sacrum"
    HIP = "hip"
    FOOT = "foot"
    SHANK = "shank"


class SideName(enum.StrEnum):
    """Sides, as typed."""

    LEFT = "left"
    RIGHT = "right"


class LanguageName(enum.StrEnum):
    """Languages of the dashboard and the report."""

    EN = "en"
    NL = "nl"


class SpeedUnitName(enum.StrEnum):
    """Units in which a speed is read; the names are those of the dashboard."""

    KMH = "km/h"
    PACE = "min/km"


class ThemeName(enum.StrEnum):
    """Themes of the dashboard."""

    LIGHT = "light"
    DARK = "dark"


Place_ = Annotated[PlaceName | None, typer.Option("--place", help="Where the sensor is worn.")]
Mass_ = Annotated[float | None, typer.Option("--mass-kg", help="Body mass in kg.")]
Height_ = Annotated[float | None, typer.Option("--height-m", help="Body height in m.")]
Speed_ = Annotated[float | None, typer.Option("--speed-mps", help="Running speed in m/s (treadmill).")]
Mounting_ = Annotated[
    str | None,
    typer.Option("--mounting", help="Sensor axes that point up, right and forward, such as +y-x+z."),
]
Sensor_ = Annotated[
    str | None, typer.Option("--sensor", help="A further sensor of the same file, such as lshank or right.")
]
Side_ = Annotated[
    SideName | None, typer.Option("--side", help="Leg (foot, shank) or side (hip) that wears the sensor.")
]
FirstSide_ = Annotated[SideName | None, typer.Option("--first-side", help="Side of the first step, if known.")]
Language_ = Annotated[LanguageName | None, typer.Option("--language", help="en or nl; else the system's.")]
Theme_ = Annotated[ThemeName | None, typer.Option("--theme", help="light or dark; else the system's.")]
SpeedUnit_ = Annotated[SpeedUnitName | None, typer.Option("--speed-unit", help="km/h, or min/km: speeds as pace.")]
Screenshot_ = Annotated[Path | None, typer.Option("--screenshot", help="Write a picture of the dashboard (PNG).")]


def typed(
    place: PlaceName | None = None,
    mass_kg: float | None = None,
    height_m: float | None = None,
    speed_mps: float | None = None,
    mounting: str | None = None,
    side: SideName | None = None,
    first_side: SideName | None = None,
) -> dict[str, Any]:
    """Collect the settings that the user typed; what was left out is not in it."""
    from imu.types import Side

    values = {
        "place": place.value if place else None,
        "body_mass_kg": mass_kg,
        "body_height_m": height_m,
        "speed_mps": speed_mps,
        "mounting": mounting,
        "sensor_side": Side[side.name] if side else None,
        "first_side": Side[first_side.name] if first_side else None,
    }
    return {k: v for k, v in values.items() if v is not None}


def sides_of(sides: list[SideName]) -> list[Side]:
    """Turn sides as typed into sides."""
    from imu.types import Side

    return [Side[side.name] for side in sides]
