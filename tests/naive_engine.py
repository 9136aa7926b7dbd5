"""Slow, obvious twins of the kernels: plain Python, one sample after the other, nothing clever."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from imu.constants import G_MPS2
from imu.kernels import level as slots
from imu.kernels import rows
from imu.kernels import sacral as S  # noqa: N812 (its constants are read in every line)

Array = npt.NDArray[np.float64]
NAN = float("nan")


def rotation_to_up(direction: Array) -> Array:
    """Shortest rotation that takes a direction to the up axis (first axis of the body frame).

    Parameters
    ----------
    direction : ndarray, shape (3,)
        Any length above zero.

    Returns
    -------
    ndarray, shape (3, 3)
        For a direction straight down: half a turn about ml.
    """
    d = np.asarray(direction, dtype=float)
    d = d / np.linalg.norm(d)
    c = d[0]
    if c < -1.0 + 1e-12:
        return np.diag([-1.0, 1.0, -1.0])
    axis = np.array([0.0, d[2], -d[1]])  # d x e_up
    k = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    rotation: Array = np.eye(3) + k + k @ k / (1.0 + c)
    return rotation


class NaiveRing:
    """Every sample ever written, by its stream index; what falls out of the capacity is simply not asked for."""

    def __init__(self, channels: int, capacity: int) -> None:
        self.channels = channels
        self.capacity = capacity
        self.rows: list[list[float]] = []

    def append(self, block: Array) -> None:
        for row in block:
            self.rows.append([float(v) for v in row])

    def skip(self, n: int) -> None:
        for _ in range(n):
            self.rows.append([NAN] * self.channels)

    def newest(self, n: int) -> Array:
        """Shape (channels, m)."""
        kept = self.rows[max(0, len(self.rows) - min(n, self.capacity)) :] if n > 0 else []
        return np.array(kept, dtype=float).reshape(len(kept), self.channels).T


def biquad(sos: Sequence[float], x: Sequence[float], before: tuple[float, float, float, float]) -> list[float]:
    """y[k] = b0 x[k] + b1 x[k-1] + b2 x[k-2] - a1 y[k-1] - a2 y[k-2]; before = x[-1], x[-2], y[-1], y[-2]."""
    b0, b1, b2, _, a1, a2 = sos
    x1, x2, y1, y2 = before
    out = []
    for value in x:
        y = b0 * value + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        x1, x2, y1, y2 = value, x1, y, y1
        out.append(y)
    return out


class NaiveLevel:
    """Mounting, gravity from its slow mean and the stated up axis, and the shortest rotation that takes it up."""

    def __init__(self, params: Array, state: Array) -> None:
        self.p = params
        self.gravity = state[slots.UP : slots.UP + 3].copy()
        self.weight = float(state[slots.WEIGHT])
        self.last = state[slots.LAST : slots.LAST + 3].copy()
        self.frozen_s = float(state[slots.FROZEN_S])
        self.saturated = 0

    def sample(self, sample: Array, fs: float) -> dict[int, float]:
        p = self.p
        mounting = p[:9].reshape(3, 3)
        acc = np.where(p[slots.P_MASK : slots.P_MASK + 3] > 0, sample[:3], 0.0)
        fault = 0
        if np.any(np.abs(acc) >= p[slots.P_RANGE]):
            fault += 1
            self.saturated += 1
        self.frozen_s = self.frozen_s + 1.0 / fs if np.array_equal(acc, self.last) else 0.0
        if self.frozen_s > p[slots.P_FROZEN]:
            fault += 2
        self.last = acc
        body = mounting @ acc
        if fault < 2:
            self.weight = min(self.weight + 1.0 / fs, float(p[slots.P_TIME_CONSTANT]))
            self.gravity = self.gravity + (body - self.gravity) / fs / self.weight
        up = self.gravity.copy()
        if self.weight > 0:  # the stated up axis counts as so many seconds of one g, and fades while the memory fills
            left = 1.0 - self.weight / p[slots.P_TIME_CONSTANT]
            up[0] += p[slots.P_STATED] * left * G_MPS2 / self.weight
        turn = rotation_to_up(up) if np.linalg.norm(up) > 0 else np.eye(3)
        out = dict(zip((rows.IS, rows.ML, rows.PA), turn @ body, strict=True))
        gyr = turn @ mounting @ sample[3:6] if len(sample) >= 6 else np.full(3, NAN)
        out |= dict(zip((rows.GYR_IS, rows.GYR_ML, rows.GYR_PA), gyr, strict=True))
        out[rows.RESULTANT] = math.sqrt(float(acc @ acc))
        out[rows.FAULT] = float(fault)
        return out


# -- look-backs on a plain sequence, index = stream index ---------------------------------------------------------


def crossing(x: Sequence[float], k: int, level: float) -> float:
    if x[k] == x[k - 1]:
        return float(k)
    return float(np.interp(level, *zip(*sorted([(x[k - 1], k - 1.0), (x[k], float(k))]), strict=True)))


def highest(x: Sequence[float], first: int, last: int) -> tuple[float, float]:
    numbers = [(x[k], -k) for k in range(first, last + 1) if not math.isnan(x[k])]
    if not numbers:
        return NAN, float(first)
    best, at = max(numbers)
    at = -at
    if first < at < last:
        a, b, c = np.polyfit([-1.0, 0.0, 1.0], [x[at - 1], x[at], x[at + 1]], 2) if _all_numbers(x, at) else (0, 0, 0)
        if a < 0.0:
            shift = -b / (2.0 * a)
            return float(np.polyval([a, b, c], shift)), at + float(shift)
    return best, float(at)


def _all_numbers(x: Sequence[float], at: int) -> bool:
    return all(math.isfinite(v) for v in (x[at - 1], x[at], x[at + 1]))


def value_at(x: Sequence[float], index: float) -> float:
    first = math.floor(index)
    if index == first:
        return x[first]
    return x[first] + (index - first) * (x[first + 1] - x[first])


def highest_between(x: Sequence[float], begin: float, end: float) -> float:
    inside, _ = highest(x, math.ceil(begin), math.floor(end))
    numbers = [v for v in (inside, value_at(x, begin), value_at(x, end)) if not math.isnan(v)]
    return max(numbers, default=NAN)


def steepest(x: Sequence[float], first: int, last: int, sign: float) -> tuple[int, float]:
    best, found = -math.inf, first
    for k in range(first, last):
        slope = sign * (x[k + 1] - x[k - 1]) / 2.0
        if slope > best and not math.isnan(x[k]):
            best, found = slope, k
    return found, sign * best


def foot_of_rise(x: Sequence[float], at: int, slope: float, back: int) -> float:
    window = [v for v in x[at - back : at + 1] if not math.isnan(v)]
    if slope == 0.0 or not window:
        return float(at)
    level = min(window) if slope > 0 else max(window)
    foot = at - (x[at] - level) / slope
    return float(at - back) if foot < at - back else foot


def mean_of(x: Sequence[float], first: int, last: int) -> float:
    values = x[first:last]
    return math.fsum(values) / len(values) if len(values) else NAN


# -- running contacts at the pelvis ---------------------------------------------------------------------------------


class NaiveSacral:
    """The running detector, told as a story: it keeps every sample of every row and looks back at will.

    Parameters
    ----------
    params : ndarray
        As packed for the kernel (`imu.kernels.sacral`, P_...).
    """

    def __init__(self, params: Array) -> None:
        self.p = params
        self.x: dict[int, list[float]] = {row: [] for row in range(rows.N_ROWS)}
        self.braking = [0.0, 0.0]
        self.braking_steps = 0.0
        self.steps: list[dict[int, float]] = []
        self.live: list[tuple[float, float, float, float]] = []
        self.reset()

    def reset(self) -> None:
        """A start or a gap: what was open is forgotten, the forward axis is kept."""
        self.phase = "air"
        self.hold = int(self.p[S.P_SETTLE])
        self.before = self.previous = NAN
        self.low = math.inf
        self.last_ic = -1e18
        self.step: dict[int, float] = {}
        self.waiting = False  # self.step has its toe-off and waits for the next contact
        self.linked = False  # the step given out before points at the contact in progress
        self.up = self.down = 0

    def bridge(self, missing: int) -> None:
        """A short hole: nothing is closed."""
        for values in self.x.values():
            values.extend([NAN] * missing)

    def gap(self, missing: int) -> None:
        self.finish()
        for values in self.x.values():
            values.extend([NAN] * missing)
        self.reset()

    def sample(self, values: Sequence[float]) -> None:
        """Take one sample of all rows of the detector ring."""
        p, k = self.p, len(self.x[0])
        for row, value in enumerate(values):
            self.x[row].append(float(value))
        v, before = self.x[rows.DET_IS][k], self.before
        self.before, self.previous = v, before
        if self.hold > 0:
            self.hold -= 1
            self.low = min(self.low, v)
            return
        rising = before < p[S.P_ONE_G] <= v
        falling = before >= p[S.P_ONE_G] > v
        getattr(self, "_" + self.phase)(k, v, rising, falling)

    def _air(self, k: int, v: float, rising: bool, falling: bool) -> None:
        p = self.p
        self.low = v if falling else min(self.low, v)
        if rising and k - self.last_ic < p[S.P_MIN_STEP]:
            if self.waiting:
                self.phase, self.waiting = "stance", False
        elif rising and self.low < p[S.P_FLIGHT]:
            self.phase, self.up = "rise", k
        elif not rising and self.waiting and k - self.last_ic > p[S.P_TIMEOUT]:
            self._emit(NAN, k)

    def _rise(self, k: int, v: float, rising: bool, falling: bool) -> None:
        p = self.p
        if falling:
            self.phase, self.low = "air", v
        elif k - self.up >= p[S.P_AHEAD] and highest(self.x[rows.DET_IS], self.up, k)[0] >= p[S.P_SURE]:
            ic, ml, pa = self._initial_contact(self.up, min(k, self.up + int(p[S.P_AHEAD])))
            self.linked = self.waiting
            if self.waiting:
                self._emit(ic, k)
            self.step = {S.R_IC: ic, S.R_FLIGHT_MIN: self.low, S.R_IC_REPORT: k}
            self.step |= {S.R_FORWARD_ML: ml, S.R_FORWARD_PA: pa}
            self._say(1, ic, NAN, k)
            self.phase = "stance"

    def _load_peak(self, k: int) -> None:
        """Say the load peak so far, if it is higher than what was said before."""
        delay = self.p[S.P_DELAY_LOAD]
        load, at = highest(self.x[rows.LOAD], math.ceil(self.step[S.R_IC]) + round(delay), k)
        if math.isnan(load) or load <= self.step.get(S.R_LOAD, -math.inf):
            return
        self.step |= {S.R_LOAD: load, S.R_LOAD_AT: at - delay, S.R_LOAD_REPORT: k}
        self._say(2, at - delay, load, k)

    def _stance(self, k: int, v: float, rising: bool, falling: bool) -> None:
        p = self.p
        unloading = self.previous >= p[S.P_UNLOAD] > v
        if unloading and not falling and k - self.up >= p[S.P_MIN_STANCE]:
            self._load_peak(k)
        if falling and k - self.up >= p[S.P_MIN_STANCE]:
            peak, _ = highest(self.x[rows.DET_IS], self.up, k)
            self.low = v
            if not peak >= p[S.P_PEAK]:
                self._land()
                return
            self._load_peak(k)
            self.phase, self.down = "fall", k
        elif k - self.up > p[S.P_TIMEOUT]:
            self.low = math.inf
            self._land()

    def _land(self) -> None:
        """A contact without flight: forgotten, unless it ends a run; then it is a step without toe-off."""
        self.phase = "air"
        if self.linked:
            self.last_ic = self.step[S.R_IC]
            self.waiting, self.linked = True, False

    def _fall(self, k: int, v: float, rising: bool, falling: bool) -> None:
        p = self.p
        self.low = min(self.low, v)
        if self.low < p[S.P_FLIGHT]:
            self._toe_off(k)
            self.last_ic = self.step[S.R_IC]
            self.phase, self.waiting, self.linked = "air", True, False
        elif rising:
            self.phase = "stance"
        elif k - self.down >= p[S.P_NO_FLIGHT]:
            self._land()

    def _initial_contact(self, up: int, now: int) -> tuple[float, float, float]:
        p, back = self.p, int(self.p[S.P_BACK])
        vertical = self.x[rows.DET_IS]
        at, slope = steepest(vertical, up - back, now, 1.0)
        rise = foot_of_rise(vertical, at, slope, back) if math.isfinite(slope) else float(up)
        axis = self._forward(up, now)
        if axis is None:
            return rise - float(p[S.P_DELAY_DET] + p[S.P_IC_BIAS]), NAN, NAN
        ml, pa = self.x[rows.DET_ML], self.x[rows.DET_PA]
        forward = [axis[0] * a + axis[1] * b for a, b in zip(ml, pa, strict=True)]
        at, slope = steepest(forward, up - back, now, -1.0)
        if not math.isfinite(slope):
            return rise - float(p[S.P_DELAY_DET] + p[S.P_IC_BIAS]), *axis
        brake = foot_of_rise(forward, at, slope, back)
        return (rise + brake + at) / 3.0 - float(p[S.P_DELAY_DET] + p[S.P_IC_BIAS_PA]), *axis

    def _forward(self, up: int, now: int) -> tuple[float, float] | None:
        p, back = self.p, int(self.p[S.P_BACK])
        if p[S.P_FORWARD_KNOWN] > 0:
            return 0.0, 1.0
        change = [
            mean_of(self.x[row], up, now + 1) - mean_of(self.x[row], up - back, up - back // 2)
            for row in (rows.DET_ML, rows.DET_PA)
        ]
        if all(math.isfinite(c) for c in change):
            self.braking_steps = min(self.braking_steps + 1.0, float(p[S.P_BRAKE_STEPS]))
            self.braking = [b + (c - b) / self.braking_steps for b, c in zip(self.braking, change, strict=True)]
        size = math.hypot(*self.braking)
        if self.braking_steps < 2 or not size >= p[S.P_BRAKE_MIN]:
            return None
        return -self.braking[0] / size, -self.braking[1] / size

    def _toe_off(self, now: int) -> None:
        p, step = self.p, self.step
        start = math.ceil(step[S.R_IC])

        def peak(row: int, delay_slot: int, stop: int) -> tuple[float, float]:
            return highest(self.x[row], start + round(p[delay_slot]), stop)

        load, at = peak(rows.LOAD, S.P_DELAY_LOAD, now)
        level = min(p[S.P_UNLOAD], p[S.P_UNLOAD_SHARE] * load)
        falls = [
            crossing(self.x[rows.LOAD], k, level)
            for k in range(int(at) + 1, now + 1)
            if self.x[rows.LOAD][k - 1] >= level > self.x[rows.LOAD][k]
        ]
        tc = (falls[-1] if falls else NAN) - p[S.P_DELAY_LOAD] + p[S.P_UNLOAD_TIME]
        step[S.R_LOAD], step[S.R_LOAD_AT] = load, at - p[S.P_DELAY_LOAD]
        step[S.R_TC], step[S.R_TC_REPORT] = tc, now
        begin = step[S.R_IC] + float(p[S.P_DELAY_SHOCK])
        step[S.R_SHOCK] = highest_between(self.x[rows.SHOCK], begin, begin + float(p[S.P_SHOCK]))
        step[S.R_ACTIVE], _ = peak(rows.ACTIVE, S.P_DELAY_ACTIVE, now)
        bits = 0
        for value in self.x[rows.FAULT][max(0, start - int(p[S.P_BACK])) : now + 1]:
            bits |= S.MISSING if math.isnan(value) else int(value)
        step[S.R_FAULT] = bits
        self._say(3, tc, NAN, now)

    def _say(self, kind: int, at: float, value: float, report: int) -> None:
        self.live.append((kind, at, value, report))

    def _emit(self, next_ic: float, report: int) -> None:
        row = dict(self.step)
        row[S.R_NEXT_IC], row[S.R_STEP_REPORT] = next_ic, report
        if not math.isnan(next_ic):
            row[S.R_MEAN_IS] = mean_of(self.x[rows.IS], math.ceil(row[S.R_IC]), math.ceil(next_ic))
        self.steps.append(row)
        self.waiting = False

    def finish(self) -> None:
        """End of the stream, or a gap: give out the step that waits, or that stands and has had its peak."""
        head = len(self.x[0])
        open_stance = False
        if self.phase in {"stance", "fall"}:
            open_stance = highest(self.x[rows.DET_IS], self.up, head - 1)[0] >= self.p[S.P_PEAK] or self.linked
        if self.waiting or open_stance:
            self._emit(NAN, head)

    def table(self) -> Array:
        """Steps as the kernel writes them, shape (steps, N_ROW); what a step lacks is NaN."""
        return np.array([[s.get(c, NAN) for c in range(S.N_ROW)] for s in self.steps]).reshape(-1, S.N_ROW)

    def live_table(self) -> Array:
        return np.array(self.live, dtype=float).reshape(-1, S.N_LIVE)
