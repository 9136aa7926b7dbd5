"""Curves over the ground of a plot, painted by a kernel: one opaque copy per frame, whatever the curves are like."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from gui.plots.decimate import min_max
from imu.api import TILE_COLUMNS, TILE_ROWS, CurveRaster, Pixels
from imu.types import FloatArray

_DENSE: Final = 1.5
"""More samples per pixel column than this are reduced to two points, and are not smoothed: extremes would fade."""
_THIN: Final = 1.0
_BOLD: Final = 2.2


def paints_all(widget: QWidget) -> None:
    """Say that a widget paints every one of its pixels, so that Qt does not fill them before (3-4 ms each at 4K)."""
    widget.setAutoFillBackground(False)
    widget.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)


class Ground:
    """A finished picture of a plot without its data.

    Parameters
    ----------
    image : QImage
        Format_RGB32, with the device-pixel ratio that it was painted for; not to be painted on any more.

    Attributes
    ----------
    pixels : ndarray of uint32, shape (height, width)
        Its memory.
    """

    def __init__(self, image: QImage) -> None:
        self.image = image
        self.ratio = image.devicePixelRatio()
        self.pixels: Pixels = np.frombuffer(image.bits(), dtype=np.uint32).reshape(image.height(), image.width())


class Curves:
    """Some curves over one time axis, on the ground of a plot.

    All pixels are those of the screen, of which a logical one may have several.

    Parameters
    ----------
    n : int
        Number of curves; the last one is painted on top.
    """

    def __init__(self, n: int) -> None:
        self.raster = CurveRaster(n)
        tile = self.raster.tile
        # It shows the tile's memory, which the raster keeps; what is drawn is copied at once.
        self._tile = QImage(tile.data, tile.shape[1], tile.shape[0], tile.strides[0], QImage.Format.Format_RGB32)
        self._widths: list[float] = [_THIN] * n
        self._area = QRect()
        self._ratio = 1.0
        self._placed: tuple[QRectF, tuple[float, float], tuple[float, float], float] | None = None
        self._x_to_column = self._y_to_row = (1.0, 0.0)
        self._x: FloatArray = np.empty(0)
        self._ys: Sequence[FloatArray] = [self._x] * n
        self._first_index = 0
        self._ground: Ground | None = None  # that the raster has

    def place(
        self, area: QRectF, x_range: tuple[float, float], y_range: tuple[float, float], ratio: float = 1.0
    ) -> None:
        """Lay the curves into an area of the widget, whose logical pixels have `ratio` pixels of the screen."""
        if self._placed == (where := (area, x_range, y_range, ratio)):
            return
        self._placed = where
        left, top = area.left() * ratio, area.top() * ratio
        right, bottom = area.right() * ratio, area.bottom() * ratio
        self._area = QRect(QPoint(round(left), round(top)), QPoint(round(right) - 1, round(bottom) - 1))
        self._ratio = ratio
        x_scale = (right - left) / (x_range[1] - x_range[0])
        y_scale = (top - bottom) / (y_range[1] - y_range[0])
        self._x_to_column = x_scale, left - self._area.left() - x_range[0] * x_scale
        self._y_to_row = y_scale, bottom - self._area.top() - y_range[0] * y_scale
        self._ground = None
        self.raster.resize(max(self._area.width(), 1))
        self._lay()

    def set_pens(self, pens: Sequence[tuple[str, bool]]) -> None:
        """Give each curve a colour and say whether it is bold."""
        self.raster.set_colours([QColor(colour).rgb() & 0xFFFFFF for colour, _ in pens])
        self._widths = [_BOLD if bold else _THIN for _, bold in pens]
        self._lay()

    def set_data(self, x: FloatArray, ys: Sequence[FloatArray], first_index: int = 0) -> None:
        """Show new values; NaN is a hole in the line."""
        self._x, self._ys, self._first_index = x, ys, first_index
        self._lay()

    def _lay(self) -> None:
        x, columns = self._x, max(self._area.width(), 1)
        if not len(x):
            self.raster.clear()
            return
        dense = len(x) > _DENSE * columns
        for k, (y, logical) in enumerate(zip(self._ys, self._widths, strict=True)):
            px, py = min_max(x, y, columns, self._first_index) if dense else (x, y)
            width = max(logical * self._ratio, 1.0)
            self.raster.lay(k, px, py, self._x_to_column, self._y_to_row, width=width, smooth=not dense)

    def paint(self, painter: QPainter, exposed: QRectF, ground: Ground) -> None:
        """Paint the ground of a plot and the curves over it.

        Parameters
        ----------
        painter : QPainter
            In logical pixels of the widget.
        exposed : QRectF
            What is to be painted, in logical pixels.
        ground : Ground
            The whole widget without curves.
        """
        if self._placed is not None:
            self.place(*self._placed[:3], ground.ratio)  # the window may have come to another screen
        ratio, image = ground.ratio, ground.image
        whole = _scaled(exposed, ratio) & image.rect()
        inner = whole & self._area if image.rect().contains(self._area) else QRect()  # no room for curves
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.scale(1.0 / ratio, 1.0 / ratio)
        for part in _around(inner, whole):
            painter.drawImage(QRectF(part), image, QRectF(part))
        if not inner.isEmpty():
            if self._ground is not ground:
                self.raster.lay_ground(ground.pixels, self._area.top(), self._area.left(), self._area.height())
                self._ground = ground
            for tile in _tiles(inner):
                top, left = tile.top() - self._area.top(), tile.left() - self._area.left()
                self.raster.paint(top, left, tile.height(), tile.width())
                painter.drawImage(tile.left(), tile.top(), self._tile, 0, 0, tile.width(), tile.height())
        painter.restore()


def _scaled(rect: QRectF, ratio: float) -> QRect:
    """Return the pixels of the screen that a rectangle in logical pixels touches."""
    left, top = math.floor(rect.left() * ratio), math.floor(rect.top() * ratio)
    return QRect(left, top, math.ceil(rect.right() * ratio) - left, math.ceil(rect.bottom() * ratio) - top)


def _around(inner: QRect, whole: QRect) -> Iterator[QRect]:
    """Cut what lies around a rectangle within a larger one into rectangles."""
    if inner.isEmpty():
        inner = QRect(whole.left(), whole.top(), 0, 0)
    above, beside = inner.top() - whole.top(), inner.left() - whole.left()
    below, right = inner.top() + inner.height(), inner.left() + inner.width()
    parts = (
        QRect(whole.left(), whole.top(), whole.width(), above),
        QRect(whole.left(), inner.top(), beside, inner.height()),
        QRect(right, inner.top(), whole.right() + 1 - right, inner.height()),
        QRect(whole.left(), below, whole.width(), whole.bottom() + 1 - below),
    )
    yield from (part for part in parts if not part.isEmpty())


def _tiles(rect: QRect) -> Iterator[QRect]:
    """Cut a rectangle into tiles."""
    for top in range(rect.top(), rect.bottom() + 1, TILE_ROWS):
        for left in range(rect.left(), rect.right() + 1, TILE_COLUMNS):
            yield QRect(left, top, TILE_COLUMNS, TILE_ROWS) & rect
