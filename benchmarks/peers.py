"""What others would write: the straightforward scipy pipeline, the best one that scipy allows, and rings of numpy."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import signal

from imu.constants import G_MPS2
from imu.events.sacral import filters
from imu.frames import parse_mounting
from imu.kernels import rows

Array = npt.NDArray[Any]

ROWS = (
    (rows.DET_IS, (0, 1, 2)),  # detection low-pass on all three axes, in one call
    (rows.LOAD, (0,)),
    (rows.SHOCK, (0,)),
    (rows.ACTIVE, (0,)),
)
"""The product's own filters: which one on which axes."""

PEAK_G = 1.5
MIN_STEP_S = 0.25
LOOK_BACK_S = 2.0


class StraightScipy:
    """Textbook: np.frombuffer, matrix product, sosfilt with zi, np.roll, find_peaks over the last 2 s per packet."""

    def __init__(self, fs: float, scales: Array, header: int, mounting: str = "+y-x+z") -> None:
        self.fs, self.scales, self.header = fs, scales, header
        self.turn = parse_mounting(mounting)
        designs = filters(fs)
        self.sos = [designs[row].sos for row, _ in ROWS]
        self.zi = [np.zeros((len(s), 2, len(axes))) for s, (_, axes) in zip(self.sos, ROWS, strict=True)]
        self.window = np.zeros((int(LOOK_BACK_S * fs), sum(len(axes) for _, axes in ROWS)))
        self.head = 0
        self.last = -1
        self.peaks = 0

    def push(self, packet: bytes) -> int:
        samples = np.frombuffer(packet, "<i2", offset=self.header).reshape(-1, 6) * self.scales
        body = samples[:, :3] @ self.turn.T
        n = len(body)
        filtered = np.empty((n, self.window.shape[1]))
        column = 0
        for k, (_, axes) in enumerate(ROWS):
            part, self.zi[k] = signal.sosfilt(self.sos[k], body[:, axes], axis=0, zi=self.zi[k])
            filtered[:, column : column + len(axes)] = part
            column += len(axes)
        self.window = np.roll(self.window, -n, axis=0)
        self.window[-n:] = filtered
        self.head += n
        peaks, _ = signal.find_peaks(self.window[:, 0], height=PEAK_G * G_MPS2, distance=int(MIN_STEP_S * self.fs))
        for at in peaks + self.head - len(self.window):
            if at > self.last + MIN_STEP_S * self.fs and at < self.head - 2:
                self.last = at
                self.peaks += 1
        return self.peaks


class BestScipy:
    """The same with every trick: scipy's private in-place filter, a shifted buffer, find_peaks four times a second."""

    def __init__(self, fs: float, scales: Array, header: int, mounting: str = "+y-x+z") -> None:
        from scipy.signal._sosfilt import _sosfilt

        self.filter = _sosfilt
        self.fs, self.scales, self.header = fs, scales, header
        turn = parse_mounting(mounting)
        # mounting and scale are one matrix; the vertical is repeated for each of its filters
        self.matrix = np.ascontiguousarray((turn * scales[:3])[[0, 1, 2, 0, 0, 0]])
        designs = filters(fs)
        self.calls = []
        first = 0
        for row, axes in ROWS:
            self.calls.append((first, first + len(axes), designs[row].sos.copy(), np.zeros((len(axes), 1, 2))))
            first += len(axes)
        self.look = int(LOOK_BACK_S * fs)
        self.buffer = np.zeros((6, 8 * self.look))
        self.at = self.look
        self.head = 0
        self.due = 0
        self.last = -1
        self.peaks = 0

    def push(self, packet: bytes) -> int:
        counts = np.frombuffer(packet, "<i2", offset=self.header).reshape(-1, 6)
        part = self.matrix @ counts[:, :3].T.astype(float)
        n = part.shape[1]
        for a, b, sos, zi in self.calls:
            self.filter(sos, part[a:b], zi)
        if self.at + n > self.buffer.shape[1]:
            self.buffer[:, : self.look] = self.buffer[:, self.at - self.look : self.at]
            self.at = self.look
        self.buffer[:, self.at : self.at + n] = part
        self.at += n
        self.head += n
        if self.head >= self.due:
            self.due = self.head + int(self.fs / 4)
            window = self.buffer[0, self.at - self.look : self.at]
            peaks, _ = signal.find_peaks(window, height=PEAK_G * G_MPS2, distance=int(MIN_STEP_S * self.fs))
            for at in peaks + self.head - self.look:
                if at > self.last + MIN_STEP_S * self.fs and at < self.head - 2:
                    self.last = at
                    self.peaks += 1
        return self.peaks


class CopyOnly:
    """A Python method and a copy of the packet's samples: the least that anything in Python costs."""

    def __init__(self, n: int = 8) -> None:
        self.block = np.zeros((n, 6))
        self.ring = np.zeros((4096, 6))
        self.head = 0

    def push(self, packet: bytes) -> int:
        at = self.head % 4000
        np.copyto(self.ring[at : at + 8], self.block)
        self.head += 8
        return self.head


def scipy_offline(samples: Array, fs: float, mounting: str = "+y-x+z") -> Array:
    """A whole recording with scipy: filters over everything, find_peaks once, then a look around each peak.

    Returns
    -------
    ndarray, shape (steps, 6)
        Contact, toe-off, load peak and its time, shock peak, active peak.
    """
    body = samples[:, :3] @ parse_mounting(mounting).T
    designs = filters(fs)
    by_row = {}
    for row, axes in ROWS:
        zi = signal.sosfilt_zi(designs[row].sos)[:, :, None] * body[0, list(axes)]
        by_row[row], _ = signal.sosfilt(designs[row].sos, body[:, axes], axis=0, zi=zi)
    vertical = by_row[rows.DET_IS][:, 0]
    load, shock, active = (by_row[r][:, 0] for r in (rows.LOAD, rows.SHOCK, rows.ACTIVE))
    peaks, _ = signal.find_peaks(vertical, height=PEAK_G * G_MPS2, distance=int(MIN_STEP_S * fs))
    back, ahead, early = int(0.2 * fs), int(0.3 * fs), int(0.06 * fs)
    out = np.full((len(peaks), 6), np.nan)
    for i, at in enumerate(peaks):
        before = np.flatnonzero(vertical[max(0, at - back) : at] < G_MPS2)
        after = np.flatnonzero(vertical[at : at + ahead] < G_MPS2)
        if len(before) == 0 or len(after) == 0:
            continue
        ic, tc = max(0, at - back) + before[-1] + 1, at + after[0]
        k = int(np.argmax(load[ic : tc + back // 2]))
        out[i] = (
            ic / fs,
            tc / fs,
            load[ic + k] / G_MPS2,
            (ic + k) / fs,
            shock[ic : ic + early].max() / G_MPS2,
            active[ic : tc + back // 2].max() / G_MPS2,
        )
    return out


# -- rings: append a block of shape (n, channels); newest(n) gives contiguous channels -------------------------------


class RollRing:
    """np.roll of the whole buffer for every block."""

    def __init__(self, channels: int, capacity: int, dtype: npt.DTypeLike = np.float32) -> None:
        self.data = np.zeros((capacity, channels), dtype)

    def append(self, block: Array) -> None:
        self.data = np.roll(self.data, -len(block), axis=0)
        self.data[-len(block) :] = block

    def newest(self, n: int) -> Array:
        return np.ascontiguousarray(self.data[-n:].T)


class ShiftRing:
    """Shift in place: one copy of everything for every block, no new memory."""

    def __init__(self, channels: int, capacity: int, dtype: npt.DTypeLike = np.float32) -> None:
        self.data = np.zeros((capacity, channels), dtype)

    def append(self, block: Array) -> None:
        n = len(block)
        self.data[:-n] = self.data[n:]
        self.data[-n:] = block

    def newest(self, n: int) -> Array:
        return np.ascontiguousarray(self.data[-n:].T)


class TextbookRing:
    """Write index modulo capacity; a read across the seam joins two pieces."""

    def __init__(self, channels: int, capacity: int, dtype: npt.DTypeLike = np.float32) -> None:
        self.data = np.zeros((capacity, channels), dtype)
        self.head = 0

    def append(self, block: Array) -> None:
        capacity = len(self.data)
        at = self.head % capacity
        first = min(len(block), capacity - at)
        self.data[at : at + first] = block[:first]
        self.data[: len(block) - first] = block[first:]
        self.head += len(block)

    def newest(self, n: int) -> Array:
        capacity = len(self.data)
        stop = self.head % capacity
        if stop >= n:
            return np.ascontiguousarray(self.data[stop - n : stop].T)
        return np.ascontiguousarray(np.concatenate([self.data[capacity - (n - stop) :], self.data[:stop]]).T)


class DequeRing:
    """One deque per channel."""

    def __init__(self, channels: int, capacity: int, dtype: npt.DTypeLike = np.float32) -> None:
        self.data = [deque([0.0] * capacity, maxlen=capacity) for _ in range(channels)]
        self.dtype = dtype

    def append(self, block: Array) -> None:
        for one, column in zip(self.data, block.T, strict=True):
            one.extend(column)

    def newest(self, n: int) -> Array:
        return np.array([np.array(one, self.dtype)[-n:] for one in self.data])
