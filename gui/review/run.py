"""A finished run: its steps, speeds, gaps and marks, and where they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from imu import api
from imu.constants import FILTER_VERSION
from imu.settings import Settings
from imu.types import ActivityKind, ActivitySpan, Analysis, LineChange, Recording, Side, Step, StepTable, StreamInfo

_HASHED_AT_ONCE = 1 << 20
_PAUSE_S = 2.0


class Span(NamedTuple):
    """A stretch of time, seconds on the recording's own clock."""

    start_s: float
    end_s: float


class SpeedChange(NamedTuple):
    """The speed from a moment on; None = not known."""

    time_s: float
    speed_mps: float | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something noted at a moment of the run.

    Attributes
    ----------
    time_s : float
    kind : str
        mark, cue, swap_sides, note ...
    text : str
        What the user typed; may be empty.
    id : int or None
        In the library; None = cannot be edited.
    """

    time_s: float
    kind: str = "mark"
    text: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from.

    Attributes
    ----------
    file : str
        Name of the file, without its folder.
    sha256 : str
        Of the file, or of the session's raw data; empty = not known.
    product_version, filter_version : str
        Of the program that computed these numbers.
    sensor, profile : str
        Name of the sensor; firmware profile that read it (empty for array files).
    """

    file: str = ""
    sha256: str = ""
    product_version: str = ""
    filter_version: str = FILTER_VERSION
    sensor: str = ""
    profile: str = ""


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes
    ----------
    title : str
        Code of the client, or the name of the file.
    started : datetime or None
        Local time of the first sample; None = not known.
    steps : tuple of Step
    activity : tuple of ActivitySpan
    stream : StreamInfo
    settings : Settings
    method : dict
        Filters and models, as in `Analysis.summary["method"]`.
    start_s, end_s : float
        First and last sample on the recording's own clock.
    n_samples, n_missing : int
    gaps, cuts : tuple of Span
        Missing data; what the user left out.
    speeds : tuple of SpeedChange
        In the order of time; the first one counts from the start.
    lines : tuple of LineChange
        The feedback line as it was set and moved; empty = there was none.
    marks : tuple of Mark
    facts : dict
        What else is known: shoe, surface, tags, pain, practice, therapist, what the library tells
        (`gui.review.told`); missing = not known.
    provenance : Provenance
    warnings : tuple of str
        As `imu` wrote them; see `gui.review.warnings`.
    measured_rate_hz : float or None
        What the sensor really sampled at, as far as is known; `stream` has what it was set to.
    samples : callable or None
        Reads the samples, which may take a second; None = not at hand.
    """

    title: str
    started: datetime | None
    steps: tuple[Step, ...]
    activity: tuple[ActivitySpan, ...]
    stream: StreamInfo
    settings: Settings
    method: dict[str, Any]
    start_s: float
    end_s: float
    n_samples: int
    n_missing: int
    gaps: tuple[Span, ...] = ()
    cuts: tuple[Span, ...] = ()
    speeds: tuple[SpeedChange, ...] = ()
    lines: tuple[LineChange, ...] = ()
    marks: tuple[Mark, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    provenance: Provenance = field(default_factory=Provenance)
    warnings: tuple[str, ...] = ()
    measured_rate_hz: float | None = None
    samples: Callable[[], Recording] | None = field(default=None, repr=False, compare=False)

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last sample."""
        return self.end_s - self.start_s

    @property
    def lost_pct(self) -> float:
        """Share of the samples that is missing."""
        total = self.n_samples + self.n_missing
        return 100.0 * self.n_missing / total if total else 0.0

    @cached_property
    def running(self) -> tuple[Step, ...]:
        """Running steps outside the cuts."""
        running = tuple(s for s in self.steps if s.activity is ActivityKind.RUNNING)
        return tuple(s for s in running if not self.is_cut(s.ic_s)) if self.cuts else running

    def is_cut(self, time_s: float) -> bool:
        """Whether the user left this moment out."""
        return any(c.start_s <= time_s < c.end_s for c in self.cuts)

    def speed_at(self, time_s: float) -> float | None:
        """Speed in m/s that was stated for a moment; None = not known."""
        speed = self.settings.speed_mps
        for change in self.speeds:
            if change.time_s > time_s:
                break
            speed = change.speed_mps
        return speed

    @property
    def line_spans(self) -> tuple[tuple[Span, float], ...]:
        """Stretches with a feedback line, and the line in g."""
        ends = [*(change.time_s for change in self.lines[1:]), self.end_s]
        return tuple(
            (Span(max(change.time_s, self.start_s), end_s), change.line_g)
            for change, end_s in zip(self.lines, ends, strict=False)
            if change.line_g is not None and end_s > self.start_s
        )

    @cached_property
    def table(self) -> StepTable:
        """The running steps outside the cuts as a table of numbers."""
        return StepTable.of(self.running)

    @cached_property
    def sides_known(self) -> bool:
        """Whether left and right can be told for most of the running steps."""
        sides = self.table.numbers("side")
        return 2 * int(np.count_nonzero(sides != Side.UNKNOWN)) > len(sides)


def walking_spans(steps: Sequence[Step]) -> tuple[ActivitySpan, ...]:
    """Stretches of walking, from the walking steps alone; a pause of more than two seconds ends one."""
    spans: list[ActivitySpan] = []
    for step in steps:
        if step.activity is not ActivityKind.WALKING:
            continue
        end_s = step.ic_s + (step.step_time_s or 0.0)
        if spans and step.ic_s - spans[-1].end_s < _PAUSE_S:
            spans[-1] = replace(spans[-1], end_s=end_s)
        else:
            spans.append(ActivitySpan(step.ic_s, end_s, ActivityKind.WALKING))
    return tuple(spans)


def of_analysis(recording: Recording, analysis: Analysis, settings: Settings, *, title: str) -> Run:
    """Put together what came out of an analysis.

    Parameters
    ----------
    recording : Recording
    analysis : Analysis
    settings : Settings
        As used, suggestions of the file included.
    title : str
        Code of the client, or the name of the file.
    """
    stream = recording.stream
    blocks = recording.blocks
    gaps = recording.gaps
    changes: Sequence[tuple[int, float | None]] = recording.suggested.get("speed_changes", ())
    swaps: Sequence[float] = recording.suggested.get("side_swaps_s", ())
    return Run(
        title=title,
        started=None,
        steps=tuple(analysis.steps),
        activity=analysis.activity,
        stream=stream,
        settings=settings,
        method=analysis.summary.get("method", {}),
        start_s=stream.time_s(blocks[0].start_index) if blocks else stream.t0_s,
        end_s=stream.time_s(blocks[-1].stop_index) if blocks else stream.t0_s,
        n_samples=recording.n_samples,
        n_missing=sum(g.stop_index - g.start_index for g in gaps),
        gaps=tuple(Span(stream.time_s(g.start_index), stream.time_s(g.stop_index)) for g in gaps),
        speeds=tuple(SpeedChange(stream.time_s(index), speed) for index, speed in changes),
        lines=tuple(recording.suggested.get("line_changes", ())),
        marks=tuple(Mark(time_s, "swap_sides") for time_s in swaps),
        warnings=tuple(dict.fromkeys((*recording.warnings, *analysis.warnings))),
        measured_rate_hz=None if recording.clock is None else recording.clock.rate_hz,
        samples=lambda: recording,
    )


def load_file(path: Path, given: Settings | None = None, *, product_version: str = "") -> Run:
    """Read and analyse one recording.

    Parameters
    ----------
    path : Path
        `.stride` or `.npz`.
    given : Settings or None
        What the user typed; the file's own header fills the rest.
    product_version : str
        Of this program, for the report.

    Raises
    ------
    RecordingError
        The file cannot be read or analysed.
    """
    recording = api.read(path)
    settings = (given or Settings()).with_suggestions(recording.suggested)
    run = of_analysis(recording, api.analyze(recording, settings), settings, title=path.stem)
    provenance = Provenance(path.name, file_hash(path), product_version, sensor=recording.stream.name)
    if path.suffix.lower() != ".stride":
        return replace(run, provenance=provenance)
    stored = api.stored_session(path)
    marks = tuple(Mark(m.time_s, m.kind, m.value) for m in stored.markers if m.kind != "speed")
    return replace(
        run,
        started=datetime.fromisoformat(stored.started_utc).astimezone(),
        marks=marks,
        provenance=replace(provenance, profile=stored.profile_name),
    )


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal text."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASHED_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()
