"""Frames: how a sensor is mounted, and how its axes become up, right and forward.

Body frame = (is, ml, pa): up, to the runner's right, forward; right-handed (is x ml = pa). A mounting string names the
sensor axis that points along each of the three, in that order: "+y-x+z" = sensor y points up, sensor x points to the
left, sensor z points forward. There are 24 right-handed mountings.
"""

from __future__ import annotations

import itertools

import numpy as np

from imu.errors import SettingsError
from imu.types import FloatArray

_AXES = "xyz"


def mounting_names() -> tuple[str, ...]:
    """Return the 24 right-handed mountings, in a fixed order."""
    names = []
    for order in itertools.permutations(_AXES):
        for signs in itertools.product("+-", repeat=3):
            name = "".join(s + a for s, a in zip(signs, order, strict=True))
            if np.linalg.det(_matrix(name)) > 0:
                names.append(name)
    return tuple(names)


def _matrix(name: str) -> FloatArray:
    rows = np.zeros((3, 3))
    for row in range(3):
        rows[row, _AXES.index(name[2 * row + 1])] = 1.0 if name[2 * row] == "+" else -1.0
    return rows


def parse_mounting(name: str) -> FloatArray:
    """Turn a mounting string into a rotation.

    Parameters
    ----------
    name : str
        For example "+y-x+z": sensor axes along up, right, forward.

    Returns
    -------
    ndarray, shape (3, 3)
        Rows is, ml, pa; body = matrix @ sensor.

    Raises
    ------
    SettingsError
        Not six characters of signs and letters, an axis named twice, or a left-handed set of axes.
    """
    text = name.strip().lower()
    well_formed = len(text) == 6 and all(text[i] in "+-" for i in (0, 2, 4)) and sorted(text[1::2]) == list(_AXES)
    if not well_formed:
        raise SettingsError(
            "mounting",
            f"'{name}' is not a mounting.",
            hint="Name the sensor axis that points up, right and forward, each with its sign, such as +y-x+z.",
        )
    matrix = _matrix(text)
    if np.linalg.det(matrix) < 0:
        flipped = text[:2] + ("-" if text[2] == "+" else "+") + text[3:]
        raise SettingsError(
            "mounting", f"'{name}' is left-handed, which no sensor is.", hint=f"Did you mean {flipped}?"
        )
    return matrix


def turned_round(mounting: str) -> str:
    """Return the mounting after half a turn about the vertical: what was right is left, what was forward is back.

    Parameters
    ----------
    mounting : str
        Such as "+y-x+z".
    """
    return mounting[:2] + mounting[2:].translate(str.maketrans("+-", "-+"))
