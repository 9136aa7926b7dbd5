"""A question before something that cannot be taken back: what happens, what is kept, and a way to stay."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from gui.look import Look
from gui.views.dialogs import heading

_WIDTH = 460


class ConfirmDialog(QDialog):
    """A sentence, a button that stays (what Enter and Esc do), and one that goes on.

    Parameters
    ----------
    look : Look
    title, words : str
        What it is about; what happens and what is kept.
    stay, go : str
        On the buttons.
    """

    def __init__(self, look: Look, title: str, words: str, stay: str, go: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = box = QVBoxLayout(self)
        box.setContentsMargins(28, 24, 28, 20)
        box.setSpacing(14)
        heading(box, self, title, look)
        self.words = QLabel(words)
        self.words.setWordWrap(True)
        self.words.setMinimumWidth(round(_WIDTH * look.zoom))
        box.addWidget(self.words)
        self.buttons = QDialogButtonBox()
        self.go = self.buttons.addButton(go, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setAutoDefault(False)
        self.stay = self.buttons.addButton(stay, QDialogButtonBox.ButtonRole.RejectRole)
        self.stay.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        box.addWidget(self.buttons)
        self.stay.setFocus()
