"""Very many dots at once: counted per pixel and painted as one picture, whatever their number."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from imu.types import FloatArray

_MOST: Final = 255


def paint_dots(
    painter: QPainter, x: FloatArray, y: FloatArray, box: tuple[float, float, float, float], size: float, colour: QColor
) -> None:
    """Paint square dots without smooth edges, as a pen of this size would: where they overlap they add up.

    Parameters
    ----------
    painter : QPainter
    x, y : ndarray, shape (n,)
        Middles in the painter's pixels.
    box : tuple of float
        Left, top, width and height of what is painted on; dots outside are left out.
    size : float
        Edge of a dot in the painter's pixels.
    colour : QColor
        With the alpha of one dot.
    """
    ratio = painter.device().devicePixelRatioF()
    edge = max(round(size * ratio), 1)
    # of each dot its first corner in device pixels; only the stretch of rows and columns that holds one is painted
    column, row = (np.floor(place * ratio).astype(np.int64) - edge // 2 for place in (x, y))
    low = np.floor(np.array(box[:2]) * ratio).astype(np.int64) - edge + 1
    high = np.ceil((np.array(box[:2]) + box[2:]) * ratio).astype(np.int64)
    inside = (column >= low[0]) & (column <= high[0]) & (row >= low[1]) & (row <= high[1])
    if not inside.any():
        return
    column, row = column[inside], row[inside]
    left, top = int(column.min()), int(row.min())
    wide, tall = int(column.max()) - left + 1, int(row.max()) - top + 1
    corners = np.zeros(wide * tall, dtype=np.uint16)
    np.add.at(corners, (row - top) * wide + (column - left), 1)
    dots = np.minimum(corners, max(_MOST // edge**2, 1)).astype(np.uint8).reshape(tall, wide)
    rows = np.zeros((tall + edge - 1, wide), dtype=np.uint8)
    for k in range(edge):
        rows[k : k + tall] += dots
    counts = np.zeros((tall + edge - 1, wide + edge - 1), dtype=np.uint8)
    for k in range(edge):
        counts[:, k : k + wide] += rows
    height, width = counts.shape
    image = QImage(counts.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(_shades(colour, int(counts.max()) + 1))
    image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(left / ratio, top / ratio), image)


def _shades(colour: QColor, n: int) -> list[int]:
    """Colours of 0, 1 ... dots one over the other."""
    clear = 1.0 - colour.alphaF()
    shades = []
    for k in range(n):
        shade = QColor(colour)
        shade.setAlphaF(1.0 - clear**k)
        shades.append(shade.rgba())
    return shades
