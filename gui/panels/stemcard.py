"""Cards around the two plots: title, legend, plot."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.paint import Canvas
from gui.panels.card import Card
from gui.plots.stems import StemPlot
from gui.plots.trace import TracePlot
from imu.types import Side


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

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.content.title)

    def arrange(self) -> None:
        """Lay the plot under the title."""
        s = self.scale
        top = 76 * s
        self.plot.setGeometry(round(2 * s), round(top), round(self.width() - 4 * s), round(self.height() - top - 6 * s))
        self.plot.set_scale(s)

    def restyle(self) -> None:
        """Take over colours and language."""
        super().restyle()
        self.plot.restyle()

    def paint_content(self, canvas: Canvas) -> None:
        """Paint title and legend."""
        tokens, c, width = self.look.tokens, self.content, self.design_width
        x = width - 32.0
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
    """The live signal with its events."""

    DESIGN = (1856.0, 390.0)

    def __init__(self, look: Look, content: TraceCardShown, parent: QWidget | None = None) -> None:
        super().__init__(look, content, parent)
        self.plot = TracePlot(look)
        self.plot.setParent(self)

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.content.title)
        self.setAccessibleDescription(self.content.note)

    def arrange(self) -> None:
        """Lay the plot under the title."""
        s = self.scale
        top = 56 * s
        self.plot.setGeometry(round(2 * s), round(top), round(self.width() - 4 * s), round(self.height() - top - 4 * s))
        self.plot.set_scale(s)

    def restyle(self) -> None:
        """Take over colours and language."""
        super().restyle()
        self.plot.restyle()

    def paint_content(self, canvas: Canvas) -> None:
        """Paint title and legend."""
        tokens, c, width = self.look.tokens, self.content, self.design_width
        painter, s = canvas.painter, canvas.scale
        y = 40.0
        x = width - 28.0
        for kind, word in (
            ("lane", c.lane),
            ("ic", c.initial_contact),
            ("tc", c.toe_off),
            ("load", c.lowpass),
            ("raw", c.raw),
        ):
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
        used = canvas.text(24, y, c.title, 20, tokens.ink, bold=True, width=x - 40)
        room = x - 24 - used - 24
        if room > 80:
            canvas.text(24 + used + 16, y, c.note, 18, tokens.ink3, width=room)
