"""The cue test as it is run: A (before), B (cue), A (back), and its verdict in words. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from gui.i18n import Texts
from gui.numbers import clock, contrast, half_width, number
from imu.api import CueBlock, CueTest, Verdict, cue_test
from imu.types import Step

BLOCK_S: Final = 60.0
"""Length of the blocks before and after the cue; the cue itself lasts as long as the therapist likes."""


CUES: Final = ("softer", "quick", "quiet", "tall")
"""What the runner is told: words about the outside, not about body parts (external focus)."""


class CueRun:
    """One cue test at a time.

    `press` begins the cue, ends it, and while going back asks for the verdict early; `settle` asks for it when the
    time has come.
    """

    def __init__(self) -> None:
        self._began = math.nan
        self._ended = math.nan
        self._speeds: list[float | None] = []
        self.result: CueTest | None = None
        self.told = CUES[0]

    @property
    def phase(self) -> str:
        """Return what is going on: off, cue, or back."""
        if not math.isfinite(self._began):
            return "off"
        return "back" if math.isfinite(self._ended) else "cue"

    def press(self, now_s: float, speed_mps: float | None, steps: Sequence[Step]) -> str:
        """Go to the next phase and return its name; `verdict` when the test is over."""
        if self.phase == "off":
            self._began, self._ended, self.result = now_s, math.nan, None
            self._speeds = [speed_mps, speed_mps]
            return "cue"
        if self.phase == "cue":
            self._ended = now_s
            self._speeds[1] = speed_mps
            return "back"
        self._judge(now_s, speed_mps, steps)
        return "verdict"

    def settle(self, now_s: float, speed_mps: float | None, steps: Sequence[Step]) -> bool:
        """Judge when the block after the cue is long enough; True when that happened now."""
        if self.phase != "back" or now_s - self._ended < BLOCK_S:
            return False
        self._judge(now_s, speed_mps, steps)
        return True

    def _judge(self, now_s: float, speed_mps: float | None, steps: Sequence[Step]) -> None:
        before, during = self._speeds
        self.result = cue_test(
            steps,
            CueBlock(self._began - BLOCK_S, self._began, before),
            CueBlock(self._began, self._ended, during),
            CueBlock(self._ended, now_s, speed_mps),
        )
        self._began = self._ended = math.nan

    def tell(self, told: str | None) -> None:
        """Take up the words of last time, if there are such."""
        self.told = told if told in CUES else CUES[0]

    def next_cue(self) -> None:
        """Choose the next of the words; while a cue is on they stay."""
        if self.phase == "off":
            self.told = CUES[(CUES.index(self.told) + 1) % len(CUES)]

    def clock_text(self, now_s: float) -> str:
        """Return how long the phase lasts, or what is left of the way back."""
        if self.phase == "cue":
            return clock(now_s - self._began)
        return clock(max(BLOCK_S - (now_s - self._ended), 0.0)) if self.phase == "back" else ""


def verdict_words(result: CueTest, texts: Texts) -> str:
    """Say the verdict with the change and its error; never more than the test does."""
    change = result.cue
    values = {"pct": "", "error": ""}
    verdict = result.verdict
    if change is not None and change.change_pct is not None:
        decimals, larger = contrast(change.change_pct, change.half_width_pct, 0, larger=bool(change.larger_than_error))
        if verdict is not Verdict.NOT_DECIDED and not larger:
            verdict = Verdict.NO_CLEAR_DIFFERENCE
        values["pct"] = number(change.change_pct, decimals, texts.language, plus=True)
        values["error"] = half_width(change.half_width_pct, decimals, texts.language)
    if result.reason is not None:
        return texts(f"cue.reason_{result.reason}")
    return texts(f"cue.{verdict.value}", **values)
