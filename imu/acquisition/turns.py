"""Half turns of a simulated run, as in a hall."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

TURN_S: Final = 2.5
"""How long half a turn takes; assumed."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Half turns during the run, to the left and to the right by turns; `every_s` 0 = none."""

    from_s: float
    until_s: float
    every_s: float

    def near(self, t_s: float) -> tuple[float, float]:
        """Middle of the turn nearest to `t_s`, and its direction (+1 to the left); (inf, 0) where there is none."""
        if self.every_s <= 0.0:
            return math.inf, 0.0
        number = max(1, round((t_s - self.from_s) / self.every_s))
        middle = self.from_s + number * self.every_s
        if middle + TURN_S > self.until_s:
            return math.inf, 0.0
        return middle, 1.0 if number % 2 else -1.0

    def depth(self, t_s: float) -> float:
        """0 outside a turn, 1 in its middle."""
        away = abs(t_s - self.near(t_s)[0]) / (0.5 * TURN_S)
        return 0.5 * (1.0 + math.cos(math.pi * min(1.0, away)))
