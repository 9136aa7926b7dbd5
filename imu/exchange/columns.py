"""Which column of a log is what: names and units read liberally, units checked against gravity."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from imu.constants import G_MPS2
from imu.errors import RecordingError
from imu.types import LOG_ACC_UNITS, LOG_GYR_UNITS, LOG_TIME_UNITS, ColumnMapping, FloatArray

ACC_UNITS: Final = {"m/s2": 1.0, "g": G_MPS2, "mg": G_MPS2 / 1000.0}
"""Unit of acceleration -> factor to m/s2."""
GYR_UNITS: Final = {"dps": 1.0, "mdps": 0.001, "rad/s": 180.0 / np.pi}
"""Unit of angular rate -> factor to deg/s."""
TIME_UNITS: Final = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
"""Unit of time -> factor to seconds."""

_UNIT_WORDS: Final = {
    "m/s2": ("m/s2", "m/s^2", "m/s²", "m/s/s", "ms-2", "m.s-2", "mps2", "ms2", "m s2"),
    "g": ("g", "gravity", "gs"),
    "mg": ("mg", "milli-g"),
    "dps": ("dps", "deg/s", "°/s", "degps", "deg s", "degrees/s"),
    "mdps": ("mdps",),
    "rad/s": ("rad/s", "rads", "radps", "rad s"),
    "s": ("s", "sec", "secs", "seconds"),
    "ms": ("ms", "msec", "millis", "milliseconds"),
    "us": ("us", "µs", "μs", "microseconds"),
    "ns": ("ns", "nanoseconds"),
}
_UNIT_OF: Final = {word: unit for unit, words in _UNIT_WORDS.items() for word in words}

_NO_GRAVITY: Final = re.compile(r"free|linear|user|dyn|without|no ?grav|lin ?acc")
_OTHER: Final = re.compile(r"mag|quat|euler|roll|pitch|yaw|angle|orient|veloc|pos|ecg|ppg|temp|steps?$|lux|battery")
_GYR: Final = re.compile(r"gyr|rot|angular|omega|^w ?[xyz]\b|^g ?[xyz]\b")
_ACC: Final = re.compile(r"acc|^a ?[xyz]\b|^[xyz]$|^[xyz] ?axis$|^axis ?[xyz1-3]$")
_TIME: Final = re.compile(r"\btime|\btijd|stamp|^t$|^ts$|^t s$|seconds|elapsed|millis|^ms$|^s$|sampletimefine|epoch")
_RATES_HZ: Final = (10.0, 2500.0)
"""Rates of movement sensors: which unit of time gives one of these is not in doubt, units being 1000 apart."""


def guess(names: Sequence[str], file_name: str) -> ColumnMapping:
    """Read the meaning of columns from their names.

    Raises
    ------
    RecordingError
        No acceleration x, y, z among them, or only one without gravity.
    """
    plain = [_plain(name) for name in names]
    acc = _axes(plain, _ACC)
    gyr = _axes(plain, _GYR)
    if not acc:
        free = [n for n, p in zip(names, plain, strict=True) if _NO_GRAVITY.search(p[0])]
        if free:
            raise RecordingError(
                f"{file_name} holds acceleration without gravity only ({', '.join(free[:3])}).",
                hint="Log raw acceleration, gravity included, and export it again.",
            )
        what = "angular rate, but no acceleration" if gyr else "no columns that are named as acceleration x, y, z"
        raise RecordingError(
            f"{file_name} holds {what} (it has: {', '.join(names[:10])}).",
            hint=f"Name the columns: stride import {file_name} --acc X,Y,Z --time T (names, or numbers from 1).",
        )
    time = _time(plain)
    return ColumnMapping(
        acc=acc,
        acc_unit=_common_unit([plain[c][1] for c in acc], ACC_UNITS),
        gyr=gyr,
        gyr_unit=_common_unit([plain[c][1] for c in gyr], GYR_UNITS),
        time=time,
        time_unit="" if time is None else plain[time][1] if plain[time][1] in TIME_UNITS else "",
    )


def named(wanted: Sequence[str], names: Sequence[str], file_name: str) -> tuple[int, ...]:
    """Return the positions of columns that the user names, or numbers from 1.

    Raises
    ------
    RecordingError
        There is no such column.
    """
    lowered = [n.lower() for n in names]
    out = []
    for text in (w.strip() for w in wanted):
        if text.lower() in lowered:
            out.append(lowered.index(text.lower()))
        elif text.isdigit() and 1 <= int(text) <= len(names):
            out.append(int(text) - 1)
        else:
            close = difflib.get_close_matches(text.lower(), lowered, 1)
            meant = f"Did you mean '{names[lowered.index(close[0])]}'? " if close else ""
            raise RecordingError(
                f"{file_name} has no column '{text}'.", hint=f"{meant}It has: {', '.join(names[:12])}."
            )
    return tuple(out)


def check(mapping: ColumnMapping, names: Sequence[str], file_name: str) -> None:
    """Refuse a mapping that does not fit the table, or is not complete.

    Raises
    ------
    RecordingError
        No acceleration, a column that is not there or means two things, or an unknown unit.
    """
    if len(mapping.acc) != 3 or len(mapping.gyr) not in {0, 3}:
        what = "acceleration" if len(mapping.acc) != 3 else "angular rate"
        raise RecordingError(
            f"{file_name}: {what} needs three columns, x, y and z.", hint="Choose a column for each of them."
        )
    used = [*mapping.acc, *mapping.gyr, *([] if mapping.time is None else [mapping.time])]
    if not all(0 <= c < len(names) for c in used):
        raise RecordingError(f"{file_name} has {len(names)} columns.", hint="Choose among them.")
    twice = [names[c] for c in dict.fromkeys(used) if used.count(c) > 1]
    if twice:
        raise RecordingError(
            f"{file_name}: the column {twice[0]} is chosen for two things.", hint="Choose another one for one of them."
        )
    for unit, known in (
        (mapping.acc_unit, LOG_ACC_UNITS),
        (mapping.gyr_unit, LOG_GYR_UNITS),
        (mapping.time_unit, LOG_TIME_UNITS),
    ):
        if unit and unit not in known:
            raise RecordingError(f"'{unit}' is no unit known here.", hint=f"Use {', '.join(known)}.")


def acc_unit(acc: FloatArray, file_name: str) -> str:
    """Tell the unit of acceleration from its size: a worn sensor averages one gravity, whatever the movement.

    Raises
    ------
    RecordingError
        The size fits none of m/s2, g and mg.
    """
    size = float(np.nanmedian(np.linalg.norm(acc, axis=1)))
    for unit, factor in ACC_UNITS.items():
        if 0.5 <= size * factor / G_MPS2 <= 2.0:
            return unit
    raise RecordingError(
        f"{file_name}: acceleration is about {size:.4g} in size, which is gravity in none of m/s2, g and mg.",
        hint="State its unit with --acc-unit; raw counts must be converted first.",
    )


def time_unit(stamps: FloatArray, file_name: str) -> str:
    """Tell the unit of time from the spacing of the rows.

    Raises
    ------
    RecordingError
        No unit gives a rate of 10 to 2500 Hz.
    """
    steps = np.diff(stamps)
    steps = steps[steps > 0]
    # Stamps that bunch repeat or jump, so the mean says more than the median.
    spacing = float(stamps[-1] - stamps[0]) / max(1, len(stamps) - 1) if len(steps) else 0.0
    for unit, factor in TIME_UNITS.items():
        if spacing > 0 and _RATES_HZ[0] <= 1.0 / (spacing * factor) <= _RATES_HZ[1]:
            return unit
    raise RecordingError(
        f"{file_name}: the time column advances {spacing:.4g} per row, which is a sensor's rate in no unit of time.",
        hint="Name the column with --time and its unit with --time-unit, or state the rate with --rate-hz.",
    )


def _plain(name: str) -> tuple[str, str]:
    """Name in lower case without its unit, and the unit ("" = not stated)."""
    text = name.strip().lower()
    unit = ""
    if found := re.search(r"[\[(]\s*([^\])]+?)\s*[\])]", text):
        unit = _UNIT_OF.get(found[1], "")
        text = text[: found.start()] + text[found.end() :]
    text = re.sub(r"[^a-z0-9]+", " ", text).strip()
    words = text.split()
    for count in (2, 1):
        tail = " ".join(words[-count:])
        if not unit and len(words) > count and tail in _UNIT_OF:
            return " ".join(words[:-count]), _UNIT_OF[tail]
    return text, unit


def _axes(plain: list[tuple[str, str]], kind: re.Pattern[str]) -> tuple[int, ...]:
    """Columns of x, y, z of one kind; the first set that is complete."""
    found: dict[str, dict[str, int]] = {}
    for c, (text, unit) in enumerate(plain):
        if _OTHER.search(text) or _NO_GRAVITY.search(text):
            continue
        # A bare "x" may be either; its unit says which.
        wanted = GYR_UNITS if kind is _GYR else ACC_UNITS
        is_bare = re.fullmatch(r"[xyz]( axis)?", text) is not None
        if is_bare and unit and unit not in wanted:
            continue
        if not (kind.search(text) or (is_bare and unit in wanted)) or (kind is _ACC and _GYR.search(text)):
            continue
        axis = re.search(r"(?:^|[^a-z])([xyz])(?:$|[^a-z])|([xyz])$|axis ?([1-3])$", text)
        if axis:
            letter = axis[1] or axis[2] or "xyz"[int(axis[3]) - 1]
            stem = (text[: axis.start()] + text[axis.end() :]).strip()
            found.setdefault(stem, {}).setdefault(letter, c)
    whole = [axes for axes in found.values() if len(axes) == 3]
    return tuple(whole[0][letter] for letter in "xyz") if whole else ()


def _time(plain: list[tuple[str, str]]) -> int | None:
    """Column of time: the sensor's own clock before the phone's."""
    times = [c for c, (text, _) in enumerate(plain) if _TIME.search(text)]
    own = [c for c in times if re.search(r"sensor|device|sampletimefine", plain[c][0])]
    others = [c for c in times if not re.search(r"phone|host|system|utc|local|date", plain[c][0])]
    best = own or others or times
    return best[0] if best else None


def _common_unit(units: Sequence[str], known: dict[str, float]) -> str:
    return units[0] if units and len(set(units)) == 1 and units[0] in known else ""
