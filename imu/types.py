"""The plain data that flows through the engine: packets, blocks, steps, spans.

Body frame: ``is`` (up +), ``ml`` (to the runner's right +), ``pa`` (forward +), right-handed. Accelerations are
specific force (standing still, ``acc_is`` = +9.81 m/s2). Sample indices count from the start of the stream (int64)
and intervals are half-open; seconds are derived from them and never accumulated.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


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
    """

    stream: StreamInfo
    blocks: tuple[SampleBlock, ...]
    suggested: dict[str, Any] = field(default_factory=dict)
    path: str = ""
    warnings: tuple[str, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Step:
    """One step, final: emitted once and never changed.

    Times are seconds on the recording's own clock, already corrected for the filters' delays. None = cannot be known.
    For a sensor on a foot or shank only that leg's contacts are seen; then `step_time_s` is None and
    `stride_time_s` is given.

    Attributes
    ----------
    index : int
        Counts from 0 in the stream.
    activity : ActivityKind
        RUNNING or WALKING.
    side, side_confidence : Side, float
        Foot on the ground and a confidence between 0 and 1 (0 = unknown).
    ic_s, tc_s : float, float or None
        Initial contact and terminal contact (toe-off).
    contact_time_s, flight_time_s : float or None
        ic -> tc of this foot; tc -> next ic.
    step_time_s, stride_time_s : float or None
        ic -> next ic (other foot); ic -> next ic of the same foot, where known at emission.
    duty_factor : float or None
        contact time / stride time (twice the step time where the stride is not known).
    load_peak_g, load_peak_s : float or None
        Peak of acc_is low-passed at 10 Hz during stance, and its time. Running only.
    shock_peak_g : float or None
        Peak of acc_is low-passed at 50 Hz in the first 60 ms after contact; at foot and shank the peak of the
        resultant there. Running only. Not a force.
    vgrf_peak_bw : float or None
        Estimated peak vertical ground reaction force / body weight (model in docs/validation.md). Running only.
    impulse_bw_s : float or None
        Integral of acc_is / g over the step: body weight times step time, a check rather than a measurement.
    quality : Quality
    ic_latency_s, tc_latency_s, load_latency_s : float or None
        Stream time that passed between the event and the sample at which it was reported. Negative: reported before
        it happened (toe-off is foreseen from the unloading).
    """

    index: int
    activity: ActivityKind
    side: Side
    side_confidence: float
    ic_s: float
    tc_s: float | None = None
    contact_time_s: float | None = None
    flight_time_s: float | None = None
    step_time_s: float | None = None
    stride_time_s: float | None = None
    duty_factor: float | None = None
    load_peak_g: float | None = None
    load_peak_s: float | None = None
    shock_peak_g: float | None = None
    vgrf_peak_bw: float | None = None
    impulse_bw_s: float | None = None
    quality: Quality = Quality.OK
    ic_latency_s: float | None = None
    tc_latency_s: float | None = None
    load_latency_s: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values: names of enums in lower case, quality as a list of words."""
        row: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        row["activity"] = self.activity.value
        row["side"] = self.side.name.lower()
        row["quality"] = self.quality.words()
        return row


class LiveKind(enum.IntEnum):
    """What a LiveEvent reports."""

    IC = 1
    LOAD_PEAK = 2
    TC = 3


class LiveEvent(NamedTuple):
    """An event as soon as it is known, for the screen and for feedback; never stored (the Step is).

    Attributes
    ----------
    kind : LiveKind
    step_index : int
        Index of the Step that this event will belong to.
    time_s : float
        When it happened, on the recording's own clock.
    value : float
        load_peak_g for LOAD_PEAK, else NaN.
    side : Side
    latency_s : float
        Stream time from the event to its report.
    """

    kind: LiveKind
    step_index: int
    time_s: float
    value: float
    side: Side
    latency_s: float


@dataclass(frozen=True, slots=True)
class ActivitySpan:
    """A stretch of one activity, seconds on the recording's own clock."""

    start_s: float
    end_s: float
    kind: ActivityKind

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"start_s": self.start_s, "end_s": self.end_s, "kind": self.kind.value}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty.

    Attributes
    ----------
    value : float or None
        None = cannot be known (too few steps).
    half_width : float or None
        Half of the 95 % interval, same unit.
    n : int
        Number of steps behind it.
    """

    value: float | None
    half_width: float | None
    n: int

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"value": self.value, "half_width_95": self.half_width, "n": self.n}


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that came out of one recording.

    Attributes
    ----------
    steps : tuple of Step
    activity : tuple of ActivitySpan
    summary : dict
        As of `imu.metrics.summary.summarise`: JSON-ready, units in the names.
    stream : StreamInfo
    warnings : tuple of str
    """

    steps: tuple[Step, ...]
    activity: tuple[ActivitySpan, ...]
    summary: dict[str, Any]
    stream: StreamInfo
    warnings: tuple[str, ...] = ()

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return the steps as a dict of arrays, the unit in every name; None becomes NaN."""
        return step_columns(self.steps)


def step_columns(steps: Sequence[Step]) -> dict[str, npt.NDArray[Any]]:
    """Turn steps into arrays, one per field; None becomes NaN, enums become their names."""
    rows = [s.as_dict() for s in steps]
    out: dict[str, npt.NDArray[Any]] = {}
    for f in fields(Step):
        values = [row[f.name] for row in rows]
        if f.name in {"side", "activity"}:
            out[f.name] = np.array(values, dtype="U8")
        elif f.name == "quality":
            out[f.name] = np.array([" ".join(v) for v in values], dtype="U64")
        else:
            out[f.name] = np.array([np.nan if v is None else v for v in values], dtype=float)
    return out


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


@dataclass(frozen=True, slots=True)
class Status:
    """The status line of a live session, taken at one moment.

    Attributes
    ----------
    state : LinkState
    source : str
        Sensor, file or simulator name.
    detail : str
        One sentence for FAILED, STALLED and RECONNECTING; else empty.
    elapsed_s : float
        Stream time since the first sample.
    nominal_rate_hz, rate_hz : float or None
        Promised by the source; measured over the last seconds (None until known).
    received, lost, clipped : int
        Samples received, missing, and standing at the range limit, since the start.
    lost_pct : float
        100 * lost / (lost + received).
    delay_ms : float or None
        Software delay from a packet's arrival to its results, 95th percentile of the last seconds.
    stale_s : float or None
        Age of the newest sample on the host clock.
    decode_errors, dropped_events : int
        Packets that did not decode; display events dropped because nobody fetched them (raw data never are).
    battery_pct : float or None
    recording_path : str or None
        File that is being written.
    activity : ActivityKind
        What the runner does now.
    speed_mps : float or None
    """

    state: LinkState
    source: str = ""
    detail: str = ""
    elapsed_s: float = 0.0
    nominal_rate_hz: float | None = None
    rate_hz: float | None = None
    received: int = 0
    lost: int = 0
    clipped: int = 0
    lost_pct: float = 0.0
    delay_ms: float | None = None
    stale_s: float | None = None
    decode_errors: int = 0
    dropped_events: int = 0
    battery_pct: float | None = None
    recording_path: str | None = None
    activity: ActivityKind = ActivityKind.OTHER
    speed_mps: float | None = None


class Snapshot(NamedTuple):
    """The newest stretch of the body-frame signals, for plots; missing samples are NaN rows.

    Attributes
    ----------
    t_s : ndarray, shape (n,), float64
        Seconds on the recording's own clock.
    acc_is_g : ndarray, shape (n,), float64
        Vertical specific force in g, unfiltered.
    load_g : ndarray, shape (n,), float64
        The same through the 10 Hz load filter, shifted back by its stated delay, so that it lies on the trace.
    """

    t_s: FloatArray
    acc_is_g: FloatArray
    load_g: FloatArray
