"""The session wizard: three pages before a run, each of which can be skipped; what was skipped is kept."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout
from typing_extensions import override

from gui.desk import Desk
from gui.failure import failure_words
from gui.look import Look
from gui.paint import Canvas
from gui.panels.buttons import Button
from gui.panels.forms import dress
from gui.panels.said import scale_spaces
from gui.scanner import Scanner
from gui.shown import LiveShown
from gui.sources import Nearby, Plan
from gui.views.growing import GrowingPage
from gui.views.wizard_before import BeforePage
from gui.views.wizard_calibrate import ROLL_LIMIT_DEG, CalibratePage
from gui.views.wizard_sensor import SensorPage
from imu.errors import ImuError
from imu.settings import Settings
from imu.types import LinkState, Place, Stance

STEPS = ("before", "sensor", "calibrate")


class Wizard(GrowingPage):
    """Client, sensor, calibration.

    Signals
    -------
    connect_asked : Plan
        Open the link; recording begins, so that nothing of the calibration is lost.
    done
        Go to the live view.
    cancelled
        Back to the start page.
    swap_asked
    """

    connect_asked = Signal(object)
    done = Signal()
    cancelled = Signal()
    swap_asked = Signal()

    def __init__(self, look: Look, desk: Desk, scanner: Scanner) -> None:
        super().__init__(look)
        self.step = 0
        self.before = BeforePage(look, desk)
        self.sensor = SensorPage(look, scanner)
        self.calibrate = CalibratePage(look)
        self.calibrate.swap_asked.connect(self.swap_asked.emit)
        self.stack = QStackedWidget()
        for page in (self.before, self.sensor, self.calibrate):
            area = QScrollArea()  # text may grow beyond the window
            area.setWidgetResizable(True)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(page)
            self.stack.addWidget(area)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("level", "warn")
        self.back = Button(look, "outline")
        self.back.clicked.connect(lambda _=False: self.go_back())
        self.skip = Button(look, "outline")
        self.skip.clicked.connect(lambda _=False: self.go_on(skip=True))
        self.next = Button(look, "filled")
        self.next.clicked.connect(lambda _=False: self.go_on())
        self._skipped: set[str] = set()
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addWidget(self.stack, 1)
        column.addWidget(self.problem)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.skip)
        foot.addWidget(self.next)
        column.addLayout(foot)
        self.restyle()

    # -- flow --------------------------------------------------------------------------------------------------------

    def enter(self, sensor: Nearby | None) -> None:
        """Begin anew."""
        self._skipped = set()
        self.calibrate.enter()
        self.sensor.enter(sensor)
        self._show(0)
        self.before.enter()

    def _show(self, step: int) -> None:
        self.step = step
        self.stack.setCurrentIndex(step)
        self.say_problem("")
        self._words()
        self.update()

    def go_back(self) -> None:
        """Go one page back; from the first to the start page."""
        if self.step == 1:
            self._show(0)
        else:
            self.cancelled.emit()

    def go_on(self, *, skip: bool = False) -> None:
        """Go one page on; what is on a skipped page does not count."""
        name = STEPS[self.step]
        (self._skipped.add if skip else self._skipped.discard)(name)
        if self.step == 0:
            self._show(1)
            self.next.setFocus()
        elif self.step == 1:
            self._connect()
        else:
            self.done.emit()

    def _connect(self) -> None:
        try:
            client, shoe = (None, None) if "before" in self._skipped else self.before.store()
            plan = self._plan(client, shoe)
        except ImuError as error:
            self.say_problem(failure_words(error, self.look.texts))
            return
        self._show(2)
        self.next.setFocus()
        self.connect_asked.emit(plan)

    def _plan(self, client_id: int | None, shoe_id: int | None) -> Plan:
        answers = self.answers()
        body = dict(answers.get("body") or {})
        skipped_sensor = "sensor" in self._skipped
        place, side = self.sensor.place
        settings = Settings(
            place=place,
            sensor_side=side,
            body_mass_kg=body.get("body_mass_kg"),
            body_height_m=body.get("body_height_m"),
            speed_mps=None if skipped_sensor else self.sensor.speed_mps,
        )
        return Plan(
            settings=settings,
            sensor=self.sensor.sensor,
            treadmill=None if skipped_sensor else self.sensor.joined,
            client_id=client_id,
            client_code=answers.get("client") or "",
            shoe_id=shoe_id,
            answers=answers,
            pain=answers.get("pain_before"),
            pain_place=answers.get("pain_place") or "",
        )

    def answers(self) -> dict[str, Any]:
        """Everything that was answered; None = skipped."""
        out: dict[str, Any] = {}
        for name, page in (("before", self.before), ("sensor", self.sensor), ("calibrate", self.calibrate)):
            answers: dict[str, Any] = page.answers()
            out |= dict.fromkeys(answers) if name in self._skipped else answers
        return out

    def skipped_pages(self) -> tuple[str, ...]:
        """Pages that do not count."""
        return tuple(name for name in STEPS if name in self._skipped)

    @property
    def least_tilt_deg(self) -> float:
        """Roll that the left-right difference has to reckon with: not looked at, or seen to be too much."""
        if self.sensor.place[0] is not Place.SACRUM:  # elsewhere left is not compared with right
            return 0.0
        return ROLL_LIMIT_DEG if "calibrate" in self._skipped else self.calibrate.least_tilt_deg

    def skipped(self) -> list[str]:
        """Names of what was left open."""
        return [name for name, value in self.answers().items() if value is None]

    def show_moment(self, shown: LiveShown, state: LinkState, stance: Stance | None, swapped: bool) -> None:
        """Show how the sensor does, on the last page."""
        self.calibrate.show_moment(shown, state, stance, swapped)
        self.next.setEnabled(state is not LinkState.FAILED)

    def say_problem(self, words: str) -> None:
        """Say what does not work, or nothing."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field does what the filled button does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.next.click()
        else:
            super().keyPressEvent(event)

    # -- look --------------------------------------------------------------------------------------------------------

    def _words(self) -> None:
        t = self.look.texts
        self.back.set_words(t("wizard.back" if self.step == 1 else "wizard.cancel"))
        self.skip.set_words(t("wizard.skip"))
        self.next.set_words(t(("wizard.next", "wizard.connect", "wizard.start")[self.step]))
        self.next.setEnabled(True)

    def restyle(self) -> None:
        """Take over colours and language."""
        self._words()
        self.before.restyle()
        self.sensor.restyle()
        self.calibrate.restyle()
        dress(self.stack, self.look, self.scale)
        dress(self.problem, self.look, self.scale)
        self.setAccessibleName(self.look.texts("wizard.title"))
        self.update()

    def tall(self, width: float) -> float:
        """Return nothing: the page is as high as the window; what is between its title and its buttons scrolls."""
        return 0.0

    @property
    def _margin(self) -> float:
        return 32.0 if self.stacked else 96.0

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        s, layout = self.scale, self.layout()
        if layout is not None:
            top, side = (96, self._margin) if self.stacked else (112, self._margin)
            layout.setContentsMargins(round(side * s), round(top * s), round(side * s), round(28 * s))
        for button in (self.back, self.skip, self.next):
            button.set_scale(s)
        for page in (self.before, self.sensor, self.calibrate):
            page.set_stacked(self.stacked)
            scale_spaces(page, max(s / self.look.zoom, 1.0))
        self.sensor.set_scale(s)
        self.calibrate.set_scale(s)
        dress(self.stack, self.look, s)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, t, s = self.look.tokens, self.look.texts, self.scale
        painter.fillRect(self.rect(), tokens.bg)
        canvas = Canvas(painter, s, tokens, self.look.family)
        x = self._margin
        if self.stacked:
            x = self._paint_step_here(canvas, x)
        for i, name in enumerate(() if self.stacked else STEPS):
            here = i == self.step
            canvas.box(x, 44, 40, 40, fill=tokens.acc if here else tokens.sub, edge=tokens.ink3, radius=20)
            ink = tokens.on_acc if here else tokens.ink2
            if i < self.step and name not in self._skipped:
                canvas.icon("check", x + 20, 64, 20, ink)
            else:
                canvas.text(x + 20, 72, str(i + 1), 22, ink, bold=True, align="center")
            used = canvas.text(x + 56, 72, t(f"wizard.step_{name}"), 26, tokens.ink if here else tokens.ink2, bold=here)
            x += 56 + used + 40
        painter.end()

    def _paint_step_here(self, canvas: Canvas, x: float) -> float:
        """Paint where we are of how many: large text has no room for the names of all steps."""
        tokens, t = self.look.tokens, self.look.texts
        canvas.box(x, 28, 40, 40, fill=tokens.acc, edge=tokens.ink3, radius=20)
        canvas.text(x + 20, 56, str(self.step + 1), 22, tokens.on_acc, bold=True, align="center")
        words = f"{t(f'wizard.step_{STEPS[self.step]}')} ({self.step + 1}/{len(STEPS)})"
        return x + canvas.text(x + 56, 56, words, 26, tokens.ink, bold=True, width=self.width() / canvas.scale - x - 88)
