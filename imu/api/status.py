"""The status line of a live session, and what it warns of."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from imu.types import ActivityKind, ClockReport, LinkReport, LinkState, Status, StreamInfo

if TYPE_CHECKING:
    from imu.api.engine import Engine
    from imu.store.writer import LibraryTarget

_STALLED_S: Final = 2.0
_SLOW: Final = 0.95
"""A sensor that sends less than this part of its rate is reported."""
_UNREAD: Final = 20
"""After so many packets of which none could be read, it is said."""


def status_of(
    engine: Engine,
    stream: StreamInfo,
    name: str,
    *,
    out: Path | LibraryTarget | None,
    replay_speed: float | None,
) -> Status:
    """Return the status of a session now; see `Session.status`."""
    now = time.perf_counter()
    with engine.lock:
        state, detail, meter, pipeline = engine.state, engine.detail, engine.meter, engine.pipeline
        live = state is LinkState.STREAMING
        stale = None if meter.newest is None or not live else now - meter.newest
        if stale is not None and stale > _STALLED_S:
            state, detail = LinkState.STALLED, f"No data for {stale:.0f} s."
        report: LinkReport | None = getattr(engine.source, "report", None)  # a linked sensor has one
        connecting = state is LinkState.CONNECTING
        if report is not None and (connecting or (live and report.state is LinkState.RECONNECTING)):
            state, detail = report.state, report.detail
        lag_s: float | None = getattr(engine.source, "loop_lag_s", None)  # likewise
        errors = 0 if engine.decoder is None else engine.decoder.errors
        if engine.received == 0 and errors >= _UNREAD and state is LinkState.STREAMING:
            state, detail = LinkState.STALLED, _unread(errors)
        rate = meter.rate_hz(now) if live and replay_speed else None
        seen = engine.received + engine.lost
        clock = None if engine.decoder is None else engine.decoder.clock
        return Status(
            state=state,
            source=name,
            detail=detail,
            code=engine.code,
            elapsed_s=(engine.stop_index - engine.first_index) / stream.sampling_rate_hz,
            nominal_rate_hz=stream.sampling_rate_hz,
            rate_hz=rate / replay_speed if rate and replay_speed else None,
            received=engine.received,
            lost=engine.lost,
            clipped=0 if pipeline is None else pipeline.saturated_samples,
            lost_pct=100.0 * engine.lost / seen if seen else 0.0,
            delay_ms=meter.delay_ms(now) if live else None,
            loop_lag_ms=1000.0 * lag_s if live and lag_s is not None else None,
            stale_s=stale,
            decode_errors=errors,
            clock=clock,
            dropped_events=engine.dropped_events,
            recording_path=None if out is None else str(getattr(out, "path", out)),
            activity=ActivityKind.OTHER if pipeline is None else pipeline.activity_now,
            speed_mps=engine.settings.speed_mps,
            line_g=engine.line_g,
            battery_pct=None if report is None else report.battery_pct,
            rssi_dbm=None if report is None else report.rssi_dbm,
            firmware="" if report is None else report.firmware,
            reconnects=0 if report is None else report.reconnects,
            heart_rate_bpm=engine.context.get("heart_rate_bpm"),
            incline_pct=engine.context.get("incline_pct"),
            unreached=getattr(engine.source, "unreached", ()),  # likewise
            warnings=_warnings(report, clock, rate, stream.sampling_rate_hz),
            worn=engine.worn,
            gyroscope=stream.channels >= 6,
        )


def _unread(packets: int) -> str:
    return (
        f"{packets} packets came and none could be read: the profile does not fit this sensor or its firmware. "
        "Choose another profile; a recording keeps what came, so that it can be decoded again."
    )


def _warnings(
    report: LinkReport | None, clock: ClockReport | None, rate_hz: float | None, nominal_hz: float
) -> tuple[str, ...]:
    """Return what the profile warns of, and what is seen: a wrong rate, else few samples in the last seconds."""
    stated = () if report is None else report.warnings
    if clock is not None and clock.is_off:
        return (*stated, clock.warning)
    if report is None or rate_hz is None or rate_hz >= _SLOW * nominal_hz:
        return stated
    return (*stated, f"It sends {rate_hz:.0f} samples a second instead of {nominal_hz:.0f}.")
