"""The dialogs: keys and meaning (F1), the belt speed, a pain score, a note."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.i18n import PACE
from gui.look import Look
from gui.speed import unit_word
from gui.views.speed_field import SpeedField
from imu.constants import MPS_PER_KMH

_KEYS = (
    ("space", "help.space"),
    ("L/R", "help.swap"),
    ("C", "help.cue"),
    ("W", "help.words"),
    ("P", "help.pain"),
    ("M", "help.note"),
    ("K", "help.target"),
    ("A", "help.sound"),
    ("\u2212/+", "help.speed"),
    ("S", "help.speed_type"),
    ("V", "help.view"),
    ("1, 2, 3, 4", "help.middle"),
    ("D", "help.tables"),
    ("X", "help.data"),
    ("H", "help.hold"),
    ("PgUp/PgDn", "help.scroll"),
    ("Home/End", "help.ends"),
    ("T", "help.theme"),
    ("U", "help.unit"),
    ("D", "help.demo"),
    ("O", "help.open"),
    ("F", "help.find"),
    ("F1", "help.f1"),
    ("F11", "help.runner"),
    ("Ctrl+F", "help.full"),
    ("Ctrl + \u2212 0", "help.text"),
    ("Ctrl+\u2191/\u2193", "help.text_scroll"),
    ("Esc", "help.esc"),
)
_MEANING_WIDTH = 290
_WIDE, _TWO_COLUMNS = 1366, 1200
"""Width of the window from which there is room for keys and meaning beside each other, and for keys in two columns."""
_MEANING = ("help.load", "help.interval", "help.difference", "help.contact", "help.flagged")


class HelpDialog(QDialog):
    """Keys, what each number means, and what the program is for."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = look.texts
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 24, 28, 20)
        box.setSpacing(14)
        heading(box, self, t("help.title"), look)
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(8)
        words = {"help.speed": "help.pace"} if t.speed_unit == PACE else {}
        room = _WIDE if parent is None else parent.window().width()
        beside = look.zoom == 1.0 and room >= _WIDE  # else the meaning stands under the keys, and all of it scrolls
        two = look.zoom == 1.0 and room >= _TWO_COLUMNS
        half = -(-len(_KEYS) // 2) if two else len(_KEYS)
        for place, (key, meaning) in enumerate(_KEYS):
            column, row = divmod(place, half)
            cap = QLabel(t("key.space") if key == "space" else key)
            cap.setStyleSheet(
                f"background: {look.tokens.sub}; border: 1px solid {look.tokens.ink3}; border-radius: 4px;"
                "font-weight: bold; padding: 2px 8px"
            )
            cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(cap, row, 2 * column)
            said = QLabel(t(words.get(meaning, meaning)))
            said.setWordWrap(not two)
            grid.addWidget(said, row, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
        grid.setRowStretch(half, 1)
        meaning_box = QVBoxLayout()
        meaning_box.setSpacing(12)
        for key in (*_MEANING, "app.purpose"):
            label = QLabel(t(key))
            label.setWordWrap(True)
            if not beside:
                label.setMinimumWidth(480)
            else:  # beside the keys; a layout of layouts does not ask how high a narrow sentence is
                label.setFixedWidth(_MEANING_WIDTH)
                label.setMinimumHeight(label.heightForWidth(_MEANING_WIDTH))
            meaning_box.addWidget(label)
        meaning_box.addStretch(1)
        columns = QHBoxLayout() if beside else QVBoxLayout()
        columns.setSpacing(28)
        columns.addLayout(grid)
        columns.addLayout(meaning_box, 1)
        if beside:
            box.addLayout(columns)
        else:
            box.addWidget(_scrolled(columns), 1)
            self.resize(*((1120, 640) if two else (max(round(560 * look.zoom), 620), round(420 * look.zoom))))
        buttons = QDialogButtonBox()
        close = buttons.addButton(t("help.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        box.addWidget(buttons)


def _scrolled(layout: QLayout) -> QScrollArea:
    """Return an area that shows what is larger than the screen part by part; the arrow keys move it."""
    inner, area = QWidget(), QScrollArea()
    inner.setLayout(layout)
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area


def heading(box: QVBoxLayout, dialog: QDialog, title: str, look: Look) -> None:
    """Give a dialog its title, inside too: not every desktop shows that of the window."""
    dialog.setWindowTitle(title)
    label = QLabel(title)
    label.setStyleSheet(f"font-size: {round(22 * look.zoom)}px; font-weight: bold; color: {look.tokens.ink}")
    box.addWidget(label)


def _way_out(buttons: QDialogButtonBox, dialog: QDialog, look: Look) -> QPushButton:
    """Add the button that leaves everything as it was, as Esc does, and return it."""
    cancel = buttons.addButton(look.texts("dialog.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
    cancel.setAutoDefault(False)
    buttons.rejected.connect(dialog.reject)
    return cancel


class SpeedDialog(QDialog):
    """Type the belt speed in the unit of the moment, or say that it is not known."""

    def __init__(self, look: Look, speed_mps: float | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = look.texts
        self.speed_mps = speed_mps
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 24, 28, 20)
        heading(box, self, t("speed.title"), look)
        label = QLabel(t("speed.label", unit=unit_word(t)))
        box.addWidget(label)
        self.spin = SpeedField(t)
        self.spin.setValue(10.0 if speed_mps is None else speed_mps / MPS_PER_KMH)
        self.spin.setAccessibleName(t("speed.label", unit=unit_word(t)))
        self.spin.setStyleSheet(f"font-size: {round(28 * look.zoom)}px; padding: 6px")
        self.spin.selectAll()
        label.setBuddy(self.spin)
        box.addWidget(self.spin)
        buttons = QDialogButtonBox()
        buttons.addButton(t("speed.set"), QDialogButtonBox.ButtonRole.AcceptRole)
        unknown = buttons.addButton(t("speed.unset"), QDialogButtonBox.ButtonRole.ResetRole)
        buttons.accepted.connect(self._set)
        unknown.clicked.connect(self._unset)
        _way_out(buttons, self, look)
        box.addWidget(buttons)

    def _set(self) -> None:
        self.speed_mps = self.spin.speed_mps
        self.accept()

    def _unset(self) -> None:
        self.speed_mps = None
        self.accept()


class PainDialog(QDialog):
    """A score from 0 to 10: click it, or press its key; a diary, nothing is computed from it.

    Parameters
    ----------
    look : Look
    title : str
        When it is of; empty = now.
    """

    def __init__(self, look: Look, parent: QWidget | None = None, title: str = "") -> None:
        super().__init__(parent)
        t = look.texts
        self.score: int | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 24, 28, 20)
        heading(box, self, title or t("pain.title"), look)
        box.addWidget(QLabel(t("pain.label")))
        row = QHBoxLayout()
        for score in range(11):
            button = QPushButton(str(score))
            button.setAccessibleName(t("pain.score", n=score))
            button.setStyleSheet(f"font-size: {round(28 * look.zoom)}px; font-weight: bold")
            button.setMinimumSize(56, round(64 * look.zoom))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, s=score: self._choose(s))
            if score < 10:
                button.setShortcut(str(score))
            row.addWidget(button)
        box.addLayout(row)
        buttons = QDialogButtonBox()
        cancel = _way_out(buttons, self, look)
        box.addWidget(buttons)
        cancel.setFocus()  # the space bar, which means a mark elsewhere, must not enter the first score

    def _choose(self, score: int) -> None:
        self.score = score
        self.accept()


class NoteDialog(QDialog):
    """A line of text at this moment of the run; the recording goes on meanwhile."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = look.texts
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 24, 28, 20)
        heading(box, self, t("note.title"), look)
        label = QLabel(t("note.label"))
        box.addWidget(label)
        self.line = QLineEdit()
        self.line.setMinimumWidth(480)
        self.line.setAccessibleName(t("note.label"))
        self.line.setMaxLength(200)
        label.setBuddy(self.line)
        box.addWidget(self.line)
        buttons = QDialogButtonBox()
        buttons.addButton(t("note.keep"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        _way_out(buttons, self, look)
        box.addWidget(buttons)
