"""The live plots: the feedback line by mouse and key, gaps, sides that differ without colour."""

from __future__ import annotations

import pytest
from fake_session import Script
from PySide6.QtCore import QPoint, Qt
from window_tools import picture

from gui.preferences import MemoryPreferences

# -- feedback line ---------------------------------------------------------------------------------------------------


def test_dragging_the_flag_moves_the_line(live, qtbot) -> None:
    app = live().open().run(30.0)
    plot = app.window.far.stems.plot
    assert app.window.shown.line.note == "No feedback line set"
    flag = plot.flag
    start = flag.rect().center()
    qtbot.mousePress(flag, Qt.MouseButton.LeftButton, pos=start)
    target = round(plot.py(2.6))
    qtbot.mouseMove(flag, flag.mapFromParent(QPoint(flag.x() + 20, target)))
    qtbot.mouseRelease(flag, Qt.MouseButton.LeftButton, pos=flag.mapFromParent(QPoint(flag.x() + 20, target)))
    assert app.window.model.state.line_g == pytest.approx(2.6, abs=0.05)
    assert app.window.shown.line.of == "of 50"
    assert app.window.preferences.get("line_g") == f"{app.window.model.state.line_g:.2f}"
    app.run(1.0)
    assert plot.line_g == app.window.model.state.line_g


def test_dragging_the_line_itself(live, qtbot) -> None:
    app = live(preferences=MemoryPreferences(line_g="2.50")).open().run(10.0)
    plot = app.window.far.stems.plot
    x = round(plot.area.center().x())
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=QPoint(x, round(plot.py(2.5))))
    qtbot.mouseMove(plot, QPoint(x, round(plot.py(2.9))))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=QPoint(x, round(plot.py(2.9))))
    assert app.window.model.state.line_g == pytest.approx(2.9, abs=0.05)


def test_moving_the_line_moves_its_hatched_zone(live) -> None:
    app = live(preferences=MemoryPreferences(line_g="3.30"), size=(1920, 1080)).open().run(3.0)
    plot = app.window.far.stems.plot

    def hatched() -> int:
        image = picture(plot)
        rows = range(round(plot.py(2.9)), round(plot.py(2.6)))
        ground = app.window.look.tokens.panel.lower()
        columns = range(round(plot.px(-18.0)), round(plot.px(-12.0)))
        return sum(image.pixelColor(x, y).name() != ground for x in columns for y in rows)

    before = hatched()
    app.window.commands.set_line(2.0)
    assert hatched() > 5 * max(before, 1)


def test_the_line_by_keyboard(live, qtbot) -> None:
    app = live(preferences=MemoryPreferences(line_g="2.50")).open().run(10.0)
    flag = app.window.far.stems.plot.flag
    qtbot.keyClick(flag, Qt.Key.Key_Up)
    assert app.window.model.state.line_g == pytest.approx(2.55)
    qtbot.keyClick(flag, Qt.Key.Key_PageDown)
    assert app.window.model.state.line_g == pytest.approx(2.05)
    qtbot.keyClick(flag, Qt.Key.Key_Delete)
    assert app.window.model.state.line_g is None
    qtbot.keyClick(flag, Qt.Key.Key_Up)
    assert app.window.model.state.line_g == pytest.approx(3.0)


def test_the_line_survives_a_new_run(live) -> None:
    app = live(preferences=MemoryPreferences(line_g="2.50")).open().run(3.0)
    app.window.end_or_again()
    app.window.end_or_again()
    app.window.start_demo()
    app.wait_made()
    assert app.window.model.state.line_g == 2.5


# -- pictures --------------------------------------------------------------------------------------------------------


def test_a_gap_is_hatched_and_its_line_broken(live) -> None:
    app = live(Script(gaps=[(37.0, 38.0)]), size=(1920, 1080))
    app.window.set_view("near")
    app.open().run(40.0)
    plot = app.window.near.trace.plot
    image = picture(plot)

    def inked(seconds: float) -> bool:
        x = round(plot.px(seconds))
        rows = range(round(plot.py(3.5)), round(plot.py(-0.5)))
        return any(image.pixelColor(x, y).lightness() > 120 for y in rows)

    assert inked(-0.5)
    assert inked(-4.0)
    assert not inked(-2.5)
    for begin, end, *_ in plot.curves.raster.spans:
        covered = end > begin
        column = {seconds: round(plot.px(seconds) - plot.area.left()) for seconds in (-4.9, -3.1, -2.95, -2.05, -1.9)}
        assert covered[column[-4.9] : column[-3.1]].all()
        assert not covered[column[-2.95] : column[-2.05]].any()
        assert covered[column[-1.9] :].all()


def test_left_and_right_differ_without_colour(live) -> None:
    from PySide6.QtCore import QPointF

    from gui.paint import triangle
    from imu.types import Side

    shapes = [triangle(side, QPointF(0, 0), 10.0) for side in (Side.LEFT, Side.RIGHT, Side.UNKNOWN)]
    points = [{(p.x(), p.y()) for p in shape} for shape in shapes]
    assert points[0] != points[1]
    assert points[2] not in points[:2]
    assert min(x for x, _ in points[0]) == -5.0
