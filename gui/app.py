"""Entry points of the dashboard: `show_live` for a session at hand, `main` for the start page."""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import math
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QElapsedTimer, QEventLoop, QLocale, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui import text_size, theme
from gui.bridge import Bridge
from gui.garbage import GarbageInThisThread
from gui.i18n import KMH, LANGUAGES, Texts, system_language
from gui.look import Look
from gui.preferences import MemoryPreferences, Preferences, StoredPreferences
from gui.sources import MakeSession, Plan, Sources
from gui.views.window import Window
from imu.api import Library, Session, compile_ahead, scan
from imu.settings import Settings
from imu.types import FoundSensor, LinkState, Place

PICTURE_SIZE = (1920, 1080)
_PREPARING_LIMIT_S = 90.0


def default_sources() -> Sources:
    """Sessions of the facade: the simulated runner, a recording, and a sensor where this version can connect."""

    def replay(path: Path) -> MakeSession:
        return lambda: Session.replay(path)

    def begin(plan: Plan, library: Library | None) -> Session:
        out = None
        if library is not None:
            out = library.record(plan.client_id, shoe_id=plan.shoe_id, wizard=plan.answers, notes=plan.notes)
        if plan.sensor is None:
            return Session.simulate(None, plan.settings, out=out, calibrating=True)
        # what a scan gave is what connecting takes; the window itself looks at a few facts only
        sensor, treadmill = cast("FoundSensor", plan.sensor), cast("FoundSensor | None", plan.treadmill)
        return Session.connect(sensor, plan.settings, treadmill=treadmill, out=out)

    return Sources(demo=Session.simulate, replay=replay, begin=begin, scan=scan, library=Library.open)


def make_window(
    *,
    language: str | None = None,
    theme_name: str | None = None,
    sources: Sources | None = None,
    preferences: Preferences | None = None,
    poll_ms: int = 33,
) -> Window:
    """Build the window; a QApplication must exist.

    Parameters
    ----------
    language, theme_name : str or None
        None = what was remembered, else the system's. So is the size of text.
    sources : Sources or None
        None = `default_sources()`.
    preferences : Preferences or None
        None = the user's own.
    poll_ms : int
        Time between two looks at the session.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("make_window needs a QApplication")
    compile_ahead(Place.SACRUM)  # where most sensors are worn
    preferences = preferences or StoredPreferences()
    chosen = language or preferences.get("language") or system_language(QLocale.system().name())
    name = theme_name or preferences.get("theme") or _system_theme(app)
    texts = Texts(chosen, preferences.get("speed_unit") or KMH)
    percent = text_size.remembered(preferences.get("text")) or text_size.system_size(app)
    look = Look(theme.THEMES.get(name, theme.DARK), theme.load_fonts(), texts, percent / 100.0)
    theme.apply(app, look.tokens, look.family, look.zoom)
    window = Window(look, Bridge(poll_ms=poll_ms), sources or default_sources(), preferences, _version())
    window.line_g = window.model.state.line_g = _number(preferences.get("line_g"))
    if preferences.get("view") in {"far", "near"}:
        window.view_name = str(preferences.get("view"))
    window.start.sensor.last_used = window.wizard.sensor.last_used = preferences.get("sensor") or ""
    size = _size(preferences.get("size"))
    if size is not None:
        window.resize(*size)
    window.restyle()
    return window


def show_live(
    make_session: MakeSession | None,
    *,
    language: str | None = None,
    theme: str | None = None,
    screenshot: str | Path | None = None,
    seconds: float | None = None,
    view: str | None = None,
    card: str | None = None,
    line_g: float | None = None,
    size: tuple[int, int] | None = None,
    second: tuple[MakeSession, Settings] | None = None,
) -> int:
    """Show the dashboard until it is closed; blocks.

    Parameters
    ----------
    make_session : callable or None
        Makes the session to show; called in a thread. None = the start page.
    language : str or None
        `en` or `nl`; None = remembered, else the system's.
    theme : str or None
        `light` or `dark`; None = remembered, else the system's.
    screenshot : str, Path or None
        Write a picture of the window here at the end (needs `seconds`); nothing is remembered then.
    seconds : float or None
        Close by itself after so many seconds of data.
    view : str or None
        `far` or `near`.
    card : str or None
        Card in the middle of the near view: `steps`, `spectrum`, `pelvis` or `pair`.
    line_g : float or None
        Feedback line to begin with.
    size : tuple of int or None
        Width and height in pixels.
    second : tuple of callable and Settings, or None
        A second sensor beside the first, for the near view: makes its session, and how it is worn.

    Returns
    -------
    int
        0, or 1 when the session failed or the picture could not be written.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("a QCoreApplication is running; the dashboard needs a QApplication")
    preferences: Preferences = MemoryPreferences() if screenshot is not None else StoredPreferences()
    window = make_window(language=language, theme_name=theme, preferences=preferences)
    if view is not None:
        window.view_name = view
    if card is not None:
        window.near.middle.choose(card)
    if line_g is not None:
        window.line_g = window.model.state.line_g = line_g
    remembered = preferences.get("size") is not None
    if size is not None or screenshot is not None or not remembered:
        window.resize(*(size or PICTURE_SIZE))
    give_back = _let_ctrl_c_through(window)
    garbage = GarbageInThisThread()
    code = 0

    def finish() -> None:
        nonlocal code
        if screenshot is not None and not save_picture(window, Path(screenshot)):
            code = 1
        if window.model.state.status.state is LinkState.FAILED:
            code = 1
        window.close()

    # the name keeps it alive: a signal holds its receiver's method weakly
    countdown = _Countdown(window, seconds, finish) if seconds is not None else None
    if make_session is not None:
        window.open(make_session)
        if second is not None:
            window.commands.second.open(*second)
    if size is None and screenshot is None and not remembered:
        window.showMaximized()
    else:
        window.show()
    # a loop of its own, not the application's: the program that calls may have windows too
    loop = QEventLoop()
    window.closed.connect(loop.quit)
    try:
        loop.exec()
    finally:
        window.bridge.close()
        give_back()
        del countdown
        garbage.stop()
    return code


def run(make_session: MakeSession | None = None, **options: Any) -> int:
    """Another name of `show_live`."""
    return show_live(make_session, **options)


def save_picture(window: Window, path: Path) -> bool:
    """Write a picture of the window; False when the file could not be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return bool(window.grab().save(str(path)))


class _Countdown:
    """Calls back after some seconds of data; time spent on preparing does not count, but has a limit."""

    def __init__(self, window: Window, seconds: float, finish: Callable[[], None]) -> None:
        self._window = window
        self._left_s = seconds
        self._wait_s = _PREPARING_LIMIT_S
        self._finish = finish
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(window)
        self._timer.setInterval(50)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        state = self._window.model.state.status.state
        preparing = state in {LinkState.PREPARING, LinkState.CONNECTING}
        passed = self._clock.restart() / 1000.0
        if preparing:
            self._wait_s -= passed
        else:
            self._left_s -= passed
        ended = state in {LinkState.FINISHED, LinkState.FAILED}
        if self._left_s <= 0 or self._wait_s <= 0 or ended:
            self._timer.stop()
            self._finish()


def _let_ctrl_c_through(window: Window) -> Callable[[], None]:
    """Let Ctrl-C in the terminal close the window; returns what undoes it."""
    try:
        before = signal.signal(signal.SIGINT, lambda *_: window.close())
    except ValueError:  # not in the main thread
        return lambda: None
    # Python runs signal handlers between its own instructions; this timer gives it the chance
    timer = QTimer(window)
    timer.start(250)
    timer.timeout.connect(lambda: None)
    return lambda: (signal.signal(signal.SIGINT, before), None)[1]


def _system_theme(app: QApplication) -> str:
    return "light" if app.styleHints().colorScheme() is Qt.ColorScheme.Light else "dark"


def _version() -> str:
    try:
        return importlib.metadata.version("stride-impact")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _size(text: str | None) -> tuple[int, int] | None:
    width, _, height = (text or "").partition("x")
    return (int(width), int(height)) if width.isdigit() and height.isdigit() else None


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and math.isfinite(value) else None


def main(argv: list[str] | None = None) -> int:
    """Start the dashboard on its start page, or play a recording; the command `stride-dashboard`."""
    parser = argparse.ArgumentParser(prog="stride-dashboard", description="Live dashboard of stride-impact.")
    parser.add_argument("recording", nargs="?", type=Path, help="recording to play (.stride or .npz)")
    parser.add_argument("--demo", action="store_true", help="begin with the simulated runner")
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--theme", choices=sorted(theme.THEMES))
    parser.add_argument("--view", choices=("far", "near"))
    parser.add_argument("--seconds", type=float, help="close by itself after so many seconds")
    parser.add_argument("--screenshot", type=Path, help="write a picture of the window at the end (with --seconds)")
    args = parser.parse_args(argv)
    sources = default_sources()
    make: MakeSession | None = None
    if args.recording is not None:
        make = sources.replay(args.recording)
    elif args.demo:
        make = sources.demo
    return show_live(
        make,
        language=args.language,
        theme=args.theme,
        view=args.view,
        seconds=args.seconds,
        screenshot=args.screenshot,
    )


if __name__ == "__main__":
    sys.exit(main())
