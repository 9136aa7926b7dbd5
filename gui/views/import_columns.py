"""Choices of what each column of a table means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from gui.i18n import Texts
from imu.types import LOG_ACC_UNITS, LOG_GYR_UNITS, LOG_TIME_UNITS, ColumnMapping

_AXES: Final = ("x", "y", "z")


class ColumnChoices(QWidget):
    """Boxes for acceleration, angular rate and time.

    Parameters
    ----------
    texts : Texts
    names : sequence of str
        Headings of the columns.
    mapping : ColumnMapping
        What is chosen at first.
    changed : callable
        Called when the user has chosen something else.
    """

    def __init__(
        self, texts: Texts, names: Sequence[str], mapping: ColumnMapping, changed: Callable[[], object]
    ) -> None:
        super().__init__()
        self.texts, self.names, self._changed = texts, tuple(names), changed
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.acc = self._three(0, texts("import.acc"), mapping.acc)
        self.acc_unit = self._unit(0, texts("import.acc"), LOG_ACC_UNITS, mapping.acc_unit)
        self.gyr = self._three(1, texts("import.gyr"), mapping.gyr)
        self.gyr_unit = self._unit(1, texts("import.gyr"), LOG_GYR_UNITS, mapping.gyr_unit)
        self._label(2, texts("import.time"))
        self.time = self._column(2, 1, texts("import.time"), mapping.time)
        self.time_unit = self._unit(2, texts("import.time"), LOG_TIME_UNITS, mapping.time_unit)
        self._label(3, texts("import.rate"))
        self.rate = QLineEdit("" if mapping.rate_hz is None else f"{mapping.rate_hz:g}")
        self.rate.setPlaceholderText(texts("import.rate_hint"))
        self.rate.setAccessibleName(texts("import.rate"))
        self.rate.textChanged.connect(lambda _text: changed())
        self._grid.addWidget(self.rate, 3, 1, 1, 2)

    def _label(self, row: int, text: str) -> None:
        self._grid.addWidget(QLabel(text), row, 0)

    def _three(self, row: int, what: str, chosen: tuple[int, ...]) -> tuple[QComboBox, ...]:
        self._label(row, what)
        return tuple(
            self._column(
                row, 1 + k, self.texts("import.axis", what=what, axis=axis), chosen[k] if k < len(chosen) else None
            )
            for k, axis in enumerate(_AXES)
        )

    def _column(self, row: int, column: int, name: str, chosen: int | None) -> QComboBox:
        box = QComboBox()
        box.addItems([self.texts("import.no_column"), *self.names])
        box.setCurrentIndex(0 if chosen is None else chosen + 1)
        return self._add(box, row, column, name)

    def _unit(self, row: int, what: str, units: Sequence[str], chosen: str) -> QComboBox:
        box = QComboBox()
        box.addItems([self.texts("import.unit_told"), *units])
        box.setCurrentIndex(units.index(chosen) + 1 if chosen in units else 0)
        return self._add(box, row, 4, self.texts("import.unit", what=what))

    def _add(self, box: QComboBox, row: int, column: int, name: str) -> QComboBox:
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.currentIndexChanged.connect(lambda _index: self._changed())
        self._grid.addWidget(box, row, column)
        return box

    def mapping(self) -> ColumnMapping:
        """Return what is chosen.

        Raises
        ------
        ValueError
            The rate is no number, or axes are missing; the message says which.
        """
        acc, gyr = ([box.currentIndex() - 1 for box in boxes] for boxes in (self.acc, self.gyr))
        if min(acc) < 0 or len(set(acc)) < 3:
            raise ValueError(self.texts("import.three"))
        if max(gyr) >= 0 and (min(gyr) < 0 or len(set(gyr)) < 3):
            raise ValueError(self.texts("import.three_gyr"))
        text = self.rate.text().strip()
        try:
            rate = float(text.replace(",", ".")) if text else None
        except ValueError:
            raise ValueError(self.texts("import.not_a_number", text=text)) from None
        time = self.time.currentIndex() - 1
        return ColumnMapping(
            acc=tuple(acc),
            acc_unit=_chosen(self.acc_unit),
            gyr=tuple(gyr) if min(gyr) >= 0 else (),
            gyr_unit=_chosen(self.gyr_unit) if min(gyr) >= 0 else "",
            time=time if time >= 0 else None,
            time_unit=_chosen(self.time_unit) if time >= 0 else "",
            rate_hz=rate if time < 0 else None,
        )

    def heads(self) -> list[str]:
        """Headings of the columns, with what each is taken for under its name."""
        roles: dict[int, str] = {}
        for boxes, key in ((self.gyr, "gyr_short"), (self.acc, "acc_short")):
            for axis, box in zip(_AXES, boxes, strict=True):
                roles[box.currentIndex() - 1] = self.texts(f"import.{key}", axis=axis)
        roles[self.time.currentIndex() - 1] = self.texts("import.time")
        return [f"{name}\n{roles.get(k, '')}" for k, name in enumerate(self.names)]


def _chosen(box: QComboBox) -> str:
    return box.currentText() if box.currentIndex() > 0 else ""
