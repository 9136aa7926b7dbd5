"""What only the therapist can say before a report is written: for whom it is, the practice, the plan."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from gui.look import Look
from gui.reports.compose import COPIES, Typed
from gui.views.dialogs import heading
from gui.views.session_style import sheet

COPIED: Final = 2
"""Outcome of the dialog: the paragraph of text is wanted on the clipboard, not a file."""

MOST_LINES: Final = 4
"""Lines of the plan that the page holds."""


class ReportDialog(QDialog):
    """Copy, practice and plan; what is left open becomes lines to write on.

    Parameters
    ----------
    look : Look
    practice : str
        As it was typed last time.
    first_line : str
        Of the plan, to be kept, changed or deleted.
    """

    def __init__(self, look: Look, practice: str = "", first_line: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = look.texts
        self.setStyleSheet(sheet(look, 0.95 * look.zoom))
        self.setMinimumWidth(560)
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 24, 28, 20)
        box.setSpacing(14)
        heading(box, self, t("report.dialog"), look)
        form = QFormLayout()
        self.copy_box, self.practice, self.plan = QComboBox(), QLineEdit(), QPlainTextEdit()
        for copy in reversed(COPIES):
            self.copy_box.addItem(t(f"report.foot_{copy}"), copy)
        self.practice.setMaxLength(80)
        self.practice.setText(practice)
        self.plan.setPlainText(first_line)
        self.plan.setTabChangesFocus(True)
        self.plan.setPlaceholderText(t("report.plan_hint", n=MOST_LINES))
        self.plan.setMaximumHeight(140)
        for key, field in (("copy", self.copy_box), ("practice", self.practice), ("plan", self.plan)):
            label = QLabel(t(f"report.{key}"))
            label.setBuddy(field)
            field.setAccessibleName(label.text())
            form.addRow(label, field)
        box.addLayout(form)
        buttons = QDialogButtonBox()
        buttons.addButton(t("report.save"), QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        self.copy_button = buttons.addButton(t("report.copy_text"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setToolTip(t("report.copy_text_name"))
        self.copy_button.clicked.connect(lambda _=False: self.done(COPIED))
        buttons.addButton(t("library.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        box.addWidget(buttons)

    @property
    def typed(self) -> Typed:
        """What was typed; lines beyond those that fit go on behind the last one."""
        lines = [line.strip() for line in self.plan.toPlainText().splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            lines[MOST_LINES - 1 :] = [" ".join(lines[MOST_LINES - 1 :])]
        return Typed(
            self.copy_box.currentData(), practice=self.practice.text().strip(), plan=tuple(lines), longest=False
        )
