"""Third page of the wizard: the sensor is recording; stand still, check how it hangs, and begin."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.look import Look
from gui.numbers import number
from gui.panels.buttons import Button
from gui.panels.said import LIFTS, Lifts, Said, card
from gui.shown import LiveShown
from imu.types import LinkState, Stance

ROLL_LIMIT_DEG: Final = 2.0
"""More roll than this fakes a difference between left and right (METRICS.md)."""


class CalibratePage(QWidget):
    """Link, standing still, left and right.

    Signals
    -------
    swap_asked
    """

    swap_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.stance: Stance | None = None
        self.side: Stance | None = None  # newest of the anchor gesture; once it is complete, that one
        self.labels: dict[str, QLabel] = {}
        self.said: dict[str, Said] = {}
        self.lifts = Lifts(look)
        self.again, self.swap = Button(look, "outline"), Button(look, "outline")
        self.again.clicked.connect(lambda _=False: self.measure_again())
        self.swap.clicked.connect(lambda _=False: self.swap_asked.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._card("link", "link_state"))
        self.beside = beside = QHBoxLayout()
        beside.setSpacing(16)
        beside.addWidget(self._card("stand", "stand_note", "stand_state", self.again), 1)
        beside.addWidget(self._card("lift", "lift_note", self.lifts, "side_state", self.swap), 1)
        column.addLayout(beside)
        column.addStretch(1)

    def set_stacked(self, on: bool) -> None:
        """Put the cards under each other, or side by side."""
        self.beside.setDirection(QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight)

    def _card(self, head: str, *rows: str | QWidget) -> QWidget:
        frame, column = card()
        column.addWidget(self._label(head, head=True))
        for row in rows:
            if isinstance(row, Button):
                column.addStretch(1)
                column.addWidget(row, 0, Qt.AlignmentFlag.AlignLeft)
            elif isinstance(row, QWidget):
                column.addWidget(row)
            elif row.endswith("_state"):
                self.said[row] = Said(self.look)
                self.labels[row] = self.said[row].label
                column.addWidget(self.said[row])
            else:
                column.addWidget(self._label(row))
        return frame

    def _label(self, name: str, *, head: bool = False) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setProperty("head", head)
        self.labels[name] = label
        return label

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.again.set_scale(scale)
        self.swap.set_scale(scale)
        self.lifts.setFixedHeight(round(40 * scale))

    def enter(self) -> None:
        """Begin anew."""
        self.stance = self.side = None
        self.restyle()

    def measure_again(self) -> None:
        """Forget what was measured; the next seconds count."""
        self.stance = None
        self._say_stance()

    def restyle(self) -> None:
        """Take over the language."""
        t = self.look.texts
        for name in ("link", "stand", "stand_note", "lift", "lift_note"):
            self.labels[name].setText(t(f"wizard.{name}"))
        self.again.set_words(t("wizard.again"))
        self.swap.set_words(t("wizard.swap"))
        self._say_stance()

    def _set(self, name: str, text: str, level: str = "") -> None:
        self.said[name].say(text, level)

    def show_moment(self, shown: LiveShown, state: LinkState, stance: Stance | None, swapped: bool) -> None:
        """Show the link, and take the first stretch of standing still."""
        # no delay to the screen: here no signal is painted that it could be measured at
        delay = self.look.texts("sensor.delay")
        rows = [f"{row.label} {row.value}" for row in shown.sensor if row.label != delay]
        facts = " · ".join((shown.bar.state.text, *rows))
        banner = shown.banner
        trouble = banner is not None and banner.level in {"warn", "err"}
        words = banner.text if banner is not None and state is not LinkState.STREAMING else facts
        level = "ok" if state is LinkState.STREAMING else ""
        self._set("link_state", words, "err" if state is LinkState.FAILED else "warn" if trouble else level)
        if self.stance is None and stance is not None and stance.still:
            self.stance = stance
        self._say_stance()
        if stance is not None and (self.side is None or self.side.left_as_stated is None):
            self.side = stance
        self._say_side(swapped)

    def _say_side(self, swapped: bool) -> None:
        t, side = self.look.texts, self.side
        anchored = side is not None and side.left_as_stated is not None
        self.lifts.setVisible(side is None or side.lifts_watched)
        self.lifts.show_seen(LIFTS if anchored else 0 if side is None else side.lifts)
        if swapped:
            self._set("side_state", t("wizard.swapped"), "")
        elif side is None:
            self._set("side_state", "", "")
        elif not side.lifts_watched:
            self._set("side_state", t("wizard.lifts_blind"), "")
        elif side.left_as_stated is None:
            self._set("side_state", t("wizard.lifts", n=side.lifts), "")
        else:
            key = "wizard.left_is_left" if side.left_as_stated else "wizard.back_to_front"
            confidence = number(side.side_confidence, 2, t.language)
            self._set("side_state", t(key, p=confidence), "ok")

    def _say_stance(self) -> None:
        t, stance = self.look.texts, self.stance
        self.again.setEnabled(stance is not None)
        if stance is None:
            self._set("stand_state", t("wizard.stand_wait"), "")
            return
        language = t.language
        noise = t("wizard.noise", g=number(stance.noise_g, 3, language))
        if stance.tilt_deg is None or stance.roll_deg is None:
            self._set("stand_state", f"{t('wizard.no_axes')} {noise}", "")
            return
        level = abs(round(stance.roll_deg, 1)) <= ROLL_LIMIT_DEG  # as it is shown: 2.0 is not more than 2
        angles = t(
            "wizard.tilt",
            tilt=number(stance.tilt_deg, 1, language),
            roll=number(stance.roll_deg, 1, language, plus=True),
        )
        verdict = t("wizard.roll_ok" if level else "wizard.roll_too_much")
        self._set("stand_state", f"{angles} · {noise} · {verdict}", "ok" if level else "warn")

    @property
    def least_tilt_deg(self) -> float:
        """Roll to reckon with: the limit where it was not measured, what was measured where that is more."""
        roll = None if self.stance is None else self.stance.roll_deg
        if roll is None:
            return ROLL_LIMIT_DEG
        return abs(roll) if abs(round(roll, 1)) > ROLL_LIMIT_DEG else 0.0

    def answers(self) -> dict[str, Any]:
        """Return what was measured; None = skipped."""
        stance = self.stance
        standing = None
        if stance is not None:
            standing = {"tilt_deg": stance.tilt_deg, "roll_deg": stance.roll_deg, "noise_g": stance.noise_g}
        anchor = None
        if self.side is not None and self.side.left_as_stated is not None:
            anchor = {"left_as_stated": self.side.left_as_stated, "confidence": self.side.side_confidence}
        return {"standing": standing, "side_anchor": anchor}
