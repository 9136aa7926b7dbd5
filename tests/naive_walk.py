"""Slow twin of `imu.kernels.walk`: whole stretches filtered with scipy, then plain lists and argmax."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, lfilter

from imu.constants import G_MPS2
from imu.events.walking import WalkSettings


def _delay(b, a):
    orders = np.arange(3.0)
    return float(orders @ b / b.sum() - orders @ a / a.sum())


def _filtered(b, a, x, start):
    """Filter as if the input had stood at `start` for ever."""
    zi = start * np.array([1.0 - b[0], b[2] - a[2]])
    return lfilter(b, a, x, zi=zi)[0]


def stretches(acc, bridge):
    """Cut (n, 3) samples with NaN holes into stretches; short holes are filled with a straight line.

    Returns a list of (first index, array, indices at which samples really arrived).
    """
    good = np.flatnonzero(np.isfinite(acc[:, 0]))
    out = []
    for part in np.split(good, np.flatnonzero(np.diff(good) - 1 > bridge) + 1):
        if len(part) == 0:
            continue
        index = np.arange(part[0], part[-1] + 1)
        filled = np.stack([np.interp(index, part, acc[part, c]) for c in range(3)], axis=1)
        for c in range(3):
            if not np.isfinite(acc[part, c]).all():
                filled[:, c] = np.nan
        arrived = index.copy()
        for k in range(len(index)):
            arrived[k] = part[np.searchsorted(part, index[k])]
        out.append((int(part[0]), filled, arrived))
    return out


def _vertex(y, k):
    bend = y[k - 1] - 2 * y[k] + y[k + 1]
    return 0.0 if not bend < 0 else float(np.clip(0.5 * (y[k - 1] - y[k + 1]) / bend, -0.5, 0.5))


def walk_rows(acc, fs, settings=None, *, forward_known=True):
    """Rows (ic, report, rise, amplitude, low_g, peak_g, forward_ml, forward_pa) of a recording of shape (n, 3)."""
    s = settings or WalkSettings()
    b1, a1 = butter(2, s.step_hz, fs=fs)
    b2, a2 = butter(2, s.contact_hz, fs=fs)
    slow_delay, fast_delay = _delay(b1, a1), _delay(b2, a2)
    history = 1 << int(np.ceil(np.log2(1.25 * fs)))
    rows = []
    turns = []
    for first, x, arrived in stretches(acc, int(s.bridge_s * fs)):
        up = x[:, 0] - G_MPS2
        slow = _filtered(b1, a1, up, 0.0)
        fast = _filtered(b2, a2, up, 0.0)
        level = [_filtered(b2, a2, x[:, c], x[0, c]) for c in (1, 2)]
        last_ic = -np.inf
        for top, fall, low, best in _humps(slow, s, fs):
            peak = top - slow_delay + fast_delay
            lo = max(int(np.ceil(peak - s.back_s * fs)), 2, fall - history + 3)
            hi = min(int(np.floor(peak + s.ahead_s * fs)), fall - 1)
            if hi < lo:
                continue
            k_top = lo + int(np.argmax(fast[lo : hi + 1]))
            t_top = k_top + _vertex(fast, k_top)
            forward = _forward(turns, s, forward_known)
            rise = np.full(len(x), np.nan)
            if forward is not None:
                push = fast.copy()
                if forward[0] != 0.0:
                    push = push - s.braking * forward[0] * level[0]
                push = push - s.braking * forward[1] * level[1]
                rise[1:] = np.diff(push) * fs / np.hypot(1.0, s.braking)
            steep = np.nan
            if np.isfinite(rise[lo : hi + 1]).any():
                k = lo + int(np.argmax(rise[lo : hi + 1]))
                steep = rise[k]
                if steep < s.min_rise_mps3:
                    continue
                t_rise = k - 0.5 + _vertex(rise, k)
                ic = (1 - s.peak_weight) * t_rise + s.peak_weight * t_top - fast_delay - s.shift_both_s * fs
            else:
                ic = t_top - fast_delay - s.shift_vertical_s * fs
            if ic - last_ic < s.min_step_s * fs or ic < 0:
                continue
            since = max(0, fall - history + 1)
            if np.isfinite(last_ic):
                since = max(since, int(np.ceil(last_ic + fast_delay)))
            low_g = min(fast[since:k_top].min(initial=np.inf), fast[k_top]) / G_MPS2 + 1.0
            last_ic = ic
            f = (np.nan, np.nan) if forward is None else forward
            rows.append(
                (first + ic, arrived[fall], steep, best - low, low_g, fast[k_top] / G_MPS2 + 1.0, float(f[0]), f[1])
            )
            half = int(max(1, np.round(s.turn_s * fs)))
            if not forward_known and low_g > s.flight_g and k_top - half >= 0 and k_top + half <= fall:
                turn = [level[c][k_top + half] - level[c][k_top - half] for c in (0, 1)]
                if np.isfinite(turn).all():
                    turns.append(turn)
    return np.array(rows).reshape(-1, 8)


def _forward(turns, s, known):
    if known:
        return 0.0, 1.0
    if 2 * min(len(turns), s.turn_steps) < s.turn_steps:
        return None
    mean = np.zeros(2)
    for n, turn in enumerate(turns, start=1):
        mean += (np.array(turn) - mean) / min(n, s.turn_steps)
    size = float(np.linalg.norm(mean))
    return None if size < s.min_turn_mps2 else (-mean[0] / size, -mean[1] / size)


def _humps(slow, s, fs):
    """Yield (top, fall, low, height) of every rise and fall by at least the hysteresis."""
    rising, at, best, low = True, 0, 0.0, 0.0
    for k, y in enumerate(slow):
        if rising:
            if y > best:
                at, best = k, y
            elif y < best - s.hysteresis_mps2 or k - at > s.wait_s * fs:
                if best - low >= s.hysteresis_mps2:
                    yield at, k, low, best
                rising, best = False, y
        elif y < best:
            best = y
        elif y > best + s.hysteresis_mps2:
            low, rising, best, at = best, True, y, k
