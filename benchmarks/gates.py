"""Gates: what was asked of a ratio, what was measured, and the table at the end."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from benchmarks.timing import Times, ratio

Verdict = Literal["met", "MISSED", "skipped", "shown"]


@dataclass(frozen=True)
class Gate:
    """One line of the table.

    Attributes
    ----------
    row : str
        Number of the goal.
    what : str
    asked : str
        Such as ">= 20x"; empty = a figure without a gate.
    least, median : float or None
        Ratio of the fastest rounds, and median of the rounds' ratios.
    unit : str
        "x" for a ratio.
    note : str
        Absolute times, or why it was skipped.
    """

    row: str
    what: str
    asked: str
    verdict: Verdict
    least: float | None = None
    median: float | None = None
    unit: str = "x"
    note: str = ""

    def line(self) -> str:
        """One line of text."""
        if self.least is None or self.median is None:
            got = "-"
        elif self.least == self.median:
            got = f"{self.median:.3g}{self.unit}"
        else:
            got = f"{self.median:.3g}{self.unit} (fastest rounds {self.least:.3g}{self.unit})"
        return f"{self.row:>3}  {self.what:<58} {self.asked:>9}  {self.verdict:<7}  {got:<34} {self.note}".rstrip()


class Gates:
    """Collects the gates of a run."""

    def __init__(self) -> None:
        self.all: list[Gate] = []

    def faster(self, row: str, what: str, times: Times, ours: str, peer: str, at_least: float | None) -> Gate:
        """Ours must be faster than the peer by a factor."""
        least, median = ratio(times, peer, ours)
        verdict: Verdict = "shown" if at_least is None else "met" if median >= at_least else "MISSED"
        asked = "" if at_least is None else f">= {at_least:g}x"
        return self.add(Gate(row, what, asked, verdict, least, median, note=absolute(times, ours, peer)))

    def within(self, row: str, what: str, times: Times, ours: str, peer: str, at_most: float | None) -> Gate:
        """Ours may take at most so many times the peer's time (the peer is a limit, such as a plain copy)."""
        least, median = ratio(times, ours, peer)
        verdict: Verdict = "shown" if at_most is None else "met" if median <= at_most else "MISSED"
        asked = "" if at_most is None else f"<= {at_most:g}x"
        return self.add(Gate(row, what, asked, verdict, least, median, note=absolute(times, ours, peer)))

    def value(
        self, row: str, what: str, value: float, unit: str, *, at_most: float | None = None, note: str = ""
    ) -> Gate:
        """Record a figure with a unit."""
        verdict: Verdict = "shown" if at_most is None else "met" if value <= at_most else "MISSED"
        asked = "" if at_most is None else f"<= {at_most:g}{unit}"
        return self.add(Gate(row, what, asked, verdict, value, value, unit, note))

    def skipped(self, row: str, what: str, asked: str, reason: str) -> Gate:
        """Record what could not be measured here."""
        return self.add(Gate(row, what, asked, "skipped", note=reason))

    def add(self, gate: Gate) -> Gate:
        """Keep a gate."""
        self.all.append(gate)
        return gate

    def table(self) -> list[str]:
        """All lines in the order of the rows."""
        return [gate.line() for gate in self.ordered()]

    def ordered(self) -> list[Gate]:
        """Gates by row number."""
        return sorted(self.all, key=lambda g: (int(g.row) if g.row.isdigit() else 99, g.row))

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write bench.json and bench.md."""
        folder.mkdir(parents=True, exist_ok=True)
        as_json, as_text = folder / "bench.json", folder / "bench.md"
        as_json.write_text(json.dumps([asdict(g) for g in self.ordered()], indent=1) + "\n", encoding="utf-8")
        rows = ["| # | what | asked | verdict | median | fastest | note |", "|---|---|---|---|---|---|---|"]
        for g in self.ordered():
            median = "" if g.median is None else f"{g.median:.3g}{g.unit}"
            least = "" if g.least is None or g.least == g.median else f"{g.least:.3g}{g.unit}"
            rows.append(f"| {g.row} | {g.what} | {g.asked} | {g.verdict} | {median} | {least} | {g.note} |")
        as_text.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return as_json, as_text


def duration(seconds: float) -> str:
    """Such as 1.85 us."""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1.0:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def absolute(times: Times, ours: str, peer: str) -> str:
    """Fastest round of both."""
    return f"{duration(times[ours].min())} against {duration(times[peer].min())}"
