"""Curves in a pyqtgraph ViewBox with fixed ranges, two points per pixel column, thin pens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPen

from gui.plots.decimate import min_max
from imu.types import FloatArray


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
        self.items: list[Any] = []
        for _ in range(n):
            item = pg.PlotCurveItem(skipFiniteCheck=True)
            self.box.addItem(item, ignoreBounds=True)
            self.items.append(item)

    def place(self, area: QRectF, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        """Lay the curves into an area in pixels."""
        self.box.setGeometry(area)
        self.box.setRange(xRange=x_range, yRange=y_range, padding=0.0, update=True, disableAutoRange=True)

    def set_pens(self, pens: Sequence[tuple[str, float, bool]]) -> None:
        """Give each curve colour, width in pixels and antialiasing; wide or smooth pens only for short curves."""
        for item, (colour, width, smooth) in zip(self.items, pens, strict=True):
            pen = QPen(QColor(colour), width)
            pen.setCosmetic(True)
            item.setPen(pen)
            item.opts["antialias"] = smooth

    def set_data(self, x: FloatArray, ys: Sequence[FloatArray], first_index: int = 0) -> None:
        """Show new values; NaN is a hole in the line."""
        columns = max(int(self.box.width()), 1)
        for item, y in zip(self.items, ys, strict=True):
            px, py = min_max(x, y, columns, first_index)
            item.setData(px, py, connect="finite" if np.isnan(py).any() else "all")
