"""A second sensor beside the first: chosen in a dialog, followed by a bridge of its own, shown in the near view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.bridge import Bridge
from gui.failure import failure_words
from gui.live_state import Frame, LiveState
from gui.look import Look
from gui.pair_words import PairClock, PairWords, place_words
from gui.panels.sensorlist import sensor_lines
from gui.scanner import Scanner
from gui.shown import PairShown
from gui.sources import MakeSession, Nearby, Plan
from gui.views.wizard_sensor import PLACES
from imu.settings import Settings

if TYPE_CHECKING:
    from gui.views.window import Window


class SecondDialog(QDialog):
    """Which sensor, and where it is worn."""

    def __init__(self, look: Look, scanner: Scanner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.scanner = look, scanner
        t = look.texts
        self.setWindowTitle(t("pair.add"))
        self.sensors = QComboBox()
        self.places = QComboBox()
        self.again = QPushButton(t("pair.search"))
        self.words = QLabel()
        self._lines: list[Nearby | None] = []
        for name, _, _ in PLACES:
            self.places.addItem(t(f"wizard.at_{name}"))
        self.places.setCurrentIndex([name for name, _, _ in PLACES].index("shank_right"))
        box = QVBoxLayout(self)
        for label, field in ((t("pair.which"), self.sensors), (t("wizard.place"), self.places)):
            caption = QLabel(label)
            caption.setBuddy(field)
            field.setAccessibleName(label)
            box.addWidget(caption)
            box.addWidget(field)
            if field is self.sensors:
                box.addWidget(self.again)
        for text in (self.words, QLabel(t("pair.kept"))):
            text.setWordWrap(True)
            box.addWidget(text)
        buttons = QDialogButtonBox()
        buttons.addButton(t("pair.begin"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(t("pair.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        box.addWidget(buttons)
        self.again.clicked.connect(lambda _=False: scanner.start())
        scanner.changed.connect(self.refresh)
        self.finished.connect(lambda _: scanner.changed.disconnect(self.refresh))
        self.refresh()
        if scanner.possible and not scanner.found:
            scanner.start()

    def refresh(self) -> None:
        """Show what the search has found; the choice stays."""
        t, chosen = self.look.texts, self.sensor
        lines = [line for line in sensor_lines(self.look, self.scanner.found, simulated=True) if line.usable]
        self._lines = [line.sensor for line in lines]
        self.sensors.clear()
        for line in lines:
            self.sensors.addItem(line.name)
        addresses = [None if s is None else s.address for s in self._lines]
        wanted = None if chosen is None else chosen.address
        self.sensors.setCurrentIndex(addresses.index(wanted) if chosen is not None and wanted in addresses else 0)
        self.again.setEnabled(self.scanner.possible and not self.scanner.searching)
        problem = self.scanner.problem
        self.words.setText(
            t("sensors.searching") if self.scanner.searching else "" if problem is None else failure_words(problem, t)
        )

    @property
    def sensor(self) -> Nearby | None:
        """The one chosen; None = the simulated runner."""
        index = self.sensors.currentIndex()
        return self._lines[index] if 0 <= index < len(self._lines) else None

    @property
    def settings(self) -> Settings:
        """Where it is worn."""
        _, place, side = PLACES[max(self.places.currentIndex(), 0)]
        return Settings(place=place, sensor_side=side)


class SecondSensor(QObject):
    """Owns the second sensor of a window's run; it ends with the run.

    What is marked in the run, the speed in force (typed, or of a treadmill), incline and heart rate count for both
    sensors.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.bridge = Bridge(self, poll_ms=window.bridge.poll_ms)
        self.state: LiveState | None = None
        self._clock = PairClock()
        self._words = PairWords()
        self.bridge.frame.connect(self._take)
        window.bridge.frame.connect(self._follow)
        window.bridge.marked.connect(self.bridge.mark)
        window.bridge.ended.connect(self.close)
        window.near.pair.add.clicked.connect(lambda _=False: self.add_or_remove())
        window.near.middle.chosen.connect(lambda _name: self.show())

    def add_or_remove(self) -> None:
        """Ask for a second sensor, or let go of the one there is."""
        window = self.window
        if self.state is not None:
            self.close()
            if window.commands.running:
                window.model.state.noted("second_off")
            self.show()
            return
        make = window.sources.begin
        if make is None or not window.commands.running:
            return
        dialog = SecondDialog(window.look, window.scanner, window)
        if dialog.exec():
            library, plan = window.desk.library, Plan(settings=dialog.settings, sensor=dialog.sensor)
            self.open(lambda: make(plan, library), dialog.settings)

    def open(self, make: MakeSession, settings: Settings) -> None:
        """Follow a second sensor."""
        self.state = LiveState(settings.place)
        self._clock, self._words = PairClock(), PairWords()
        self.bridge.open(make)
        texts = self.window.look.texts
        self.window.model.state.noted("second_on", place=place_words(settings, texts))

    def close(self) -> None:
        """Stop it and forget it; what was recorded stays."""
        self.state = None
        self.bridge.close()

    def _follow(self, frame: Frame) -> None:
        """Look at a frame of the first sensor: its clock, and what counts for both."""
        self._clock.look(0, frame)
        first, second = self.window.bridge.session, self.bridge.session
        if first is None or second is None:
            return
        first.share_context(second)  # what joins the first is heard by the second from here on
        if frame.status.speed_mps != self.bridge.settings.speed_mps:
            self.bridge.set_speed(frame.status.speed_mps)

    def _take(self, frame: Frame) -> None:
        if self.state is not None:
            self.state.place = self.bridge.place
            self.state.feed(frame)
            self._clock.look(1, frame)

    def show(self) -> None:
        """Show both, while somebody looks."""
        card, texts = self.window.near.pair, self.window.look.texts
        if not card.isVisible():
            return
        if self.state is None:
            card.set_content(PairShown(title=texts("pair.title"), empty=texts("pair.empty"), hint=texts("pair.hint")))
            card.add.setEnabled(self.window.sources.begin is not None and self.window.commands.running)
            return
        settings = (self.window.bridge.settings, self.bridge.settings)
        card.add.setEnabled(True)
        card.set_content(self._words.shown((self.window.model.state, self.state), settings, self._clock, texts))
