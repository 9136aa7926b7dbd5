"""The strip over a session: what is to be known before its numbers are believed."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import Canvas
from gui.views.session_data import DataDialog
from gui.views.session_style import sheet

HEIGHT: Final = 48.0


class WarningStrip(QWidget):
    """The weightiest sentence; a button opens all of them. Hidden where there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.scale = 1.0
        self.sentences: tuple[str, ...] = ()
        self.button = QPushButton(self)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(lambda _=False: self.open_all())
        self.hide()

    def set_sentences(self, sentences: tuple[str, ...]) -> None:
        """Show sentences."""
        t = self.look.texts
        self.sentences = sentences
        self.setAccessibleName(t("warnings.title"))
        self.setAccessibleDescription(" ".join(sentences))
        self.button.setText(t("warnings.all", n=len(sentences)))
        self.button.setAccessibleName(f"{t('warnings.title')}: {len(sentences)}")
        self.setToolTip("\n".join(sentences))
        self.setVisible(bool(sentences))
        self.set_scale(self.scale)

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self.setStyleSheet(sheet(self.look, scale))
        self.button.adjustSize()
        self.button.move(
            round(self.width() - 16 * scale - self.button.width()), round((self.height() - self.button.height()) / 2)
        )
        self.button.setVisible(len(self.sentences) > 1)
        self.update()

    def open_all(self) -> None:
        """Open all sentences as a table to copy or save."""
        t = self.look.texts
        rows = [(sentence,) for sentence in self.sentences]
        DataDialog(self.look, t("warnings.title"), (t("warnings.what"),), rows, parent=self.window()).exec()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.sentences:
            return
        painter = QPainter(self)
        tokens = self.look.tokens
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        width, height = self.width() / self.scale, self.height() / self.scale
        canvas.box(0, 0, width, height, fill=tokens.warnbg, edge=tokens.warn, radius=4)
        canvas.icon("warn", 30, height / 2, 20, tokens.warn)
        taken = self.button.width() / self.scale + 16 if len(self.sentences) > 1 else 0
        canvas.text(56, height / 2 + 6, self.sentences[0], 18, tokens.ink, width=width - 80 - taken)
        painter.end()
