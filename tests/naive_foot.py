"""Slow twin of `imu.kernels.foot`: whole-record filters from scipy, then plain Python lists and numpy slices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfilt, sosfilt_zi

from imu.constants import G_MPS2
from imu.events.foot import FootParameters
from imu.kernels import rows


@dataclass
class Contact:
    top: int
    score: float
    swing: float
    ic: float
    known: int  # sample from which on it is followed
    push: float | None = None  # reading of the push-off, in samples


def _held(x: np.ndarray) -> np.ndarray:
    """Replace what is not finite by the newest finite value (0 before the first)."""
    out = np.array(x, dtype=float)
    last = 0.0
    for k, value in enumerate(out):
        if np.isfinite(value):
            last = value
        out[k] = last
    return out


def _filtered(sos: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Filter from the first value on, restarting after each stretch that is not finite."""
    out = np.full(len(x), np.nan)
    k = 0
    while k < len(x):
        if not np.isfinite(x[k]):
            k += 1
            continue
        stop = k
        while stop < len(x) and np.isfinite(x[stop]):
            stop += 1
        out[k:stop] = sosfilt(sos, x[k:stop], zi=sosfilt_zi(sos) * x[k])[0]
        k = stop
    return out


def _peak(y: np.ndarray, first: int, last: int) -> tuple[float, float]:
    window = y[first : last + 1]
    if not np.isfinite(window).any():
        return np.nan, float(first)
    at = first + int(np.nanargmax(window))
    if first < at < last:
        left, mid, right = y[at - 1], y[at], y[at + 1]
        bend = left - 2 * mid + right
        if bend < 0:
            shift = 0.5 * (left - right) / bend
            return mid - 0.25 * (left - right) * shift, at + shift
    return y[at], float(at)


class NaiveFoot:
    """The detector over one record; `rows` and `early` after `run`.

    `gaps`: half-open, in order; the record is NaN there. Other missing samples are short losses.
    """

    def __init__(
        self, par: FootParameters, fs: float, sig: np.ndarray, gaps: list[tuple[int, int]] | None = None
    ) -> None:
        self.par, self.fs = par, fs
        self.gaps = dict(gaps or [])
        acc, self.res, gyr, self.fault = sig[:3], sig[3], sig[4:7], sig[rows.FAULT]
        self.n = sig.shape[1]
        self.rate = np.sqrt((gyr**2).sum(axis=0))
        band = butter(1, [par.impact_low_hz, min(par.impact_high_hz, 0.45 * fs)], "band", fs=fs, output="sos")
        smooth = butter(1, par.impact_smooth_hz, fs=fs, output="sos")
        slow = butter(2, par.push_hz, fs=fs, output="sos")
        self.shock, self.shake, self.slow = np.full((3, self.n), np.nan)
        edges = [0, *(k for gap in self.gaps.items() for k in gap), self.n]
        for a, b in zip(edges[::2], edges[1::2], strict=True):
            held = [_held(x[a:b]) for x in acc]
            if b > a:
                self.shock[a:b] = np.sqrt(sum(_filtered(band, x) ** 2 for x in held))
                self.shake[a:b] = sosfilt(smooth, self.shock[a:b])
                self.slow[a:b] = _filtered(slow, self.rate[a:b] if par.on_foot else held[0] - G_MPS2)
        self.rows: list[list[float]] = []
        self.early: list[tuple[float, float]] = []
        self.pending: Contact | None = None
        self.newest: Contact | None = None  # newest contact, pending or final
        self.first = 0  # first sample since the newest gap
        self.forget()

    def forget(self) -> None:
        self.pending = self.newest = None
        self.lost = 0  # samples since the newest contact
        self.final_top = self.strong_top = -1
        self.running = 0
        self.typical = self.stride = self.swing_typical = 0.0
        self.strides = [0.0, 0.0]

    # what a hump is worth -------------------------------------------------------------------------------------------
    def score(self, top: int) -> tuple[float, float]:
        score = self.shake[top]
        if score < self.par.min_impact_mps2:
            return 0.0, 0.0
        if not self.par.on_foot:
            return score, 0.0

        def mean(y: np.ndarray, start_s: float, end_s: float) -> float:
            window = y[max(0, top - round(start_s * self.fs)) : max(0, top - round(end_s * self.fs))]
            window = window[np.isfinite(window)]
            return float(np.sum(window) / len(window)) if len(window) else np.nan

        swing = mean(self.res, self.par.swing_start_s, self.par.swing_end_s) - G_MPS2
        if not swing > 0:
            return 0.0, 0.0
        score *= swing
        turning = mean(self.rate, self.par.turn_start_s, self.par.turn_end_s)
        return (score * turning if turning > 0 else score), swing

    def contact(self, top: int, score: float, swing: float, k: int) -> Contact:
        start = max(self.first, top - round(self.par.search_s * self.fs))
        if not self.par.on_foot:
            at = _peak(self.res, start, top)[1]
        else:
            window = self.shock[start : top + 1]
            level = self.par.rise * window.max()
            j = int(np.argmax(window >= level))
            at = float(start + j)
            if j > 0 and window[j] > window[j - 1]:
                at -= (window[j] - level) / (window[j] - window[j - 1])
        return Contact(top, score, swing, at - self.par.ic_lead_s * self.fs, k + 1)

    def take(self, new: Contact, k: int) -> None:
        self.pending = self.newest = new
        self.lost = 0
        self.early.append((new.ic, k))

    # whether it is a contact ----------------------------------------------------------------------------------------
    def judge(self, top: int, k: int) -> None:
        par = self.par
        score, swing = self.score(top)
        if score <= 0:
            return
        new = self.contact(top, score, swing, k)
        if self.newest is not None:
            since = top - self.newest.top
            stride, usual = self.stride, self.typical
            shortest = max(par.first_refractory_s * self.fs, 0.45 * stride)
            early = since < max(shortest, par.refractory * stride)
            if early and self.lost:
                if since < 0.5 * shortest or par.sure_ratio * score <= self.newest.score:
                    return
            elif early:
                stronger = self.pending is not None and score > self.pending.score
                if stronger and (since < shortest or stride == 0):
                    self.take(new, k)
                    return
                apart = since >= shortest
                if apart and (
                    (since < 0.55 * stride and score >= par.sure_ratio * usual) or par.sure_ratio * score >= usual
                ):
                    self.stride = float(since)
                    self.strides = [float(since), float(since)]
                elif self.pending is None and since >= 0.5 * shortest and par.sure_ratio * score > self.newest.score:
                    self.stride = 0.0
                    self.strides = [0.0, 0.0]
                    self.final_top = self.strong_top
                else:
                    if stronger:
                        self.take(new, k)
                    return
            absent = since if self.lost < 0.5 * stride else max(1, since - self.lost)
            if stride > 0:
                need = par.score_ratio * min(1.0, (1.5 * stride / absent) ** 2) * usual
            elif since < par.first_stride_s * self.fs:
                need = par.sure_ratio * max(usual, self.newest.score)
            else:
                need = (
                    par.score_ratio * min(1.0, par.longest_stride_s * self.fs / absent) * max(usual, self.newest.score)
                )
            if score < need:
                return
        if self.pending is not None:
            self.finish(k)
        self.take(new, k)

    def finish(self, k: int) -> None:
        par, fs, c = self.par, self.fs, self.pending
        assert c is not None
        start = min(max(self.first, int(np.floor(c.ic))), k)
        stop = min(int(np.ceil(c.ic + par.shock_s * fs)), k)
        shock, at = _peak(self.res, start, max(start, stop))
        seen = self.fault[max(self.first, start - round(par.search_s * fs)) : stop + 1]
        flags = 0
        for value in seen[seen > 0]:
            flags |= int(value) & 3
        if par.on_foot:
            if self.swing_typical == 0:
                self.swing_typical = c.swing
            else:
                self.swing_typical += 0.5 * (c.swing - self.swing_typical)
            self.running = int(self.swing_typical >= par.run_swing_mps2)
        elif c.push is not None:
            self.running = int(c.push - c.ic < par.run_contact_s * fs)
        tc = np.nan
        if c.push is None:
            flags |= 4
        else:
            tc = c.push - (par.tc_lag_run_s if self.running else par.tc_lag_walk_s) * fs
        self.rows.append([c.ic, tc, at, shock, self.running, k, flags, c.known - 1])
        self.learn(c)
        self.final_top = c.top
        self.pending = None

    def learn(self, c: Contact) -> None:
        par = self.par
        late = self.stride > 0 and c.top - max(self.final_top, self.first) > 1.5 * self.stride
        if late and c.score < par.sure_ratio * self.typical:
            self.typical = 0.0
        if c.score >= par.sure_ratio * self.typical:
            stride = float(c.top - self.strong_top)
            latest = float(c.top - self.final_top)
            if self.stride > 0 and abs(latest - self.stride) < abs(stride - self.stride):
                stride = latest
            whole = self.strong_top >= self.first
            if self.typical == 0 or (whole and stride > par.longest_stride_s * self.fs):
                self.strides, self.stride = [0.0, 0.0], 0.0
            elif whole:
                self.stride = (
                    max(stride, self.strides[1]) if self.strides[0] == 0 else sorted([*self.strides, stride])[1]
                )
                self.strides = [self.strides[1], stride]
            self.strong_top = c.top
        if self.typical == 0:
            self.typical = c.score
        else:
            self.typical += (0.5 if c.score > self.typical else 0.15) * (c.score - self.typical)

    # its push-off ---------------------------------------------------------------------------------------------------
    def push_off(self, c: Contact, k: int) -> None:
        """Look at the push signal from the shortest stance up to sample k, from scratch every time."""
        par, fs, y = self.par, self.fs, self.slow
        if c.ic < self.first + par.settle_s * fs:
            return
        first = max(int(np.ceil(c.ic + par.stance_min_s * fs)), c.known)
        low = np.inf if par.on_foot else 0.0
        high, high_at = -np.inf, -1
        for j in range(first, k + 1):
            if not np.isfinite(y[j]):
                continue
            if par.on_foot and y[j] < low:
                low = high = y[j]
            if y[j] > high:
                high, high_at = y[j], j
                continue
            level = low + par.push_fall * (high - low)
            soon = not par.on_foot and j < c.ic + par.run_contact_s * fs
            if soon and high >= par.run_push_mps2:
                level = 0.0
            if y[j] >= level:
                continue
            if high - low < (par.run_push_mps2 if soon else par.push_min):
                if soon:
                    high = y[j]
                continue
            if par.on_foot:
                bend = y[high_at - 1] - 2 * high + y[high_at + 1]
                c.push = high_at + (0.5 * (y[high_at - 1] - y[high_at + 1]) / bend if bend < 0 else 0.0)
            else:
                c.push = j - 1 + ((y[j - 1] - level) / (y[j - 1] - y[j]) if y[j - 1] > level else 0.0)
            return

    def run(self) -> NaiveFoot:
        par, fs = self.par, self.fs
        rising, top, hump = False, 0, 0.0
        k = -1
        while (k := k + 1) < self.n:
            if k in self.gaps:
                self.gap(k, self.gaps[k])
                rising, hump, k = False, 0.0, self.gaps[k] - 1
                continue
            c = self.pending
            if c is not None:
                if c.push is None:
                    self.push_off(c, k)
                hold = (par.hold * self.stride) if self.stride > 0 else par.first_refractory_s * fs
                sure = self.stride > 0 and c.score >= par.sure_ratio * self.typical
                if (c.push is not None and (sure or k >= c.top + hold)) or k > c.ic + par.give_up_s * fs:
                    self.finish(k)
            shake = self.shake[k]
            if rising:
                if shake > hump:
                    hump, top = shake, k
                elif k - top >= par.confirm_s * fs:
                    self.judge(top, k)
                    rising, hump = False, shake
            elif shake < hump:
                hump = shake
            else:
                hump, top, rising = shake, k, True
        return self

    def gap(self, start: int, stop: int) -> None:
        if self.pending is not None:
            self.finish(start - 1)
        ended = self.newest is not None and start - self.newest.top - self.lost > self.par.longest_stride_s * self.fs
        self.lost += stop - start
        self.first = stop
        if self.lost > self.par.memory_s * self.fs or ended:
            self.forget()

    def flush(self) -> NaiveFoot:
        if self.pending is not None:
            self.finish(self.n - 1)
        return self
