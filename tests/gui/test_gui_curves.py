"""Curves over their ground: like lines of Qt's, in any part, at any ratio of pixels, at any size."""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.plots.curves import Curves, Ground
from gui.plots.trace import TracePlot
from imu.api import raster
from imu.types import Snapshot

SIZE = (300, 160)
AREA = QRectF(40.0, 10.0, 250.0, 120.0)
PENS = [("#4da3ff", False), ("#ffffff", True)]
T = np.linspace(-5.0, 0.0, 200)
YS = [2.0 + np.sin(7.0 * T), 2.0 + 1.5 * np.cos(5.0 * T)]


def ground(ratio: float = 1.0) -> Ground:
    image = QImage(round(SIZE[0] * ratio), round(SIZE[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#101418"))
    painter = QPainter(image)
    painter.setPen(QColor("#303840"))
    painter.drawLine(0, 50, SIZE[0], 50)
    painter.drawText(QPointF(2.0, 60.0), "3 g")
    painter.end()
    return Ground(image)


def curves(t: npt.NDArray[np.float64] = T, ys: list[npt.NDArray[np.float64]] = YS) -> Curves:
    made = Curves(2)
    made.set_pens(PENS)
    made.place(AREA, (-5.0, 0.0), (0.0, 4.0))
    made.set_data(t, ys)
    return made


def canvas(ratio: float) -> QImage:
    image = QImage(round(SIZE[0] * ratio), round(SIZE[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#ff00ff"))
    return image


def pixels(image: QImage) -> npt.NDArray[np.int64]:
    """Red, green and blue of each pixel."""
    flat = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return flat[:, :, :3].astype(np.int64)


def painted(of: Curves, on: Ground, exposed: QRectF | None = None) -> npt.NDArray[np.int64]:
    image = canvas(on.ratio)
    painter = QPainter(image)
    of.paint(painter, exposed or QRectF(0.0, 0.0, *SIZE), on)
    painter.end()
    return pixels(image)


def painted_by_qt(on: Ground) -> npt.NDArray[np.int64]:
    image = canvas(on.ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawImage(0, 0, on.image)
    painter.setClipRect(AREA)
    for (colour, bold), y in zip(PENS, YS, strict=True):
        painter.setPen(QPen(QColor(colour), 2.2 if bold else 1.0))
        x_px = AREA.left() + (T + 5.0) / 5.0 * AREA.width()
        y_px = AREA.bottom() - y / 4.0 * AREA.height()
        painter.drawPolyline(QPolygonF([QPointF(a, b) for a, b in zip(x_px, y_px, strict=True)]))
    painter.end()
    return pixels(image)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_lines_look_like_those_of_qt(qapp: object, ratio: float) -> None:
    on = ground(ratio)
    ours, theirs, empty = painted(curves(), on), painted_by_qt(on), pixels(on.image)
    inked, wanted = np.abs(ours - empty), np.abs(theirs - empty)
    assert inked.sum() == pytest.approx(wanted.sum(), rel=0.03)
    assert np.abs(ours - theirs).sum() < 0.12 * wanted.sum()
    left, top, right, bottom = (round(v * ratio) for v in (40, 10, 290, 130))
    inked[top:bottom, left:right] = 0
    assert not inked.any()  # nothing beside the area, and the ground is all there


def test_dense_curves_keep_their_extremes(qapp: object) -> None:
    t = np.linspace(-5.0, 0.0, 5000)
    flat = np.full(5000, 1.0)
    spike = flat.copy()
    spike[2507] = 3.5
    image = painted(curves(t, [flat, spike]), ground())
    row, column = round(130 - 3.5 / 4.0 * 120) + 1, round(40 + 2507 / 5000 * 250)
    assert image[row, column - 2 : column + 3].max() > 230


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("part", [QRectF(50, 20, 90, 33), QRectF(0, 0, 60, 160), QRectF(-5, 100.5, 400, 90)])
def test_a_part_is_painted_like_the_whole_and_nothing_else(qapp: object, part: QRectF, ratio: float) -> None:
    on, of = ground(ratio), curves()
    whole, got = painted(of, on), painted(of, on, part)
    untouched = (got == pixels(canvas(ratio))).all(axis=2)
    np.testing.assert_array_equal(got[~untouched], whole[~untouched])
    inside = np.zeros(untouched.shape, dtype=bool)
    top, bottom, left, right = (
        max(round(v * ratio), 0) for v in (part.top(), part.bottom(), part.left(), part.right())
    )
    inside[top:bottom, left:right] = True
    assert not untouched[inside].any()
    assert untouched[~inside].mean() > 0.98


def test_a_window_that_comes_to_another_screen_shows_the_same(qapp: object) -> None:
    moved = curves()
    painted(moved, ground())
    again = painted(moved, ground(2.0))
    fresh = curves()
    np.testing.assert_array_equal(again, painted(fresh, ground(2.0)))
    np.testing.assert_array_equal(painted(moved, ground()), painted(curves(), ground()))


def test_another_ground_is_seen(qapp: object) -> None:
    of, on = curves(), ground()
    before = painted(of, on)
    on.image.fill(QColor("#ffffff"))
    assert painted(of, Ground(on.image))[15, 45].min() == 255
    assert before[15, 45].max() < 40


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT", "0") != "0", reason="the compiler is off")
def test_the_first_frame_compiles_nothing(qtbot: QtBot) -> None:
    raster.warm_up()
    kernels = raster.kernel.curve_spans, raster.kernel.paint_tile
    known = [len(kernel.signatures) for kernel in kernels]
    assert min(known) >= 1
    plot = TracePlot(Look(theme.DARK, theme.load_fonts(), Texts("en")))
    qtbot.addWidget(plot)
    plot.resize(700, 400)
    for rate in (50, 1000):
        t = np.arange(10 * rate) / rate
        y = np.where((t > 7.0) & (t < 8.0), np.nan, np.sin(t))
        y.setflags(write=False)
        plot.set_snapshot(Snapshot(t, y, y.astype(np.float32)))
        plot.grab()
    assert [len(kernel.signatures) for kernel in kernels] == known


@pytest.mark.parametrize("size", [(1, 1), (80, 160), (90, 200), (700, 141), (1201, 777)])
def test_a_trace_of_any_size_is_painted_and_keeps_its_curve(qtbot: QtBot, size: tuple[int, int]) -> None:
    plot = TracePlot(Look(theme.DARK, theme.load_fonts(), Texts("en")))
    qtbot.addWidget(plot)
    plot.resize(700, 400)
    t = np.arange(2000) / 200.0
    plot.set_snapshot(Snapshot(t, 1.0 + np.sin(9.0 * t), 1.0 + np.cos(9.0 * t)))
    plot.resize(*size)
    assert plot.grab().width() == size[0]
    plot.resize(700, 400)
    shown = plot.grab().toImage()
    fresh = TracePlot(plot.look)
    qtbot.addWidget(fresh)
    fresh.resize(700, 400)
    fresh.set_snapshot(Snapshot(t, 1.0 + np.sin(9.0 * t), 1.0 + np.cos(9.0 * t)))
    assert shown == fresh.grab().toImage()
