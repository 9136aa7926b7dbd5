"""Curves in a pyqtgraph ViewBox with fixed ranges, two points per pixel column, thin pens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from gui.plots.decimate import min_max
from imu.types import FloatArray

_DENSE: Final = 1.5
"""More samples per pixel column than this are reduced to two points, and are not smoothed: that costs several times
as much and cannot be seen."""
_MANY: Final = 2600.0
"""Pixel columns from which on lines are not smoothed: pixels are too small for it to be seen, and there are many."""
_THIN: Final = ((0.0, 0.0),)
_BOLD: Final = ((-0.6, 0.0), (0.6, 0.0), (0.0, -0.6), (0.0, 0.6))


def paints_all(widget: QWidget) -> None:
    """Say that a widget paints every one of its pixels, so that Qt does not fill them before (3-4 ms each at 4K)."""
    widget.setAutoFillBackground(False)
    widget.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)


class _Curve(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A curve whose extent is known beforehand, and which is made bold by four thin strokes.

    pyqtgraph looks for the smallest and largest value at every frame to find the extent (1 ms for six curves); here
    the ranges are fixed. A pen wider than one pixel costs ten times a thin one, four thin strokes only four times.
    """

    def __init__(self) -> None:
        super().__init__(skipFiniteCheck=True)
        self.extent = QRectF()
        self.strokes: tuple[tuple[float, float], ...] = _THIN

    @override
    def boundingRect(self) -> QRectF:
        return self.extent

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        place = painter.worldTransform()
        for dx, dy in self.strokes:
            painter.setWorldTransform(place * QTransform.fromTranslate(dx, dy))
            super().paint(painter, option, widget)
        painter.setWorldTransform(place)


class Curves:
    """Some curves over one time axis inside a pyqtgraph view.

    Parameters
    ----------
    view : pyqtgraph.GraphicsView
    n : int
        Number of curves; the last one is painted on top.
    """

    def __init__(self, view: Any, n: int) -> None:
        self.box: Any = pg.ViewBox(enableMenu=False, enableMouse=False, border=None)
        self.box.disableAutoRange()
        self.box.setZValue(0)
        view.addItem(self.box)
        self._smooth = False
        self.items = [_Curve() for _ in range(n)]
        for item in self.items:
            self.box.addItem(item, ignoreBounds=True)

    def place(self, area: QRectF, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        """Lay the curves into an area in pixels."""
        self.box.setGeometry(area)
        self.box.setRange(xRange=x_range, yRange=y_range, padding=0.0, update=True, disableAutoRange=True)
        extent = QRectF(x_range[0], y_range[0], x_range[1] - x_range[0], y_range[1] - y_range[0])
        for item in self.items:
            item.prepareGeometryChange()
            item.extent = extent

    def set_pens(self, pens: Sequence[tuple[str, bool]], *, smooth: bool) -> None:
        """Give each curve a colour and say whether it is bold; `smooth` = antialiased while not dense."""
        self._smooth = smooth
        for item, (colour, bold) in zip(self.items, pens, strict=True):
            pen = QPen(QColor(colour), 1.0)
            pen.setCosmetic(True)
            item.setPen(pen)
            item.strokes = _BOLD if bold else _THIN

    def set_data(self, x: FloatArray, ys: Sequence[FloatArray], first_index: int = 0) -> None:
        """Show new values; NaN is a hole in the line."""
        columns = max(int(self.box.width()), 1)
        for item, y in zip(self.items, ys, strict=True):
            px, py = x, y
            dense = len(y) > _DENSE * columns
            if dense:
                px, py = min_max(x, y, columns // 2 if len(item.strokes) > 1 else columns, first_index)
            item.opts["antialias"] = self._smooth and not dense and columns < _MANY
            item.setData(px, py, connect="finite" if np.isnan(py).any() else "all")
            item.update()
