"""How one step differs from the next: white scatter, a slow drift of the whole person, and a slow drift of each leg.

Shares and memory are such that the same leg's values correlate 0.3 from one stride to the next and 0.25 over two
strides, as they do in 25 minutes of outdoor running (hip, set C: 0.35 and 0.30; waist, set E: 0.2 and 0.15).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from imu.types import FloatArray, Side

BODY_SHARE: Final = 0.25
"""Part of the variance that drifts slowly, both legs together."""
LEG_SHARE: Final = 0.12
"""Part that drifts slowly, each leg on its own; its mean is zero."""
MEMORY: Final = 0.94
"""Of a slow part, from one step to the next."""


class Fluctuation:
    """Draws `n` standard normal values per step, each remembering its past.

    Parameters
    ----------
    rng : Generator
    n : int
    """

    def __init__(self, rng: np.random.Generator, n: int) -> None:
        self._rng = rng
        self._slow = rng.standard_normal((3, n))  # the body, the left leg, the right leg

    def next(self, side: Side) -> list[float]:
        """Values of the next step, on this side."""
        white, *fresh = self._rng.standard_normal((4, self._slow.shape[1]))
        self._slow = MEMORY * self._slow + math.sqrt(1.0 - MEMORY**2) * np.stack(fresh)
        total: FloatArray = math.sqrt(1.0 - BODY_SHARE - LEG_SHARE) * white
        total = total + math.sqrt(BODY_SHARE) * self._slow[0] + math.sqrt(LEG_SHARE) * self._slow[int(side)]
        values: list[float] = total.tolist()
        return values
