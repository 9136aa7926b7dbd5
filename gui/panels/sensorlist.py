"""The sensors around, one row each: name, signal, battery; choose with mouse, arrow keys or Space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget
from typing_extensions import override

from gui.i18n import Texts
from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas
from gui.sources import Nearby
from gui.tab_order import tab_through
from imu.types import Charge

_SIGNAL = ((-65, 4), (-75, 3), (-85, 2))
ROW = 68.0


@dataclass(frozen=True, slots=True)
class SensorLine:
    """One row in words.

    Attributes
    ----------
    sensor : Nearby or None
        None = the simulated runner.
    name, detail : str
    bars : int
        Signal, 0 (not known) to 4.
    signal, battery : str
    battery_pct : float or None
    battery_age : str
        How long ago it was read, where it is only remembered; else empty.
    usable : bool
    """

    sensor: Nearby | None
    name: str
    detail: str
    bars: int = 0
    signal: str = ""
    battery: str = ""
    battery_pct: float | None = None
    battery_age: str = ""
    usable: bool = True


def sensor_lines(
    look: Look,
    found: Sequence[Nearby],
    charges: Mapping[str, Charge] | None = None,
    *,
    last_used: str = "",
    simulated: bool = False,
) -> list[SensorLine]:
    """Say what was found in words; sensors that can be read first, unknown devices are left out.

    A sensor that does not tell its charge now shows the one remembered of it (`charges`, by name), with its age.
    """
    t = look.texts
    lines = []
    for sensor in found:
        if sensor.kind == "context" or not sensor.profiles:
            continue
        bars = 0
        if sensor.rssi_dbm is not None:
            bars = next((n for limit, n in _SIGNAL if sensor.rssi_dbm >= limit), 1)
        pct, age = sensor.battery_pct, ""
        remembered = (charges or {}).get(sensor.name)
        if pct is None and remembered is not None:
            pct, age = remembered.pct, age_words(remembered, t)
        battery = "" if pct is None else f"{number(pct, 0, t.language)}\u00a0%"
        detail = t("sensors.last_used") if sensor.address == last_used else sensor.title
        if sensor.held:
            detail = t("sensors.held")
        lines.append(
            SensorLine(
                sensor,
                sensor.name,
                detail,
                bars,
                t(f"sensors.signal_{bars}") if bars else "",
                battery,
                pct,
                age,
                usable=not sensor.held,
            )
        )
    lines.sort(key=lambda line: (not line.usable, line.sensor is not None and line.sensor.address != last_used))
    if simulated:
        lines.append(SensorLine(None, t("sensors.simulated"), t("sensors.simulated_note")))
    return lines


def age_words(charge: Charge, texts: Texts) -> str:
    """Say how long ago a charge was read."""
    n, unit = charge.age()
    several = "s" if unit == "day" and n > 1 else ""
    return texts(f"sensors.charge_{unit}{several}", n=n)


class SensorRow(QAbstractButton):
    """One row: a radio button that tells more."""

    def __init__(self, look: Look, line: SensorLine, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.line = line
        self.scale = 1.0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_line(line)

    def show_line(self, line: SensorLine) -> None:
        """Show another state of the same sensor."""
        self.line = line
        words = (line.name, line.detail, line.signal, line.battery, line.battery_age)
        self.setAccessibleName(", ".join(word for word in words if word))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, line, s = self.look.tokens, self.line, self.scale
        canvas = Canvas(painter, s, tokens, self.look.family)
        width, height = self.width() / s, self.height() / s
        painter.fillRect(self.rect(), tokens.panel)
        if self.isChecked():
            canvas.box(0, 0, width, height, fill=tokens.accbg)
            canvas.box(0, 0, 4, height, fill=tokens.acc)
        if self.hasFocus():
            canvas.box(1, 1, width - 2, height - 2, edge=tokens.acc, edge_width=2.5, radius=3)
        y = height / 2
        canvas.box(24, y - 11, 22, 22, edge=tokens.ink2, edge_width=2.0, radius=11)
        if self.isChecked():
            canvas.box(30, y - 5, 10, 10, fill=tokens.ink, radius=5)
        canvas.text(64, y - 3, line.name, 22, tokens.ink, bold=True, width=width * 0.52 - 64)
        canvas.text(64, y + 22, line.detail, 17, tokens.ink2, width=(width * 0.52 if line.bars else width) - 74)
        if line.bars:
            x = width * 0.54
            for i in range(4):
                h = 7.0 + 6.0 * i
                canvas.box(x + 10 * i, y + 12 - h, 7, h, fill=tokens.ink2 if i < line.bars else tokens.line)
            canvas.text(x + 52, y + 8, line.signal, 18, tokens.ink2, width=width * 0.2)
        if line.battery_pct is not None:
            low = line.battery_pct < 15.0 and not line.battery_age  # it may have been charged since
            ink = tokens.warn if low else tokens.ink2
            x = width - 150
            if line.battery_age:
                canvas.text(width - 16, y + 24, line.battery_age, 16, tokens.ink2, align="right", width=150)
                y -= 12
            canvas.box(x, y - 9, 40, 18, edge=ink, edge_width=1.5, radius=2)
            canvas.box(x + 40, y - 4, 4, 8, fill=ink)
            canvas.box(x + 3, y - 6, 34 * max(min(line.battery_pct, 100.0), 0.0) / 100.0, 12, fill=ink)
            if low:
                canvas.icon("warn", x - 18, y, 18, ink)
            canvas.text(x + 54, y + 7, line.battery, 18, ink)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), tokens.grid)
        painter.end()


class SensorList(QWidget):
    """Rows of sensors, of which one is chosen.

    Signals
    -------
    chosen : Nearby or None
        None = the simulated runner.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.scale = 1.0
        self.rows: list[SensorRow] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)

    @property
    def selected(self) -> SensorLine | None:
        """The row that is chosen."""
        return next((row.line for row in self.rows if row.isChecked()), None)

    def set_lines(self, lines: Sequence[SensorLine]) -> None:
        """Show these; a choice made stays, else the first is chosen."""
        before = self.selected
        key = _key(before) if before else ""
        had_focus = any(row.hasFocus() for row in self.rows)
        while len(self.rows) > len(lines):
            row = self.rows.pop()
            self._group.removeButton(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(lines):
            row = SensorRow(self.look, lines[len(self.rows)], self)
            row.clicked.connect(lambda _=False, r=row: self.chosen.emit(r.line.sensor))
            self._group.addButton(row)
            self.rows.append(row)
            row.show()
        for row, line in zip(self.rows, lines, strict=True):
            row.show_line(line)
            row.setEnabled(line.usable)
            if not line.usable and row.isChecked():  # a group lets go of its last choice only so
                self._group.setExclusive(False)
                row.setChecked(False)
                self._group.setExclusive(True)
        tab_through(self, self.rows)
        usable = [row for row in self.rows if row.line.usable]
        wanted = next((row for row in usable if _key(row.line) == key), usable[0] if usable else None)
        if wanted is not None:
            wanted.setChecked(True)
            if had_focus:
                wanted.setFocus()
        self.arrange()

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self.arrange()

    def arrange(self) -> None:
        """Lay the rows out; those that do not fit are not shown."""
        height = round(ROW * self.scale)
        for i, row in enumerate(self.rows):
            row.scale = self.scale
            row.setGeometry(0, i * height, self.width(), height)
            row.setVisible((i + 1) * height <= self.height() + 2)

    @override
    def resizeEvent(self, event: object) -> None:
        self.arrange()


def _key(line: SensorLine) -> str:
    return "" if line.sensor is None else line.sensor.address
