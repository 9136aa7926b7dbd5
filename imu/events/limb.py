"""Detector for a sensor on a foot or a shank."""

from __future__ import annotations

import numpy as np

from imu.events.foot import FOOT, SHANK
from imu.events.front import Front
from imu.events.sacral import filters
from imu.kernels import foot as kernel
from imu.kernels.engine import advance_limb
from imu.types import FloatArray, StreamInfo

_MAX_ROWS = 128  # MAX_BLOCK samples at 50 Hz and one contact per 0.2 s are 103


BRIDGE_S = 0.06
"""A loss up to this long cannot hide an impact, which shakes the leg for longer; on links that drop single packets the
contacts found rise from 0.80 to 0.85 (set G, feet)."""


class LimbDetector:
    """Contacts of one leg from blocks of samples; one kernel call per block.

    Parameters
    ----------
    stream : StreamInfo
    on_foot : bool
        False = on the shank.
    mounting, up_hint, measured, history_samples
        See `imu.events.front.Front`.
    """

    def __init__(
        self,
        stream: StreamInfo,
        *,
        on_foot: bool,
        mounting: str | None,
        up_hint: str | None = None,
        measured: tuple[bool, bool, bool] = (True, True, True),
        history_samples: int = 0,
    ) -> None:
        fs = stream.sampling_rate_hz
        self._fs = fs
        self.front = Front(
            stream,
            filters(fs),
            mounting=mounting,
            up_hint=up_hint,
            measured=measured,
            detector_floats=kernel.N_PARAMS + kernel.N_FSTATE,
            detector_ints=kernel.N_ISTATE,
            history_samples=history_samples,
        )
        f = self.front
        self.params = f.detector_floats[: kernel.N_PARAMS]
        self.params[:] = (FOOT if on_foot else SHANK).pack(fs)
        self.fstate = f.detector_floats[kernel.N_PARAMS :]
        self.istate = f.detector_ints
        self.rows: FloatArray = np.zeros((_MAX_ROWS, kernel.N_ROW))
        self.early: FloatArray = np.zeros((_MAX_ROWS, 2))
        self._rest = (fs, f.memory, f.counters, f.sig, f.history, self.rows, self.early)

    def push(self, samples: FloatArray, head: int) -> tuple[int, int]:
        """Take a block; return how many rows of `rows` and `early` are filled, or -1, 0 for not a number."""
        counts: tuple[int, int] = advance_limb(samples, head, *self._rest)
        return counts

    def bridges(self, missing: int) -> bool:
        """Whether the detector can go on across a hole of so many samples."""
        return missing <= BRIDGE_S * self._fs

    def bridge(self, head: int, missing: int) -> tuple[int, int]:
        """Pass a short hole: the kernel sees missing samples and holds its filters; returns as `push`."""
        self.front.leave_hole(head, missing)
        f = self.front
        counts: tuple[int, int] = kernel.foot_events(
            f.sig, head, missing, self._fs, self.params, self.fstate, self.istate, self.rows, self.early
        )
        return counts

    def gap(self, head: int, missing: int) -> int:
        """Close what is open and leave a hole of `missing` samples; returns the rows filled (0 or 1)."""
        n: int = kernel.foot_gap(self.front.sig, head, missing, self.params, self.fstate, self.istate, self.rows)
        self.front.leave_hole(head, missing)
        return n

    def finish(self, head: int) -> int:
        """Give out the contact that waits for its toe-off; returns the rows filled (0 or 1)."""
        n: int = kernel.foot_flush(self.front.sig, head, self.params, self.fstate, self.istate, self.rows)
        kernel.reset(self.fstate, self.istate)
        return n
