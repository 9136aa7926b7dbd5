"""The sensor card of the start page: what is around, what is wrong with Bluetooth, and the one filled button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.failure import failure_words
from gui.look import Look
from gui.paint import Canvas
from gui.panels.buttons import Button
from gui.panels.card import Card
from gui.panels.sensorlist import SensorList, sensor_lines
from gui.scanner import Scanner
from gui.shown import Chip


class SensorsCard(Card[str]):
    """Sensors nearby.

    Signals
    -------
    begin_asked : Nearby or None
        Begin a session; None = no sensor was chosen yet.
    """

    DESIGN = (816.0, 440.0)
    begin_asked = Signal(object)

    def __init__(self, look: Look, scanner: Scanner, parent: QWidget) -> None:
        super().__init__(look, "", parent)
        self.scanner = scanner
        self.last_used = ""
        self.can_begin = True
        self.list = SensorList(look, self)
        self.button = Button(look, "filled", parent=self)
        self.button.clicked.connect(lambda _=False: self.begin_asked.emit(self.chosen))
        self.again = Button(look, "outline", parent=self)
        self.again.clicked.connect(lambda _=False: scanner.start())
        scanner.changed.connect(self.refresh)

    @property
    def chosen(self) -> object:
        """The sensor that is chosen."""
        line = self.list.selected
        return None if line is None else line.sensor

    def describe(self) -> None:
        """Say the content to screen readers."""
        if hasattr(self, "scanner"):
            chip, words = self._state()
            self.setAccessibleName(self.look.texts("sensors.title"))
            self.setAccessibleDescription(f"{chip.text}. {words}".strip())

    def refresh(self) -> None:
        """Take over what the search found."""
        t = self.look.texts
        found, charges = self.scanner.found, self.scanner.charges
        self.list.set_lines(sensor_lines(self.look, found, charges, last_used=self.last_used))
        self.button.set_words(t("sensors.begin_with" if self.list.selected else "sensors.begin"))
        self.button.setEnabled(self.can_begin)
        self.again.set_words(t("sensors.again"))
        self.again.setVisible(self.scanner.possible and not self.scanner.searching)
        self.describe()
        self.arrange()
        self.update()

    def restyle(self) -> None:
        """Take over colours and language."""
        super().restyle()
        self.refresh()

    def arrange(self) -> None:
        """Lay list and buttons out."""
        s = self.scale
        self.list.set_scale(s)
        foot = round(104 * s)
        self.list.setGeometry(
            round(16 * s), round(84 * s), self.width() - round(32 * s), self.height() - round(188 * s)
        )
        self.button.set_scale(s)
        self.again.set_scale(s)
        y = self.height() - foot + round(16 * s)
        self.button.move(round(32 * s), y)
        self.again.move(self.width() - self.again.width() - round(32 * s), y + round(4 * s))

    def _state(self) -> tuple[Chip, str]:
        """Say in a word and a sentence how the search stands."""
        t, scanner = self.look.texts, self.scanner
        if not scanner.possible:
            return Chip(t("sensors.none_here"), "info"), t("sensors.none_here_note")
        if scanner.problem is not None:
            return Chip(t("sensors.no_bluetooth"), "warn"), failure_words(scanner.problem, t)
        if scanner.searching:
            return Chip(t("sensors.searching"), "info"), "" if self.list.rows else t("sensors.wake")
        if not self.list.rows:
            return Chip(t("sensors.found_none"), "info"), t("sensors.wake")
        return Chip(t("sensors.adapter_ok"), "ok"), ""

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        t, tokens, width = self.look.texts, self.look.tokens, self.design_width
        chip, words = self._state()
        used = canvas.text(32, 58, t("sensors.title"), 24, tokens.ink, bold=True)
        room = width - 64 - used - 24
        chip_width = min(canvas.width_of(chip.text, 20, bold=True) + 26, room)
        self.paint_chip(canvas, chip, width - 32 - chip_width, 58, 20, chip_width + 4)
        if words and not self.list.rows:
            canvas.paragraph(32, 96, width - 64, words, 20, tokens.ink2)
        x = (self.button.x() + self.button.width()) / self.scale + 20
        y = (self.button.y() + self.button.height() / 2) / self.scale + 7
        canvas.text(x, y, "N", 20, tokens.ink3)
