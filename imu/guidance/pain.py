"""Pain diary: scores from 0 to 10 before, during and after a run and the next morning, in bands of the therapist.

Cut-offs differ between clinics (0-3/4-5/6-10, 0-3/4-7/8-10, 0-2/3-5/6-10), so they are a setting, and a band is the
name of a range of the therapist's own, no judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from imu.errors import SettingsError

HIGHEST = 10


class Band(StrEnum):
    """Range of a score."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


class Settled(StrEnum):
    """The next morning against the score before the run."""

    YES = "settled"
    NO = "not_settled"
    OPEN = "not_filled_in"


@dataclass(frozen=True, slots=True)
class PainRules:
    """Bands: LOW up to `low_to`, MIDDLE up to `middle_to`, HIGH above.

    Raises
    ------
    SettingsError
        Unless 0 <= low_to < middle_to <= 10.
    """

    low_to: int = 2
    middle_to: int = 5

    def __post_init__(self) -> None:
        if not 0 <= self.low_to < self.middle_to <= HIGHEST:
            raise SettingsError(
                "pain",
                f"{self.low_to} and {self.middle_to} are no bands of 0 to 10.",
                hint="The usual ones are 2 and 5.",
            )

    def band(self, score: int) -> Band:
        """Band of a score.

        Raises
        ------
        SettingsError
            A score outside 0 to 10.
        """
        if not 0 <= score <= HIGHEST:
            raise SettingsError("pain", f"{score} is outside 0 to 10.", hint="0 = none, 10 = the worst there is.")
        if score <= self.low_to:
            return Band.LOW
        return Band.MIDDLE if score <= self.middle_to else Band.HIGH


def next_morning(before: int | None, morning: int | None) -> Settled:
    """Whether the next morning's score is no higher than the one before the run; OPEN while one is missing."""
    if before is None or morning is None:
        return Settled.OPEN
    return Settled.YES if morning <= before else Settled.NO
