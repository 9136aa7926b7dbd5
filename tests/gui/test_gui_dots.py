"""Many dots at once: pixel for pixel what painting them one by one gives."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gui.views.session_dots import paint_dots

COLOUR = QColor(0, 114, 178, 120)
BOX = (8.0, 6.0, 90.0, 40.0)


def canvas(ratio: float) -> QImage:
    image = QImage(round(110 * ratio), round(56 * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    return image


def pixels(image: QImage) -> np.ndarray:
    data = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    return data[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).astype(int)


def one_by_one(x: np.ndarray, y: np.ndarray, size: float, ratio: float) -> np.ndarray:
    image = canvas(ratio)
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(COLOUR)
    edge = round(size * ratio)
    for px, py in zip(x, y, strict=True):
        left, top = np.floor(px * ratio) - edge // 2, np.floor(py * ratio) - edge // 2
        painter.drawRect(QRectF(left / ratio, top / ratio, edge / ratio, edge / ratio))
    painter.end()
    return pixels(image)


def at_once(x: np.ndarray, y: np.ndarray, size: float, ratio: float) -> np.ndarray:
    image = canvas(ratio)
    painter = QPainter(image)
    paint_dots(painter, x, y, BOX, size, COLOUR)
    painter.end()
    return pixels(image)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("size", [2.0, 4.0, 5.0])
@pytest.mark.parametrize("n", [1, 30, 400])
def test_dots_at_once_are_dots_one_by_one(qapp, ratio: float, size: float, n: int) -> None:
    rng = np.random.default_rng(n)
    x, y = rng.uniform(14.0, 90.0, n), rng.uniform(12.0, 40.0, n)
    slow, quick = one_by_one(x, y, size, ratio), at_once(x, y, size, ratio)
    assert (slow != pixels(canvas(ratio))).any()
    assert np.abs(slow - quick).max() <= 6  # each of several layers is rounded to 8 bits


def test_dots_far_outside_are_left_out_and_very_many_on_one_spot_do_not_overflow(qapp) -> None:
    nothing = pixels(canvas(1.0))
    far = np.array([-1e6, 1e6, 50.0]), np.array([20.0, 20.0, 1e5])
    assert (at_once(*far, 4.0, 1.0) == nothing).all()
    assert (at_once(np.empty(0), np.empty(0), 4.0, 1.0) == nothing).all()
    spot = at_once(np.full(70_000, 50.0), np.full(70_000, 20.0), 4.0, 1.0)
    solid = np.array([COLOUR.blue(), COLOUR.green(), COLOUR.red(), 255])
    assert np.abs(spot[20, 50] - solid).max() <= 2
    assert (spot != nothing).any(axis=2).sum() == 16
