"""Names of the signal rows in the detector ring and of the columns that the event kernels write."""

from __future__ import annotations

from typing import Final

# Rows of the detector ring (rows, 2 * capacity). Rows 0-6 are the body-frame signals as they come.
IS: Final = 0  # m/s2, up +
ML: Final = 1  # m/s2, right +
PA: Final = 2  # m/s2, forward +
RESULTANT: Final = 3  # m/s2
GYR_IS: Final = 4  # deg/s about up (yaw)
GYR_ML: Final = 5  # deg/s about right (tilt)
GYR_PA: Final = 6  # deg/s about forward (roll)
DET_IS: Final = 7  # m/s2, `is` through the detection low-pass
DET_ML: Final = 8  # m/s2, `ml` through the detection low-pass
DET_PA: Final = 9  # m/s2, `pa` through the detection low-pass
LOAD: Final = 10  # m/s2, `is` through the 10 Hz load filter
SHOCK: Final = 11  # m/s2, `is` through the 50 Hz shock filter
ACTIVE: Final = 12  # m/s2, `is` through the 5 Hz active-peak filter
FAULT: Final = 13  # 0 = good, +1 = at the range limit, +2 = repeats the sample before (frozen)
FORWARD: Final = 14  # m/s2, horizontal acceleration along the forward axis as found; filled around contacts only
N_ROWS: Final = 15

FILTERED: Final = 7  # first filtered row
N_FILTERED: Final = 6
