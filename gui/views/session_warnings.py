"""The strip over a session: what is to be known before its numbers are believed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import Canvas, font
from gui.views.session_data import DataDialog
from gui.views.session_style import sheet

HEIGHT: Final = 48.0
_TEXT: Final = 18.0


class WarningStrip(QWidget):
    """The weightiest sentence; a button opens all of them, another computes an outdated run anew. Hidden without one.

    Signals
    -------
    anew_asked
    """

    anew_asked = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.scale = 1.0
        self.narrow = False
        self._room = 0.0  # right end of the sentence
        self.sentences: tuple[str, ...] = ()
        self.button = QPushButton(self)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(lambda _=False: self.open_all())
        self.anew = QPushButton(self)
        self.anew.setAutoDefault(False)
        self.anew.clicked.connect(lambda _=False: self.anew_asked.emit())
        self._outdated = False
        self.hide()

    def set_sentences(self, sentences: tuple[str, ...], *, outdated: bool = False) -> None:
        """Show sentences, and the offer to compute anew where that makes a difference."""
        self._outdated = outdated
        t = self.look.texts
        self.sentences = sentences
        self.setAccessibleName(t("warnings.title"))
        self.setAccessibleDescription(" ".join(sentences))
        self.button.setText(t("warnings.all", n=len(sentences)))
        self.button.setAccessibleName(f"{t('warnings.title')}: {len(sentences)}")
        self.anew.setText(t("warnings.anew"))
        self.anew.setAccessibleName(t("warnings.anew_name"))
        self.anew.setToolTip(t("warnings.anew_name"))
        self.setToolTip("\n".join(sentences))
        self.setVisible(bool(sentences))
        self.set_scale(self.scale)

    def set_narrow(self, on: bool) -> None:
        """Let the sentence take the lines it needs, with the buttons under it."""
        self.narrow = on

    def tall(self, width: float, scale: float) -> float:
        """Return the height in design units that the strip needs at a width."""
        if not self.narrow or not self.sentences:
            return HEIGHT
        metrics = font(self.look.family, round(_TEXT * scale), False)[1]
        room = QRectF(0.0, 0.0, (width - 72) * scale, 10_000.0)
        high = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.sentences[0]).height() / scale
        return high + 24 + (46 if len(self.sentences) > 1 or self._outdated else 0)

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self.setStyleSheet(sheet(self.look, scale))
        right = round(self.width() - 16 * scale)
        for button, wanted in ((self.button, len(self.sentences) > 1), (self.anew, self._outdated)):
            button.adjustSize()
            button.setVisible(wanted)
            if wanted:
                right -= button.width()
                y = self.height() - button.height() - round(8 * scale) if self.narrow else 0
                button.move(right, y or round((self.height() - button.height()) / 2))
                right -= round(12 * scale)
        self._room = right / scale
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
        if self.narrow:
            canvas.icon("warn", 30, 24, 20, tokens.warn)
            canvas.paragraph(56, 10, width - 72, self.sentences[0], _TEXT, tokens.ink)
            painter.end()
            return
        canvas.icon("warn", 30, height / 2, 20, tokens.warn)
        canvas.text(56, height / 2 + 6, self.sentences[0], 18, tokens.ink, width=self._room - 64)
        painter.end()
