"""A fixed-size history of samples: one writer, any number of readers, every window one contiguous view."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imu.kernels.ring import ring_append, ring_skip


class RingBuffer:
    """Mirrored ring of the newest samples.

    Parameters
    ----------
    channels : int
    capacity : int
        Samples kept; twice that is allocated, because each sample is written at i and at i + capacity.
    dtype : dtype
        float64 for measured values, float32 where only pixels come of it.

    Notes
    -----
    One thread writes. A reader in another thread uses `snapshot`, which copies and then checks that the writer did not
    come around meanwhile. `view` is for the writer's own thread: it is a reference, overwritten by later appends.
    """

    __slots__ = ("_head", "_piece", "_store", "capacity", "channels")

    def __init__(self, channels: int, capacity: int, dtype: npt.DTypeLike = np.float64) -> None:
        if channels < 1 or capacity < 1:
            raise ValueError("a ring needs at least one channel and one sample")
        self.channels = channels
        self.capacity = capacity
        self._store = np.full((channels, 2 * capacity), np.nan, dtype=dtype)
        self._piece = max(1, capacity // 8)
        self._head = 0

    @property
    def head(self) -> int:
        """Stream index after the newest sample."""
        return self._head

    @property
    def store(self) -> npt.NDArray[np.floating]:
        """The storage itself, shape (channels, 2 * capacity), for kernels."""
        return self._store

    def append(self, block: npt.NDArray[np.floating]) -> None:
        """Write a block of shape (n, channels); of more than one capacity only the newest are kept."""
        if block.ndim != 2 or block.shape[1] != self.channels:
            raise ValueError(f"block of shape {block.shape} does not fit {self.channels} channels")
        # Small pieces, head moved after each: a reader then knows how much a write in progress can overwrite.
        n = len(block)
        if n <= self._piece:
            ring_append(self._store, self._head, block)
            self._head += n
            return
        for start in range(0, n, self._piece):
            piece = block[start : start + self._piece]
            ring_append(self._store, self._head, piece)
            self._head += len(piece)

    def skip(self, n: int) -> None:
        """Leave a hole of n missing samples (NaN)."""
        if n < 0:
            raise ValueError("a hole cannot be negative")
        while n > 0:
            piece = min(n, self._piece)
            ring_skip(self._store, self._head, piece)
            self._head += piece
            n -= piece

    def view(self, n: int) -> npt.NDArray[np.floating]:
        """Newest n samples, shape (channels, min(n, kept)): a view, no copy."""
        n = max(0, min(n, self.capacity, self._head))
        stop = self._head % self.capacity + self.capacity
        return self._store[:, stop - n : stop]

    def snapshot(self, n: int) -> tuple[int, npt.NDArray[np.floating]]:
        """Copy the newest n samples while another thread may write.

        Returns
        -------
        head : int
            Stream index after the last copied sample.
        samples : ndarray, shape (channels, m)
            Never torn: what the writer overtook during the copy is cut off at the old end.
        """
        head = self._head
        n = max(0, min(n, self.capacity, head))
        stop = head % self.capacity + self.capacity
        copy = self._store[:, stop - n : stop].copy()
        # Data first, head last: a write in progress can have overwritten one piece beyond the head that is seen.
        overwritten = self._head - head + self._piece - (self.capacity - n)
        return head, copy[:, max(0, min(n, overwritten)) :]
