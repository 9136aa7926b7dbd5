"""Drawing with design units: text on a baseline that never clips, side glyphs, hatch, icons.

All sizes are those of the 1920 x 1080 design; a `Canvas` scales them to the widget at hand.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.theme import Tokens
from imu.types import Side

_SMALLEST: Final = 0.62
"""Text is shrunk to this share before it is cut with an ellipsis."""


@lru_cache(maxsize=256)
def font(family: str, pixels: int, bold: bool) -> tuple[QFont, QFontMetricsF]:
    """Return a font and its metrics, cached."""
    out = QFont(family)
    out.setPixelSize(max(pixels, 6))
    out.setBold(bold)
    out.setFeature(QFont.Tag("liga"), 0)  # "ff" as one sign is no longer "ff" when it is copied out of a report
    return out, QFontMetricsF(out)


@lru_cache(maxsize=16)
def hatch(colour: str, spacing: int = 11, slope_up: bool = True) -> QPixmap:
    """Return a tile of diagonal lines on a transparent ground."""
    tile = QPixmap(spacing, spacing)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.0))
    for shift in (-spacing, 0, spacing):
        if slope_up:
            painter.drawLine(QLineF(shift - 1, spacing + 1, shift + spacing + 1, -1))
        else:
            painter.drawLine(QLineF(shift - 1, -1, shift + spacing + 1, spacing + 1))
    painter.end()
    return tile


def triangle(side: Side, centre: QPointF, size: float) -> QPolygonF:
    """Return the glyph of a side: pointing left, pointing right, or a diamond when unknown."""
    h = size / 2.0
    x, y = centre.x(), centre.y()
    if side is Side.LEFT:
        corners = [QPointF(x - h, y), QPointF(x + h, y - h), QPointF(x + h, y + h)]
    elif side is Side.RIGHT:
        corners = [QPointF(x + h, y), QPointF(x - h, y - h), QPointF(x - h, y + h)]
    else:
        corners = [QPointF(x - h, y), QPointF(x, y - h), QPointF(x + h, y), QPointF(x, y + h)]
    return QPolygonF(corners)


def side_colours(tokens: Tokens, side: Side) -> tuple[str, str]:
    """Return fill and outline of a side."""
    if side is Side.LEFT:
        return tokens.left, tokens.left_ink
    if side is Side.RIGHT:
        return tokens.right, tokens.right_ink
    return tokens.ink3, tokens.ink2


def draw_side(
    painter: QPainter, tokens: Tokens, side: Side, centre: QPointF, size: float, hollow: bool = False
) -> None:
    """Paint the glyph of a side."""
    fill, ink = side_colours(tokens, side)
    painter.setPen(QPen(QColor(ink), max(size * 0.08, 1.0)))
    painter.setBrush(QColor(tokens.panel) if hollow else QColor(fill))
    painter.drawPolygon(triangle(side, centre, size))


class Canvas:
    """A painter with a scale: positions, sizes and text in design units.

    Parameters
    ----------
    painter : QPainter
        Begun on the widget.
    scale : float
        Pixels per design unit.
    tokens : Tokens
    family : str
        Font family.
    """

    def __init__(self, painter: QPainter, scale: float, tokens: Tokens, family: str) -> None:
        self.painter = painter
        self.scale = scale
        self.tokens = tokens
        self.family = family
        self.cut: list[str] = []  # texts of which not all could be painted
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)

    def width_of(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a text in design units."""
        _, metrics = font(self.family, round(size * self.scale), bold)
        return metrics.horizontalAdvance(text) / self.scale

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        size: float,
        colour: str,
        *,
        bold: bool = False,
        align: str = "left",
        width: float | None = None,
    ) -> float:
        """Paint one line of text and return its width in design units.

        Parameters
        ----------
        x, baseline : float
            Anchor: left end, centre or right end after `align`.
        width : float or None
            Room there is; the text is made smaller, and in the end cut, to fit.
        """
        if not text:
            return 0.0
        pixels = round(size * self.scale)
        face, metrics = font(self.family, pixels, bold)
        advance = metrics.horizontalAdvance(text)
        if width is not None and advance > width * self.scale:
            room = max(width * self.scale, 1.0)
            pixels = max(int(pixels * max(room / advance, _SMALLEST)), 6)
            face, metrics = font(self.family, pixels, bold)
            whole, text = text, metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 1.0)
            if text != whole:
                self.cut.append(whole)
            advance = metrics.horizontalAdvance(text)
        left = x * self.scale
        if align == "right":
            left -= advance
        elif align == "center":
            left -= advance / 2.0
        self.painter.setFont(face)
        self.painter.setPen(QColor(colour))
        self.painter.drawText(QPointF(left, baseline * self.scale), text)
        return advance / self.scale

    def paragraph(
        self,
        x: float,
        top: float,
        width: float,
        text: str,
        size: float,
        colour: str,
        *,
        centred: bool = False,
        bold: bool = False,
        room: float | None = None,
    ) -> float:
        """Paint text in lines of a width and return the height used.

        `centred`: `top` is the middle of the block. `room` is the height there is: the text is made smaller to fit.
        """
        box = QRectF(x * self.scale, top * self.scale, width * self.scale, 10_000.0)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        text = text.replace(" %", "\u00a0%").replace("\u00b1 ", "\u00b1\u00a0")  # no line begins with a unit
        smallest = size if room is None else _SMALLEST * size
        while True:
            face, metrics = font(self.family, round(size * self.scale), bold)
            height = metrics.boundingRect(box, flags, text).height()
            if room is None or height <= room * self.scale or size <= smallest:
                break
            size -= 1.0
        if centred:
            box.translate(0.0, -height / 2.0)
        self.painter.setFont(face)
        self.painter.setPen(QColor(colour))
        self.painter.drawText(box, flags, text)
        return height / self.scale

    def hint_at(self, widget: QWidget) -> None:
        """Say in a widget's tool tip what could not be painted in full."""
        cut = "\n".join(self.cut)
        if cut != widget.toolTip():
            widget.setToolTip(cut)

    def rect(self, x: float, y: float, w: float, h: float) -> QRectF:
        """Return a rectangle in pixels."""
        s = self.scale
        return QRectF(x * s, y * s, w * s, h * s)

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        fill: str | None = None,
        edge: str | None = None,
        edge_width: float = 1.0,
        radius: float = 0.0,
        dashed: bool = False,
    ) -> None:
        """Paint a rectangle; the edge lies inside."""
        pen = QPen(Qt.PenStyle.NoPen)
        rect = self.rect(x, y, w, h)
        if edge is not None:
            pen = QPen(QColor(edge), max(edge_width * self.scale, 1.0))
            if dashed:
                pen.setDashPattern([4.0, 3.0])
            inset = pen.widthF() / 2.0
            rect = rect.adjusted(inset, inset, -inset, -inset)
        self.painter.setPen(pen)
        self.painter.setBrush(QBrush(QColor(fill)) if fill is not None else QBrush(Qt.BrushStyle.NoBrush))
        if radius:
            self.painter.drawRoundedRect(rect, radius * self.scale, radius * self.scale)
        else:
            self.painter.drawRect(rect)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0) -> None:
        """Paint a straight line."""
        pen = QPen(QColor(colour), max(width * self.scale, 1.0))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.painter.setPen(pen)
        s = self.scale
        self.painter.drawLine(QLineF(x1 * s, y1 * s, x2 * s, y2 * s))

    def side(self, side: Side, x: float, y: float, size: float, hollow: bool = False) -> None:
        """Paint the glyph of a side around a centre."""
        s = self.scale
        draw_side(self.painter, self.tokens, side, QPointF(x * s, y * s), size * s, hollow)

    def icon(self, name: str, x: float, y: float, size: float, colour: str) -> None:
        """Paint one of the small icons around a centre."""
        s = self.scale
        draw_icon(self.painter, name, QPointF(x * s, y * s), size * s, colour)


def level_colour(tokens: Tokens, level: str) -> str:
    """Return the ink of a level; never used without an icon and a word."""
    return {"ok": tokens.ok, "warn": tokens.warn, "err": tokens.err}.get(level, tokens.ink2)


LEVEL_ICON: Final = {"ok": "check", "warn": "warn", "err": "cross", "info": "info"}


def draw_icon(painter: QPainter, name: str, centre: QPointF, size: float, colour: str) -> None:
    """Paint an icon as lines: check, warn, cross, info, flag, gap, swap, line, dot, table, sun, moon."""
    pen = QPen(QColor(colour), max(size * 0.13, 1.3))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    h = size / 2.0

    def at(x: float, y: float) -> QPointF:
        return QPointF(centre.x() + x * h, centre.y() + y * h)

    def path(*points: tuple[float, float], close: bool = False) -> QPainterPath:
        out = QPainterPath(at(*points[0]))
        for p in points[1:]:
            out.lineTo(at(*p))
        if close:
            out.closeSubpath()
        return out

    if name == "check":
        painter.drawPath(path((-0.85, 0.05), (-0.25, 0.65), (0.9, -0.65)))
    elif name == "warn":
        painter.drawPath(path((0, -0.85), (0.95, 0.8), (-0.95, 0.8), close=True))
        painter.drawLine(QLineF(at(0, -0.25), at(0, 0.2)))
        painter.drawPoint(at(0, 0.5))
    elif name == "cross":
        painter.drawLine(QLineF(at(-0.7, -0.7), at(0.7, 0.7)))
        painter.drawLine(QLineF(at(-0.7, 0.7), at(0.7, -0.7)))
    elif name == "info":
        painter.drawEllipse(centre, 0.85 * h, 0.85 * h)
        painter.drawLine(QLineF(at(0, -0.05), at(0, 0.45)))
        painter.drawPoint(at(0, -0.42))
    elif name == "flag":
        painter.setBrush(QColor(colour))
        painter.drawLine(QLineF(at(-0.5, -0.9), at(-0.5, 0.9)))
        painter.drawPath(path((-0.5, -0.85), (0.7, -0.4), (-0.5, 0.05), close=True))
    elif name == "gap":
        painter.drawRect(QRectF(at(-0.75, -0.75), at(0.75, 0.75)))
        painter.drawLine(QLineF(at(-0.75, 0.2), at(0.2, -0.75)))
        painter.drawLine(QLineF(at(-0.3, 0.75), at(0.75, -0.3)))
    elif name == "swap":
        painter.drawPath(path((-0.8, -0.4), (0.8, -0.4), (0.45, -0.75)))
        painter.drawPath(path((0.8, 0.4), (-0.8, 0.4), (-0.45, 0.75)))
    elif name == "line":
        painter.drawLine(QLineF(at(-0.9, 0), at(0.9, 0)))
        painter.drawPath(path((0.3, -0.5), (0.9, 0), (0.3, 0.5)))
    elif name == "dot":
        painter.setBrush(QColor(colour))
        painter.drawEllipse(centre, 0.35 * h, 0.35 * h)
    elif name == "table":
        painter.drawRect(QRectF(at(-0.9, -0.75), at(0.9, 0.75)))
        for y in (-0.25, 0.25):
            painter.drawLine(QLineF(at(-0.9, y), at(0.9, y)))
        painter.drawLine(QLineF(at(-0.2, -0.75), at(-0.2, 0.75)))
    elif name == "sun":
        painter.drawEllipse(centre, 0.4 * h, 0.4 * h)
        for dx, dy in ((1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7)):
            painter.drawLine(QLineF(at(0.7 * dx, 0.7 * dy), at(dx, dy)))
    elif name == "moon":
        moon = QPainterPath()
        moon.addEllipse(centre, 0.8 * h, 0.8 * h)
        bite = QPainterPath()
        bite.addEllipse(at(0.45, -0.3), 0.7 * h, 0.7 * h)
        painter.drawPath(moon.subtracted(bite))
