"""What comes in: packets, blocks of samples, recordings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

OFF_RATE_PART: Final = 0.005
"""A rate that is off by more makes contact times differ by a millisecond and more."""
WRONG_RATE_PART: Final = 0.05
"""A sensor's own rate is a few per cent off at most (MEMS data sheets); beyond this it was not set as asked."""


class RawPacket(NamedTuple):
    """Bytes off the air, as they arrived.

    Attributes
    ----------
    t_arrival_ns : int
        Host clock at arrival; never used as a sample time.
    characteristic : str
        UUID of the GATT characteristic.
    payload : bytes
        The notification, unchanged.
    """

    t_arrival_ns: int
    characteristic: str
    payload: bytes


LINK_RESTORED: Final = "link restored"
"""Stands in place of a characteristic in a packet without bytes: the stream begins anew here, after a lost link.

It travels and is stored among the packets, so that a stored session is decoded again in exactly the same way.
"""


class ContextReading(NamedTuple):
    """What a sensor says besides movement, as it arrived.

    Attributes
    ----------
    t_arrival_ns : int
        Host clock at arrival.
    source : str
        Name of the profile or device.
    values : dict
        speed_mps, incline_pct, heart_rate_bpm, rr_s, cadence_spm, battery_pct ...: what the packet held.
    """

    t_arrival_ns: int
    source: str
    values: dict[str, float | str | list[float]]


class ClockReport(NamedTuple):
    """The sample clock as measured against the host's; None = not known yet, or not known at all.

    Attributes
    ----------
    nominal_rate_hz : float
        Rate with which times are computed.
    rate_hz, rate_error_hz : float or None
        Samples per second of the host's clock, with its standard error; needs about two seconds.
    drift_ppm, drift_error_ppm : float or None
        How much faster the device's own clock runs than the host's (+ = fast), in parts per million, with its
        standard error; needs about half a minute, and a device that sends its time.
    """

    nominal_rate_hz: float
    rate_hz: float | None = None
    rate_error_hz: float | None = None
    drift_ppm: float | None = None
    drift_error_ppm: float | None = None

    @property
    def measured(self) -> str:
        """The measured rate with its standard error, in words; empty where it is not known."""
        if self.rate_hz is None or self.rate_error_hz is None:
            return ""
        return f"measured {self.rate_hz:.5g} Hz ± {self.rate_error_hz:.1g}"

    @property
    def is_off(self) -> bool:
        """Whether the device does not sample at the rate it was set to: more than 5 % off, beyond doubt."""
        if self.rate_hz is None or self.rate_error_hz is None:
            return False
        off_hz = abs(self.rate_hz - self.nominal_rate_hz)
        return off_hz - 2.0 * self.rate_error_hz > WRONG_RATE_PART * self.nominal_rate_hz

    @property
    def warning(self) -> str:
        """What `is_off` means, as a sentence; empty where it is not off."""
        if not self.is_off:
            return ""
        return (
            f"The sensor samples at {self.rate_hz:.4g} Hz and not at the {self.nominal_rate_hz:.4g} Hz it was set to: "
            "times and cadence are wrong in that proportion."
        )

    @property
    def note(self) -> str:
        """What a rate means that is off by little but beyond doubt (half a per cent, three standard errors)."""
        if self.rate_hz is None or self.rate_error_hz is None or self.is_off:
            return ""
        off_hz = self.rate_hz - self.nominal_rate_hz
        if abs(off_hz) <= max(OFF_RATE_PART * self.nominal_rate_hz, 3.0 * self.rate_error_hz):
            return ""
        part = 100.0 * abs(self.nominal_rate_hz / self.rate_hz - 1.0)
        return (
            f"The sensor sampled at {self.rate_hz:.4g} Hz and times are computed with {self.nominal_rate_hz:.4g} Hz: "
            f"they are {part:.1f} % too {'long' if off_hz > 0 else 'short'}."
        )


class SampleBlock(NamedTuple):
    """Consecutive samples in the sensor's own frame.

    Attributes
    ----------
    start_index : int
        Index of the first sample since stream start, missing samples counted.
    samples : ndarray, shape (n, 3) or (n, 6), float64
        Columns: acceleration x, y, z in m/s2 (gravity included), then angular rate x, y, z in deg/s where the
        sensor has a gyroscope. A column that is not measured is NaN throughout.
    gap_before : int
        Number of samples missing just before this block; never filled in.
    """

    start_index: int
    samples: FloatArray
    gap_before: int = 0

    @property
    def n(self) -> int:
        """Number of samples."""
        return len(self.samples)

    @property
    def stop_index(self) -> int:
        """Index after the last sample."""
        return self.start_index + len(self.samples)

    @property
    def acc(self) -> FloatArray:
        """Acceleration in m/s2, sensor frame, shape (n, 3)."""
        return self.samples[:, :3]

    @property
    def gyr(self) -> FloatArray | None:
        """Angular rate in deg/s, sensor frame, shape (n, 3); None without a gyroscope."""
        return self.samples[:, 3:6] if self.samples.shape[1] >= 6 else None


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """What is known of a stream before its first sample.

    Attributes
    ----------
    sampling_rate_hz : float
        Samples per second of the timebase (measured, not promised).
    channels : int
        3 (acceleration) or 6 (acceleration and angular rate).
    acc_range_g : float or None
        Full scale of the accelerometer; None = unknown, then clipping cannot be told.
    t0_s : float
        Time of sample 0 on the recording's own clock.
    name : str
        Sensor or file name for display.
    """

    sampling_rate_hz: float
    channels: int = 6
    acc_range_g: float | None = None
    t0_s: float = 0.0
    name: str = ""

    def __post_init__(self) -> None:
        # Kernels are compiled for floats; an integer rate would compile them anew, in the middle of a run.
        object.__setattr__(self, "sampling_rate_hz", float(self.sampling_rate_hz))

    def time_s(self, index: float) -> float:
        """Seconds on the recording's own clock of a (fractional) sample index."""
        return self.t0_s + index / self.sampling_rate_hz


class Gap(NamedTuple):
    """Missing samples: half-open interval of sample indices."""

    start_index: int
    stop_index: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A finished stream: blocks in order, with gaps between them.

    Attributes
    ----------
    stream : StreamInfo
    blocks : tuple of SampleBlock
        Without overlap, ascending; a hole between two blocks equals the later one's `gap_before`.
    suggested : dict
        Settings that the file itself states (place, mounting, body_mass_kg, speed_mps ...); the user's own win.
    path : str
        Where it came from, for messages.
    warnings : tuple of str
        Plain sentences about what was found while reading.
    clock : ClockReport or None
        The sensor's rate as its packets showed it; None = it does not come from a sensor's packets.
    """

    stream: StreamInfo
    blocks: tuple[SampleBlock, ...]
    suggested: dict[str, Any] = field(default_factory=dict)
    path: str = ""
    warnings: tuple[str, ...] = ()
    clock: ClockReport | None = None

    @property
    def n_samples(self) -> int:
        """Samples present (gaps not counted)."""
        return sum(len(b.samples) for b in self.blocks)

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last sample, gaps included."""
        if not self.blocks:
            return 0.0
        return (self.blocks[-1].stop_index - self.blocks[0].start_index) / self.stream.sampling_rate_hz

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Missing stretches between the blocks."""
        return tuple(Gap(b.start_index - b.gap_before, b.start_index) for b in self.blocks if b.gap_before)
