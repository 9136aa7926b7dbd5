"""From a detector row to a Step: times on the recording's clock, durations, peaks in g."""

from __future__ import annotations

import math

from imu.constants import G_MPS2, WANTED_SAMPLING_RATE_HZ
from imu.events.laterality import SideDecision
from imu.types import ActivityKind, LiveEvent, LiveKind, Quality, Side, Step, StreamInfo

# A flag's arithmetic costs a microsecond, a look-up 40 ns; steps are built from plain integers.
_QUALITIES = tuple(Quality(bits) for bits in range(2 * max(Quality)))
_NO_TOE_OFF, _EDGE, _WALKING = int(Quality.NO_TOE_OFF), int(Quality.EDGE), int(Quality.WALKING)
_OF_FAULT = tuple(
    bool(bits & 1) * int(Quality.SATURATED)
    + bool(bits & 2) * int(Quality.FROZEN)
    + bool(bits & 4) * int(Quality.AFTER_GAP)
    for bits in range(8)
)

_KINDS = (LiveKind.IC, LiveKind.IC, LiveKind.LOAD_PEAK, LiveKind.TC)  # by the kernel's number, which starts at 1


def _known(value: float) -> float | None:
    return value if value - value == 0.0 else None  # not NaN, not infinite


class StepBuilder:
    """Build the Steps of a pelvis sensor.

    Parameters
    ----------
    stream : StreamInfo

    Notes
    -----
    Formulas: contact time = tc - ic; flight time = next ic - tc; step time = next ic - ic; duty factor = contact time
    / (2 step time); impulse = mean vertical specific force / g times step time (BW s), which is the step time itself
    for a levelled, well-scaled sensor over whole strides.
    """

    def __init__(self, stream: StreamInfo) -> None:
        self._t0 = stream.t0_s
        self._dt = 1.0 / stream.sampling_rate_hz
        slow = stream.sampling_rate_hz < WANTED_SAMPLING_RATE_HZ - 1.0
        self._always = int(Quality.SLOW_RATE) if slow else 0

    def time_s(self, index: float) -> float:
        """Seconds on the recording's clock of a fractional sample index."""
        return self._t0 + index * self._dt

    def running(
        self, row: list[float], index: int, decision: SideDecision, extra: int, vgrf_peak_bw: float | None
    ) -> Step:
        """Make the final Step of one row of the running detector (see `imu.kernels.sacral`, R_...)."""
        dt = self._dt
        ic, tc, load, load_at, shock, _active, _low, fault, next_ic, mean_is, ic_rep, tc_rep, load_rep = row[:13]
        if tc >= next_ic:  # the unloading was not the end of this stance
            tc = math.nan
        contact = (tc - ic) * dt
        step_time = (next_ic - ic) * dt
        quality = self._always | extra
        if _known(contact) is None:
            quality |= _NO_TOE_OFF
        if _known(step_time) is None:
            quality |= _EDGE
        if fault > 0.0:
            quality |= _OF_FAULT[int(fault)]
        return Step(
            index=index,
            activity=ActivityKind.RUNNING,
            side=decision.side,
            side_confidence=decision.confidence,
            ic_s=self.time_s(ic),
            tc_s=_known(self.time_s(tc)),
            contact_time_s=_known(contact),
            flight_time_s=_known((next_ic - tc) * dt),
            step_time_s=_known(step_time),
            duty_factor=_known(contact / (2.0 * step_time)),
            load_peak_g=_known(load / G_MPS2),
            load_peak_s=_known(self.time_s(load_at)),
            shock_peak_g=_known(shock / G_MPS2),
            vgrf_peak_bw=vgrf_peak_bw,
            impulse_bw_s=_known(mean_is / G_MPS2 * step_time),
            quality=_QUALITIES[quality],
            ic_latency_s=_known((ic_rep - ic) * dt),
            tc_latency_s=_known((tc_rep - tc) * dt),
            load_latency_s=_known((load_rep - load_at) * dt),
        )

    def contact(
        self,
        ic: float,
        next_ic: float,
        report: float,
        index: int,
        decision: SideDecision,
        extra: int,
        *,
        running: bool,
    ) -> Step:
        """Make a Step of which only the contact is known: a walking step, or a running one that was filled in."""
        step_time = (next_ic - ic) * self._dt
        quality = self._always | extra | (_NO_TOE_OFF if running else _WALKING)
        if _known(step_time) is None:
            quality |= _EDGE
        return Step(
            index=index,
            activity=ActivityKind.RUNNING if running else ActivityKind.WALKING,
            side=decision.side,
            side_confidence=decision.confidence,
            ic_s=self.time_s(ic),
            step_time_s=_known(step_time),
            quality=_QUALITIES[quality],
            ic_latency_s=(report - ic) * self._dt,
        )

    def live(self, row: list[float], step_index: int, side: Side) -> LiveEvent:
        """Make the live event of one detector row (L_...)."""
        kind, at, value, report = row
        return LiveEvent(
            kind=_KINDS[int(kind)],
            step_index=step_index,
            time_s=self.time_s(at),
            value=value / G_MPS2,
            side=side,
            latency_s=(report - at) * self._dt,
        )
