"""What the ways of ordering packets have in common: what goes in, what comes out, what is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from imu.types import FloatArray


class Arrived(NamedTuple):
    """One reading off the air.

    Attributes
    ----------
    arrival_ns : int
        Host clock.
    samples : ndarray, shape (n, 3) or (n, 6)
    ticks : int or None
        Device time as sent.
    counter : int or None
        Packet counter as sent.
    missing : int
        Samples that are known to be lost just before these; 0 = nothing is known.
    """

    arrival_ns: int
    samples: FloatArray
    ticks: int | None = None
    counter: int | None = None
    missing: int = 0


class Placed(NamedTuple):
    """Samples that belong next in the stream, after `missing` ones that were lost."""

    missing: int
    samples: FloatArray
    arrival_ns: int


@dataclass(slots=True)
class Tally:
    """What was not taken: packets that came twice or too late, or that contradict the others; fresh starts."""

    duplicates: int = 0
    late: int = 0
    errors: int = 0
    restarts: int = 0

    def clear(self) -> None:
        """Begin to count anew."""
        self.duplicates = self.late = self.errors = self.restarts = 0


class Order(Protocol):
    """Puts readings in their place; may keep one back until the next ones have shown what it means."""

    tally: Tally

    def fits(self, arrived: Arrived) -> bool:
        """Take a reading that plainly comes next; False = anything else, which `place` will explain."""

    def place(self, arrived: Arrived) -> list[Placed]:
        """Take a reading; return what has its place now, in order."""

    def flush(self) -> list[Placed]:
        """Return what was kept back."""

    def new_epoch(self) -> None:
        """Note that the link was lost: a gap precedes the next reading (call `flush` first)."""
