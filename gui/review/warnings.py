"""What is to be known about a run before its numbers are believed, in the language of the reader."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Final

import numpy as np

from gui.i18n import Texts
from gui.i18n.warning_texts import WARNING_TEXTS
from gui.numbers import number
from gui.review.run import Run
from gui.review.words import whole
from imu.api import Movement
from imu.constants import FILTER_VERSION
from imu.types import Quality, Side

LOST_PCT: Final = 2.0
"""From here on lost data are said at the top, not only drawn."""
_UNKNOWN_SHARE: Final = 0.1
_STALE: Final = "The speed was changed after the run"
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?$")


def warnings_of(run: Run, movement: Movement | None, t: Texts) -> tuple[str, ...]:
    """Return the sentences, the weightiest first; empty where there is nothing to say.

    Parameters
    ----------
    run : Run
    movement : Movement or None
        Of the whole run; None = not known (yet).
    t : Texts
    """
    found: list[str] = []
    if movement is not None:
        degrees = number(movement.moved_deg, 0, t.language)
        found += [t(f"worn.{key}", deg=degrees) for key in movement.warnings]
    if run.provenance.filter_version != FILTER_VERSION:
        found.append(t("warnings.old_version", old=run.provenance.filter_version, now=FILTER_VERSION))
    found += _of_steps(run, t)
    found += [translated(sentence, t) for sentence in run.warnings]
    if run.facts.get("skipped"):
        pages = ", ".join(t(f"wizard.step_{page}") for page in str(run.facts["skipped"]).split())
        found.append(t("warnings.skipped", pages=pages))
    return tuple(dict.fromkeys(found))


def is_outdated(run: Run) -> bool:
    """Whether its steps would come out differently now: an older version, or a speed that was changed since."""
    stale = any(sentence.startswith(_STALE) for sentence in run.warnings)
    return stale or run.provenance.filter_version != FILTER_VERSION


def _of_steps(run: Run, t: Texts) -> list[str]:
    found = []
    steps = run.table
    quality = steps.numbers("quality").astype(np.int64)
    clipped = int(np.count_nonzero(quality & int(Quality.SATURATED)))
    if clipped and run.stream.acc_range_g:
        found.append(t("warnings.clipped", n=whole(clipped), range=number(run.stream.acc_range_g, 0, t.language)))
    elif clipped:
        found.append(t("warnings.clipped_no_range", n=whole(clipped)))
    if run.lost_pct > LOST_PCT:
        seconds = math.fsum(g.end_s - g.start_s for g in run.gaps)
        pct = number(run.lost_pct, 1, t.language)
        found.append(t("warnings.lost", pct=pct, seconds=number(seconds, 1, t.language), n=whole(len(run.gaps))))
    frozen = int(np.count_nonzero(quality & int(Quality.FROZEN)))
    if frozen:
        found.append(t("warnings.frozen", n=whole(frozen)))
    unknown = int(np.count_nonzero(steps.numbers("side") == Side.UNKNOWN))
    if unknown > _UNKNOWN_SHARE * len(steps):
        found.append(t("warnings.side_unknown", n=whole(unknown), all=whole(len(steps))))
    return found


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences of `imu` as patterns, with their names in the catalogue."""
    found = []
    for key, (english, _) in WARNING_TEXTS.items():
        group, _, name = key.partition(".")
        if group == "recorded":
            pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(english))
            found.append((re.compile(pattern), name))
    return tuple(found)


def translated(sentence: str, t: Texts) -> str:
    """Return a sentence that `imu` wrote into a recording in the language of the reader; an unknown one as it is."""
    for pattern, name in _patterns():
        match = pattern.fullmatch(sentence)
        if match:
            values = {part: _said(text, t.language) for part, text in match.groupdict().items()}
            return t(f"recorded.{name}", **values)
    return sentence


def _said(text: str, language: str) -> str:
    return text.replace(".", ",") if language == "nl" and _NUMBER.match(text) else text
