"""The dashboard is tested without a display and without the settings of whoever runs the tests."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt's system libraries are missing")

from fake_session import FakeSession, Script
from PySide6.QtCore import QSettings

from gui.app import make_window
from gui.preferences import MemoryPreferences
from gui.sources import Sources
from gui.views.window import Window


@pytest.fixture(autouse=True, scope="session")
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(tmp_path_factory.mktemp("settings"))
    os.environ["STRIDE_LIBRARY"] = str(tmp_path_factory.mktemp("library") / "library.stride-library")
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, folder)


@pytest.fixture(autouse=True, scope="module")
def garbage_in_this_thread() -> Iterator[None]:
    """As in the dashboard itself: a widget that another thread's collection frees ends the whole run."""
    gc.disable()
    yield
    gc.collect()
    gc.freeze()  # again: the dashboard's own collector ends with the opposite
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def one_application(qapp: object) -> object:
    """Made before any test, so that none that writes a report makes a smaller one that stays."""
    return qapp


class Live:
    """A window with a made-up session whose clock the test moves."""

    def __init__(self, window: Window, session: FakeSession) -> None:
        self.window = window
        self.session = session

    def open(self) -> Live:
        self.window.open(lambda: self.session)  # type: ignore[arg-type,return-value]  # a stand-in
        self.wait_made()
        return self

    def wait_made(self) -> None:
        making = self.window.bridge._making
        if making is not None:
            assert making.done.wait(10.0)
        self.window.bridge.poll()

    def run(self, seconds: float, step: float = 0.5) -> Live:
        """Let time pass, looking every `step`; what lies more than 5 s before the end is looked at every 2 s."""
        left = seconds
        while left > step / 2:
            ahead = 2.0 if left >= 7.0 and step == 0.5 else step
            self.session.advance(ahead)
            self.window.bridge.poll()
            left -= ahead
        return self


@pytest.fixture
def live(qtbot) -> Iterator[Callable[..., Live]]:
    made: list[Window] = []

    def make(script: Script | None = None, size: tuple[int, int] = (1280, 720), sources=None, **options) -> Live:
        session = FakeSession(script)
        options.setdefault("language", "en")
        options.setdefault("theme_name", "dark")
        options.setdefault("preferences", MemoryPreferences())
        opened: list[Path] = []

        def replay(path: Path):
            opened.append(path)
            return lambda: session

        sources = Sources(lambda: session, replay, **(sources or {}))
        window = make_window(sources=sources, poll_ms=3_600_000, **options)
        window.opened_paths = opened
        made.append(window)
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=5000)  # shortcuts work in the active window only
        return Live(window, session)

    yield make
    for window in made:
        window.bridge.close()
