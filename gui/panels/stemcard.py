"""Cards around the two plots: title, legend, plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas, font
from gui.panels.card import Card
from gui.panels.databutton import ROOM, DataButton
from gui.panels.table import PlotTable
from gui.plots.stems import StemPlot
from gui.plots.trace import TracePlot
from gui.shown import PlotShown, StepMark
from imu.types import Side

_STEM_TABLE: Final = 420.0
_STEM_ROWS: Final = 20
_TRACE_TABLE: Final = 420.0
_LEGEND_GLYPHS: Final = 362.0
"""Width of the glyphs of the trace's legend and of the room between its words."""


@dataclass(frozen=True, slots=True)
class StemCardShown:
    """Words of the stem card."""

    title: str = ""
    left: str = ""
    right: str = ""
    unknown: str = ""
    some_unknown: bool = False


class StemCard(Card[StemCardShown]):
    """Each step of the last 20 s."""

    DESIGN = (1072.0, 536.0)

    def __init__(self, look: Look, content: StemCardShown, parent: QWidget | None = None) -> None:
        super().__init__(look, content, parent)
        self.plot = StemPlot(look)
        self.plot.setParent(self)
        self.table = PlotTable(look, self, left=frozenset({1, 3}), shares=(0.2, 0.3, 0.27, 0.23), side_column=1)
        self.table.setVisible(False)
        self.data_button = DataButton(look, self)
        self._shown: PlotShown | None = None

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.content.title)
        if hasattr(self, "data_button"):
            self.data_button.say(self.content.title)

    def arrange(self) -> None:
        """Lay the plot under the title."""
        s = self.scale
        top = 76 * s
        self.data_button.place(self.design_width - 20, 51, s)
        room = 0.0 if self.table.isHidden() else _STEM_TABLE
        width = round(self.width() - (4 + room) * s)
        self.plot.setGeometry(round(2 * s), round(top), width, round(self.height() - top - 6 * s))
        self.plot.set_scale(s)
        if room:
            self.table.place(self.design_width - room, 84, room - 20, self.design_height - 104, s, size=20.0)

    def show_table(self, on: bool) -> None:
        """Show the steps as a table beside the plot, or not."""
        self.table.setVisible(on)
        self.arrange()

    def show_steps(self, shown: PlotShown) -> None:
        """Fill the table, while it is seen."""
        self._shown = shown
        if self.table.isHidden():
            return
        marks = _loaded(shown)[:_STEM_ROWS]
        self.table.setAccessibleName(self.look.texts("plot.table", title=self.content.title))
        self.table.set_rows(self._heads(), self._rows(shown, marks), [m.side for m in marks])

    def data(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and rows of every step in the plot, newest first."""
        return self._heads(), [] if self._shown is None else self._rows(self._shown, _loaded(self._shown))

    def _heads(self) -> tuple[str, ...]:
        t = self.look.texts
        return t("plot.ago"), t("plot.side"), t("plot.load"), t("plot.line")

    def _rows(self, shown: PlotShown, marks: Sequence[StepMark]) -> list[tuple[str, ...]]:
        t, language = self.look.texts, self.look.texts.language
        line = shown.line_g
        return [
            (
                number(shown.now_s - m.load_s, 1, language),
                t(f"word.{m.side.name.lower()}"),
                number(m.load_g, 2, language),
                "" if line is None else t("word.over" if m.load_g > line else "word.under"),
            )
            for m in marks
        ]

    def restyle(self) -> None:
        """Take over colours and language."""
        super().restyle()
        self.plot.restyle()
        self.arrange()

    def paint_content(self, canvas: Canvas) -> None:
        """Paint title and legend."""
        tokens, c, width = self.look.tokens, self.content, self.design_width
        x = width - 32.0 - ROOM
        entries = [(Side.RIGHT, c.right), (Side.LEFT, c.left)]
        if c.some_unknown:
            entries.append((Side.UNKNOWN, c.unknown))
        for side, word in entries:
            x -= canvas.width_of(word, 28)
            canvas.text(x, 61, word, 28, tokens.ink)
            x -= 26
            canvas.side(side, x, 52, 22)
            x -= 44
        canvas.text(32, 61, c.title, 32, tokens.ink, bold=True, width=x - 32)


def _loaded(shown: PlotShown) -> list[StepMark]:
    """Return the steps with a load, newest first."""
    return [m for m in reversed(shown.steps) if math.isfinite(m.load_g) and not m.walking]


@dataclass(frozen=True, slots=True)
class TraceCardShown:
    """Words of the trace card."""

    title: str = ""
    note: str = ""
    raw: str = ""
    lowpass: str = ""
    toe_off: str = ""
    initial_contact: str = ""
    lane: str = ""
    some_unknown: bool = False


class TraceCard(Card[TraceCardShown]):
    """The live signal with its events; where the card is narrow, the legend has a line of its own."""

    DESIGN = (1856.0, 390.0)
    NARROW = (860.0, 430.0)

    def __init__(self, look: Look, content: TraceCardShown, parent: QWidget | None = None) -> None:
        super().__init__(look, content, parent)
        self.plot = TracePlot(look)
        self.plot.setParent(self)
        self.table = PlotTable(look, self, left=frozenset({1}), shares=(0.19, 0.29, 0.24, 0.28), side_column=1)
        self.table.setVisible(False)
        self.data_button = DataButton(look, self)
        self._shown: PlotShown | None = None

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.content.title)
        if hasattr(self, "data_button"):
            self.data_button.say(self.content.title)
        self.setAccessibleDescription(self.content.note)

    def set_content(self, content: TraceCardShown) -> None:
        """Show something else; other words may take more lines."""
        lines = self._legend_lines
        super().set_content(content)
        if self._legend_lines != lines:
            self.arrange()

    def set_narrow(self, on: bool) -> None:
        """Keep the size of the text on a narrow card, or the shape of the window's full width."""
        design = self.NARROW if on else TraceCard.DESIGN
        if design != self.DESIGN:
            self.DESIGN = design
            self.arrange()
            self.update()

    @property
    def _legend_lines(self) -> int:
        """Return how many lines title and legend take."""
        if self.DESIGN == TraceCard.DESIGN:
            return 1
        c, metrics = self.content, font(self.look.family, round(18 * self.scale), False)[1]
        words = (c.lane, c.initial_contact, c.toe_off, c.lowpass, c.raw)
        wide = sum(metrics.horizontalAdvance(word) / self.scale for word in words) + _LEGEND_GLYPHS
        return 2 if wide <= self.design_width - 56.0 else 3

    def arrange(self) -> None:
        """Lay the plot under the title."""
        s = self.scale
        top = (26 + 30 * self._legend_lines) * s
        self.data_button.place(self.design_width - 16, 34, s)
        room = 0.0 if self.table.isHidden() else _TRACE_TABLE
        width = round(self.width() - (4 + room) * s)
        self.plot.setGeometry(round(2 * s), round(top), width, round(self.height() - top - 4 * s))
        self.plot.set_scale(s)
        if room:
            self.table.place(
                self.design_width - room, top / s + 2, room - 20, self.design_height - top / s - 14, s, size=15.0
            )

    def show_table(self, on: bool) -> None:
        """Show the contacts as a table beside the plot, or not."""
        self.table.setVisible(on)
        self.arrange()

    def show_steps(self, shown: PlotShown) -> None:
        """Fill the table with the contacts in the plot, while it is seen."""
        self._shown = shown
        if self.table.isHidden():
            return
        marks = self._marks(shown)
        self.table.setAccessibleName(self.look.texts("plot.table", title=self.content.title))
        self.table.set_rows(self._heads(), self._rows(shown, marks), [m.side for m in marks])

    def data(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and rows of the contacts in the plot, newest first."""
        shown = self._shown
        return self._heads(), [] if shown is None else self._rows(shown, self._marks(shown))

    def _marks(self, shown: PlotShown) -> list[StepMark]:
        return [m for m in reversed(shown.steps) if m.ic_s >= shown.now_s - self.plot.seconds]

    def _heads(self) -> tuple[str, ...]:
        t = self.look.texts
        return t("plot.ago"), t("plot.side"), t("plot.load"), t("plot.contact")

    def _rows(self, shown: PlotShown, marks: Sequence[StepMark]) -> list[tuple[str, ...]]:
        t, language = self.look.texts, self.look.texts.language
        return [
            (
                number(shown.now_s - m.ic_s, 2, language),
                t(f"word.{m.side.name.lower()}"),
                number(m.load_g, 2, language),
                number(m.contact_ms, 0, language),
            )
            for m in marks
        ]

    def restyle(self) -> None:
        """Take over colours and language."""
        super().restyle()
        self.plot.restyle()
        self.arrange()

    def paint_content(self, canvas: Canvas) -> None:
        """Paint title and legend."""
        tokens, c, width = self.look.tokens, self.content, self.design_width
        painter, s = canvas.painter, canvas.scale
        lines = self._legend_lines
        y = 40.0 if lines == 1 else 72.0
        x = width - 28.0 - (ROOM if lines == 1 else 0.0)
        for kind, word in (
            ("lane", c.lane),
            ("ic", c.initial_contact),
            ("tc", c.toe_off),
            ("load", c.lowpass),
            ("raw", c.raw),
        ):
            if kind == "load" and lines == 3:  # the curves, under their events
                x, y = width - 28.0, y + 30.0
            x -= canvas.width_of(word, 18)
            canvas.text(x, y, word, 18, tokens.ink2)
            x -= 14
            if kind == "ic":
                canvas.side(Side.RIGHT, x - 8, y - 7, 16)
                canvas.side(Side.LEFT, x - 30, y - 7, 16)
                x -= 40
                if c.some_unknown:
                    canvas.side(Side.UNKNOWN, x - 12, y - 7, 16)
                    x -= 22
            elif kind == "tc":
                canvas.line(x - 14, y - 15, x, y - 15, tokens.ink, 2.0)
                canvas.line(x - 7, y - 15, x - 7, y + 1, tokens.ink, 2.0)
                x -= 16
            elif kind == "lane":
                canvas.box(x - 26, y - 14, 26, 14, edge=tokens.ink2, edge_width=1.5)
                x -= 28
            else:
                pen = QPen(QColor(tokens.raw if kind == "raw" else tokens.ink), (1.3 if kind == "raw" else 3.0) * s)
                painter.setPen(pen)
                painter.drawLine(QLineF((x - 30) * s, (y - 6) * s, x * s, (y - 6) * s))
                x -= 32
            x -= 24
        if lines > 1:
            x = width - 28.0 - ROOM
        used = canvas.text(24, 40.0, c.title, 20, tokens.ink, bold=True, width=x - 40)
        room = x - 24 - used - 24
        if room > 80:
            canvas.text(24 + used + 16, 40.0, c.note, 18, tokens.ink3, width=room)
