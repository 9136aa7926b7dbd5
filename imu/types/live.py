"""What a live session shows at one moment: events, status, the newest signals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from imu.types.samples import ClockReport, FloatArray
from imu.types.steps import Estimate
from imu.types.words import ActivityKind, LinkState, LiveKind, Side


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


class Anchor(NamedTuple):
    """What lifting the left knee three times has shown: which way the sensor is worn.

    Attributes
    ----------
    sample_index : int
        Sample from which it counts.
    as_stated : bool
        False = back to front: left is where the mounting says right.
    confidence : float
    """

    sample_index: int
    as_stated: bool
    confidence: float


class Worn(NamedTuple):
    """How a pelvis sensor is worn, told from the running so far.

    Attributes
    ----------
    warnings : tuple of str
        Text keys: worn_upside_down, worn_back_to_front, sensor_slipped.
    residual_tilt_deg : float or None
        How far gravity wanders in the sensor's frame; None until it has been seen for some 12 s of running.
    tilt_pct : float
        Left-right difference of a peak that this, or `Settings.least_tilt_deg`, could fake; 0 while unknown.
    anchor : Anchor or None
        None = nobody has lifted the left knee.
    least_tilt_deg : float
        In force; see `Settings`.
    """

    warnings: tuple[str, ...] = ()
    residual_tilt_deg: float | None = None
    tilt_pct: float = 0.0
    anchor: Anchor | None = None
    least_tilt_deg: float = 0.0


NOT_WATCHED = Worn()


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
    code : str
        Of the error (`ImuError.code`) for FAILED, for whoever says it in another language; else empty.
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
    loop_lag_ms : float or None
        How late the loop in which packets arrive came at most in the last 5 s: what a packet may have waited before it
        was stamped, and is not in `delay_ms`. None without a radio.
    stale_s : float or None
        Age of the newest sample on the host clock.
    decode_errors, dropped_events : int
        Packets that did not decode; display events dropped because nobody fetched them (raw data never are).
    clock : ClockReport or None
        The sample clock against the host's: measured rate and drift; None without packets.
    battery_pct : float or None
    recording_path : str or None
        File that is being written.
    activity : ActivityKind
        What the runner does now.
    speed_mps : float or None
    line_g : float or None
        Feedback line in force; None = there is none.
    rssi_dbm : int or None
        Signal of a sensor as last seen in a scan: -50 is near, -90 is at the edge.
    firmware : str
        Of the sensor, where it says.
    reconnects : int
        Times the link was lost and came back.
    heart_rate_bpm, incline_pct : float or None
        From a belt and a treadmill that were joined; None = there is none, or it has been silent.
    unreached : tuple of str
        Names of a treadmill or belt that was to join and cannot be linked at present; it is tried again every half
        minute.
    warnings : tuple of str
        What the user should know of the sensor or of how it is set.
    worn : Worn
        How it is worn.
    gyroscope : bool or None
        Whether it has one; None before that is known.
    """

    state: LinkState
    source: str = ""
    detail: str = ""
    code: str = ""
    elapsed_s: float = 0.0
    nominal_rate_hz: float | None = None
    rate_hz: float | None = None
    received: int = 0
    lost: int = 0
    clipped: int = 0
    lost_pct: float = 0.0
    delay_ms: float | None = None
    loop_lag_ms: float | None = None
    stale_s: float | None = None
    decode_errors: int = 0
    dropped_events: int = 0
    clock: ClockReport | None = None
    battery_pct: float | None = None
    recording_path: str | None = None
    activity: ActivityKind = ActivityKind.OTHER
    speed_mps: float | None = None
    line_g: float | None = None
    rssi_dbm: int | None = None
    firmware: str = ""
    reconnects: int = 0
    heart_rate_bpm: float | None = None
    incline_pct: float | None = None
    unreached: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    worn: Worn = NOT_WATCHED
    gyroscope: bool | None = None


class Stance(NamedTuple):
    """How a sensor hangs while its wearer stands still.

    Attributes
    ----------
    tilt_deg, roll_deg : float or None
        Lean of the sensor: forward positive, to the right positive. None = the sensor's axes are not known.
    noise_g : float
        Standard deviation of the resultant.
    still : bool
    lifts_watched : bool
        Whether the anchor gesture, the left knee lifted three times, can be seen (gyroscope, stated mounting).
    lifts : int
        Lifts in a row so far.
    left_as_stated : bool or None
        True: left is where the mounting says; False: the sensor is worn back to front; None: not seen, or not clear.
    side_confidence : float
        Of that; 0.5 = nothing known.
    """

    tilt_deg: float | None
    roll_deg: float | None
    noise_g: float
    still: bool
    lifts_watched: bool = False
    lifts: int = 0
    left_as_stated: bool | None = None
    side_confidence: float = 0.5


class PelvisMotion(NamedTuple):
    """How the pelvis moves within a stride; the angles are those of the sensor.

    Attributes
    ----------
    strides : int
        Newest strides that the means are made of, at most 50.
    by_side : bool
        Strides begin with a left contact; False: with a contact of one foot, it is not known which.
    curve_deg, spread_deg : ndarray, shape (3, 101), or None
        Mean and standard deviation of tilt (forward +), lean (right side down +) and rotation (to the left +) at 0 to
        100 % of the stride; None while there are too few strides.
    range_deg : tuple of Estimate
        Of each angle: highest minus lowest value within a stride, mean over strides.
    mean_deg : tuple of Estimate
        Of tilt and lean; rotation has no zero.
    """

    strides: int = 0
    by_side: bool = True
    curve_deg: FloatArray | None = None
    spread_deg: FloatArray | None = None
    range_deg: tuple[Estimate, ...] = ()
    mean_deg: tuple[Estimate, ...] = ()


class PelvisState(NamedTuple):
    """Whether the pelvis can be followed, and what has been seen.

    Attributes
    ----------
    reason : str
        Why not: not_pelvis (worn elsewhere), no_gyroscope, no_mounting, no_filter (package vqf); empty = it can.
    motion : PelvisMotion
    """

    reason: str = ""
    motion: PelvisMotion = PelvisMotion()


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
