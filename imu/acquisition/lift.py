"""The simulated runner lifts the left knee while standing: the pelvis moves over the right leg and rolls to the right.

Assumed, from mechanics: half a hip's width to the side, 4 degrees of roll, one second; no recording shows this gesture.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from imu.constants import G_MPS2
from imu.types import FloatArray

FIRST_S: Final = 1.5
EVERY_S: Final = 1.6
_HALF_S: Final = 0.6
_SHIFT_M: Final = 0.06
_ROLL_DEG: Final = 4.0


def lifts_end_s(count: int) -> float:
    """Return when the last of so many lifts is over, and the person stands again."""
    return FIRST_S + EVERY_S * count


def add_lifts(t: FloatArray, count: int, out: FloatArray) -> None:
    """Add lifts to the body-frame channels (g, deg/s): (1 + cos)^2 / 4 in position and angle about each middle."""
    for k in range(count):
        x = (t - FIRST_S - k * EVERY_S - _HALF_S) / _HALF_S
        on = np.abs(x) < 1.0
        if not on.any():
            continue
        c, s = np.cos(np.pi * x), np.sin(np.pi * x)
        w = math.pi / _HALF_S
        shape = np.where(on, 0.25 * (1.0 + c) ** 2, 0.0)
        rate = np.where(on, -0.5 * w * (1.0 + c) * s, 0.0)
        acceleration = np.where(on, -0.5 * w * w * ((1.0 + c) * c - s * s), 0.0)
        lean = np.radians(_ROLL_DEG) * shape
        out[:, 1] += _SHIFT_M * acceleration / G_MPS2
        up, right = out[:, 0].copy(), out[:, 1].copy()
        out[:, 0], out[:, 1] = up * np.cos(lean) + right * np.sin(lean), right * np.cos(lean) - up * np.sin(lean)
        out[:, 5] += _ROLL_DEG * rate
