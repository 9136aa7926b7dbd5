"""Change against the client's own sessions, and the usual range, in words. No Qt."""

from __future__ import annotations

from typing import Final

from gui.history import History
from gui.i18n import Texts
from gui.live_state import LiveState
from gui.numbers import contrast, half_width, number
from gui.shown import ChangeShown
from gui.speed import speed_text

MIN_STEPS: Final = 10
"""Fewer steps give no number at all."""
_WORDS: Final = {-1: "change.below", 0: "change.same", 1: "change.above"}


def change_shown(history: History | None, state: LiveState, texts: Texts, *, firm: bool) -> ChangeShown | None:
    """Say the change of the load; None = nobody to compare with, or no number yet.

    Parameters
    ----------
    history : History or None
    state : LiveState
    texts : Texts
    firm : bool
        False = the load of now is old, or its interval still wide.
    """
    load, speed, language = state.numbers.load, state.status.speed_mps, texts.language
    if history is None or load.n < MIN_STEPS:
        return None
    change = history.change(load, speed, state.place)
    if change is None:
        return None
    pct = change.change_pct
    if pct is None:
        return ChangeShown(note=texts(f"change.{change.reason}"))
    decimals, larger = contrast(pct, change.half_width_pct, 0, larger=bool(change.larger_than_error))
    direction = 0 if not larger else -1 if pct < 0 else 1
    word = _WORDS[direction]
    note = texts(
        "change.baseline", g=number(change.baseline, 2, language), speed=speed_text(speed, texts), n=change.n_sessions
    )
    if not change.between_known:
        word, note = "change.undecided", f"{note} · {texts('change.too_few_sessions')}"
    # an arrow says the direction; without one the sign does
    value = number(abs(pct), decimals, language) if direction else number(pct, decimals, language, plus=True)
    return ChangeShown(
        value=f"{value}\u00a0%",
        interval=f"{half_width(change.half_width_pct, decimals, language)}\u00a0%",
        words=texts(word),
        note=note,
        direction=direction,
        firm=change.between_known and firm,
    )


def usual_shown(history: History | None, state: LiveState) -> tuple[float, float] | None:
    """Usual range of the left-right difference at this speed; None while it is not known."""
    if history is None:
        return None
    usual = history.usual(state.status.speed_mps, state.place)
    return None if usual.low is None or usual.high is None else (usual.low, usual.high)


def usual_words(usual: tuple[float, float] | None, texts: Texts) -> str:
    """Say it; empty while it is not known."""
    if usual is None:
        return ""
    low, high = (number(v, 0, texts.language, plus=True) for v in usual)
    return texts("word.usual", low=low, high=high)
