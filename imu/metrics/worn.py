"""How a pelvis sensor is worn, told from the running: which way is up and forward, whether it slipped, how level it is.

The same for a finished recording and while it runs: every 16 running steps in a row become one `Segment`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np

from imu.frames import parse_mounting
from imu.metrics.asymmetry import tilt_error_pct
from imu.metrics.intervals import known
from imu.metrics.segment import STEPS_PER_SEGMENT, Segment, describe
from imu.settings import Settings
from imu.types import ActivityKind, FloatArray, Place, Quality, SampleBlock, Step, StreamInfo, Worn

SLIPPED_DEG = 10.0
"""Gravity has moved by more than this in the sensor's frame between the start and the end of the running."""

BACKWARDS_G = 0.1
"""About the contacts the sensor is pushed along its forward axis by more than this: it points backwards."""

UPSIDE_DOWN = "worn_upside_down"
BACK_TO_FRONT = "worn_back_to_front"
SLIPPED = "sensor_slipped"

USUAL_LATERAL_G = 0.8
"""Lateral acceleration at the load peak where it is not measured (METRICS.md section 6)."""

NEWEST = 3
"""Live, which way up and forward is judged from so many segments: who turns the sensor wants to see it go."""

KEPT_S = 40.0
"""Signal kept while 16 steps come together; slower than 48 steps a minute nobody runs."""

_SPOILED = Quality.AFTER_GAP | Quality.FROZEN | Quality.SATURATED | Quality.EDGE | Quality.NO_TOE_OFF
_JOINED_S = 1e-3


class Pieces:
    """Puts running steps together, 16 in a row, none of them spoiled."""

    def __init__(self) -> None:
        self._piece: list[Step] = []

    def push(self, step: Step) -> list[Step] | None:
        """Take the next step; return the piece that it completes."""
        piece = self._piece
        good = step.activity is ActivityKind.RUNNING and step.step_time_s is not None and not step.quality & _SPOILED
        if piece and abs(piece[-1].ic_s + (piece[-1].step_time_s or 0.0) - step.ic_s) > _JOINED_S:
            piece = []
        piece = [*piece, step] if good else []
        whole = len(piece) == STEPS_PER_SEGMENT
        self._piece = [] if whole else piece
        return piece if whole else None


def piece_indices(piece: Sequence[Step], stream: StreamInfo, first: int) -> tuple[FloatArray, FloatArray]:
    """Contacts of a piece with the one after it, and its load peaks, in samples since sample `first`."""
    times = [*(s.ic_s for s in piece), piece[-1].ic_s + (piece[-1].step_time_s or 0.0)]
    peaks = [math.nan if s.load_peak_s is None else s.load_peak_s for s in piece]
    contacts, tops = ((np.array(t) - stream.t0_s) * stream.sampling_rate_hz - first for t in (times, peaks))
    return contacts, tops


def piece_span(contacts: FloatArray) -> tuple[int, int]:
    """Return the samples, half-open, that a piece is described from."""
    return max(0, int(contacts[0]) - 1), int(contacts[-1]) + 2


def angle_deg(a: FloatArray, b: FloatArray) -> float:
    """Angle between two directions, in degrees."""
    return math.degrees(math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b)))


def mean_up(of_run: Sequence[Segment]) -> FloatArray:
    """Mean direction of gravity, length 1."""
    total: FloatArray = np.sum([s.up for s in of_run], axis=0)
    return total / np.linalg.norm(total)


def wander(of_run: Sequence[Segment]) -> tuple[float | None, float | None]:
    """How far gravity wanders about its mean in the sensor's frame, and moves from start to end, in degrees."""
    if len(of_run) < 2:
        return None, None
    middle = mean_up(of_run)
    off = math.sqrt(math.fsum(angle_deg(s.up, middle) ** 2 for s in of_run) / len(of_run))
    few = min(3, len(of_run) // 2)
    return off, angle_deg(mean_up(of_run[:few]), mean_up(of_run[-few:]))


def fake_difference_pct(
    of_run: Sequence[Segment], loads_g: Iterable[float], off_deg: float | None, least_deg: float = 0.0
) -> float:
    """Left-right difference of a peak that a sensor off by so much could fake, in percent; 0 where unknown.

    Parameters
    ----------
    of_run : sequence of Segment
    loads_g : iterable of float
        Load peaks.
    off_deg : float or None
        How far gravity wanders (`wander`).
    least_deg : float
        Reckoned with at least (`Settings.least_tilt_deg`); where the lateral acceleration is not known, the usual one.
    """
    lateral = [s.lateral_g for s in of_run if s.lateral_g is not None]
    loads = np.array(list(loads_g))
    if not len(loads):
        return 0.0
    load = float(np.median(loads))
    measured = 0.0
    if off_deg is not None and lateral:
        measured = known(tilt_error_pct(off_deg, float(np.median(lateral)), load)) or 0.0
    if least_deg <= (off_deg or 0.0):
        return measured
    usual = float(np.median(lateral)) if lateral else USUAL_LATERAL_G
    return max(measured, known(tilt_error_pct(least_deg, usual, load)) or 0.0)


def worn_warnings(
    direction: Sequence[Segment], settings: Settings, mounting: FloatArray | None, moved: float | None
) -> tuple[str, ...]:
    """Return what is wrong with how the sensor is worn, as text keys: upside down, back to front, slipped."""
    if not direction:
        return ()
    out = []
    stated = _stated_up(settings, mounting)
    if stated is not None and float(mean_up(direction) @ stated) < 0.0:
        out.append(UPSIDE_DOWN)
    brakes = [s.brake_g for s in direction if s.brake_g is not None]
    if brakes and float(np.median(brakes)) > BACKWARDS_G:
        out.append(BACK_TO_FRONT)
    if moved is not None and moved > SLIPPED_DEG:
        out.append(SLIPPED)
    return tuple(out)


def _stated_up(settings: Settings, mounting: FloatArray | None) -> FloatArray | None:
    if mounting is not None:
        return np.asarray(mounting[0])
    if settings.up_axis is None:
        return None
    axis = np.zeros(3)
    axis["xyz".index(settings.up_axis[1])] = 1.0 if settings.up_axis[0] == "+" else -1.0
    return axis


class WornWatch:
    """Tells while it runs how the sensor is worn; the segments equal those of the finished recording.

    Parameters
    ----------
    settings : Settings
    stream : StreamInfo

    Notes
    -----
    Something is said after 16 running steps in a row (about 6 s), that it slipped after two such pieces. A sensor on a
    leg is not watched.
    """

    def __init__(self, settings: Settings, stream: StreamInfo) -> None:
        self.segments: list[Segment] = []
        self._settings = settings
        self._stream = stream
        self._mounting = None if settings.mounting is None else parse_mounting(settings.mounting)
        self._watching = settings.place in {Place.SACRUM, Place.HIP}
        self._pieces = Pieces()
        self._blocks: deque[SampleBlock] = deque()
        self._first: int | None = None
        self._loads: list[float] = []

    def push(self, block: SampleBlock, steps: Sequence[Step]) -> bool:
        """Take a block and the steps that it finished; True when something new is known."""
        if not self._watching:
            return False
        if self._first is None:
            self._first = block.start_index
        self._blocks.append(block)
        oldest = block.stop_index - KEPT_S * self._stream.sampling_rate_hz
        while self._blocks[0].stop_index < oldest:
            self._blocks.popleft()
        found = False
        for step in steps:
            if step.load_peak_g is not None:
                self._loads.append(step.load_peak_g)
            piece = self._pieces.push(step)
            segment = None if piece is None else self._describe(piece, self._first)
            if segment is not None:
                self.segments.append(segment)
                found = True
        return found

    def turn_round(self) -> None:
        """Take forward the other way from here on: a knee lift has shown that the sensor is worn so."""
        if self._mounting is not None:
            self._mounting[1:] *= -1.0

    def _describe(self, piece: Sequence[Step], first: int) -> Segment | None:
        contacts, tops = piece_indices(piece, self._stream, first)
        start, stop = piece_span(contacts)
        acc = np.full((stop - start, 3), np.nan)
        for block in self._blocks:
            at = block.start_index - first - start
            low, high = max(at, 0), min(at + len(block.samples), stop - start)
            if low < high:
                acc[low:high] = block.acc[low - at : high - at]
        return describe(acc, contacts - start, tops - start, self._stream.sampling_rate_hz, self._mounting)

    def worn(self, least_tilt_deg: float = 0.0) -> Worn:
        """Return what is known now."""
        if not self._watching:
            return Worn()
        off, moved = wander(self.segments)
        return Worn(
            worn_warnings(self.segments[-NEWEST:], self._settings, self._mounting, moved),
            off,
            fake_difference_pct(self.segments, self._loads, off, least_tilt_deg),
        )
