"""Time stamps to sample indices: the rate that was really sampled, and what is missing.

Stamps come in three kinds: a clean grid (perhaps rounded), a grid with rows missing (lost packets), and stamps that
jitter, bunch or repeat because they were taken late. Samples are never invented or dropped here: every stamp gets
one index, indices ascend strictly, and a missing stretch shows as a jump of the index.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu.errors import RecordingError
from imu.types import FloatArray, Gap, IntArray

_GRID_TOLERANCE = 0.3
"""A spacing within this part of a period of a whole number of periods counts as lying on the grid."""
_ENVELOPE_S = 0.5
"""Late stamps are judged by the earliest of the following half second: longer than Bluetooth holds a packet back."""
_SMALL_JITTER = 0.25
"""Three of four spacings are nearer than this part of a period to a whole number of periods: jitter is small."""
_GAPLESS_RUN = 16
"""Somewhere in a recording this many samples in a row arrived; if not, its rows cannot be told from a slower rate."""
_SHORT_ENVELOPE = 5
"""The same, in samples, for stamps that jitter by less than half a period and never repeat."""
_SHORTEST_PERIOD_S = 1e-5
_NOISE_FACTOR = 4.0
"""A hole must exceed this many robust standard deviations of that envelope."""


@dataclass(frozen=True, slots=True)
class Timebase:
    """One index per stamp, and the line through them.

    Attributes
    ----------
    sampling_rate_hz : float
        Measured: inverse slope of stamp against index.
    t0_s : float
        Time of index 0 on that line.
    index : ndarray, shape (n,), int64
        Strictly ascending from 0; a jump by more than 1 is a gap.
    jitter_s : float
        Largest distance of a stamp from the line, 99th percentile.
    backwards, duplicates : int
        Stamps that lie before, or exactly on, the one before them.
    """

    sampling_rate_hz: float
    t0_s: float
    index: IntArray
    jitter_s: float
    backwards: int
    duplicates: int

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Missing stretches, half-open in index."""
        at = np.flatnonzero(np.diff(self.index) > 1)
        return tuple(Gap(int(self.index[i]) + 1, int(self.index[i + 1])) for i in at)

    @property
    def n_missing(self) -> int:
        """Number of missing samples between the first and the last."""
        return int(self.index[-1]) + 1 - len(self.index)


def estimate_timebase(t_s: FloatArray, nominal_rate_hz: float | None = None) -> Timebase:
    """Assign sample indices to time stamps and measure the sampling rate.

    A clean grid is counted by rounding each spacing. Otherwise the lateness of each stamp against an even clock is
    followed by its lower envelope over the coming half second: a late stamp is made up for by the next ones, a hole
    is not, so only what the envelope never returns from is a gap.

    Parameters
    ----------
    t_s : ndarray, shape (n,)
        Seconds, in the order of the samples. Frozen readings with running stamps are no gap.
    nominal_rate_hz : float, optional
        Rate that the header states. Used only to choose between readings of the stamps that both fit (rounded
        stamps of a fast sensor look like lost rows of a slow one); never believed against the stamps.

    Returns
    -------
    Timebase

    Raises
    ------
    RecordingError
        Fewer than two stamps, a stamp that is not a number, or stamps that do not advance.
    """
    t = np.asarray(t_s, dtype=np.float64).ravel()
    if len(t) < 2:
        raise RecordingError("The recording has fewer than two time stamps.", hint="Record at least some seconds.")
    if not np.isfinite(t).all():
        raise RecordingError(
            "Some time stamps are not numbers, so samples cannot be placed in time.",
            hint="Remove those rows, or number the samples: t = index / rate.",
        )
    steps = np.diff(t)
    positive = steps[steps > 0]
    if len(positive) == 0 or t[-1] <= t[0]:
        raise RecordingError(
            "The time stamps do not advance from the start to the end of the recording.",
            hint="Check the time column: seconds, ascending.",
        )
    period = _first_period(t, steps, nominal_rate_hz)
    if period < _SHORTEST_PERIOD_S:
        raise RecordingError(
            f"The time stamps advance by {period:.1g} s per sample, faster than any wearable sensor.",
            hint="t must be in seconds.",
        )
    index, period = _grid_index(steps, period)
    if index is None:
        index, period = _tracked(t, period)
    slope, start = _line(t, index, period)
    late = np.abs(t - (start + slope * index))
    return Timebase(
        sampling_rate_hz=float(f"{1.0 / slope:.9g}"),
        t0_s=float(start) if late[0] > 1e-9 else float(t[0]),
        index=index,
        jitter_s=float(np.percentile(late, 99)),
        backwards=int((steps < 0).sum()),
        duplicates=int((steps == 0).sum()),
    )


def _first_period(t: FloatArray, steps: FloatArray, nominal_rate_hz: float | None) -> float:
    """Guess the sampling period: typical spacing, or typical slope over many samples."""
    typical = float(np.median(steps[steps > 0]))
    near = steps[np.abs(steps - typical) <= 0.5 * typical]
    short = float(near.mean()) if len(near) else typical
    span = max(1, min(64, len(steps) // 4))
    slopes = (t[span:] - t[:-span]) / span
    slopes = slopes[slopes > 0]
    long = float(np.median(slopes)) if len(slopes) else (t[-1] - t[0]) / len(steps)
    if nominal_rate_hz and nominal_rate_hz > 0:
        closest = min((short, long), key=lambda p: abs(p * nominal_rate_hz - 1.0))
        if abs(closest * nominal_rate_hz - 1.0) <= 0.05:
            return closest
    even = float(np.mean(np.abs(steps - short) <= _GRID_TOLERANCE * short)) >= 0.6
    run = min(_GAPLESS_RUN, len(steps))
    densest = float(((t[run:] - t[:-run]) / run).min())  # rounded stamps of a faster sensor never get down to `short`
    return short if even and densest <= 1.15 * short else long


def _grid_index(steps: FloatArray, period: float) -> tuple[IntArray | None, float]:
    """Index by rounding the spacings; None when they do not lie on a grid."""
    multiples = np.rint(steps / period)
    off = np.abs(steps / period - multiples)
    if (multiples < 1).any() or (off > _GRID_TOLERANCE).any():
        return None, period
    index = np.concatenate([[0.0], np.cumsum(multiples)]).astype(np.int64)
    return index, period


def _tracked(t: FloatArray, period: float) -> tuple[IntArray, float]:
    """Index from the lower envelope of lateness, with the period refined until the index settles."""
    index = missing_before(t, period)
    for _ in range(4):
        period, _start = _line(t, index, period)
        again = missing_before(t, period)
        if np.array_equal(again, index):
            break
        index = again
    return index, period


def missing_before(t: FloatArray, period: float) -> IntArray:
    """Index of each stamp for a known period, gaps where the lower envelope of lateness jumps for good.

    Parameters
    ----------
    t : ndarray, shape (n,)
        Seconds, in sample order.
    period : float
        Seconds per sample.
    """
    late = _median_of_three(t - period * np.arange(len(t)))
    width = _envelope_width(np.diff(t), period)
    padded = np.concatenate([late, np.full(width - 1, np.inf)])
    envelope = np.lib.stride_tricks.sliding_window_view(padded, width).min(axis=1)
    threshold = 0.5 * period
    if width > _SHORT_ENVELOPE:
        change = envelope[width:] - envelope[:-width] if len(envelope) > width else np.zeros(1)
        low, middle = np.quantile(change, [0.05, 0.25])  # gaps only raise the envelope: its lower quartile is noise
        noise = float(middle - low) / 0.970  # the same distance in a standard normal distribution
        threshold += _NOISE_FACTOR * noise + float(np.median(late - envelope))
    jumps = np.zeros(len(t), dtype=np.int64)
    level = float(envelope[0])
    up, down = 1.0 / width, max(1.0 / width, 0.25)
    last = len(t) - width // 2  # after it, too few stamps follow to tell a hole from delay
    for k, value in enumerate(envelope.tolist()):
        ahead = value - level
        if ahead > threshold and k < last:
            count = round(ahead / period)
            jumps[k] = count
            level += count * period
            ahead = value - level
        level += (down if ahead < 0 else up) * ahead  # the clock's own drift
    jumps[0] = 0
    return np.arange(len(t), dtype=np.int64) + np.cumsum(jumps)


def _envelope_width(steps: FloatArray, period: float) -> int:
    """Count of samples over which late stamps are given time to be made up for."""
    off = np.abs(steps / period - np.rint(steps / period))
    if np.mean(steps <= 0) < 0.001 and np.quantile(off, 0.75) < _SMALL_JITTER:
        return _SHORT_ENVELOPE
    return int(np.clip(round(_ENVELOPE_S / period), 8, 256))


def _median_of_three(x: FloatArray) -> FloatArray:
    """Drop single outliers; a step stays where it is."""
    before = np.concatenate([x[:1], x[:-1]])
    after = np.concatenate([x[1:], x[-1:]])
    middle: FloatArray = np.maximum(np.minimum(before, x), np.minimum(np.maximum(before, x), after))
    return middle


def _line(t: FloatArray, index: IntArray, period: float) -> tuple[float, float]:
    """Slope and start of stamp against index: least squares, or medians where stamps lie more than a period off."""
    centre = index.mean()
    d = index - centre
    slope = float((d * (t - t.mean())).sum() / (d * d).sum())
    start = float(t.mean() - slope * centre)
    if slope > 0 and np.abs(t - start - slope * index).max() <= period:
        return slope, start
    # a clock that was set back spoils only the pairs across it: then take near ones
    far = max(1, len(t) // (8 if (np.diff(t) < 0).any() else 2))
    slopes = (t[far:] - t[:-far]) / (index[far:] - index[:-far])
    slopes = slopes[slopes > 0]
    slope = float(np.median(slopes)) if len(slopes) else period
    return slope, float(np.median(t - slope * index))
