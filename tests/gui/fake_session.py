"""A deterministic stand-in for imu.api.Session: a made-up runner on a stream clock that the test moves by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from imu.settings import Settings
from imu.types import (
    ActivityKind,
    LinkState,
    LiveEvent,
    LiveKind,
    PelvisState,
    Quality,
    Side,
    Snapshot,
    Stance,
    Status,
    Step,
)

RATE = 208.0
STEP_S = 60.0 / 168.0
NAN = float("nan")


@dataclass
class Script:
    """What happens in the made-up run; times in stream seconds."""

    gaps: list[tuple[float, float]] = field(default_factory=list)
    walking_from: float = math.inf
    unknown_from: float = math.inf
    clipped_from: float = math.inf
    frozen_from: float = math.inf
    frozen_to: float = math.inf
    stall_from: float = math.inf
    end_at: float = math.inf
    fail_at: float = math.inf
    recording: bool = True
    speed_mps: float | None = 9.5 / 3.6
    asymmetry: float = 0.05
    spread: float = 0.11
    t0_s: float = 100.0
    roll_deg: float = 0.6
    shock: float = 1.35


@cache
def _noise(i: int) -> float:
    return float(np.random.default_rng(1000 + i).standard_normal())


class FakeSession:
    def __init__(self, script: Script | None = None, *, fail_at_start: Exception | None = None) -> None:
        self.script = script or Script()
        self.fail_at_start = fail_at_start
        self.now = 0.0
        self.started = False
        self.settings = Settings()
        self.stopped = False
        self.session_id: int | None = None
        self.keeps_in_library = False
        self.calls: list[tuple[object, ...]] = []
        self.speed_mps = self.script.speed_mps
        self.line_g: float | None = None
        self._swapped_from = math.inf
        self._events_seen = 0.0
        self._made: dict[int, Step | None] = {}
        self._waves = np.empty((2, 0))
        self._n_waves = 0
        self.arrived: list[float] = []
        self.pelvis_state = PelvisState("no_gyroscope")

    # -- clock

    def advance(self, seconds: float) -> None:
        self.now += seconds

    @property
    def _data_end(self) -> float:
        s = self.script
        return min(self.now, s.stall_from, s.end_at, s.fail_at)

    # -- Session

    def start(self) -> None:
        if self.fail_at_start is not None:
            raise self.fail_at_start
        self.started = True

    def stop(self) -> None:
        if not self.stopped:
            self.calls.append(("stop",))
            self.stopped = True
            self.script = replace(self.script, end_at=min(self.script.end_at, self.now))

    def wait(self, timeout_s: float | None = None) -> bool:
        return True

    def mark(self, text: str = "") -> None:
        self.calls.append(("mark", text))

    def swap_sides(self) -> None:
        self.calls.append(("swap_sides",))
        self._swapped_from = self._data_end
        self._made.clear()

    def share_context(self, other: FakeSession) -> None:
        if ("share_context", other) not in self.calls:
            self.calls.append(("share_context", other))

    def set_least_tilt(self, deg: float) -> None:
        self.calls.append(("set_least_tilt", deg))

    def set_line(self, line_g: float | None) -> None:
        if line_g != self.line_g:
            self.calls.append(("set_line", line_g))
        self.line_g = line_g

    def set_speed(self, speed_mps: float | None) -> None:
        self.calls.append(("set_speed", speed_mps))
        self.speed_mps = speed_mps
        self.settings = replace(self.settings, speed_mps=speed_mps)

    def stance(self, seconds: float = 4.0) -> Stance | None:
        return Stance(7.1, self.script.roll_deg, 0.006, True) if self.now >= seconds else None

    def arrivals(self, after: float = -math.inf) -> np.ndarray:
        return np.array([at for at in self.arrived if at > after])

    def pelvis(self) -> PelvisState:
        return self.pelvis_state

    def summary(self) -> dict[str, object]:
        return {}

    def _in_gap(self, a: float, b: float) -> bool:
        return any(g0 < b and g1 > a for g0, g1 in self.script.gaps)

    def _noise(self, i: int) -> float:
        return _noise(i)

    def _peak(self, i: int) -> float:
        side = 1.0 if i % 2 else -1.0
        return 2.67 * (1.0 + side * self.script.asymmetry / 2.0 + self.script.spread * self._noise(i))

    def _side(self, i: int, ic: float) -> Side:
        if ic >= self.script.unknown_from:
            return Side.UNKNOWN
        side = Side.RIGHT if i % 2 else Side.LEFT
        return side.other if ic >= self._swapped_from else side

    def _make(self, i: int) -> Step | None:
        if i not in self._made:
            self._made[i] = self._fresh(i)
        return self._made[i]

    def _fresh(self, i: int) -> Step | None:
        s = self.script
        jitter = 0.004 * self._noise(i + 50_000)
        ic = 0.2 + STEP_S * i + jitter
        if self._in_gap(ic - 0.05, ic + 0.3):
            return None
        after_gap = self._in_gap(ic - 0.6, ic)
        contact = 0.243 + 0.008 * self._noise(i + 90_000)
        walking = ic >= s.walking_from
        quality = Quality.OK
        if after_gap:
            quality |= Quality.AFTER_GAP
        if ic >= s.clipped_from:
            quality |= Quality.SATURATED
        if s.frozen_from <= ic < s.frozen_to:
            quality |= Quality.FROZEN
        if walking:
            quality |= Quality.WALKING
        side = self._side(i, ic)
        peak = self._peak(i)
        return Step(
            index=i,
            activity=ActivityKind.WALKING if walking else ActivityKind.RUNNING,
            side=side,
            side_confidence=0.0 if side is Side.UNKNOWN else 0.98,
            ic_s=s.t0_s + ic,
            tc_s=s.t0_s + ic + contact,
            contact_time_s=contact,
            flight_time_s=None if walking else STEP_S - contact,
            step_time_s=STEP_S + jitter,
            stride_time_s=2 * STEP_S,
            duty_factor=contact / (2 * STEP_S),
            load_peak_g=None if walking else peak,
            load_peak_s=None if walking else s.t0_s + ic + 0.09,
            shock_peak_g=None if walking else s.shock * peak,
            vgrf_peak_bw=None if walking else 0.95 * peak,
            impulse_bw_s=STEP_S,
            quality=quality,
            ic_latency_s=0.06,
            tc_latency_s=0.04,
            load_latency_s=0.08,
        )

    def _n_emitted(self) -> int:
        return max(int((self._data_end - 0.2 - 0.4) / STEP_S), 0)

    def steps(self, since: int = 0) -> list[Step]:
        made = [m for i in range(self._n_emitted()) if (m := self._make(i)) is not None]
        return made[since:]

    def drain_events(self) -> list[LiveEvent]:
        out = []
        last, self._events_seen = self._events_seen, self._data_end
        t0 = self.script.t0_s
        for i in range(max(int(last / STEP_S) - 3, 0), int(self._data_end / STEP_S) + 2):
            step = self._make(i)
            if step is None:
                continue
            for kind, at, value in (
                (LiveKind.IC, step.ic_s, NAN),
                (LiveKind.LOAD_PEAK, step.load_peak_s, step.load_peak_g),
                (LiveKind.TC, step.tc_s, NAN),
            ):
                if at is not None and value is not None and last < at - t0 + 0.06 <= self._data_end:
                    out.append(LiveEvent(kind, i, at, value, step.side, 0.06))
        return out

    def _wave(self, n_steps: int) -> np.ndarray:
        """Load, and what the raw signal has besides, sample by sample; each step is added once."""
        needed = int((n_steps * STEP_S + 2.0) * RATE)
        if needed > self._waves.shape[1]:
            more = np.zeros((2, needed))  # as much again: it grows seldom
            more[0] = 0.05
            self._waves = np.concatenate([self._waves, more], axis=1)
        for i in range(self._n_waves, n_steps):
            ic = 0.2 + STEP_S * i + 0.004 * self._noise(i + 50_000)
            peak = self._peak(i) if ic < self.script.walking_from else 1.5
            here = slice(max(int((ic - 0.3) * RATE), 0), int((ic + 0.6) * RATE))
            u = np.arange(here.start, here.stop) / RATE - ic
            self._waves[:, here] += (
                (peak - 0.1) * np.exp(-(((u - 0.09) / 0.052) ** 2)) + 0.9 * np.exp(-(((u - 0.19) / 0.05) ** 2)),
                0.8 * np.exp(-(((u - 0.035) / 0.012) ** 2)) - 0.3 * np.exp(-(((u - 0.26) / 0.02) ** 2)),
            )
        self._n_waves = max(self._n_waves, n_steps)
        return self._waves

    def snapshot(self, seconds: float) -> Snapshot:
        end = self._data_end
        stop = int(end * RATE)
        start = max(stop - int(seconds * RATE), 0)
        t = np.arange(start, stop) / RATE
        wave = self._wave(int(end / STEP_S) + 1)[:, start:stop]
        load, raw = wave.copy()
        raw = load + raw + 0.06 * np.sin(t * 300.0)
        for g0, g1 in self.script.gaps:
            missing = (t >= g0) & (t < g1)
            load[missing] = raw[missing] = np.nan
        return Snapshot(self.script.t0_s + t, raw, load)

    def status(self) -> Status:
        s, end = self.script, self._data_end
        state, detail = LinkState.STREAMING, ""
        if self.now >= s.fail_at:
            state, detail = LinkState.FAILED, "The sensor was switched off. Switch it on and start again."
        elif self.now >= s.end_at:
            state = LinkState.FINISHED
        elif self.now - s.stall_from > 1.0:
            state, detail = LinkState.STALLED, "No packets for more than one second."
        lost = round(sum(max(min(g1, end) - g0, 0.0) for g0, g1 in s.gaps if g0 < end) * RATE)
        received = round(end * RATE) - lost
        return Status(
            state=state,
            source="Movesense 2130",
            detail=detail,
            elapsed_s=end,
            nominal_rate_hz=RATE,
            rate_hz=207.6 if end > 1 else None,
            received=received,
            lost=lost,
            clipped=int(max(end - s.clipped_from, 0.0) * 3),
            lost_pct=100.0 * lost / max(lost + received, 1),
            delay_ms=12.4 if end > 1 else None,
            stale_s=max(self.now - end, 0.0) + 0.02,
            recording_path="run.stride" if s.recording else None,
            activity=ActivityKind.WALKING if end >= s.walking_from else ActivityKind.RUNNING,
            speed_mps=self.speed_mps,
            line_g=self.line_g,
        )
