"""Near view: sensor card, event list and step table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.paint import Canvas, level_colour
from gui.panels.card import Card
from gui.panels.table import PlotTable
from gui.shown import Chip, EventRow, SensorRow, StepRow

_STEP_COLUMNS: Final = (0.13, 0.145, 0.125, 0.095, 0.125, 0.11, 0.09, 0.18)


@dataclass(frozen=True, slots=True)
class SensorShown:
    """Content of the sensor card."""

    title: str
    source: str
    state: Chip
    rows: tuple[SensorRow, ...]


class SensorCard(Card[SensorShown]):
    """Rate, loss, clipping, battery, delay: value and what it stands against."""

    DESIGN = (600.0, 256.0)

    def describe(self) -> None:
        """Say the content to screen readers."""
        rows = "; ".join(f"{r.label} {r.value} {r.note}" for r in self.content.rows)
        self.setAccessibleName(self.content.title)
        self.setAccessibleDescription(f"{self.content.state.text}; {rows}")

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        shown, tokens, width = self.content, self.look.tokens, self.design_width
        used = canvas.text(24, 40, shown.title, 20, tokens.ink, bold=True)
        chip = canvas.width_of(shown.state.text, 18, bold=True) + 22
        canvas.text(24 + used + 16, 40, shown.source, 18, tokens.ink3, width=width - used - chip - 80)
        self.paint_chip(canvas, shown.state, width - 24 - chip, 40, 18, chip + 4)
        pitch = min(38.0, (self.design_height - 66) / max(len(shown.rows), 1))
        for i, row in enumerate(shown.rows):
            y = 80 + pitch * i
            colour = level_colour(tokens, row.level) if row.level else tokens.ink
            canvas.text(24, y, row.label, 18, tokens.ink2, width=112)
            canvas.text(width * 0.36, y, row.value, 18, colour, bold=True, align="right", width=110)
            x = width * 0.36 + 18
            if row.level:
                canvas.icon("warn", x + 8, y - 6, 17, colour)
                x += 26
            canvas.text(x, y, row.note, 16, tokens.ink3, width=width - x - 16)


@dataclass(frozen=True, slots=True)
class EventsShown:
    """Content of the event list."""

    title: str
    note: str
    empty: str
    rows: tuple[EventRow, ...]


_STRONG: Final = {"gap", "warn"}


class EventsCard(Card[EventsShown]):
    """What happened, in words, newest first."""

    DESIGN = (600.0, 224.0)

    def describe(self) -> None:
        """Say the content to screen readers."""
        rows = "; ".join(f"{r.time} {r.text}" for r in self.content.rows[:5])
        self.setAccessibleName(self.content.title)
        self.setAccessibleDescription(rows or self.content.empty)

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        shown, tokens, width = self.content, self.look.tokens, self.design_width
        used = canvas.text(24, 40, shown.title, 20, tokens.ink, bold=True)
        canvas.text(24 + used + 16, 40, shown.note, 18, tokens.ink3)
        if not shown.rows:
            canvas.text(24, 78, shown.empty, 18, tokens.ink3)
        room = int((self.design_height - 56) // 31)
        for i, row in enumerate(shown.rows[:room]):
            y = 78 + 31 * i
            strong = row.icon in _STRONG
            colour = tokens.warn if strong else tokens.ink2
            canvas.text(24, y, row.time, 18, tokens.ink2, width=78)
            canvas.icon(row.icon, 116, y - 6, 17, colour)
            canvas.text(140, y, row.text, 18, tokens.ink, bold=strong, width=width - 164)


@dataclass(frozen=True, slots=True)
class StepsShown:
    """Content of the step table."""

    title: str
    note: str
    empty: str
    footnote: str
    heads: tuple[str, ...]
    rows: tuple[StepRow, ...]


class StepsCard(Card[StepsShown]):
    """The newest steps, one row each; a dash is a value that cannot be known."""

    DESIGN = (644.0, 438.0)

    def __init__(self, look: Look, content: StepsShown, parent: QWidget | None = None) -> None:
        super().__init__(look, content, parent)
        self.table = PlotTable(look, self, left=frozenset({0, 1, 7}), shares=_STEP_COLUMNS, side_column=1)
        self.restyle()

    def describe(self) -> None:
        """Say the content to screen readers, and fill the table."""
        c = self.content
        newest = c.rows[0] if c.rows else None
        self.setAccessibleName(c.title)
        words = f"{newest.time} {newest.side_word} " + " ".join(newest.cells) if newest else c.empty
        self.setAccessibleDescription(words)
        if hasattr(self, "table"):
            self.table.setAccessibleName(f"{c.title}, {c.note}")
            _, rows = self.data()
            self.table.set_rows(c.heads, rows, [row.side for row in c.rows])
            self.table.setVisible(bool(rows))

    def restyle(self) -> None:
        """Take over colours, language and size."""
        super().restyle()
        self.arrange()

    def arrange(self) -> None:
        """Lay the table under the tabs."""
        if hasattr(self, "table"):
            self.table.place(22, 58, self.design_width - 44, self.design_height - 58 - 40, self.scale, size=15.0)

    def data(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and rows of what is shown now."""
        return self.content.heads, [(row.time, row.side_word, *row.cells, row.note) for row in self.content.rows]

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the words around the table."""
        shown, tokens = self.content, self.look.tokens
        foot = f"{shown.note} · {shown.footnote}"
        canvas.text(24, self.design_height - 16, foot, 15, tokens.ink3, width=self.design_width - 48)
        if not shown.rows:
            canvas.text(24, 128, shown.empty, 18, tokens.ink3)
