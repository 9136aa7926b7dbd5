"""What the tests of the window share: keys, pictures, how many colours one has."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget


def key(qtbot, live, *keys) -> None:
    for k in keys:
        qtbot.keyClick(live.window, k)


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def colours(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)})
