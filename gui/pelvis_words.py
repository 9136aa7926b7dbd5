"""The pelvis within a stride in words: range, mean and interval of each angle, or why there is none. No Qt."""

from __future__ import annotations

from typing import Final

import numpy as np

from gui.i18n import Texts
from gui.numbers import half_width, number
from gui.shown import AngleShown, PelvisShown
from imu.types import PelvisMotion, PelvisState

_KINDS: Final = ("tilt", "lean", "rotation")
NEEDED: Final = 5


class PelvisWords:
    """Makes what the card shows, anew only when a stride has come."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._shown = PelvisShown()

    def shown(self, state: PelvisState | None, texts: Texts) -> PelvisShown:
        """Return the angles, or the reason why there are none."""
        key = (state if state is None or state.reason else id(state.motion), texts.language)
        if key != self._key:
            self._key = key
            self._shown = _fresh(state, texts)
            self._kept = state  # its id must stay taken
        return self._shown


def _fresh(state: PelvisState | None, texts: Texts) -> PelvisShown:
    title = texts("pelvis.title")
    if state is None:
        return PelvisShown(title)
    if state.reason:
        return PelvisShown(title, empty=texts(f"pelvis.{state.reason}"), hint=texts(f"pelvis.{state.reason}_hint"))
    motion = state.motion
    if motion.curve_deg is None or motion.spread_deg is None:
        words = texts("pelvis.collecting", n=motion.strides, needed=NEEDED)
        return PelvisShown(title, empty=words, hint=texts("pelvis.collecting_hint"))
    note = texts("pelvis.note" if motion.by_side else "pelvis.note_side", n=motion.strides)
    return PelvisShown(
        title,
        note,
        by_side=motion.by_side,
        angles=tuple(_angle(motion, k, kind, texts) for k, kind in enumerate(_KINDS)),
        heads=(texts("curves.percent"), *(texts(f"pelvis.{kind}") for kind in _KINDS)),
        rows=_rows(motion, texts.language),
    )


def _rows(motion: PelvisMotion, language: str) -> tuple[tuple[str, ...], ...]:
    """Return the mean angles at every tenth of the stride, degrees with one decimal."""
    curve = motion.curve_deg
    assert curve is not None  # the caller has looked
    percents = np.linspace(0, curve.shape[1] - 1, 11).round().astype(int)
    return tuple(
        (number(10 * k, 0, language), *(number(float(angle[at]), 1, language, plus=True) for angle in curve))
        for k, at in enumerate(percents)
    )


def _angle(motion: PelvisMotion, k: int, kind: str, texts: Texts) -> AngleShown:
    assert motion.curve_deg is not None  # the caller has looked
    assert motion.spread_deg is not None
    language, extent = texts.language, motion.range_deg[k]
    mean = texts("pelvis.no_mean")
    if k < len(motion.mean_deg):
        found = motion.mean_deg[k]
        half = half_width(found.half_width, 1, language)
        mean = texts("pelvis.mean", mean=number(found.value, 1, language, plus=True), half=half)
    return AngleShown(
        kind,
        texts(f"pelvis.{kind}"),
        texts(f"pelvis.{kind}_sign"),
        f"{number(extent.value, 1, language)}°",
        half_width(extent.half_width, 1, language),
        texts("pelvis.range"),
        mean,
        motion.curve_deg[k],
        motion.spread_deg[k],
    )
