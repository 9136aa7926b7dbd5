"""Small dialogs of the session page: one mark, the log of changes."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.look import Look
from gui.views.dialogs import heading
from gui.views.session_style import sheet

SAVE = "save"
REMOVE = "remove"


class MarkDialog(QDialog):
    """Text of a mark, and a button that takes it away.

    Attributes
    ----------
    outcome : str
        save, remove, or empty when the user changed his mind.
    """

    def __init__(self, look: Look, time: str, text: str, *, removable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = look.texts
        self.outcome = ""
        self.setStyleSheet(sheet(look, 0.9 * look.zoom))
        self.setMinimumWidth(420)
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 24, 28, 20)
        heading(box, self, t("review.mark_title"), look)
        label = QLabel(t("review.mark_label", time=time))
        self.field = QLineEdit(text)
        self.field.setMaxLength(200)
        self.field.setAccessibleName(label.text())
        label.setBuddy(self.field)
        box.addWidget(label)
        box.addWidget(self.field)
        buttons = QDialogButtonBox()
        save = buttons.addButton(t("review.mark_save"), QDialogButtonBox.ButtonRole.AcceptRole)
        save.setDefault(True)
        if removable:
            remove = buttons.addButton(t("review.mark_remove"), QDialogButtonBox.ButtonRole.DestructiveRole)
            remove.clicked.connect(lambda _=False: self._end(REMOVE))
        buttons.addButton(t("review.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(lambda: self._end(SAVE))
        buttons.rejected.connect(self.reject)
        box.addWidget(buttons)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.field.text().strip()

    def _end(self, outcome: str) -> None:
        self.outcome = outcome
        self.accept()
