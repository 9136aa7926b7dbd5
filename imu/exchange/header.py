"""The header of a recording (`meta`, JSON text) turned into suggested settings and sensor facts."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt

from imu.constants import G_MPS2, MPS_PER_KMH
from imu.exchange.axes import AxisWord, mounting_of, read_axes, read_place
from imu.types import Side

_RANGES = {"body_mass_kg": (20.0, 250.0), "body_height_m": (1.0, 2.3), "speed_mps": (0.3, 12.0)}

_ALIASES: dict[str, tuple[tuple[str, float], ...]] = {
    "body_mass_kg": (("body_mass_kg", 1.0), ("mass_kg", 1.0), ("weight_kg", 1.0)),
    "body_height_m": (("body_height_m", 1.0), ("height_m", 1.0), ("height_cm", 0.01), ("body_height_cm", 0.01)),
    "speed_mps": (
        ("speed_mps", 1.0),
        ("belt_speed_mps", 1.0),
        ("speed_kmh", MPS_PER_KMH),
    ),
}
_TEXT_PATTERNS = {
    "body_mass_kg": (r"(\d+(?:\.\d+)?) ?kg\b", 1.0),
    "body_height_m": (r"(\d{3}(?:\.\d+)?) ?cm\b", 0.01),
}


def parse_meta(text: str) -> dict[str, Any]:
    """Read the JSON text of `meta`.

    Raises
    ------
    ValueError
        Not JSON, or not an object.
    """
    meta = json.loads(text)
    if not isinstance(meta, dict):
        raise ValueError("not an object")  # noqa: TRY004  (one kind of failure for the caller: the text is no header)
    return meta


def number(value: Any) -> float | None:
    """Finite number from a JSON value (also "63"); None otherwise."""
    if isinstance(value, bool):
        return None
    try:
        out = float(value)
    except (TypeError, ValueError):
        return None
    return out if math.isfinite(out) else None


def body_facts(meta: dict[str, Any]) -> dict[str, float]:
    """Mass, height and speed where the header states them within human range.

    Looked for at the top, then in `subject` and `trial_summary` (keys in any case), then in a free-text subject.
    """
    places = [meta] + [meta[k] for k in ("subject", "trial_summary") if isinstance(meta.get(k), dict)]
    lowered = [{str(k).lower(): v for k, v in d.items()} for d in places]
    out: dict[str, float] = {}
    for name, aliases in _ALIASES.items():
        low, high = _RANGES[name]
        candidates = [
            round(value * factor, 6)
            for d in lowered
            for key, factor in aliases
            if (value := number(d.get(key))) is not None
        ]
        if name in _TEXT_PATTERNS and isinstance(meta.get("subject"), str):
            pattern, factor = _TEXT_PATTERNS[name]
            candidates += [round(float(m) * factor, 6) for m in re.findall(pattern, meta["subject"])]
        usable = [c for c in candidates if low <= c <= high]
        if usable:
            out[name] = usable[0]
    return out


def acc_range_g(meta: dict[str, Any]) -> float | None:
    """Full scale of the accelerometer in g: `acc_range_g`, or the first "+-8 g" in the texts."""
    stated = number(meta.get("acc_range_g"))
    if stated is not None and stated > 0:
        return stated
    for key in ("preprocessing", "placement", "sensor"):
        if m := re.search(r"(?:\+-|\+/-|±) ?(\d+(?:\.\d+)?) ?g\b", str(meta.get(key, ""))):
            return float(m[1])
    return None


def place_and_side(meta: dict[str, Any]) -> dict[str, Any]:
    """Suggested place and, for a sensor on one side, that side."""
    place, side = read_place(str(meta.get("placement", "")))
    out: dict[str, Any] = {} if place is None else {"place": place}
    if side is not Side.UNKNOWN:
        out["sensor_side"] = side
    return out


def mounting(
    meta: dict[str, Any], mean_acc: npt.NDArray[np.float64]
) -> tuple[str | None, dict[str, str], str, list[str]]:
    """Mounting from `acc_axes`; the sign of the vertical axis is settled by gravity in the data.

    Parameters
    ----------
    meta : dict
    mean_acc : ndarray, shape (3,)
        Mean acceleration in m/s2, NaN for an axis that is not measured.

    Returns
    -------
    mounting, hints, mirrored, warnings
        As of `imu.exchange.axes.mounting_of`.
    """
    texts = meta.get("acc_axes")
    if not isinstance(texts, list) or len(texts) != 3:
        return None, {}, "", []
    words = read_axes([str(t) for t in texts])
    warnings = []
    for i, word in enumerate(words):
        if word.role != "is" or not abs(mean_acc[i]) > 0.5 * G_MPS2:
            continue
        measured = 1 if mean_acc[i] > 0 else -1
        if word.sign == -measured and "trial" not in str(texts[i]):
            warnings.append(
                f"The header says that {'xyz'[i]} points {'up' if word.sign > 0 else 'down'}, but gravity reads "
                f"{mean_acc[i] / G_MPS2:+.1f} g there; gravity is believed."
            )
        words[i] = AxisWord("is", measured)
    name, hints, mirrored = mounting_of(words)
    return name, hints, mirrored, warnings
