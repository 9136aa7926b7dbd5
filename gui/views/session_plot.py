"""The overview of a run as a widget: zoom, pan, a cursor that goes from step to step, a selection."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.look import Look
from gui.numbers import clock, number
from gui.paint import Canvas
from gui.review.overview import Overview
from gui.review.run import Mark, Span
from gui.views.session_paint import STEMS_BELOW_S, Area, area_of, paint_overview
from imu.types import Side, Step

_SHORTEST_S: Final = 2.0
_ZOOM: Final = 1.5
_DRAG_PX: Final = 5
_NEAR_PX: Final = 9.0


class Part(NamedTuple):
    """A piece of the sentence about a step, and the number of the catalogue that it shows."""

    text: str
    key: str = ""


class RunPlot(QWidget):
    """Every step of a run.

    Wheel or + and - zoom, dragging or Page Up and Page Down pan, arrows go from step to step, with Shift they select,
    dragging with Shift selects too, 0 shows the whole run, Enter opens the mark at the cursor.

    Signals
    -------
    moved
        Cursor, selection or stretch in view changed.
    mark_opened : Mark
        Double click or Enter on a mark.
    """

    moved = Signal()
    mark_opened = Signal(object)

    def __init__(self, look: Look, shown: Overview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.shown = shown
        self.view = Span(shown.start_s, shown.end_s)
        self.cursor_s: float | None = None
        self.anchor_s: float | None = None
        self._scale = 1.0
        self._picture: QPixmap | None = None
        self._pressed: QPointF | None = None
        self._view_pressed = self.view
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(False)
        self.describe()

    # -- content -----------------------------------------------------------------------------------------------------

    def set_shown(self, shown: Overview) -> None:
        """Show another state of the same run; the stretch in view stays."""
        self.shown = shown
        self.redraw()

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self._scale = scale
        self.redraw()

    def restyle(self) -> None:
        """Take over colours and language."""
        self.redraw()

    def redraw(self) -> None:
        """Paint all anew."""
        self._picture = None
        self.describe()
        self.update()

    @property
    def selection(self) -> Span | None:
        """Selected stretch; None = nothing is selected."""
        if self.cursor_s is None or self.anchor_s is None or self.anchor_s == self.cursor_s:
            return None
        return Span(min(self.cursor_s, self.anchor_s), max(self.cursor_s, self.anchor_s))

    @property
    def step(self) -> Step | None:
        """Step at the cursor."""
        if self.cursor_s is None or not len(self.shown.t_s):
            return None
        k = int(np.argmin(np.abs(self.shown.t_s - self.cursor_s)))
        return self.shown.steps[k] if abs(self.shown.t_s[k] - self.cursor_s) < 1.0 else None

    def mark_at(self, time_s: float) -> Mark | None:
        """Mark within some pixels of a time."""
        reach = _NEAR_PX / self.area.w * (self.view.end_s - self.view.start_s)
        near = [m for m in self.shown.marks if abs(m.time_s - time_s) <= reach]
        return min(near, key=lambda m: abs(m.time_s - time_s), default=None)

    def describe(self) -> None:
        """Say the content to screen readers."""
        t = self.look.texts
        self.setAccessibleName(t("review.overview_name"))
        self.setAccessibleDescription(self.sentence() or t("review.overview_keys"))

    def sentence(self) -> str:
        """Return the step at the cursor as words; empty without one."""
        return " · ".join(part.text for part in self.parts())

    def parts(self) -> list[Part]:
        """Return what is said of the step at the cursor; empty without one."""
        t, step = self.look.texts, self.step
        if step is None:
            return []
        side = t({Side.LEFT: "word.left", Side.RIGHT: "word.right"}.get(step.side, "word.unknown"))
        load = f"{number(step.load_peak_g, 2, t.language)}\u00a0g"
        parts = [Part(clock(step.ic_s - self.shown.start_s)), Part(side), Part(load, "load_peak_g")]
        if step.contact_time_s is not None:
            contact = number(step.contact_time_s * 1000, 0, t.language)
            parts.append(Part(f"{t('card.contact').lower()} {contact}\u00a0ms", "contact_time_s"))
        return parts + [Part(t(f"quality.{word}")) for word in step.quality.words()]

    # -- view --------------------------------------------------------------------------------------------------------

    @property
    def area(self) -> Area:
        """Plot area in design units."""
        s = self._scale
        return area_of(self.shown, self.width() / s, self.height() / s, self.view.start_s, self.view.end_s)

    @property
    def showing(self) -> str:
        """What is drawn: `steps` one by one, or dots and means of the `whole` run or of a `part` of it."""
        length, whole = self.view.end_s - self.view.start_s, self.shown.end_s - self.shown.start_s
        return "steps" if length < STEMS_BELOW_S else "whole" if length > 0.999 * whole else "part"

    def show_all(self) -> None:
        """Show the whole run."""
        self.set_view(self.shown.start_s, self.shown.end_s)

    def set_view(self, start_s: float, end_s: float) -> None:
        """Show a stretch, kept inside the run and not shorter than two seconds."""
        whole = self.shown.end_s - self.shown.start_s
        length = min(max(end_s - start_s, min(_SHORTEST_S, whole)), whole)
        middle = (start_s + end_s) / 2.0
        start = min(max(middle - length / 2.0, self.shown.start_s), self.shown.end_s - length)
        self.view = Span(start, start + length)
        self.redraw()
        self.moved.emit()

    def zoom(self, factor: float, around_s: float | None = None) -> None:
        """Zoom in (factor above 1) or out around a time, else around the cursor or the middle."""
        if around_s is None:
            inside = self.cursor_s is not None and self.view.start_s <= self.cursor_s <= self.view.end_s
            around_s = self.cursor_s if inside else (self.view.start_s + self.view.end_s) / 2.0
        assert around_s is not None
        share = (around_s - self.view.start_s) / (self.view.end_s - self.view.start_s)
        length = max((self.view.end_s - self.view.start_s) / factor, _SHORTEST_S)
        start = around_s - share * length
        self.set_view(start, start + length)

    def pan(self, share: float) -> None:
        """Move the view by a share of its length."""
        shift = share * (self.view.end_s - self.view.start_s)
        self.set_view(self.view.start_s + shift, self.view.end_s + shift)

    def set_cursor(self, time_s: float | None, *, extend: bool = False) -> None:
        """Put the cursor, and the selection's other end with it unless `extend`."""
        if time_s is not None:
            time_s = min(max(time_s, self.shown.start_s), self.shown.end_s)
        if not extend or self.anchor_s is None:
            self.anchor_s = self.cursor_s if extend and self.cursor_s is not None else time_s
        self.cursor_s = time_s
        self.describe()
        self.update()
        self.moved.emit()

    def go_step(self, direction: int, *, extend: bool = False) -> None:
        """Move the cursor to the next (1) or previous (-1) step, and the view with it."""
        times = self.shown.t_s
        if not len(times):
            return
        at = self.cursor_s if self.cursor_s is not None else self.view.start_s
        if direction > 0:
            k = min(int(np.searchsorted(times, at + 1e-6)), len(times) - 1)
        else:
            k = max(int(np.searchsorted(times, at - 1e-6)) - 1, 0)
        self.set_cursor(float(times[k]), extend=extend)
        assert self.cursor_s is not None
        if not self.view.start_s <= self.cursor_s <= self.view.end_s:
            half = (self.view.end_s - self.view.start_s) / 2.0
            self.set_view(self.cursor_s - half, self.cursor_s + half)

    # -- events ------------------------------------------------------------------------------------------------------

    def _time_at(self, x_px: float) -> float:
        area = self.area
        return area.t0 + (x_px / self._scale - area.x) / area.w * (area.t1 - area.t0)

    @override
    def event(self, event: QEvent) -> bool:
        # arrows belong to the plot while it has the focus, not to shortcuts of the window
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._action(event):
            event.accept()
            return True
        return super().event(event)

    def _action(self, event: QKeyEvent) -> bool:
        keys = Qt.Key
        return event.key() in {
            keys.Key_Left, keys.Key_Right, keys.Key_Plus, keys.Key_Equal, keys.Key_Minus, keys.Key_0, keys.Key_PageUp,
            keys.Key_PageDown, keys.Key_Home, keys.Key_End, keys.Key_Return, keys.Key_Enter,
        }  # fmt: skip

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = event.key(), Qt.Key
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in {keys.Key_Left, keys.Key_Right}:
            self.go_step(1 if key == keys.Key_Right else -1, extend=extend)
        elif key in {keys.Key_Plus, keys.Key_Equal}:
            self.zoom(_ZOOM)
        elif key == keys.Key_Minus:
            self.zoom(1.0 / _ZOOM)
        elif key == keys.Key_0:
            self.show_all()
        elif key in {keys.Key_PageUp, keys.Key_PageDown}:
            self.pan(0.8 if key == keys.Key_PageDown else -0.8)
        elif key in {keys.Key_Home, keys.Key_End}:
            self.set_cursor(self.shown.start_s if key == keys.Key_Home else self.shown.end_s, extend=extend)
        elif key in {keys.Key_Return, keys.Key_Enter} and self.cursor_s is not None:
            mark = self.mark_at(self.cursor_s)
            if mark is not None:
                self.mark_opened.emit(mark)
        else:
            super().keyPressEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        if abs(delta.x()) > abs(delta.y()):
            self.pan(-delta.x() / 1200.0)
        else:
            self.zoom(_ZOOM ** (delta.y() / 120.0), self._time_at(event.position().x()))
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setFocus()
            self._pressed, self._view_pressed = event.position(), self.view
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if extend:
                self.set_cursor(self._time_at(event.position().x()), extend=self.cursor_s is not None)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.set_cursor(self._time_at(event.position().x()), extend=True)
        elif abs(event.position().x() - self._pressed.x()) > _DRAG_PX:
            length = self._view_pressed.end_s - self._view_pressed.start_s
            shift = (self._pressed.x() - event.position().x()) / self._scale / self.area.w * length
            self.set_view(self._view_pressed.start_s + shift, self._view_pressed.end_s + shift)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        moved = abs(event.position().x() - self._pressed.x()) > _DRAG_PX
        self._pressed = None
        if not moved and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.set_cursor(self._nearest(self._time_at(event.position().x())))

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        mark = self.mark_at(self._time_at(event.position().x()))
        if mark is not None:
            self.mark_opened.emit(mark)
        else:
            self.zoom(4.0, self._time_at(event.position().x()))

    def _nearest(self, time_s: float) -> float:
        """Snap to a step where steps can be told apart."""
        if not len(self.shown.t_s) or self.view.end_s - self.view.start_s > 120.0:
            return time_s
        nearest = float(self.shown.t_s[int(np.argmin(np.abs(self.shown.t_s - time_s)))])
        return nearest if abs(nearest - time_s) < 0.5 else time_s

    # -- painting ----------------------------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        size = (max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1))
        if self._picture is None or (self._picture.width(), self._picture.height()) != size:
            self._picture = QPixmap(*size)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(self.look.tokens.panel))
            inner = QPainter(self._picture)
            canvas = Canvas(inner, self._scale, self.look.tokens, self.look.family)
            paint_overview(canvas, self.shown, self.area, self.look.texts)
            inner.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        self._paint_cursor(Canvas(painter, self._scale, self.look.tokens, self.look.family))
        painter.end()

    def _paint_cursor(self, canvas: Canvas) -> None:
        area, tokens, s = self.area, self.look.tokens, self._scale
        if self.selection is not None:
            x0 = max(area.px(self.selection.start_s), area.x)
            x1 = min(area.px(self.selection.end_s), area.x + area.w)
            if x1 > x0:
                colour = QColor(tokens.acc)
                colour.setAlpha(40)
                canvas.painter.fillRect(canvas.rect(x0, area.y, x1 - x0, area.h), colour)
        if self.cursor_s is not None and area.t0 <= self.cursor_s <= area.t1:
            x = area.px(self.cursor_s)
            canvas.line(x, area.y - 4, x, area.y + area.h, tokens.acc, 2.0)
        if self.hasFocus():
            canvas.painter.setPen(QPen(QColor(tokens.acc), max(2.0 * s, 1.5)))
            canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
            canvas.painter.drawRect(canvas.rect(area.x - 1, area.y - 1, area.w + 2, area.h + 2))
