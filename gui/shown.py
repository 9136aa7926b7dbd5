"""What is shown, as plain frozen data: the panels paint these and know nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from imu.types import FloatArray, Side


@dataclass(frozen=True, slots=True)
class Shown:
    """One number as it is painted.

    Attributes
    ----------
    value, unit, interval : str
        "2.67", "g", "± 0.07"; the interval is empty when it is not known.
    firm : bool
        False = painted grey: too few steps, a wide interval, or old.
    note : str
        One line under it ("collecting… 4 of 10 steps").
    """

    value: str = "–"
    unit: str = ""
    interval: str = ""
    firm: bool = False
    note: str = ""

    def sentence(self) -> str:
        """Return the number as one phrase, for screen readers."""
        return " ".join(part for part in (self.value, self.unit, self.interval, self.note) if part)


class Chip(NamedTuple):
    """A word with an icon and a level (`ok`, `warn`, `err`, `info`)."""

    text: str
    level: str


NO_CHIP = Chip("", "info")


@dataclass(frozen=True, slots=True)
class BarShown:
    """The status bar."""

    source: str = ""
    recording: bool = False
    time: str = ""
    time_word: str = ""
    speed: str = ""
    speed_known: bool = False
    state: Chip = NO_CHIP
    facts: tuple[str, ...] = ()
    clipped: str = ""


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """Change against the client's own baseline; `direction` -1, 0 (not larger than its error) or 1."""

    value: str = ""
    interval: str = ""
    words: str = ""
    note: str = ""
    direction: int = 0
    firm: bool = False


@dataclass(frozen=True, slots=True)
class LoadShown:
    """The big number, and the newest step under it."""

    title: str = ""
    window: str = ""
    value: Shown = field(default_factory=Shown)
    newest: str = "–"
    newest_firm: bool = True
    newest_side: Side = Side.UNKNOWN
    newest_words: str = ""
    newest_note: str = ""
    change: ChangeShown | None = None


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """Left/right difference: number, both means, and the position on the gauge in percent."""

    title: str = ""
    window: str = ""
    value: Shown = field(default_factory=Shown)
    left: Shown = field(default_factory=Shown)
    right: Shown = field(default_factory=Shown)
    left_word: str = ""
    right_word: str = ""
    at_pct: float | None = None
    half_pct: float | None = None
    usual: tuple[float, float] | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class CadenceShown:
    """Cadence and its place on a scale in steps per minute."""

    title: str = ""
    value: Shown = field(default_factory=Shown)
    at_spm: float | None = None
    half_spm: float | None = None
    band: tuple[float, float] | None = None
    band_words: str = ""
    band_level: str = ""


@dataclass(frozen=True, slots=True)
class LineShown:
    """Steps under the feedback line: the newest ones, oldest first; True = over the line."""

    title: str = ""
    value: str = "–"
    of: str = ""
    firm: bool = True
    over: tuple[bool, ...] = ()
    slots: int = 50
    note: str = ""
    under_word: str = ""
    over_word: str = ""


@dataclass(frozen=True, slots=True)
class ContactShown:
    """Contact time with its tags."""

    title: str = ""
    value: Shown = field(default_factory=Shown)
    tag: str = ""
    lines: tuple[str, ...] = ()


class SensorRow(NamedTuple):
    """One line of the sensor card."""

    label: str
    value: str
    note: str
    level: str


class EventRow(NamedTuple):
    """One line of the event list."""

    time: str
    icon: str
    text: str


class StepRow(NamedTuple):
    """One line of the step table; every cell is text already."""

    time: str
    side: Side
    side_word: str
    cells: tuple[str, ...]
    note: str


class StepMark(NamedTuple):
    """One step in the plots, seconds on the recording's clock; NaN = not known (yet)."""

    step_index: int
    side: Side
    ic_s: float
    tc_s: float
    contact_ms: float
    load_s: float
    load_g: float
    flagged: bool
    walking: bool


class GapShown(NamedTuple):
    """A stretch without data."""

    start_s: float
    end_s: float
    text: str


class MarkShown(NamedTuple):
    """A marker set by the user."""

    time_s: float
    text: str


@dataclass(frozen=True, slots=True)
class PlotShown:
    """What the plots need; times are absolute, the plots subtract `now_s`.

    Attributes
    ----------
    edge : str
        Time of the right edge in words; empty = it is now.
    """

    now_s: float = 0.0
    t_s: FloatArray | None = None
    raw_g: FloatArray | None = None
    load_g: FloatArray | None = None
    steps: tuple[StepMark, ...] = ()
    gaps: tuple[GapShown, ...] = ()
    marks: tuple[MarkShown, ...] = ()
    line_g: float | None = None
    edge: str = ""


@dataclass(frozen=True, slots=True)
class BackShown:
    """Where the near view stands in what was measured.

    Attributes
    ----------
    words : str
        That it is paused, and where; empty while it follows the run.
    reach_s, ago_s : float
        How far back it can go, and how far back it is.
    plot : PlotShown or None
        The stretch to paint; None = that of now.
    """

    words: str = ""
    reach_s: float = 0.0
    ago_s: float = 0.0
    plot: PlotShown | None = None


class SideCurves(NamedTuple):
    """Steps of one side from contact to contact: each of shape (101,) in g, and their mean where there is one."""

    side: Side
    word: str
    curves: FloatArray
    mean: FloatArray | None


@dataclass(frozen=True, slots=True, eq=False)
class CurvesShown:
    """The newest steps laid over each other, and the same as a table: mean ± SD at each tenth, per side."""

    title: str = ""
    note: str = ""
    key: str = ""
    axis: str = ""
    remark: str = ""
    empty: str = ""
    sides: tuple[SideCurves, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SpectrumShown:
    """The spectrum of the newest seconds, and the same in bands as a table.

    Attributes
    ----------
    step_hz : float or None
        Steps per second, where the runner runs; `step` says it.
    empty : str
        Why there is none; empty = there is one.
    """

    title: str = ""
    note: str = ""
    axis: str = ""
    step: str = ""
    step_hz: float | None = None
    empty: str = ""
    frequency_hz: FloatArray | None = None
    density_g2_hz: FloatArray | None = None
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class AngleShown:
    """One angle of the pelvis within a stride.

    Attributes
    ----------
    kind : str
        tilt, lean or rotation: which figure is drawn.
    curve_deg, spread_deg : ndarray, shape (101,)
        Mean and standard deviation.
    """

    kind: str
    name: str
    sign: str
    value: str
    half: str
    range_word: str
    mean: str
    curve_deg: FloatArray
    spread_deg: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class PelvisShown:
    """The pelvis within a stride; without angles `empty` says why.

    Attributes
    ----------
    heads, rows : tuple
        The courses as a table: percent of the stride, then each angle in degrees.
    """

    title: str = ""
    note: str = ""
    empty: str = ""
    hint: str = ""
    by_side: bool = True
    angles: tuple[AngleShown, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PairShown:
    """Two sensors side by side; without a second one `empty` and `hint` say what it would show.

    Attributes
    ----------
    rows : tuple
        What, first sensor, second sensor.
    together, note : str
        The one number of both, or why there is none.
    traces : tuple of pairs of ndarray
        Seconds before the newest sample and g, per sensor.
    """

    title: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    together: str = ""
    note: str = ""
    traces: tuple[tuple[FloatArray, FloatArray], ...] = ()
    trace_words: tuple[str, ...] = ()
    seconds: float = 5.0
    empty: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LiveShown:
    """The whole live window at one moment."""

    bar: BarShown
    source: str
    banner: Chip | None
    load: LoadShown
    difference: DifferenceShown
    cadence: CadenceShown
    line: LineShown
    contact: ContactShown
    sensor: tuple[SensorRow, ...]
    sensor_state: Chip
    events: tuple[EventRow, ...]
    steps: tuple[StepRow, ...]
    live: Chip
    running: bool
    plot: PlotShown
    back: BackShown
    near_live: Chip
    curves: CurvesShown
    spectrum: SpectrumShown
    pelvis: PelvisShown
