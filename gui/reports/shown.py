"""What a report says, as plain frozen data: every text is written out, in the language of the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A value in a chart with half of its 95 % interval (None = not known); `joined`: a line to the one before."""

    x: float
    value: float
    half: float | None
    joined: bool = False


class Labelled(NamedTuple):
    """A stretch of the horizontal axis with its name."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class MinutesChart:
    """Load per minute, left and right apart where the sides are known; x in minutes from the start.

    `feedback` is the feedback line, stretch by stretch: from, to, height, and its name where there is room.
    """

    title: str
    note: str
    left_word: str
    right_word: str
    left: tuple[Point, ...]
    right: tuple[Point, ...]
    both: tuple[Point, ...]
    bands: tuple[Labelled, ...]
    gaps: tuple[Labelled, ...]
    minutes: float
    low: float
    high: float
    unit: str
    feedback: tuple[tuple[float, float, float, str], ...] = ()


class Difference(NamedTuple):
    """A left-right difference in percent with half of its interval; None = not known, then `text` says why.

    `usual` is the client's usual range in percent; None = not known.
    """

    label: str
    value: float | None
    half: float | None
    text: str
    usual: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class SidesChart:
    """Left-right differences in groups of one quantity, one row per speed; the first group may name a usual range."""

    title: str
    note: str
    groups: tuple[tuple[str, tuple[Difference, ...]], ...]
    limit_pct: float
    usual_words: str = ""


class TrendPoint(NamedTuple):
    """One session in the trend; `hollow`: measured in another way (`why`), not to be compared."""

    label: str
    value: float
    half: float | None
    hollow: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class TrendChart:
    """One quantity of a client over sessions at one speed, oldest first; the last is today."""

    title: str
    note: str
    points: tuple[TrendPoint, ...]
    usual: tuple[float, float] | None
    usual_word: str
    low: float
    high: float
    unit: str


class Cell(NamedTuple):
    """One row of the table; an empty text = nothing to say."""

    name: str
    value: str
    interval: str
    left: str
    right: str
    difference: str
    difference_interval: str
    usual: str
    change: str
    error: str
    verdict: str
    larger: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one speed."""

    title: str
    note: str
    rows: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One page.

    Attributes
    ----------
    copy : str
        client or record.
    warnings : tuple of str
        What is to be known before the numbers are believed.
    columns : tuple of str
        Headings of today, left, right, difference, usual range, change, error, verdict.
    compared : bool
        Whether there is anything in the last four columns.
    cue : tuple of (str, str, str)
        Name, value and interval of the three blocks of the newest cue test; empty = none was tried.
    plan : tuple of str
        An empty line is one to write on.
    pain : tuple of (str, str)
        Label and value; an empty value is a box to fill in.
    """

    copy: str
    language: str
    title: str
    client: str
    practice: str
    date: str
    conditions: str
    warnings_title: str
    warnings: tuple[str, ...]
    headline_title: str
    value: str
    unit: str
    interval: str
    sentence: str
    sentence_note: str
    sentences: tuple[str, ...]
    how_to_read: str
    table_title: str
    columns: tuple[str, ...]
    compared: bool
    groups: tuple[Group, ...]
    table_note: str
    first_chart: MinutesChart
    second_chart: SidesChart | TrendChart
    cue_title: str
    cue: tuple[tuple[str, str, str], ...]
    cue_said: str
    events_title: str
    events: tuple[tuple[str, str], ...]
    pain_title: str
    pain_note: str
    pain: tuple[tuple[str, str], ...]
    pain_advice: str
    plan_title: str
    plan: tuple[str, ...]
    method_title: str
    method: tuple[str, ...]
    purpose: str
    foot: str
