"""The field a speed is typed in, in the unit of the moment; its value is km/h whatever is shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox
from typing_extensions import override

from gui.i18n import PACE, Texts
from gui.speed import FASTEST_KMH, SLOWEST_KMH, pace_kmh, pace_text, stepped_kmh
from imu.constants import MPS_PER_KMH

_BELOW: Final = 0.1
"""So far below the slowest lies the value that stands for "not known"."""
_TYPING: Final = set("0123456789:.,' ")


class SpeedField(QDoubleSpinBox):
    """A number of km/h, or minutes and seconds per km; up is faster in both.

    Parameters
    ----------
    texts : Texts
        Language and unit; `restyle` takes them over when they change.
    may_be_open : bool
        One step below the slowest speed stands for "not known".
    """

    def __init__(self, texts: Texts, *, may_be_open: bool = False) -> None:
        super().__init__()
        self.texts = texts
        self.may_be_open = may_be_open
        self.setDecimals(6)  # a pace of whole seconds is no round number of km/h
        self.setRange(SLOWEST_KMH - (_BELOW if may_be_open else 0.0), FASTEST_KMH)
        self.restyle()

    @property
    def speed_mps(self) -> float | None:
        """What was typed; None = left open."""
        return None if self._open else self.value() * MPS_PER_KMH

    @property
    def _open(self) -> bool:
        return self.may_be_open and self.value() <= self.minimum()

    def restyle(self) -> None:
        """Show the same speed in the language and unit of the moment."""
        dutch = self.texts.language == "nl"
        self.setLocale(QLocale(QLocale.Language.Dutch if dutch else QLocale.Language.English))
        self.setSuffix("")  # makes the box write its text anew

    @override
    def textFromValue(self, value: float) -> str:
        if self.texts.speed_unit != PACE:
            return self.locale().toString(value, "f", 1)
        return pace_text(value) if value > 0.0 else ""  # Qt asks with 0 before the range is set

    @override
    def valueFromText(self, text: str) -> float:
        if text == self.specialValueText():
            return self.minimum()
        found = pace_kmh(text) if self.texts.speed_unit == PACE else _kmh(text)
        return self.value() if found is None else min(max(found, self.minimum()), self.maximum())

    @override
    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        found = pace_kmh(text) if self.texts.speed_unit == PACE else _kmh(text)
        if (found is not None and SLOWEST_KMH <= found <= FASTEST_KMH) or text == self.specialValueText():
            return QValidator.State.Acceptable, text, pos
        state = QValidator.State.Intermediate if set(text) <= _TYPING else QValidator.State.Invalid
        return state, text, pos

    @override
    def stepBy(self, steps: int) -> None:
        if self._open:
            self.setValue(SLOWEST_KMH if steps > 0 else self.minimum())
        elif self.may_be_open and steps < 0 and self.value() <= SLOWEST_KMH:
            self.setValue(self.minimum())
        else:
            self.setValue(stepped_kmh(self.value(), steps, self.texts.speed_unit))
        self.selectAll()


def _kmh(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
