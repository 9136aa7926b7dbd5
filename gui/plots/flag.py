"""The flag of the feedback line in the right margin: value and grip; drag it, or move it with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas

_WIDTH, _HEIGHT = 160.0, 104.0
_FLAG = 56.0


class LineFlag(QWidget):
    """Handle of the line; it reports pixels and steps, the plot turns them into g.

    Signals
    -------
    dragged : float, bool
        Vertical pixel in the parent, and whether the drag has ended.
    stepped : int
        Arrow keys: +1 or -1 (page keys 10).
    removed
        Delete or Backspace.
    """

    dragged = Signal(float, bool)
    stepped = Signal(int)
    removed = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.value_g: float | None = None
        self._scale = 1.0
        self._flip = False
        self._down = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.restyle()

    def place(self, left: float, y: float, scale: float, value_g: float | None) -> None:
        """Stand at a height of the plot; the words go below where there is no room above."""
        self.value_g = value_g
        self._scale = scale
        self._flip = y < (_HEIGHT - _FLAG / 2.0) * scale
        above = _FLAG / 2.0 if self._flip else _HEIGHT - _FLAG / 2.0
        self.setGeometry(round(left), round(y - above * scale), round(_WIDTH * scale), round(_HEIGHT * scale))
        self.restyle()

    def restyle(self) -> None:
        """Take over colours and language."""
        texts = self.look.texts
        self.setAccessibleName(texts("line.name"))
        shown = texts("word.no_line") if self.value_g is None else f"{self.value_g:.2f} g"
        self.setAccessibleDescription(shown)
        self.setToolTip(texts("line.name"))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, texts = self.look.tokens, self.look.texts
        canvas = Canvas(painter, self._scale, tokens, self.look.family)
        top = 0.0 if self._flip else _HEIGHT - _FLAG
        middle = top + _FLAG / 2.0
        is_set = self.value_g is not None
        corners = [
            (1, middle),
            (24, top + 2),
            (_WIDTH - 2, top + 2),
            (_WIDTH - 2, top + _FLAG - 2),
            (24, top + _FLAG - 2),
        ]
        shape = QPolygonF([QPointF(x * self._scale, y * self._scale) for x, y in corners])
        edge = tokens.acc if self.hasFocus() else tokens.ink if is_set else tokens.ink3
        painter.setPen(QPen(QColor(edge), (3.0 if self.hasFocus() else 1.5) * self._scale))
        painter.setBrush(QColor(tokens.ink if is_set else tokens.panel))
        painter.drawPolygon(shape)
        ink = tokens.panel if is_set else tokens.ink2
        label = f"{number(self.value_g, 2, texts.language)} g" if is_set else texts("word.drag")
        canvas.text(30, middle + 9, label, 26 if is_set else 22, ink, bold=is_set, width=_WIDTH - 62)
        for offset in (-8, 0, 8):
            canvas.line(_WIDTH - 24, middle + offset, _WIDTH - 12, middle + offset, ink, 2.0)
        first, second = (_FLAG + 20, _FLAG + 42) if self._flip else (16, 38)
        canvas.text(10, first, texts("word.feedback"), 20, tokens.ink2)
        canvas.text(10, second, texts("word.line"), 20, tokens.ink2)
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._down = True
            self.setFocus()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._down:
            self.dragged.emit(float(self.mapToParent(event.position().toPoint()).y()), False)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._down:
            self._down = False
            self.dragged.emit(float(self.mapToParent(event.position().toPoint()).y()), True)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        key = Qt.Key(event.key())
        if key in moves:
            self.stepped.emit(moves[key])
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
