"""Physical constants and unit factors; every one has its source here and nowhere else."""

from __future__ import annotations

from typing import Final

G_MPS2: Final = 9.80665
"""Standard gravity in m/s2 (CGPM 1901, BIPM SI brochure): converts g to m/s2."""

MIN_SAMPLING_RATE_HZ: Final = 50.0
"""Slowest stream that is analysed: below it steps cannot be timed (IC SD 20 ms at 26 Hz, 9 ms at 50 Hz)."""

RATE_TOLERANCE: Final = 0.98
"""Sensors' clocks are not exact: a nominal 50 Hz may measure 49.3 Hz."""

WANTED_SAMPLING_RATE_HZ: Final = 100.0
"""Below this rate peaks are under-read (a 20 Hz component loses up to 19 % at 100 Hz), so a warning is shown."""

NS_PER_S: Final = 1_000_000_000
S_PER_MIN: Final = 60.0
MPS_PER_KMH: Final = 1.0 / 3.6

FILTER_VERSION: Final = "2026.1"
"""Changes whenever a measured value may change; numbers of different versions are never put in one table."""

HISTORY_S: Final = 300.0
"""Signal of a live session that stays at hand for looking back: 10 MB at 1000 Hz, 2 MB at 208 Hz."""
