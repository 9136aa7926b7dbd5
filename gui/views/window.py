"""The one window: status bar, start page or live views, footer; keys, language, theme, unit of speed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from gui import theme
from gui.bridge import Bridge
from gui.desk import Desk
from gui.i18n import KMH, PACE
from gui.live_state import Frame
from gui.look import Look
from gui.panels.bars import Banner, StatusBar
from gui.panels.footer import Footer
from gui.preferences import Preferences
from gui.scanner import Scanner
from gui.shown import LiveShown
from gui.sources import MakeSession, Sources
from gui.viewmodel import LiveModel
from gui.views.beginning import Beginning
from gui.views.commands import RunCommands
from gui.views.dialogs import HelpDialog
from gui.views.escape import escape
from gui.views.far import FarView
from gui.views.growing import PageScroll
from gui.views.library_page import LibraryPage
from gui.views.near import NearView
from gui.views.runner import RunnerWindow
from gui.views.session_frame import ReviewPage
from gui.views.session_page import SessionPage
from gui.views.session_routes import Routes
from gui.views.start import StartPage
from gui.views.text_commands import TextCommands
from gui.views.top import TopWidget
from gui.views.wizard import Wizard
from imu.errors import ImuError


class Window(TopWidget):
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
        self.look, self.bridge = look, bridge
        self.sources, self.preferences = sources, preferences
        self.model = LiveModel(look.texts)
        self.view_name = "far"
        self.line_g: float | None = None  # feedback line of whoever works here
        self.shown: LiveShown | None = None
        self.bar = StatusBar(look)
        self.banner, self.footer = Banner(look), Footer(look)
        self.desk = Desk(sources.library, self)
        self.scanner = Scanner(sources.scan, self, lambda name: self.desk.ask(lambda lib: lib.last_charge(name), None))
        self.start = StartPage(look, self.desk, self.scanner, can_begin=sources.begin is not None, version=version)
        self.far = FarView(look)
        self.near = NearView(look)
        self.far.in_turn = self.near.in_turn = bridge.poll_ms <= 100
        self.wizard = Wizard(look, self.desk, self.scanner)
        self.pages = QStackedWidget()
        for page in (self.start, self.wizard, self.far, self.near):
            self.pages.addWidget(page)
        self.paging = PageScroll(look, self.pages)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.banner)
        column.addWidget(self.paging, 1)
        column.addWidget(self.footer)
        self._review: QWidget | None = None
        self.runner: RunnerWindow | None = None
        self.commands = RunCommands(self)
        self.beginning = Beginning(self)
        self.text = TextCommands(self)
        self._connect()
        self._shortcuts()
        self.setMinimumSize(960, 560)
        self._page_changed()

    # -- wiring ------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.bridge.frame.connect(self.take_frame)
        self.painted.connect(self.bridge.was_painted)
        self.hidden.connect(self.bridge.was_hidden)
        self.bar.view_chosen.connect(self.set_view)
        self.bar.language_chosen.connect(self.set_language)
        self.bar.theme_toggled.connect(self.toggle_theme)
        self.bar.unit_toggled.connect(self.toggle_unit)
        self.bar.help_asked.connect(self.show_help)
        self.footer.ended.connect(self.end_or_again)
        self.far.stems.plot.line_moved.connect(self.commands.set_line)
        self.near.asked.connect(self.refresh)
        self.start.demo_asked.connect(self.start_demo)
        self.start.open_asked.connect(self.beginning.ask_recording)
        self.start.begin_asked.connect(self.beginning.begin)
        self.start.all_asked.connect(self.show_library)
        self.start.session_asked.connect(self.show_session)
        self.wizard.connect_asked.connect(self.beginning.start_plan)
        self.wizard.done.connect(self.beginning.done)
        self.wizard.cancelled.connect(self.beginning.leave)
        self.wizard.swap_asked.connect(lambda: self.commands.swap_sides(anywhere=True))

    def _shortcuts(self) -> None:
        live: dict[str, Callable[[], None]] = {
            "Space": self.commands.mark,
            "L": self.commands.swap_sides,
            "R": self.commands.swap_sides,
            "C": self.commands.cue,
            "W": self.commands.next_cue,
            "P": self.commands.ask_pain,
            "M": self.commands.ask_note,
            "K": self.commands.toggle_target,
            "S": self.commands.ask_speed,
            "V": self.toggle_view,
            "F11": self.toggle_runner,
            "+": lambda: self.commands.change_speed(1),
            "=": lambda: self.commands.change_speed(1),
            "-": lambda: self.commands.change_speed(-1),
        }
        start: dict[str, Callable[[], None]] = {
            "D": self.start_demo,
            "O": self.beginning.ask_recording,
            "N": self.start.sensor.button.click,
            "F": self.start.recent.field.setFocus,
        }
        always: dict[str, Callable[[], None]] = {
            "T": self.toggle_theme,
            "U": self.toggle_unit,
            "F1": self.show_help,
            "Ctrl+F": self.toggle_full_screen,
            "Esc": lambda: escape(self),
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
        Routes(library, self.look, self.show_page, self.show_library, self.show_session).wire(page)
        self.show_page(page)

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
        Routes(library, self.look, self.show_page, self.show_library, self.show_session).wire(page)
        self.show_page(page)

    def show_page(self, page: QWidget) -> None:
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
        self.new_model()
        self.show_run()
        self.bridge.open(make, self.line_g)

    def new_model(self) -> None:
        """Forget the run before; the therapist's own feedback line stays, that of a replayed run does not."""
        self.model = LiveModel(self.look.texts)
        self.model.state.line_g = self.line_g
        self.model.cue.tell(self.preferences.get("cue"))

    def show_run(self) -> None:
        """Show the far or the near view."""
        self.pages.setCurrentWidget(self.far if self.view_name == "far" else self.near)
        self._page_changed()
        self.setFocus()
        self.refresh()

    def _page_changed(self) -> None:
        on_start, in_run = self.on_start_page, self.in_run
        self.bar.on_start_page = not in_run
        self.bar.restyle(self.view_name)
        self.footer.setVisible(in_run)
        for shortcuts, usable in ((self._live_keys, in_run), (self._start_keys, on_start)):
            for shortcut in shortcuts:
                shortcut.setEnabled(usable)

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
        self.commands.each_frame()
        if self.pages.currentWidget() is self.wizard:
            state = frame.status.state
            self.wizard.show_moment(self.model.view(), state, self.bridge.stance(), self.model.state.swapped_ever)
        self.refresh()

    def refresh(self) -> None:
        """Show the state of the model."""
        if not self.in_run:
            return
        page = self.far if self.view_name == "far" else self.near
        self.shown = shown = self.model.view(page.wanted())
        self.bar.set_shown(shown.bar)
        self.banner.set_chip(shown.banner)
        self.footer.set_shown(self.commands.foot(shown))
        page.set_shown(shown)
        self.commands.second.show()
        if self.runner is not None:
            self.runner.take(self.model.state)

    # -- commands ----------------------------------------------------------------------------------------------------

    def start_demo(self) -> None:
        """Watch the simulated runner."""
        self.open(self.sources.demo)

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

    # -- look --------------------------------------------------------------------------------------------------------

    def set_language(self, language: str) -> None:
        """Change the language at once."""
        self.look.texts.language = language
        self.preferences.put("language", language)
        self.restyle()

    def toggle_unit(self) -> None:
        """Change between km/h and min/km, and remember it."""
        texts = self.look.texts
        texts.speed_unit = PACE if texts.speed_unit == KMH else KMH
        self.preferences.put("speed_unit", texts.speed_unit)
        self.restyle()

    def set_theme(self, name: str) -> None:
        """Change the colours at once."""
        self.look.tokens = theme.THEMES[name]
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.look.tokens, self.look.family, self.look.zoom)
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
        if isinstance(self._review, (LibraryPage, SessionPage, ReviewPage)):
            self._review.restyle()
        self.refresh()

    def show_help(self) -> None:
        """Keys and meaning."""
        HelpDialog(self.look, self).exec()

    def toggle_runner(self) -> None:
        """Open the runner's window on the second screen, or close it."""
        if self.runner is not None:
            self.runner.close()
            return
        self.runner = RunnerWindow(self.look)
        self.runner.setWindowTitle(self.look.texts("runner.title"))
        self.runner.closed.connect(self._runner_closed)
        self.runner.take(self.model.state)
        self.runner.open_on_second_screen()

    def _runner_closed(self) -> None:
        if self.runner is not None:
            self.runner.deleteLater()
        self.runner = None

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.on_start_page and not event.spontaneous():
            self.go_start()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.text.scale_bars()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if event.spontaneous() and not self.beginning.may_end("leave.close"):  # by hand, not by the program
            event.ignore()
            return
        self.bridge.close()
        if not (self.isFullScreen() or self.isMaximized()):
            self.preferences.put("size", f"{self.width()}x{self.height()}")
        if self.runner is not None:
            self.runner.close()
        super().closeEvent(event)
        self.closed.emit()
