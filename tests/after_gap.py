"""How steps after a gap differ from those of the undisturbed stream, by the time after it; for the page and its test.

python -m tests.after_gap            # prints the tables
python -m tests.after_gap --write    # writes them into docs/faults.md
"""

from __future__ import annotations

import functools
import math
import os
import sys
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from pipeline_tools import Stream, push_all, simulated, stream_of
from test_foot import two_legs

from benchmarks.pages import put
from imu.exchange.npz import read_npz
from imu.kernels import rows
from imu.settings import Settings
from imu.types import ActivityKind, Place, Step, StreamInfo

Differences = list[tuple[float, float]]

BEGIN, END = "<!-- after-gap: python -m tests.after_gap --write -->", "<!-- end of after-gap -->"
LIMB_BEGIN, LIMB_END = "<!-- after-gap-limb: python -m tests.after_gap --write -->", "<!-- end of after-gap-limb -->"
PAGE = Path(__file__).parents[1] / "docs" / "faults.md"
WINDOWS_S = ((0, 1), (1, 2), (2, 5), (5, 10), (10, 30), (30, 60), (60, 120), (120, 360), (360, math.inf))
LENGTHS_S = (0.005, 0.04, 0.15, 0.4, 1.5, 3.0, 11.0)
"""From a single sample and one packet to a sensor that was silent for eleven seconds."""
LIMB_LENGTHS_S = (0.005, 0.04, 0.15, 0.4, 1.5, 3.0, 9.0)
"""For one leg: after more than ten seconds all is learned anew."""
BEFORE_S = 1.0
"""Steps that begin so long before a gap are finished when it comes."""
LIMB_BEFORE_S = 4.5
"""The same for one leg, whose step is closed when no contact has come for four seconds."""
_SAME_STEP_S = 0.1
_LAST_DIGITS = 1e-10


MEMORY_S = 8.0
"""Memory of the direction of gravity: what a gap has changed in it fades with this time constant."""


@dataclass
class Window:
    """Steps of the undisturbed stream in one stretch of time after the gap, and what became of them.

    Attributes
    ----------
    steps, missing, marked, sides, changed : int
        All of them; those not found; those found with another quality; with another side; with anything else than the
        side's confidence different in any bit.
    load_g, contact_ms, ic_ms : list of (float, float)
        Seconds after the gap, and the difference: of running steps, of them, of all steps.
    confidence : float
        Largest difference of the side's confidence.
    """

    steps: int = 0
    missing: int = 0
    marked: int = 0
    sides: int = 0
    changed: int = 0
    load_g: Differences = field(default_factory=list)
    contact_ms: Differences = field(default_factory=list)
    ic_ms: Differences = field(default_factory=list)
    confidence: float = 0.0

    def take(self, after_s: float, calm: Step, here: Step | None) -> None:
        """Compare one step."""
        self.steps += 1
        if here is None:
            self.missing += 1
            return
        self.marked += calm.quality != here.quality
        self.sides += calm.side is not here.side
        self.changed += without_count(calm) != without_count(here)
        self.confidence = max(self.confidence, abs(calm.side_confidence - here.side_confidence))
        self.ic_ms.append((after_s, 1000.0 * abs(calm.ic_s - here.ic_s)))
        if calm.quality == here.quality and calm.activity is here.activity is ActivityKind.RUNNING:
            for values, a, b, scale in (
                (self.load_g, calm.load_peak_g, here.load_peak_g, 1.0),
                (self.contact_ms, calm.contact_time_s, here.contact_time_s, 1000.0),
            ):
                if a is not None and b is not None:
                    values.append((after_s, scale * abs(a - b)))


def without_count(step: Step) -> Step:
    """Leave out the number of the step, which counts what was lost, and the confidence of its side."""
    return replace(step, index=0, side_confidence=0.0)


@dataclass
class Comparison:
    """All windows, and what must not be: steps that differ before the gap, and steps that nobody made."""

    windows: list[Window] = field(default_factory=lambda: [Window() for _ in WINDOWS_S])
    before_s: float = BEFORE_S
    gaps: int = 0
    before: int = 0
    before_changed: int = 0
    invented: int = 0

    def look(self, stream: Stream, calm: Sequence[Step], start: int, stop: int) -> None:
        """Take samples `start` to `stop` out of a stream, and compare."""
        here = push_all(stream.without((start, stop)), drop_missing=True).steps
        begin_s, end_s = (stream.info.time_s(stream.first + i) for i in (start, stop))
        times, calm_times = [s.ic_s for s in here], [s.ic_s for s in calm]
        before = [s for s in calm if s.ic_s < begin_s - self.before_s]
        self.gaps += 1
        self.before += len(before)
        self.before_changed += sum(a != b for a, b in zip(before, here, strict=False))
        self.invented += sum(s.ic_s > end_s + 1.0 and _nearest(calm_times, s.ic_s) is None for s in here)
        for step in calm:
            after_s = step.ic_s - end_s
            if after_s >= 0.0:
                at = _nearest(times, step.ic_s)
                window = next(w for w, (_, to_s) in zip(self.windows, WINDOWS_S, strict=True) if after_s < to_s)
                window.take(after_s, step, None if at is None else here[at])


def _nearest(times: Sequence[float], wanted: float) -> int | None:
    """Place of the nearest of ascending times; None if that is another step."""
    i = bisect(times, wanted)
    near = min((k for k in (i - 1, i) if 0 <= k < len(times)), key=lambda k: abs(times[k] - wanted), default=None)
    return near if near is not None and abs(times[near] - wanted) < _SAME_STEP_S else None


def compared(stream: Stream, at_s: Iterable[float], lengths_s: Iterable[float] = LENGTHS_S) -> Comparison:
    """Compare a stream with each of the gaps, one at a time."""
    limb = stream.settings.place in {Place.FOOT, Place.SHANK}
    out = Comparison(before_s=LIMB_BEFORE_S if limb else BEFORE_S)
    calm = push_all(stream).steps
    rate = stream.info.sampling_rate_hz
    for length_s, begin_s in zip(lengths_s, at_s, strict=True):
        start = int(begin_s * rate)
        out.look(stream, calm, start, start + max(1, round(length_s * rate)))
    return out


@functools.cache
def simulated_runner(mounting: str | None = "+y-x+z", *, early: bool = False) -> Comparison:
    """Seven minutes of running with a gap at another phase of the step for each length.

    `early`: while the direction of gravity rests on the first seconds only.
    """
    stream, _ = simulated(412.0, standing_s=4.5, walking_s=0.0, seed=3)
    stream = replace(stream, settings=replace(stream.settings, mounting=mounting))
    first_s = 6.0 if early else 24.0
    return compared(stream, [first_s + 0.57 * k for k in range(len(LENGTHS_S))])


@functools.cache
def simulated_leg(place: Place, stride_s: float) -> Comparison:
    """A minute of one leg that feels the other foot land, with gaps of each length at every phase of the stride."""
    fs = 200.0
    sig, _ = two_legs(fs, 60.0, stride_s=stride_s)
    samples = np.concatenate([sig[[rows.IS, rows.ML, rows.PA]], sig[rows.GYR_IS : rows.GYR_PA + 1]]).T
    stream = Stream(np.ascontiguousarray(samples), StreamInfo(fs), Settings(place=place, mounting="+x+y+z"))
    pairs = [(n, 20.0 + stride_s * k / 7) for n in LIMB_LENGTHS_S for k in range(7)]
    return compared(stream, [b for _, b in pairs], [n for n, _ in pairs])


def recorded(
    path: Path,
    settings: Settings,
    at_s: Sequence[float],
    lengths_s: Sequence[float] = LENGTHS_S,
    sensor: str | None = None,
) -> Comparison:
    """Compare a real recording, each length at each of some moments."""
    stream = stream_of(read_npz(path, sensor), settings)
    pairs = [(length_s, begin_s) for length_s in lengths_s for begin_s in at_s]
    return compared(stream, [b for _, b in pairs], [n for n, _ in pairs])


def faded(differences: Differences, size: float) -> list[float]:
    """Differences as shares of what is left of a size after so long, down to the last digits."""
    return [value / (size * math.exp(-after_s / MEMORY_S) + _LAST_DIGITS) for after_s, value in differences]


# -- the tables of the page ------------------------------------------------------------------------------------------

SIMULATED: dict[str, tuple[str | None, bool]] = {
    "simulated runner, mounting stated": ("+y-x+z", False),
    "simulated runner, mounting not stated": (None, False),
    "simulated runner, mounting stated, a gap in the first ten seconds": ("+y-x+z", True),
}
"""Mounting, and whether the gaps come early."""

RECORDED: dict[str, tuple[str, Settings, tuple[float, ...]]] = {
    "twelve minutes outdoors: hip, 100 Hz, no gyroscope, mounting not stated (set C)": (
        "C_hip_foot_outdoor_run/adept_outdoor_run_25min_part1.npz",
        Settings(place=Place.HIP),
        (60.0, 120.37, 180.71),
    ),
    "three minutes of jogging: waist, 200 Hz, mounting not stated (set E)": (
        "E_waist_200Hz_jog_walk/D03_SE01.npz",
        Settings(place=Place.SACRUM),
        (25.0, 33.37),
    ),
}
"""File, how it is worn, and where the gaps are."""

SIMULATED_LEGS = tuple((place, stride_s) for place in (Place.SHANK, Place.FOOT) for stride_s in (0.72, 1.1))
"""Running and walking."""

LIMBS: dict[str, tuple[str, str | None, tuple[float, ...]]] = {
    "a shank, running on a treadmill (set B)": (
        "B_shank_grf_treadmill/trial01_running_8.5kmh.npz",
        None,
        (3.0, 4.17, 5.31),
    ),
    "a shank, walking on a treadmill (set B)": (
        "B_shank_grf_treadmill/trial03_walking_5.0kmh.npz",
        None,
        (3.0, 5.17, 7.31),
    ),
    "a shoe, 25 minutes outdoors (set C)": (
        "C_hip_foot_outdoor_run/adept_outdoor_run_25min_part1.npz",
        "foot",
        (60.0, 120.37, 180.71, 300.2),
    ),
    "left foot, walking 2 x 20 m with a turn at 16 to 19 s (set H)": (
        "H_foot_walk_stride_events/gaitmap_2x20m_healthy.npz",
        None,
        tuple(3.0 + 0.73 * k for k in range(30)),
    ),
    "right foot, walking 2 x 20 m with a turn at 16 to 19 s (set H)": (
        "H_foot_walk_stride_events/gaitmap_2x20m_healthy.npz",
        "right",
        tuple(3.0 + 0.73 * k for k in range(30)),
    ),
}
"""File, sensor, and where the gaps are."""

HEAD = ("after the gap", "steps", "not found", "marked", "other side", "load, g", "contact, ms", "changed in any bit")


def simulated_lines(name: str) -> list[str]:
    """Lines of one table."""
    mounting, early = SIMULATED[name]
    return _lines(name, simulated_runner(mounting, early=early))


def recorded_lines(name: str, data: Path) -> list[str]:
    """Lines of the table of a recording."""
    return _lines(name, recorded_runner(name, data))


@functools.cache
def recorded_runner(name: str, data: Path) -> Comparison:
    """One of `RECORDED`."""
    file, settings, at_s = RECORDED[name]
    return recorded(data / file, settings, at_s)


def limb_table(data: Path) -> str:
    """Write the table of sensors on one leg: what differs from the first second after a gap on."""
    head = ("sensor", "gaps", "steps", "not found", "too many", "marked", "contact of running, ms: 1-2 s, after 10 s")
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    legs = [(f"simulated {place.value}, strides of {s} s", simulated_leg(place, s)) for place, s in SIMULATED_LEGS]
    for name, c in [*legs, *((name, limb(name, data)) for name in LIMBS)]:
        after = c.windows[1:]
        late = [difference for w in c.windows[4:] for difference in w.contact_ms]
        counts = (sum(w.steps for w in after), sum(w.missing for w in after), c.invented, sum(w.marked for w in after))
        sizes = f"{_sizes(after[0].contact_ms)}, {_sizes(late)}" if late and any(v for _, v in late) else "–"
        lines.append("| " + " | ".join(str(cell) for cell in (name, c.gaps, *counts, sizes)) + " |")
    return "\n".join(lines)


@functools.cache
def limb(name: str, data: Path) -> Comparison:
    """One of `LIMBS`."""
    file, sensor, at_s = LIMBS[name]
    return recorded(data / file, Settings(), at_s, LIMB_LENGTHS_S, sensor)


def _lines(name: str, comparison: Comparison) -> list[str]:
    lines = [f"**{name[0].upper()}{name[1:]}** ({comparison.gaps} gaps)", ""]
    lines += ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    for (from_s, to_s), w in zip(WINDOWS_S, comparison.windows, strict=True):
        if w.steps:
            when = f"{from_s}–{to_s} s" if to_s < math.inf else f"over {from_s} s"
            sizes = (_sizes(w.load_g), _sizes(w.contact_ms))
            cells = (when, w.steps, w.missing, w.marked, w.sides, *sizes, w.changed)
            lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return lines


def _sizes(differences: Differences) -> str:
    """Write what 99 of 100 steps stay within, and the largest."""
    values = [value for _, value in differences]
    return f"{np.percentile(values, 99):.1g} / {max(values):.1g}" if any(values) else "0"


def main() -> None:
    data = Path(os.environ.get("STRIDE_DATA") or "../shared/data")
    tables = [simulated_lines(name) for name in SIMULATED] + [recorded_lines(name, data) for name in RECORDED]
    text = "\n\n".join("\n".join(lines) for lines in tables)
    if "--write" in sys.argv[1:]:
        put(PAGE, text, BEGIN, END)
        put(PAGE, limb_table(data), LIMB_BEGIN, LIMB_END)
    else:
        print(text, limb_table(data), sep="\n\n")


if __name__ == "__main__":
    main()
