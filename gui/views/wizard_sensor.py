"""Second page of the wizard: which sensor, where it is worn, and the speed."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.failure import failure_words
from gui.look import Look
from gui.paint import Canvas
from gui.panels.buttons import Button
from gui.panels.said import card
from gui.panels.sensorlist import ROW, SensorList, sensor_lines
from gui.scanner import Scanner
from gui.sources import Nearby
from gui.speed import unit_word
from gui.views.speed_field import SpeedField
from gui.views.start_cards import paint_belt
from gui.views.wizard_before import unknown_spin
from imu.types import Place, Side

_LONG: Final = {"search", "place_note", "speed_note"}
PLACES: Final = (
    ("sacrum", Place.SACRUM, Side.UNKNOWN),
    ("hip_left", Place.HIP, Side.LEFT),
    ("hip_right", Place.HIP, Side.RIGHT),
    ("foot_left", Place.FOOT, Side.LEFT),
    ("foot_right", Place.FOOT, Side.RIGHT),
    ("shank_left", Place.SHANK, Side.LEFT),
    ("shank_right", Place.SHANK, Side.RIGHT),
)


class BeltSketch(QWidget):
    """Where the sensor goes, seen from behind."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setMinimumSize(150, 150)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        scale = min(self.width() / 260.0, self.height() / 240.0)
        canvas = Canvas(painter, scale, self.look.tokens, self.look.family)
        paint_belt(canvas, self.width() / scale / 2, 10.0, 230.0)
        painter.end()


class SensorPage(QWidget):
    """Sensor, place, speed."""

    def __init__(self, look: Look, scanner: Scanner) -> None:
        super().__init__()
        self.look = look
        self.scanner = scanner
        self.last_used = ""
        self.labels: dict[str, QLabel] = {}
        self.list = SensorList(look)
        self.again = Button(look, "outline")
        self.again.clicked.connect(lambda _=False: scanner.start())
        self.places = QButtonGroup(self)
        self.place_buttons = {name: QRadioButton() for name, _, _ in PLACES}
        for i, button in enumerate(self.place_buttons.values()):
            self.places.addButton(button, i)
        self.place_buttons["sacrum"].setChecked(True)
        self.speed = SpeedField(look.texts, may_be_open=True)
        self.treadmill = QComboBox()
        self.treadmills: list[Nearby] = []
        self.sketch = BeltSketch(look)
        self._lay_out()
        scanner.changed.connect(self.refresh)

    def _label(self, name: str, *, head: bool = False) -> QLabel:
        label = QLabel()
        label.setWordWrap(name in _LONG)
        label.setProperty("head", head)
        self.labels[name] = label
        return label

    def _lay_out(self) -> None:
        self.beside = row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._sensor_card(), 1)
        right = QVBoxLayout()
        right.setSpacing(16)
        right.addWidget(self._place_card())
        right.addWidget(self._speed_card())
        row.addLayout(right, 1)
        column = QVBoxLayout(self)  # both sides end at one height, and what is left stays empty below them
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addStretch(1)

    def set_stacked(self, on: bool) -> None:
        """Put the cards under each other, or side by side."""
        self.beside.setDirection(QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight)

    def _sensor_card(self) -> QWidget:
        frame, column = card()
        column.addWidget(self._label("sensor", head=True))
        column.addWidget(self._label("search"))
        column.addWidget(self.list)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return frame

    def _place_card(self) -> QWidget:
        frame, column = card()
        column.addWidget(self._label("place", head=True))
        column.addWidget(self._label("place_note"))
        beside, grid = QHBoxLayout(), QGridLayout()
        grid.setHorizontalSpacing(24)
        spots = {"sacrum": (0, 0), "hip_left": (1, 0), "hip_right": (1, 1), "foot_left": (2, 0)}
        spots |= {"foot_right": (2, 1), "shank_left": (3, 0), "shank_right": (3, 1)}
        for name, button in self.place_buttons.items():
            grid.addWidget(button, *spots[name])
        beside.addLayout(grid)
        beside.addWidget(self.sketch, 1)
        column.addLayout(beside)
        return frame

    def _speed_card(self) -> QWidget:
        frame, column = card()
        column.addWidget(self._label("speed", head=True))
        column.addWidget(self._label("speed_note"))
        fields = QGridLayout()
        fields.setHorizontalSpacing(20)
        fields.setVerticalSpacing(12)
        for i, (name, widget) in enumerate((("speed_typed", self.speed), ("treadmill", self.treadmill))):
            label = self._label(name)
            label.setBuddy(widget)
            fields.addWidget(label, i, 0)
            fields.addWidget(widget, i, 1)
        fields.setColumnStretch(1, 1)
        column.addLayout(fields)
        column.addStretch(1)
        return frame

    # -- content -----------------------------------------------------------------------------------------------------

    def enter(self, sensor: Nearby | None) -> None:
        """Begin anew, with the sensor that was chosen on the start page."""
        self.refresh()
        wanted = "" if sensor is None else sensor.address
        for row in self.list.rows:
            if (row.line.sensor.address if row.line.sensor else "") == wanted:
                row.setChecked(True)

    def refresh(self) -> None:
        """Take over what the search found."""
        t, scanner = self.look.texts, self.scanner
        lines = sensor_lines(self.look, scanner.found, scanner.charges, last_used=self.last_used, simulated=True)
        self.list.set_lines(lines)
        self.list.setFixedHeight(round((ROW * min(len(lines), 5)) * self.list.scale) + 4)
        words = t("sensors.wake") if len(lines) == 1 else ""
        if scanner.problem is not None:
            words = failure_words(scanner.problem, t)
        elif scanner.searching:
            words = t("wizard.searching")
        elif not scanner.possible:
            words = t("wizard.no_search")
        self.labels["search"].setText(words)
        self.labels["search"].setVisible(bool(words))
        self.again.setVisible(scanner.possible and not scanner.searching)
        chosen = self.treadmill.currentIndex()
        self.treadmills = [s for s in scanner.found if s.kind == "context" and "treadmill" in s.profiles]
        self.treadmill.clear()
        self.treadmill.addItems([t("wizard.no_treadmill"), *(s.name for s in self.treadmills)])
        self.treadmill.setCurrentIndex(max(min(chosen, len(self.treadmills)), 0))

    def restyle(self) -> None:
        """Take over the language."""
        t = self.look.texts
        for name, label in self.labels.items():
            if name != "search":
                label.setText(t(f"wizard.{name}", unit=unit_word(t)))
        for name, button in self.place_buttons.items():
            button.setText(t(f"wizard.at_{name}"))
        self.again.set_words(t("sensors.again"))
        unknown_spin(self.speed, t("wizard.speed_typed", unit=unit_word(t)))
        self.speed.restyle()
        self.treadmill.setAccessibleName(t("wizard.treadmill"))
        self.refresh()

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.list.set_scale(scale)
        self.again.set_scale(scale)
        self.refresh()

    # -- answers -----------------------------------------------------------------------------------------------------

    @property
    def sensor(self) -> Nearby | None:
        """The one chosen; None = the simulated runner."""
        line = self.list.selected
        return None if line is None else line.sensor

    @property
    def joined(self) -> Nearby | None:
        """The treadmill chosen."""
        index = self.treadmill.currentIndex() - 1
        return self.treadmills[index] if 0 <= index < len(self.treadmills) else None

    @property
    def place(self) -> tuple[Place, Side]:
        """Where it is worn."""
        _, place, side = PLACES[max(self.places.checkedId(), 0)]
        return place, side

    @property
    def speed_mps(self) -> float | None:
        """Typed; None = left open."""
        return self.speed.speed_mps

    def answers(self) -> dict[str, Any]:
        """Return what was answered; None = skipped."""
        place, side = self.place
        known = self.speed_mps is not None
        return {
            "place": place.value,
            "sensor_side": side.name.lower() if side else None,
            "speed": "treadmill" if self.joined is not None else "typed" if known else None,
        }
