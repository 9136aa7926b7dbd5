"""Ground of both plots: a pyqtgraph view with fixed ranges, margins in design units, and painted layers.

Time runs as `t - now` in a range that never changes: moving an x axis costs more than the curves themselves
(13-14 ms against 3 ms a frame), so the data move and the axis stands still.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import Canvas, draw_side
from gui.plots.curves import Ground, paints_all
from imu.types import Side


class Layer(QGraphicsObject):
    """A scene item that covers the plot and paints by a function.

    Parameters
    ----------
    paint_with : callable
        Gets the painter; pixel coordinates of the widget.
    """

    def __init__(self, paint_with: Callable[[QPainter], None], z: float) -> None:
        super().__init__()
        self._paint_with = paint_with
        self._rect = QRectF()
        self.setZValue(z)

    def set_rect(self, rect: QRectF) -> None:
        """Cover another area."""
        self.prepareGeometryChange()
        self._rect = rect
        self.update()

    @override
    def boundingRect(self) -> QRectF:
        return self._rect

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        self._paint_with(painter)


class PlotView(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """A view on a picture: what changes rarely (ground, grid, axis labels) is one opaque copy per frame.

    An opaque picture costs a copy of memory; the same layer as a cached, transparent item costs 3 ms of blending.
    """

    def __init__(self, parent: QWidget | None, paint_ground: Callable[[QPainter, QRectF], None]) -> None:
        super().__init__(parent)
        self._paint_ground = paint_ground
        self.setCacheMode(self.CacheModeFlag.CacheNone)  # pyqtgraph's default would keep an old backdrop

    @override
    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self._paint_ground(painter, QRectF(rect))


class PlotBase(QWidget):
    """A pyqtgraph view whose coordinates are pixels, with a plot area inside margins.

    Attributes
    ----------
    x_range, y_range : tuple of float
        What the plot area spans: seconds relative to now, and g.
    """

    MARGINS = (72.0, 24.0, 24.0, 48.0)

    def __init__(self, look: Look, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        super().__init__()
        self.look = look
        self.x_range = x_range
        self.y_range = y_range
        self.scale = 1.0
        self.area = QRectF(0.0, 0.0, 1.0, 1.0)
        self._back: Ground | None = None
        self._glyphs: dict[tuple[object, ...], QPixmap] = {}
        self._placed: tuple[object, ...] = ()
        self.view = PlotView(self, self.paint_ground)
        self.view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        for widget in (self, self.view, self.view.viewport()):  # the backdrop is opaque and covers all three
            paints_all(widget)
        self.front = Layer(self._paint_front_now, 10.0)
        self.view.addItem(self.front)
        self.restyle()

    # -- geometry ----------------------------------------------------------------------------------------------------

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self.place()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.setGeometry(0, 0, self.width(), self.height())
        self.place()

    def place(self) -> None:
        """Recompute the plot area from size, scale and margins."""
        key = (self.width(), self.height(), self.scale, self.y_range, self.devicePixelRatioF())
        if key == self._placed:
            return
        self._placed = key
        left, top, right, bottom = (m * self.scale for m in self.MARGINS)
        self.area = QRectF(left, top, max(self.width() - left - right, 1.0), max(self.height() - top - bottom, 1.0))
        self.front.set_rect(self.moving())
        self.redraw_back()

    def moving(self) -> QRectF:
        """Return the part of the plot that is painted anew with every frame; what lies beside it stands still."""
        return QRectF(0.0, 0.0, float(self.width()), float(self.height()))

    def px(self, x: float) -> float:
        """Horizontal pixel of a time relative to now."""
        low, high = self.x_range
        return self.area.left() + (x - low) / (high - low) * self.area.width()

    def py(self, y: float) -> float:
        """Vertical pixel of a value."""
        low, high = self.y_range
        return self.area.bottom() - (y - low) / (high - low) * self.area.height()

    # -- painting ----------------------------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over colours and language."""
        self._glyphs.clear()
        self.redraw_back()

    def glyph(self, side: Side, *, hollow: bool = False) -> QPixmap:
        """Return the glyph of a side, painted once: its edges cost more in every frame than copying it."""
        size, ratio = 18.0 * self.scale, self.devicePixelRatioF()
        key = (side, hollow, size, ratio)
        known = self._glyphs.get(key)
        if known is not None:
            return known
        box = size * 1.25
        made = QPixmap(max(math.ceil(box * ratio), 1), max(math.ceil(box * ratio), 1))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = made.width() / ratio / 2.0
        draw_side(painter, self.look.tokens, side, QPointF(middle, middle), size, hollow)
        painter.end()
        self._glyphs[key] = made
        return made

    def redraw_back(self) -> None:
        """Paint the backdrop anew at the next frame, and everything over it."""
        self._back = None
        self.view.viewport().update()
        self.front.update()

    def backdrop(self) -> Ground:
        """Return what lies under the data, painted when it has changed."""
        ratio = self.devicePixelRatioF()
        if self._back is not None and self._back.ratio == ratio:
            return self._back
        width, height = (max(math.ceil(length * ratio), 1) for length in (self.width(), self.height()))
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(self.look.tokens.panel))
        painter = QPainter(image)
        self.paint_back(Canvas(painter, self.scale, self.look.tokens, self.look.family))
        painter.end()
        self._back = Ground(image)
        return self._back

    def paint_ground(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint what lies under the layer in front: the backdrop, at least where it is exposed."""
        painter.drawImage(0, 0, self.backdrop().image)

    def _paint_front_now(self, painter: QPainter) -> None:
        self.paint_front(Canvas(painter, self.scale, self.look.tokens, self.look.family))

    def paint_back(self, canvas: Canvas) -> None:
        """Paint what lies under the data."""

    def paint_front(self, canvas: Canvas) -> None:
        """Paint the data and what lies over them."""
