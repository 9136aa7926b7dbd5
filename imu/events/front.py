"""The common front of all detectors: mounting, levelling, filtering, on one detector ring."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imu.constants import G_MPS2
from imu.dsp.design import LowPass
from imu.frames import parse_mounting
from imu.kernels import engine, level, rows
from imu.kernels.ring import ring_skip
from imu.types import FloatArray, IntArray, StreamInfo

GRAVITY_TIME_CONSTANT_S = 8.0
"""Memory of the gravity tracker: long against a stride (ripple below 0.5 degrees), short against a new posture."""

MOUNTING_WEIGHT_S = 1.0
"""A stated mounting counts as this much data at first, and as none once the memory of the gravity tracker is full."""

FROZEN_S = 0.1
"""Identical samples for longer than this: no body is that still, the sensor sleeps or hangs."""

RANGE_SHARE = 0.995
"""A reading at this share of full scale stands at the limit."""

_HORIZONTAL = (rows.ML, rows.PA, rows.GYR_ML, rows.GYR_PA, rows.DET_ML, rows.DET_PA)

RING_S = 8.0
MAX_BLOCK = 1024


class Front:
    """State shared by the kernels of one stream; see `imu.kernels.engine.prepare`.

    Parameters
    ----------
    stream : StreamInfo
    filters : dict
        Low-pass of each filtered row.
    mounting : str or None
        None: up is found from gravity alone; the horizontal axes then point anywhere.
    up_hint : str or None
        Sensor axis known to point up, such as "-y", when the mounting is not known.
    measured : tuple of bool
        Which of the three acceleration axes the sensor has.
    detector_floats, detector_ints : int
        Memory that the detector behind this front needs.
    history_samples : int
        Length of the display ring; 0 = none.
    """

    def __init__(
        self,
        stream: StreamInfo,
        filters: dict[int, LowPass],
        *,
        mounting: str | None,
        up_hint: str | None = None,
        measured: tuple[bool, bool, bool] = (True, True, True),
        detector_floats: int,
        detector_ints: int,
        history_samples: int = 0,
    ) -> None:
        fs = stream.sampling_rate_hz
        self.fs = fs
        self.capacity = int(RING_S * fs) + MAX_BLOCK
        self.sig: FloatArray = np.full((rows.N_ROWS, 2 * self.capacity), np.nan)
        self.history: FloatArray = np.full((2 if history_samples else 0, 2 * history_samples), np.nan)
        self.filters = filters
        self.memory: FloatArray = np.zeros(engine.DETECTOR + detector_floats)
        self.counters: IntArray = np.zeros(engine.I_DETECTOR + detector_ints, dtype=np.int64)
        self.level_params = self.memory[engine.LEVEL_PARAMS : engine.LEVEL_STATE]
        self.level_state = self.memory[engine.LEVEL_STATE : engine.SECTIONS]
        self.detector_floats = self.memory[engine.DETECTOR :]
        self.detector_ints = self.counters[engine.I_DETECTOR :]
        self.memory[engine.SECTIONS : engine.FILTER_STATE] = np.concatenate(
            [filters[r].sos[0] for r in range(rows.FILTERED, rows.FILTERED + rows.N_FILTERED)]
        )
        self.level_state[level.LAST : level.LAST + 3] = np.nan

        matrix = np.eye(3)
        if mounting is not None:
            matrix = parse_mounting(mounting)
        elif up_hint is not None:
            matrix = _matrix_with_up(up_hint)
        p = self.level_params
        p[level.P_STATED] = 0.0 if mounting is None and up_hint is None else MOUNTING_WEIGHT_S
        p[:9] = matrix.ravel()
        p[level.P_TIME_CONSTANT] = GRAVITY_TIME_CONSTANT_S
        p[level.P_RANGE] = np.inf if stream.acc_range_g is None else RANGE_SHARE * stream.acc_range_g * G_MPS2
        p[level.P_FROZEN] = FROZEN_S
        p[level.P_MASK : level.P_MASK + 3] = measured

    @property
    def saturated(self) -> int:
        """Samples at the range limit so far."""
        return int(self.counters[engine.I_SATURATED])

    @property
    def load_delay_s(self) -> float:
        """Delay of the load filter."""
        return self.filters[rows.LOAD].delay_s

    def is_sample(self, samples: FloatArray) -> npt.NDArray[np.bool_]:
        """Which rows of a block are numbers on every measured acceleration axis."""
        mask = self.level_params[level.P_MASK : level.P_MASK + 3] > 0
        return np.asarray(np.isfinite(samples[:, :3][:, mask]).all(axis=1))

    def is_measured(self, body_axis: int) -> bool:
        """Whether the sensor axis behind a body axis (0 is, 1 ml, 2 pa) gives readings."""
        matrix = self.level_params[:9].reshape(3, 3)
        mask = self.level_params[level.P_MASK : level.P_MASK + 3]
        return bool(np.abs(matrix[body_axis]) @ mask > 0.5)

    def turn_round(self) -> None:
        """Go on as if forward had pointed the other way from the beginning: half a turn about the vertical."""
        self.level_params[3:9] *= -1.0
        self.level_state[level.UP + 1 : level.UP + 3] *= -1.0
        self.sig[list(_HORIZONTAL)] *= -1.0
        for row in (rows.DET_ML, rows.DET_PA):
            at = engine.FILTER_STATE + 2 * (row - rows.FILTERED)
            self.memory[at : at + 2] *= -1.0

    def leave_hole(self, head: int, missing: int) -> None:
        """Pass `missing` samples before sample `head` + `missing`: they stay missing, and the filters start anew."""
        ring_skip(self.sig, head, missing)
        if self.history.size:
            ring_skip(self.history, head, missing)
        self.restart_filters()

    def restart_filters(self) -> None:
        """After a gap the filters start at the next sample's value; gravity is kept."""
        self.counters[engine.I_PRIMED] = 0
        self.level_state[level.FROZEN_S] = 0.0
        self.level_state[level.LAST : level.LAST + 3] = np.nan


def _matrix_with_up(axis: str) -> FloatArray:
    """Any right-handed mounting whose up axis is the one named, such as "-y"."""
    from imu.frames import mounting_names

    name = next(m for m in mounting_names() if m.startswith(axis))
    return parse_mounting(name)
