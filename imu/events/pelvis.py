"""Detector for a sensor at the pelvis: sacrum, hip, waist or low back."""

from __future__ import annotations

import numpy as np

from imu.events.front import Front
from imu.events.sacral import SacralParams, filters, pack
from imu.events.walking import WalkDetector
from imu.kernels import engine, sacral, still, walk
from imu.kernels.engine import advance_pelvis
from imu.types import FloatArray, StreamInfo

_MAX_ROWS = 128  # MAX_BLOCK samples at 50 Hz and 240 steps per minute are 82 steps
_MAX_LIVE = 512

_FLOATS = sacral.N_PARAMS + sacral.N_FSTATE + still.N_PARAMS + still.N_FSTATE

STILL_TIME_CONSTANT_S = 0.4
STILL_SPREAD_MPS2 = 0.5
"""Standing sways by some 0.1 m/s2 and sensors add 0.1 to 0.3; the slowest walking varies by more than 1 m/s2."""
STILL_SHORTEST_S = 1.0


BRIDGE_S = 0.06
"""A loss up to this long (one packet of 8 samples at 150 Hz) cannot hide a stance or a flight: what was open goes on.
Starting anew instead would cost the steps before and after every lost packet."""


class PelvisDetector:
    """Running and walking contacts from blocks of samples; all state in arrays, one kernel call per block.

    Parameters
    ----------
    stream : StreamInfo
    mounting, up_hint, measured, history_samples
        See `imu.events.front.Front`.
    params : SacralParams
    """

    def __init__(
        self,
        stream: StreamInfo,
        *,
        mounting: str | None,
        up_hint: str | None = None,
        measured: tuple[bool, bool, bool] = (True, True, True),
        history_samples: int = 0,
        params: SacralParams | None = None,
    ) -> None:
        fs = stream.sampling_rate_hz
        forward_known = mounting is not None and measured["xyz".index(mounting[5])]
        walker = WalkDetector(fs, forward_known=forward_known)
        self.front = Front(
            stream,
            filters(fs),
            mounting=mounting,
            up_hint=up_hint,
            measured=measured,
            detector_floats=_FLOATS + len(walker.params) + len(walker.fstate),
            detector_ints=sacral.N_ISTATE + len(walker.istate),
            history_samples=history_samples,
        )
        f = self.front
        self.params = f.memory[engine.DETECTOR : engine.SACRAL_STATE]
        self.fstate = f.memory[engine.SACRAL_STATE : engine.STILL_PARAMS]
        self.still_params = f.memory[engine.STILL_PARAMS : engine.STILL_STATE]
        self.still_state = f.memory[engine.STILL_STATE : engine.WALK_PARAMS]
        self.still_params[:] = STILL_TIME_CONSTANT_S * fs, STILL_SPREAD_MPS2, STILL_SHORTEST_S * fs
        self.istate = f.counters[engine.I_DETECTOR : engine.I_WALK]
        self.params[:] = pack(params or SacralParams(), fs, forward_known=forward_known)
        f.memory[engine.WALK_PARAMS : engine.WALK_STATE] = walker.params
        f.memory[engine.WALK_STATE :] = walker.fstate
        f.counters[engine.I_WALK :] = walker.istate
        self.rows: FloatArray = np.zeros((_MAX_ROWS, sacral.N_ROW))
        self.live: FloatArray = np.zeros((_MAX_LIVE, sacral.N_LIVE))
        self.walked: FloatArray = np.full((_MAX_ROWS, walk.N_OUT), np.nan)
        self.still: FloatArray = np.zeros((_MAX_ROWS, 2))
        sacral.sacral_reset(self.istate, self.fstate, self.params)
        still.still_reset(self.still_state)
        # What the kernel needs besides the block and its index, in the kernel's order.
        self.rest = (fs, f.memory, f.counters, f.sig, f.history, self.rows, self.live, self.walked, self.still)

    def push(self, samples: FloatArray, head: int) -> tuple[int, int, int, int]:
        """Take a block of at most MAX_BLOCK samples.

        Returns
        -------
        steps, events, walking, still : int
            How many rows of the arrays of these names are filled (`rows`, `live`, `walked`, `still`); -1, 0, 0, 0
            when a sample is not a number.
        """
        counts: tuple[int, int, int, int] = advance_pelvis(samples, head, *self.rest)
        return counts

    def turn_round(self) -> None:
        """Go on as if the sensor had been worn the other way round from the beginning."""
        self.front.turn_round()
        for of in (sacral.F_BRAKE_ML, sacral.F_BRAKE_PA):
            self.fstate[of] *= -1.0
        walked = self.front.memory[engine.WALK_STATE :]
        walked[[*range(walk.F_ML, walk.F_PA + 2), walk.F_RAW_ML, walk.F_RAW_PA, walk.F_TURN_ML, walk.F_TURN_PA]] *= -1.0
        history = (len(walked) - walk.N_FSTATE) // 3
        walked[walk.N_FSTATE + history :] *= -1.0

    def open_still(self, head: int) -> tuple[float, float] | None:
        """Stretch without movement that lasts until sample `head`, if there is one."""
        out = np.zeros((1, 2))
        found = still.still_finish(self.still_state, self.still_params, head, out)
        return (float(out[0, 0]), float(out[0, 1])) if found else None

    def bridges(self, missing: int) -> bool:
        """Whether the running detector goes on across a hole of so many samples."""
        return missing <= BRIDGE_S * self.front.fs

    def bridge(self, head: int, missing: int) -> None:
        """Pass a short hole: what was open stays open; steps that touch the hole carry `after_gap`."""
        self.front.leave_hole(head, missing)

    def gap(self, head: int, missing: int) -> int:
        """Close what is open, leave a hole of `missing` samples, start anew; returns the rows filled (0 or 1).

        The walking detector sees the hole in the indices and decides itself how much it can bridge.
        """
        n = self.finish(head)
        self.front.leave_hole(head, missing)
        still.still_reset(self.still_state)
        return n

    def finish(self, head: int) -> int:
        """Give out the running step that waits for a successor; returns the rows filled (0 or 1)."""
        n: int = sacral.sacral_finish(self.front.sig, self.istate, self.fstate, head, self.params, self.rows)
        sacral.sacral_reset(self.istate, self.fstate, self.params)
        return n
