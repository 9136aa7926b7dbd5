"""Words that name things: sides, places, activities, faults, states."""

from __future__ import annotations

import enum


class Side(enum.IntEnum):
    """Which foot is on the ground; UNKNOWN rather than a guess."""

    UNKNOWN = 0
    LEFT = 1
    RIGHT = 2

    @property
    def other(self) -> Side:
        """The opposite side; UNKNOWN stays UNKNOWN."""
        return _OTHER[self]


_OTHER = (Side.UNKNOWN, Side.RIGHT, Side.LEFT)


class Place(enum.StrEnum):
    """Where the sensor is worn."""

    SACRUM = "sacrum"
    HIP = "hip"
    FOOT = "foot"
    SHANK = "shank"


class ActivityKind(enum.StrEnum):
    """What the runner does."""

    RUNNING = "running"
    WALKING = "walking"
    STANDING = "standing"
    OTHER = "other"


class Quality(enum.IntFlag):
    """What is wrong with a step; 0 = nothing known to be wrong."""

    OK = 0
    AFTER_GAP = 1
    """Samples are missing in this step or just before it: its peaks may be too low."""
    SATURATED = 2
    """A sample stands at the sensor's range limit: peaks are under-read."""
    NO_TOE_OFF = 4
    """No toe-off was found: contact and flight time are unknown."""
    EDGE = 8
    """First or last step of a bout: a neighbour is missing."""
    WALKING = 16
    """A walking step: running-only numbers are left out."""
    SLOW_RATE = 32
    """Sampled below 100 Hz: peaks are under-read, timing is coarse."""
    SIDE_CORRECTED = 64
    """Side taken from the alternation, against this step's own vote."""
    FROZEN = 128
    """The sensor repeated one sample: it slept or hung."""

    def words(self) -> list[str]:
        """Lower-case names of the flags that are set, in a fixed order."""
        return [str(flag.name).lower() for flag in Quality if flag and flag in self]


class LiveKind(enum.IntEnum):
    """What a LiveEvent reports."""

    IC = 1
    LOAD_PEAK = 2
    TC = 3


class LinkState(enum.StrEnum):
    """Where a live session stands."""

    IDLE = "idle"
    PREPARING = "preparing"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    STALLED = "stalled"
    RECONNECTING = "reconnecting"
    FINISHED = "finished"
    FAILED = "failed"
