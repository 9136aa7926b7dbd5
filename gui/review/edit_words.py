"""The log of a session's changes in the reader's words: local time, moments on the run's clock, no numbers of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from gui.i18n import Texts
from gui.numbers import clock
from imu.types import Edit

_WHAT: Final = {
    "finished": "finished",
    "computed anew": "anew",
    "imported": "imported",
    "marker added": "marker_added",
    "marker changed": "marker_changed",
    "marker removed": "marker_removed",
    "sides swapped": "swapped",
    "cut": "cut",
    "cut taken back": "uncut",
    "tags": "tags",
    "client": "client",
    "shoe": "shoe",
    "surface": "surface",
    "notes": "notes",
    "wizard": "wizard",
}
"""What the library writes, and the end of its key in the catalogue; anything else is shown as it is written."""
_NO_DETAIL: Final = {"client", "shoe", "surface", "wizard", "finished"}
"""Changes of which the library keeps numbers of rows, or sentences that say the same."""
_TIME: Final = re.compile(r"(-?\d+\.\d{3}) s")
_SPAN: Final = re.compile(r"(-?\d+\.\d{3}) to (?=-?\d+\.\d{3} s)")


def edit_rows(edits: Sequence[Edit], start_s: float, t: Texts) -> list[tuple[str, str, str]]:
    """Return when, what and detail of each change, the newest first.

    Parameters
    ----------
    edits : sequence of Edit
        The oldest first.
    start_s : float
        Begin of the run on the recording's clock, s.
    t : Texts
    """
    return [(_when(e.at_utc), _what(e.what, t), _detail(e, start_s, t)) for e in reversed(edits)]


def _when(at_utc: str) -> str:
    try:
        return datetime.fromisoformat(at_utc).astimezone().strftime("%d-%m-%Y %H:%M")
    except ValueError:
        return at_utc


def _what(what: str, t: Texts) -> str:
    return t(f"edit.{_WHAT[what]}") if what in _WHAT else what


def _detail(edit: Edit, start_s: float, t: Texts) -> str:
    if edit.what in _NO_DETAIL:
        return ""
    if not (edit.what.startswith(("marker", "cut")) or edit.what == "sides swapped"):
        return edit.detail
    kind, at, rest = edit.detail.partition(" at ")  # of a marker: its kind says nothing that its text does not
    words = rest if at else kind
    words = _TIME.sub(lambda m: clock(float(m[1]) - start_s), _SPAN.sub(r"\1 s – ", words))
    words = re.sub(r"^from (.*) to the end$", lambda m: t("edit.to_the_end", start=m[1]), words)
    words = re.sub(r"^from (.*) to (.*)$", r"\1 – \2", words)
    words = re.sub(r"(\d\d:\d\d): ", r"\1 · ", words.replace(" -> ", " → "))
    return words.removesuffix(" · ")
