"""The one window: status bar, start page or live views, footer; keys, language, theme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from gui import theme
from gui.bridge import Bridge
from gui.desk import Desk
from gui.live_state import Frame
from gui.look import Look
from gui.panels.bars import Banner, Footer, StatusBar
from gui.preferences import Preferences
from gui.scanner import Scanner
from gui.shown import LiveShown
from gui.sources import MakeSession, Nearby, Plan, Sources
from gui.viewmodel import LiveModel
from gui.views.dialogs import HelpDialog, SpeedDialog
from gui.views.far import FarView
from gui.views.library_page import LibraryPage
from gui.views.near import NearView
from gui.views.session_page import SessionPage
from gui.views.start import StartPage
from gui.views.wizard import Wizard
from imu.constants import MPS_PER_KMH
from imu.errors import ImuError

_SPEED_STEP = 0.1 * MPS_PER_KMH


class Window(QWidget):
    """Start page and live views.

    Parameters
    ----------
    look : Look
    bridge : Bridge
    sources : Sources
    preferences : Preferences
    version : str

    Signals
    -------
    closed
        The window was closed; its session has been stopped.
    """

    closed = Signal()

    def __init__(self, look: Look, bridge: Bridge, sources: Sources, preferences: Preferences, version: str) -> None:
        super().__init__()
        self.look = look
        self.bridge = bridge
        self.sources = sources
        self.preferences = preferences
        self.model = LiveModel(look.texts)
        self.view_name = "far"
        self.shown: LiveShown | None = None
        self.bar = StatusBar(look)
        self.banner = Banner(look)
        self.footer = Footer(look)
        self.desk = Desk(sources.library, self)
        self.scanner = Scanner(sources.scan, self)
        self.start = StartPage(look, self.desk, self.scanner, can_begin=sources.begin is not None, version=version)
        self.far = FarView(look)
        self.near = NearView(look)
        self.wizard = Wizard(look, self.desk, self.scanner)
        self.plan: Plan | None = None
        self._stored = False
        self.pages = QStackedWidget()
        for page in (self.start, self.wizard, self.far, self.near):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.banner)
        column.addWidget(self.pages, 1)
        column.addWidget(self.footer)
        self._review: QWidget | None = None
        self._connect()
        self._shortcuts()
        self.setMinimumSize(960, 560)
        self._page_changed()

    # -- wiring ------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.bridge.frame.connect(self.take_frame)
        self.bar.view_chosen.connect(self.set_view)
        self.bar.language_chosen.connect(self.set_language)
        self.bar.theme_toggled.connect(self.toggle_theme)
        self.bar.help_asked.connect(self.show_help)
        self.footer.marked.connect(self.mark)
        self.footer.swapped.connect(self.swap_sides)
        self.footer.speed_asked.connect(self.ask_speed)
        self.footer.view_toggled.connect(self.toggle_view)
        self.footer.ended.connect(self.end_or_again)
        self.far.stems.plot.line_moved.connect(self.set_line)
        self.start.demo_asked.connect(self.start_demo)
        self.start.open_asked.connect(self.ask_recording)
        self.start.begin_asked.connect(self.begin)
        self.start.all_asked.connect(self.show_library)
        self.start.session_asked.connect(self.show_session)
        self.wizard.connect_asked.connect(self.start_plan)
        self.wizard.done.connect(self.wizard_done)
        self.wizard.cancelled.connect(self.go_start)
        self.wizard.swap_asked.connect(self._wizard_swap)

    def _shortcuts(self) -> None:
        live: dict[str, Callable[[], None]] = {
            "Space": self.mark,
            "L": self.swap_sides,
            "R": self.swap_sides,
            "S": self.ask_speed,
            "V": self.toggle_view,
            "+": lambda: self.change_speed(1),
            "=": lambda: self.change_speed(1),
            "-": lambda: self.change_speed(-1),
        }
        start: dict[str, Callable[[], None]] = {
            "D": self.start_demo,
            "O": self.ask_recording,
            "N": self.start.sensor.button.click,
        }
        always: dict[str, Callable[[], None]] = {
            "T": self.toggle_theme,
            "F1": self.show_help,
            "F11": self.toggle_full_screen,
            "Esc": self.leave_full_screen,
        }
        self._live_keys = [self._shortcut(k, f) for k, f in live.items()]
        self._start_keys = [self._shortcut(k, f) for k, f in start.items()]
        for key, action in always.items():
            self._shortcut(key, action)

    def _shortcut(self, key: str, action: Callable[[], None]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setAutoRepeat(key in {"+", "=", "-"})
        shortcut.activated.connect(action)
        return shortcut

    # -- pages -------------------------------------------------------------------------------------------------------

    @property
    def on_start_page(self) -> bool:
        """Whether the start page is shown."""
        return self.pages.currentWidget() is self.start

    def go_start(self) -> None:
        """Show the start page; the session is closed."""
        self.bridge.close()
        self.banner.set_chip(None)
        self.pages.setCurrentWidget(self.start)
        self._page_changed()
        self.start.enter()
        self.start.first_button.setFocus()

    @property
    def in_run(self) -> bool:
        """Whether the far or the near view is shown."""
        return self.pages.currentWidget() in {self.far, self.near}

    def show_library(self) -> None:
        """Show all sessions."""
        library = self.desk.library
        if library is None:
            return
        page = LibraryPage(library, self.look)
        page.back.connect(self.go_start)
        page.session_opened.connect(lambda session_id: self.show_session(session_id, self.show_library))
        self._show_review(page)

    def show_session(self, session_id: int, back: Callable[[], None] | None = None) -> None:
        """Show one session of the library; what cannot be read is said on the start page."""
        library = self.desk.library
        if library is None:
            return
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)  # half an hour of samples takes a second to read
        try:
            page = SessionPage(library, session_id, self.look)
        except ImuError as error:
            self.desk.problem = error
            self.go_start()
            return
        finally:
            QApplication.restoreOverrideCursor()
        page.back.connect(back or self.go_start)
        self._show_review(page)

    def _show_review(self, page: QWidget) -> None:
        """Show a page about what was recorded; the one before is let go."""
        before, self._review = self._review, None if page is self.wizard else page
        self.bridge.close()
        self.banner.set_chip(None)
        if page is not self.wizard:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        self._page_changed()
        page.setFocus()
        if before is not None:
            self.pages.removeWidget(before)
            before.deleteLater()

    def open(self, make: MakeSession) -> None:
        """Begin a run."""
        self.plan = None
        self._new_model()
        self.pages.setCurrentWidget(self.far if self.view_name == "far" else self.near)
        self._page_changed()
        self.setFocus()
        self.bridge.open(make)

    def _new_model(self) -> None:
        line = self.model.state.line_g
        self.model = LiveModel(self.look.texts)
        self.model.state.line_g = line

    def _page_changed(self) -> None:
        on_start, in_run = self.on_start_page, self.in_run
        self.bar.on_start_page = not in_run
        self.bar.restyle(self.view_name)
        self.footer.setVisible(in_run)
        for shortcut in self._live_keys:
            shortcut.setEnabled(in_run)
        for shortcut in self._start_keys:
            shortcut.setEnabled(on_start)

    def set_view(self, name: str) -> None:
        """Show the far or the near view."""
        self.view_name = name
        self.preferences.put("view", name)
        if self.in_run:
            self.pages.setCurrentWidget(self.far if name == "far" else self.near)
        self.bar.restyle(name)
        self.refresh()

    def toggle_view(self) -> None:
        """Change between far and near."""
        self.set_view("near" if self.view_name == "far" else "far")

    # -- data --------------------------------------------------------------------------------------------------------

    def take_frame(self, frame: Frame) -> None:
        """Take in what the bridge fetched, and show it."""
        self.model.state.place = self.bridge.place
        self.model.feed(frame)
        if self.pages.currentWidget() is self.wizard:
            state = frame.status.state
            self.wizard.show_moment(self.model.view(), state, self.bridge.stance(), self.model.state.swapped_ever)
        self.refresh()

    def _wizard_swap(self) -> None:
        self.bridge.swap_sides()
        self.model.state.swapped()

    def refresh(self) -> None:
        """Show the state of the model."""
        if not self.in_run:
            return
        self.shown = shown = self.model.view()
        self.bar.set_shown(shown.bar)
        self.banner.set_chip(shown.banner)
        self.footer.set_shown(shown.live, shown.running)
        page = self.far if self.view_name == "far" else self.near
        page.set_shown(shown)

    # -- commands ----------------------------------------------------------------------------------------------------

    @property
    def _running(self) -> bool:
        return self.in_run and self.bridge.session is not None and self.footer.running

    def start_demo(self) -> None:
        """Watch the simulated runner."""
        self.open(self.sources.demo)

    def begin(self, sensor: Nearby | None) -> None:
        """Prepare a session; with the sensor that was chosen."""
        if self.sources.begin is not None:
            self.wizard.enter(sensor)
            self._show_review(self.wizard)

    def start_plan(self, plan: Plan) -> None:
        """Open the link to the sensor of a plan; recording begins."""
        make, library = self.sources.begin, self.desk.library
        if make is None:
            return
        self.plan = plan
        self._stored = False
        if plan.sensor is not None:
            self.preferences.put("sensor", plan.sensor.address)
        self._new_model()
        self.bridge.open(lambda: make(plan, library))

    def wizard_done(self) -> None:
        """Go from the wizard to the live view."""
        self._store_answers()
        self.pages.setCurrentWidget(self.far if self.view_name == "far" else self.near)
        self._page_changed()
        self.setFocus()
        self.refresh()

    def _store_answers(self) -> None:
        """Keep what the wizard asked with the session; what was skipped is kept as skipped."""
        session_id, plan = self.bridge.kept_session_id, self.plan
        if session_id is None or plan is None or self._stored:
            return
        self._stored = True
        answers = self.wizard.answers()
        self.desk.ask(lambda lib: lib.set_wizard(session_id, answers), None)
        if plan.pain is not None:
            score, place = plan.pain, plan.pain_place
            self.desk.ask(lambda lib: lib.add_pain(session_id, "before", score, place), None)

    def ask_recording(self) -> None:
        """Let the user choose a recording and play it."""
        t = self.look.texts
        path, _ = QFileDialog.getOpenFileName(self, t("start.open_title"), "", t("start.open_filter"))
        if path:
            self.open(self.sources.replay(Path(path)))

    def end_or_again(self) -> None:
        """Stop the run; after the end, go back to the start page."""
        if self.footer.running:
            if self.bridge.session is None:  # still being prepared
                self.go_start()
            else:
                self.bridge.stop()
                kept = self.bridge.kept_session_id
                if kept is not None:
                    self.show_session(kept)
        else:
            self.go_start()

    def mark(self) -> None:
        """Put a mark at this moment."""
        if self._running:
            number = self.model.state.marked()
            self.bridge.mark(str(number))
            self.refresh()

    def swap_sides(self) -> None:
        """Exchange left and right from the next step on."""
        if self._running:
            self.bridge.swap_sides()
            self.model.state.swapped()
            self.refresh()

    def change_speed(self, steps: int) -> None:
        """Move the belt speed; an unknown speed is asked for first."""
        if not self._running:
            return
        speed = self.model.state.status.speed_mps
        if speed is None:
            self.ask_speed()
        else:
            self.bridge.set_speed(max(speed + steps * _SPEED_STEP, 2 * MPS_PER_KMH))

    def ask_speed(self) -> None:
        """Let the user type the belt speed."""
        if not self._running:
            return
        dialog = SpeedDialog(self.look, self.model.state.status.speed_mps, self)
        if dialog.exec():
            self.bridge.set_speed(dialog.speed_mps)

    def set_line(self, value_g: float | None) -> None:
        """Move or remove the feedback line."""
        self.model.state.set_line(value_g)
        self.preferences.put("line_g", "" if value_g is None else f"{value_g:.2f}")
        self.refresh()

    # -- look --------------------------------------------------------------------------------------------------------

    def set_language(self, language: str) -> None:
        """Change the language at once."""
        self.look.texts.language = language
        self.preferences.put("language", language)
        self.restyle()

    def set_theme(self, name: str) -> None:
        """Change the colours at once."""
        self.look.tokens = theme.THEMES[name]
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.look.tokens, self.look.family)
        self.restyle()

    def toggle_theme(self) -> None:
        """Change between light and dark, and remember it."""
        name = "light" if self.look.tokens.name == "dark" else "dark"
        self.preferences.put("theme", name)
        self.set_theme(name)

    def restyle(self) -> None:
        """Take over colours and language everywhere."""
        self.setWindowTitle(self.look.texts("app.title"))
        self.bar.restyle(self.view_name)
        self.footer.restyle()
        self.banner.update()
        for page in (self.start, self.wizard, self.far, self.near):
            page.restyle()
        if isinstance(self._review, (LibraryPage, SessionPage)):
            self._review.restyle()
        self.refresh()

    def show_help(self) -> None:
        """Keys and meaning."""
        HelpDialog(self.look, self).exec()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def leave_full_screen(self) -> None:
        """Leave full screen; never stops a run."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.on_start_page and not event.spontaneous():
            self.go_start()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = max(min(self.width() / 1920.0, self.height() / 1080.0), 0.3)
        self.bar.set_scale(scale)
        self.banner.set_scale(scale)
        self.footer.set_scale(scale)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.bridge.close()
        super().closeEvent(event)
        self.closed.emit()
