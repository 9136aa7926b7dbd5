"""Whether decoded values can have come from the sensor at all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from firmware_profiles.errors import FormatError
from firmware_profiles.model import FirmwareProfile
from firmware_profiles.readings import NO_FLAGS, OUT_OF_RANGE, FloatArray

STANDARD_GRAVITY_MPS2 = 9.80665
"""CGPM 1901; this package knows nothing of imu.constants."""

_TOLERANCE = 1.1
"""Offset and sensitivity errors let a sensor show a little more than its nominal range."""


def plausible_limits(profile: FirmwareProfile, columns: int) -> FloatArray:
    """Largest magnitude that each column can have, in m/s2 and deg/s; infinity where the profile does not say."""
    acc, gyr = profile.limits.acc_range_g, profile.limits.gyr_range_dps
    acc_limit = math.inf if acc is None else acc * STANDARD_GRAVITY_MPS2 * _TOLERANCE
    gyr_limit = math.inf if gyr is None else gyr * _TOLERANCE
    return np.array(([acc_limit] * 3 + [gyr_limit] * 3)[:columns])


class RangeCheck:
    """Flags values beyond the sensor's range; quick where there are none.

    Parameters
    ----------
    limits : ndarray, shape (columns,)
        Largest possible magnitude of each column.

    Attributes
    ----------
    is_idle : bool
        The form of the packet rules out values beyond the limits.
    """

    def __init__(self, limits: FloatArray, *, is_idle: bool = False) -> None:
        self._limits = limits
        finite = np.where(np.isfinite(limits), limits, np.finfo(np.float64).max)
        self._inverse = 1.0 / finite
        self.is_idle = is_idle

    @classmethod
    def of(cls, limits: FloatArray, factors: FloatArray, *, largest: float) -> RangeCheck:
        """Check for columns that are counts up to `largest` times `factors`."""
        return cls(limits, is_idle=math.isfinite(largest) and bool(np.all(largest * factors <= limits)))

    def is_plain(self, samples: FloatArray) -> bool:
        """Whether all values are numbers within the limits; False = look closer.

        The sum of fourth powers of the shares of the limits: three calls instead of five, and enough for most packets.
        """
        share = (samples * self._inverse).ravel()
        share *= share
        return bool(share.dot(share) <= 1.0)

    def flags(self, samples: FloatArray) -> frozenset[str]:
        """Return {"out_of_range"} where a value is beyond the limits, else nothing; NaN columns are not looked at."""
        if self.is_plain(samples):
            return NO_FLAGS
        return OUT_OF_RANGE if bool((np.abs(samples) > self._limits).any()) else NO_FLAGS


def check_finite(values: npt.NDArray[Any], at: int, value_bytes: int) -> None:
    """Refuse values that are not numbers.

    Raises
    ------
    FormatError
        With the byte of the first one; `at` is where the values begin.
    """
    bad = np.flatnonzero(~np.isfinite(values.ravel()))
    if len(bad):
        raise FormatError("a value is not a number", at + int(bad[0]) * value_bytes)
