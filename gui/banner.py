"""The one thing to know now, gravest first. Pure Python, no Qt."""

from __future__ import annotations

from gui.cue import CueRun
from gui.failure import code_words
from gui.i18n import Texts
from gui.live_state import PLOT_SECONDS, LiveState
from gui.numbers import clock, count, number
from gui.rows import BATTERY_WARN_PCT, LOSS_WARN_PCT, source_name
from gui.shown import Chip
from imu.types import ActivityKind, LinkState


def banner(state: LiveState, cue: CueRun, cue_words: str, texts: Texts) -> Chip | None:
    """Say what the person beside the belt should know before anything else; None = nothing.

    Parameters
    ----------
    state : LiveState
    cue : CueRun
    cue_words : str
        Verdict of the last cue test; empty = none.
    texts : Texts
    """
    if state.status.state is not LinkState.STREAMING:
        return _link(state, texts)
    return (
        _wrong(state, texts)
        or _activity(state, texts)
        or _reads_low(state, texts)
        or _cue(state, cue, cue_words, texts)
        or _sensor(state, texts)
    )


def _link(state: LiveState, texts: Texts) -> Chip | None:
    """Say what the link does while nothing comes in."""
    status = state.status
    silence = number(status.stale_s, 1, texts.language)
    if status.state is LinkState.FAILED:
        return Chip(texts("banner.failed", detail=code_words(status.code, status.detail, texts)), "err")
    if status.state is LinkState.RECONNECTING:
        return Chip(texts("banner.reconnecting", seconds=silence), "warn")
    if status.state is LinkState.STALLED and not status.received and status.decode_errors:
        return Chip(texts("banner.unread", n=count(status.decode_errors, texts.language)), "err")
    if status.state is LinkState.STALLED:
        return Chip(texts("banner.no_data", seconds=silence), "warn")
    if status.state is LinkState.FINISHED:
        steps = count(state.n_steps, texts.language)
        return Chip(texts("banner.finished", time=clock(status.elapsed_s), n=steps), "info")
    if status.state is LinkState.PREPARING:
        return Chip(texts("banner.preparing", seconds=number(state.waited_s, 0, texts.language)), "busy")
    if status.state is LinkState.CONNECTING:
        return Chip(texts("banner.connecting", source=source_name(status.source, texts)), "busy")
    return None


def _wrong(state: LiveState, texts: Texts) -> Chip | None:
    """Say what makes numbers wrong, walking or running."""
    status = state.status
    if status.clock is not None and status.clock.is_off:
        hz, nominal = (number(v, 0, texts.language) for v in (status.clock.rate_hz, status.clock.nominal_rate_hz))
        return Chip(texts("banner.rate_off", hz=hz, nominal=nominal), "warn")
    if status.worn.warnings:
        return Chip(texts(f"banner.{status.worn.warnings[0]}"), "warn")
    return None


def _activity(state: LiveState, texts: Texts) -> Chip | None:
    activity = state.status.activity
    if activity is ActivityKind.STANDING and state.status.speed_mps == 0.0:  # as a treadmill says it
        return Chip(texts("banner.belt_stopped"), "info")
    if activity in {ActivityKind.WALKING, ActivityKind.STANDING}:
        return Chip(texts(f"banner.{activity.value}"), "info")
    return None


def _reads_low(state: LiveState, texts: Texts) -> Chip | None:
    """Say what makes the newest numbers worse than usual."""
    if state.newest_frozen:
        return Chip(texts("banner.frozen"), "warn")
    if state.newest_clipped:
        return Chip(texts("banner.clipped"), "warn")
    if state.side_uncertain:
        return Chip(texts("banner.side"), "warn")
    if state.recent_loss_pct > LOSS_WARN_PCT:
        lost, of = (number(v, d, texts.language) for v, d in ((state.recent_loss_s, 1), (PLOT_SECONDS, 0)))
        return Chip(texts("banner.loss", seconds=lost, of=of), "warn")
    return None


def _cue(state: LiveState, cue: CueRun, cue_words: str, texts: Texts) -> Chip | None:
    if cue.phase != "off":
        told = texts(f"cue.told_{cue.told}")
        return Chip(texts(f"cue.now_{cue.phase}", time=cue.clock_text(state.newest_s), told=told), "info")
    return Chip(cue_words, "info") if cue_words else None


def _sensor(state: LiveState, texts: Texts) -> Chip | None:
    """Say what the sensor cannot do, where nothing else is the matter."""
    status = state.status
    if status.battery_pct is not None and status.battery_pct < BATTERY_WARN_PCT:
        return Chip(texts("banner.battery", pct=number(status.battery_pct, 0, texts.language)), "warn")
    if state.is_slow:
        return Chip(texts("banner.slow", hz=number(status.nominal_rate_hz, 0, texts.language)), "info")
    if state.lacks_gyroscope:
        return Chip(texts("banner.no_gyroscope"), "info")
    return None
