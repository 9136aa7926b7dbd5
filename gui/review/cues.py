"""Cues that were tried during a run (A-B-A): found from its marks, judged anew from its steps as they count now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from gui.cue import BLOCK_S, CUES, verdict_words
from gui.i18n import LANGUAGES, Texts
from gui.numbers import half_width, number
from gui.review.run import Mark, Run, Span
from imu.api import CueBlock, CueTest, cue_test
from imu.types import Estimate

ON: Final = "on"
OFF: Final = "off"
VERDICT: Final = "verdict"


class Meaning(NamedTuple):
    """What a mark that was set while running says of a cue: on, off or verdict, and the cue's name in the catalogue."""

    what: str
    told: str = ""


@lru_cache(maxsize=1)
def _meanings() -> dict[str, Meaning]:
    """Texts of marks, in the language in which the run was recorded, with their meanings."""
    found = {"cue_on": Meaning(ON), "cue_off": Meaning(OFF)}  # of sessions from before cues had words
    for language in LANGUAGES:
        t = Texts(language)
        for told in CUES:
            words = t(f"cue.told_{told}")
            found[t("event.cue_on", told=words)] = Meaning(ON, told)
            found[t("event.cue_off", told=words)] = Meaning(OFF, told)
    return found


@lru_cache(maxsize=1)
def _verdicts() -> tuple[str, ...]:
    return ("cue ", *(Texts(language)("event.verdict", words="") for language in LANGUAGES))


def meaning_of(mark: Mark) -> Meaning | None:
    """Return what a mark says of a cue; None = it is a mark like any other."""
    if mark.kind != "mark":
        return None
    known = _meanings().get(mark.text)
    if known is None and mark.text.startswith(_verdicts()):
        return Meaning(VERDICT)
    return known


@dataclass(frozen=True, slots=True)
class CueTried:
    """One test.

    Attributes
    ----------
    blocks : tuple of three Span
        Before, with the cue, after.
    result : CueTest
    told : str
        Name of the cue in the catalogue (cue.told_*); empty = not known.
    """

    blocks: tuple[Span, Span, Span]
    result: CueTest
    told: str = ""

    @property
    def means(self) -> tuple[Estimate, Estimate, Estimate] | None:
        """Load before, with the cue and after; None where the blocks were not compared."""
        there, back = self.result.cue, self.result.back
        return None if there is None or back is None else (there.first, there.second, back.second)


def cues_of(run: Run) -> tuple[CueTried, ...]:
    """Return the tests in the order of time; a cue that was not ended is none."""
    found = []
    marks = [(m.time_s, meaning) for m in sorted(run.marks, key=lambda m: m.time_s) if (meaning := meaning_of(m))]
    for k, (on_s, on) in enumerate(marks):
        if on.what != ON:
            continue
        off_s, off = next(((at, m) for at, m in marks[k + 1 :] if m.what != VERDICT), (0.0, on))
        if off.what == OFF:
            found.append(_tried(run, on_s, off_s, on.told, [at for at, m in marks if at > off_s and m.what != OFF]))
    return tuple(found)


def _tried(run: Run, on_s: float, off_s: float, told: str, ends: Sequence[float]) -> CueTried:
    end_s = min([off_s + BLOCK_S, run.end_s, *ends])
    blocks = (Span(max(on_s - BLOCK_S, run.start_s), on_s), Span(on_s, off_s), Span(off_s, end_s))
    before, cue, after = (CueBlock(b.start_s, b.end_s, run.speed_at((b.start_s + b.end_s) / 2.0)) for b in blocks)
    return CueTried(blocks, cue_test(run.running, before, cue, after), told)


def is_verdict(mark: Mark) -> bool:
    """Whether a mark is only the verdict of a test, which is worked out anew."""
    meaning = meaning_of(mark)
    return meaning is not None and meaning.what == VERDICT


def belongs_to_cue(mark: Mark) -> bool:
    """Whether a mark begins, ends or judges a cue: its text means something and is not to be changed."""
    return meaning_of(mark) is not None


def mark_words(mark: Mark, t: Texts) -> str:
    """Text of a mark in the language of the reader."""
    meaning = meaning_of(mark)
    if meaning is None or meaning.what == VERDICT:
        return mark.text
    told = t(f"cue.told_{meaning.told}") if meaning.told else t("cue.told_unknown")
    return t("event.cue_on" if meaning.what == ON else "event.cue_off", told=told)


def cue_title(tried: CueTried, title: str, t: Texts) -> str:
    """Return a title with the words of the cue, where they are known."""
    return f"{title}: “{t(f'cue.told_{tried.told}')}”" if tried.told else title


def cue_texts(tried: CueTried, t: Texts) -> tuple[tuple[tuple[str, str, str], ...], str]:
    """Return name, value and interval of the three blocks, and the verdict as a sentence."""
    names = (t("cue.before"), t("cue.with"), t("cue.after"))
    means = tried.means or (Estimate(None, None, 0),) * 3
    rows = tuple(
        (
            name,
            "–" if e.value is None else f"{number(e.value, 2, t.language)}\u00a0{t('unit.g')}",
            half_width(e.half_width, 2, t.language),
        )
        for name, e in zip(names, means, strict=True)
    )
    return rows, verdict_words(tried.result, t)
