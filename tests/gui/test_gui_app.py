"""The entry points, as the command line calls them, and the Qt that is installed."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest
from fake_session import FakeSession, Script
from PySide6.QtGui import QImage

from gui import app
from gui.preferences import StoredPreferences
from imu.api import Session
from imu.errors import RecordingError
from imu.settings import Settings


class Running(FakeSession):
    """Moves its clock by a fixed amount at every look."""

    def status(self):
        self.advance(1.0)
        return super().status()


@pytest.fixture(autouse=True)
def fast(monkeypatch, qapp) -> None:
    real = app.make_window
    monkeypatch.setattr(app, "make_window", lambda **kw: real(**{**kw, "poll_ms": 5}))
    # pytest-qt owns the application: closing the last window must not end it for the other tests
    monkeypatch.setattr(qapp, "quitOnLastWindowClosed", lambda: False, raising=False)


def test_show_live_writes_a_picture_and_returns(tmp_path: Path) -> None:
    target = tmp_path / "new" / "far.png"
    session = Running(Script())
    before = signal.getsignal(signal.SIGINT)
    code = app.show_live(lambda: session, language="nl", theme="light", screenshot=str(target), seconds=0.5)
    assert code == 0
    assert session.stopped
    assert signal.getsignal(signal.SIGINT) is before
    image = QImage(str(target))
    assert (image.width(), image.height()) == app.PICTURE_SIZE
    seen = {image.pixel(x, y) for x in range(0, 1920, 11) for y in range(0, 1080, 11)}
    assert len(seen) > 30
    assert StoredPreferences().get("language") != "nl"


def test_a_run_that_ends_closes_the_countdown(tmp_path: Path) -> None:
    session = Running(Script(end_at=20.0))
    assert app.show_live(lambda: session, screenshot=tmp_path / "x.png", seconds=60.0) == 0


def test_a_second_sensor_is_followed_and_stopped_with_the_first(tmp_path: Path) -> None:
    first, second = Running(Script(end_at=20.0)), Running(Script())
    beside = (lambda: second, Settings(place="shank"))
    assert app.show_live(lambda: first, screenshot=tmp_path / "x.png", seconds=60.0, second=beside) == 0
    assert first.stopped
    assert second.stopped


def test_show_live_reports_failure(tmp_path: Path) -> None:
    def broken() -> Session:
        raise RecordingError("No such file.")

    assert app.show_live(broken, screenshot=tmp_path / "x.png", seconds=5.0) == 1
    assert (tmp_path / "x.png").exists()


def test_main_knows_demo_and_recordings(monkeypatch, tmp_path: Path) -> None:
    asked = []
    monkeypatch.setattr(app, "show_live", lambda make, **kw: asked.append((make, kw)) or 0)
    monkeypatch.setattr(Session, "replay", classmethod(lambda cls, path: path))
    assert app.main([]) == 0
    assert asked[0][0] is None
    app.main(["--demo", "--language", "nl", "--view", "near"])
    assert asked[1][1]["language"] == "nl"
    app.main([str(tmp_path / "a.npz")])
    assert asked[2][0]() == tmp_path / "a.npz"
    with pytest.raises(SystemExit):
        app.main(["--theme", "pink"])


def test_painting_leaves_the_references_to_none_alone(qapp) -> None:
    from PySide6.QtGui import QPainter, QPixmap

    from gui.look import Look
    from gui.paint import Canvas
    from gui.plots.trace import TracePlot

    look = Look()
    picture = QPixmap(200, 100)
    painter = QPainter(picture)
    canvas = Canvas(painter, 1.0, look.tokens, look.family)
    plot = TracePlot(look)

    def once() -> None:
        canvas.text(1, 20, "2.67", 20, look.tokens.ink, bold=True)
        canvas.box(0, 0, 10, 10, fill=look.tokens.sub, edge=look.tokens.line)
        plot.setAccessibleName("name")
        plot.setProperty("x", 1.0)

    for _ in range(50):
        once()
    before = sys.getrefcount(None)
    for _ in range(3000):
        once()
    painter.end()
    assert abs(sys.getrefcount(None) - before) < 500
