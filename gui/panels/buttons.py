"""Buttons of one look: filled, outline, tab, plain word, key cap, icon; sizes follow the window's scale."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import draw_icon, font

_TEXT = {"filled": 22.0, "outline": 20.0, "tab": 24.0, "word": 22.0, "key": 24.0, "icon": 22.0}
_HEIGHT = {"filled": 56.0, "outline": 48.0, "tab": 40.0, "word": 40.0, "key": 48.0, "icon": 40.0}


class Button(QAbstractButton):
    """A painted push button.

    Parameters
    ----------
    look : Look
    kind : str
        `filled` (the one thing to do), `outline`, `tab`, `word`, `key` (key cap and word) or `icon`.
    cap : str
        Key cap text for `key`.
    """

    def __init__(self, look: Look, kind: str, *, cap: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.kind = kind
        self.cap = cap
        self.icon_name = icon
        self._scale = 1.0
        self._hover = False
        self.setCheckable(kind in {"tab", "word"})
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_words(self, text: str, name: str = "", cap: str | None = None) -> None:
        """Set the word on the button and what a screen reader says."""
        self.setText(text)
        if cap is not None:
            self.cap = cap
        spoken = name or text
        self.setAccessibleName(spoken)
        self.setToolTip(spoken if name else "")
        self._fit()

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self._scale = scale
        self._fit()

    def _fit(self) -> None:
        hint = self.sizeHint()
        self.setFixedSize(hint)
        self.update()

    def _text_width(self, text: str, size: float, bold: bool) -> float:
        return font(self.look.family, round(size * self._scale), bold)[1].horizontalAdvance(text)

    @override
    def sizeHint(self) -> QSize:
        s = self._scale
        size = _TEXT[self.kind]
        height = round(_HEIGHT[self.kind] * s)
        if self.kind == "icon":
            return QSize(round(48 * s), height)
        width = self._text_width(self.text(), size, True)
        if self.kind == "key":
            width += self._cap_width() + 14 * s + 12 * s
        else:
            width += {"filled": 64.0, "outline": 52.0, "tab": 60.0, "word": 24.0}[self.kind] * s
        return QSize(round(width), height)

    def _cap_width(self) -> float:
        return self._text_width(self.cap, 19.0, True) + 24 * self._scale

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover = True
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        tokens, s = self.look.tokens, self._scale
        rect = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        ink = tokens.ink if self.isEnabled() else tokens.ink3
        bold = True
        if self.kind == "filled":
            ink = tokens.on_acc if self.isEnabled() else tokens.ink3
            self._ground(painter, rect, tokens.acc if self.isEnabled() else tokens.sub, None)
        elif self.kind == "outline":
            self._ground(
                painter, rect, tokens.sub if self._hover else None, tokens.ink3 if self.isEnabled() else tokens.line
            )
        elif self.kind == "tab":
            bold = self.isChecked()
            ink = tokens.acc if self.isChecked() else tokens.ink2
            if self.isChecked() or self._hover:
                self._ground(painter, rect, tokens.accbg if self.isChecked() else tokens.sub, None)
        elif self.kind == "word":
            bold = self.isChecked()
            ink = tokens.ink if self.isChecked() else tokens.ink2
            if self.isChecked():
                width = self._text_width(self.text(), _TEXT[self.kind], True)
                painter.setPen(QPen(QColor(tokens.ink), max(2.0 * s, 1.0)))
                middle, y = rect.center().x(), rect.bottom() - 3 * s
                painter.drawLine(QPointF(middle - width / 2, y), QPointF(middle + width / 2, y))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.acc), max(2.5 * s, 2.0)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 5 * s, 5 * s)
        if self.kind == "icon":
            draw_icon(painter, self.icon_name, rect.center(), 26 * s, tokens.ink2)
        elif self.kind == "key":
            self._paint_key(painter, ink)
        else:
            face, _ = font(self.look.family, round(_TEXT[self.kind] * s), bold)
            painter.setFont(face)
            painter.setPen(QColor(ink))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()

    def _ground(self, painter: QPainter, rect: QRectF, fill: str | None, edge: str | None) -> None:
        painter.setPen(QPen(QColor(edge), max(1.5 * self._scale, 1.0)) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 4 * self._scale, 4 * self._scale)

    def _paint_key(self, painter: QPainter, ink: str) -> None:
        tokens, s = self.look.tokens, self._scale
        height = 38 * s
        cap = QRectF(5 * s, (self.height() - height) / 2, self._cap_width(), height)
        painter.setPen(QPen(QColor(tokens.ink3), max(1.0 * s, 1.0)))
        painter.setBrush(QColor(tokens.accbg if self._hover else tokens.sub))
        painter.drawRoundedRect(cap, 4 * s, 4 * s)
        face, _ = font(self.look.family, round(19 * s), True)
        painter.setFont(face)
        painter.setPen(QColor(ink))
        painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), self.cap)
        face, _ = font(self.look.family, round(24 * s), False)
        painter.setFont(face)
        painter.setPen(QColor(tokens.ink if self.isEnabled() else tokens.ink3))
        rest = QRectF(cap.right() + 12 * s, 0, self.width() - cap.right() - 12 * s, self.height())
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
