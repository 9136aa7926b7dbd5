"""Row 14: one frame of six curves of 10 s at 1000 Hz, painted without a graphics card."""

from __future__ import annotations

import gc
import os

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytest.importorskip("PySide6.QtWidgets")
pg = pytest.importorskip("pyqtgraph")

from PySide6.QtCore import QLineF, QRectF, Qt  # noqa: E402
from PySide6.QtGui import QColor, QImage, QPainter  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from benchmarks.timing import interleave  # noqa: E402
from gui.plots.base import PlotView  # noqa: E402
from gui.plots.curves import Curves, Ground, paints_all  # noqa: E402
from imu.types import Snapshot  # noqa: E402

SIZES = (((1200, 800), 8.0), ((3840, 2160), 16.0))
"""Width and height in pixels, and the milliseconds that a frame may take."""
FS, SECONDS, N_CURVES = 1000.0, 10.0, 6
COLOURS = ("#e6b800", "#4da3ff", "#7bd389", "#ff6b6b", "#c39bff", "#cccccc")
GROUND, GRID = "#101418", "#242a30"


@pytest.fixture(scope="module")
def app():
    return QApplication.instance() or QApplication(["bench"])


def signals(k: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """The newest 10 s at frame k: a runner, moved on by a sixtieth of a second per frame."""
    n = int(FS * SECONDS)
    t = np.arange(n) / FS
    now = k / 60.0
    rng = np.random.default_rng(0)
    noise = rng.normal(0.0, 0.1, n)
    curves = [
        np.sin(2 * np.pi * 2.8 * (t + now) + c) + np.roll(noise, -int(now * FS)) + 1.2 * c for c in range(N_CURVES)
    ]
    return t - SECONDS, curves


FRAMES = [signals(k) for k in range(12)]


class Ours:
    """The dashboard's own curves over a ground with a grid, in the view that its plots have."""

    def __init__(self, size):
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.fill(QColor(GROUND))
        painter = QPainter(image)
        painter.setPen(QColor(GRID))
        for k in range(1, 11):
            painter.drawLine(k * size[0] // 11, 0, k * size[0] // 11, size[1])
            painter.drawLine(0, k * size[1] // 11, size[0], k * size[1] // 11)
        painter.end()
        self.ground = Ground(image)
        self.view = PlotView(None, lambda painter, exposed: self.curves.paint(painter, exposed, self.ground))
        self.view.resize(*size)
        for widget in (self.view, self.view.viewport()):  # as the dashboard's plots do
            paints_all(widget)
        self.curves = Curves(N_CURVES)
        self.curves.place(QRectF(0, 0, *size), (-SECONDS, 0.0), (-2.0, 9.0))
        self.curves.set_pens([(c, False) for c in COLOURS])

    def show(self, k, t, ys):
        self.curves.set_data(t, ys, round(k * FS / 60.0))
        return self.view.grab()


class Trace:
    """The live trace of the dashboard as it is shown, with axes, marks and its smooth pens (two curves)."""

    def __init__(self, size):
        from gui import theme
        from gui.i18n import Texts
        from gui.look import Look
        from gui.plots.trace import TracePlot

        self.plot = TracePlot(Look(theme.DARK, theme.load_fonts(), Texts("en")), seconds=SECONDS)
        self.plot.resize(*size)
        self.plot.set_scale(1.0)

    def show(self, k, t, ys):
        self.plot.set_snapshot(Snapshot(t + k / 60.0 + SECONDS, ys[0], ys[1]))
        return self.plot.grab()


class PlotDataItems:
    """pyqtgraph as its documentation shows it."""

    def __init__(self, size):
        self.widget = pg.PlotWidget()
        self.widget.resize(*size)
        self.items = [self.widget.plot(pen=c) for c in COLOURS]

    def show(self, k, t, ys):
        for item, y in zip(self.items, ys, strict=True):
            item.setData(t, y)
        return self.widget.grab()


class Columns(QWidget):
    """The least that Qt needs: a widget that draws one upright line per pixel column."""

    def __init__(self, size):
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.resize(*size)
        self.lines = [pg.Qt.internals.PrimitiveArray(QLineF, 4) for _ in range(N_CURVES)]
        for lines in self.lines:
            lines.resize(size[0])

    def show(self, k, t, ys):
        width, height = self.width(), self.height()
        for lines, y in zip(self.lines, ys, strict=True):
            block = y[: width * (len(y) // width)].reshape(width, -1)
            low, high = height * (9.0 - block.min(axis=1)) / 11.0, height * (9.0 - block.max(axis=1)) / 11.0
            low[1:] = np.maximum(low[1:], high[:-1])  # joined to the column before
            memory = lines.ndarray()
            memory[:, 0] = memory[:, 2] = np.arange(width)
            memory[:, 1], memory[:, 3] = low, high
        return self.grab()

    def paintEvent(self, event):  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(GROUND))
        for lines, colour in zip(self.lines, COLOURS, strict=True):
            painter.setPen(QColor(colour))
            painter.drawLines(*lines.drawargs())
        painter.end()


@pytest.mark.parametrize(("size", "most"), SIZES)
def test_frame(app, gates, show, size, most):
    kinds = {"ours": Ours, "trace": Trace, "PlotDataItem": PlotDataItems, "own widget": Columns}
    made = {name: kind(size) for name, kind in kinds.items()}
    at = dict.fromkeys(made, 0)
    pictures = {}

    def frame(name):
        def run():
            k = at[name] = (at[name] + 1) % len(FRAMES)
            pictures[name] = made[name].show(k, *FRAMES[k])

        return run

    variants = {name: frame(name) for name in made}
    times = interleave(variants, rounds=60, warm_up=4, seconds=30.0)
    for name in made:
        picture = pictures[name].toImage()
        colours = {picture.pixel(x, y) for x in range(0, size[0], 7) for y in range(0, size[1], 11)}
        assert len(colours) > 3, f"{name}: nothing was painted"
    where = f", {size[0]} x {size[1]}"
    gates.faster("14", f"six curves against PlotDataItem as it comes{where}", times, "ours", "PlotDataItem", 2)
    gates.within("14", f"six curves against an own QWidget{where}", times, "ours", "own widget", 8)
    for name, what in (
        ("ours", f"six curves x 10 s x 1000 Hz{where}, fastest"),
        ("trace", f"the trace as it is shown{where}, fastest"),
    ):
        ms = 1e3 * times[name]
        gates.value("14", what, float(ms.min()), " ms", at_most=most, note=f"median {np.median(ms):.1f} ms")
    show(variants["ours"])
    made.clear()
    gc.collect()  # widgets are freed here, in Qt's thread, not in whichever thread of the next benchmark collects first
