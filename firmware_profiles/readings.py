"""What a packet says, in SI units, and what every codec can do."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from firmware_profiles.layout import Layout
from firmware_profiles.model import FirmwareProfile

FloatArray = npt.NDArray[np.float64]

Value = float | str | list[float]
"""What a context stream or an answer says under one name."""

NO_FLAGS: frozenset[str] = frozenset()

OUT_OF_RANGE = frozenset({"out_of_range"})


class Reading(NamedTuple):
    """What one complete packet said.

    Attributes
    ----------
    samples : ndarray, shape (n, 3 or 6), or None
        ax ay az in m/s2 (gravity included), gx gy gz in deg/s; a column that is not in this reading is NaN.
        None = the packet holds no samples.
    counter : int or None
        Packet counter, as sent (rolls over).
    ticks : int or None
        Device time of the stamped sample, as sent (rolls over).
    context : dict
        heart_rate_bpm, rr_s, speed_mps, cadence_spm, incline_pct, battery_pct ...; what is not known is left out.
    flags : frozenset of str
        "out_of_range" (a value beyond what the sensor can measure), "clipped" and "time_gap" (the device says so),
        "resynced" (bytes that belong to no frame were left out), "incomplete" (a packet before this one lost its rest,
        or this one its other half).
    missing : int
        Samples that were lost just before these, as the form of the bytes shows; device time or a counter, where there
        is one, says more.
    """

    samples: FloatArray | None = None
    counter: int | None = None
    ticks: int | None = None
    context: dict[str, Value] = {}  # noqa: RUF012  (a NamedTuple's default; nobody writes to it)
    flags: frozenset[str] = NO_FLAGS
    missing: int = 0


class Reply(NamedTuple):
    """A device's answer to a command.

    Attributes
    ----------
    ok : bool
        False = the device refused, or answered what this profile does not expect.
    text : str
        In words.
    values : dict
        Numbers in the answer, such as battery_pct.
    """

    ok: bool
    text: str
    values: dict[str, Value] = {}  # noqa: RUF012  (a NamedTuple's default; nobody writes to it)


class Codec(Protocol):
    """One profile with one choice of options: bytes to readings and back. Made by `open_codec`.

    Attributes
    ----------
    profile, options
        What it was made from; `options` holds all of them.
    width : int
        Columns of the samples: 3 (acceleration) or 6 (and angular rate); 0 for a context stream.
    sampling_rate_hz : float
        Nominal rate; 0 for a context stream.
    acc_range_g : float or None
        Full scale where it is known.
    pending_bytes : int
        Bytes kept of a packet that is not complete yet.
    """

    profile: FirmwareProfile
    options: dict[str, int]
    width: int
    sampling_rate_hz: float
    acc_range_g: float | None

    @property
    def pending_bytes(self) -> int:
        """Bytes kept of a packet that is not complete yet."""

    @property
    def is_level(self) -> bool:
        """Whether nothing of earlier notifications is waiting or remembered: the next is read for itself."""

    @property
    def leader(self) -> int | None:
        """Which of two layouts comes first, as far as is known."""

    def layouts(self) -> tuple[Layout, ...]:
        """Return where the samples of the usual notifications lie; see `firmware_profiles.base.ProfileCodec`."""

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification; it may complete none, one or several packets.

        Raises
        ------
        FormatError
            The bytes are not what the profile describes; the codec stays usable.
        """

    def reply(self, characteristic: str, data: bytes) -> Reply | None:
        """Read an answer to a command; None = these bytes are not one."""

    def flush(self) -> list[Reading]:
        """Return what waits for its other half (angular rate for acceleration), at the end of a stream."""

    def reset(self) -> None:
        """Forget half packets, as after a lost link; what the device said of its settings is kept."""

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write the notifications, each with its characteristic, that `decode` reads back to this reading.

        Values are rounded to the device's own steps.

        Raises
        ------
        ValueError
            The device has no packet that could say this.
        """
