"""The runner's window, for a second screen: one bar against one line, or a ball on a line; nothing else to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.i18n import Texts
from gui.live_state import LiveState
from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas, hatch
from imu.api import FADE_BLOCKS, gives_feedback, steps_in_line
from imu.types import ActivityKind

MODES: Final = ("bar", "ball", "off")
SMOOTH_STEPS: Final = 5
_SPAN_G: Final = 1.0
"""The line stands in the middle of a scale from 1 g below to 1 g above it."""


@dataclass(frozen=True, slots=True)
class RunnerShown:
    """What the runner sees.

    Attributes
    ----------
    at : float or None
        Mean load of the newest steps on a scale of -1 to 1 around the line; None = nothing to show now.
    words : str
        What lies at the easy end: "quiet".
    count : str
        Steps in the line; empty while feedback is withdrawn.
    inside : bool
    note : str
        Why there is no bar.
    """

    at: float | None = None
    words: str = ""
    count: str = ""
    inside: bool = False
    note: str = ""


def runner_shown(state: LiveState, texts: Texts, mode: str, share: float, *, sounding: bool = False) -> RunnerShown:
    """Say what the runner sees now.

    Parameters
    ----------
    state : LiveState
    texts : Texts
    mode : str
        One of `MODES`.
    share : float
        Share of the steps with feedback, 0 to 1.
    sounding : bool
        Whether there is something to hear: then `off` is "sound only".
    """
    quiet = texts("runner.quiet")
    if mode == "off":
        return RunnerShown(note=texts("runner.listen" if sounding else "runner.off"))
    if state.line_g is None:
        return RunnerShown(words=quiet, note=texts("word.no_line"))
    if state.silence_s > 0:
        return RunnerShown(words=quiet, note=texts("word.no_data"))
    running = [s for s in state.window if s.load_peak_g is not None]
    if not running or state.status.activity in {ActivityKind.WALKING, ActivityKind.STANDING}:
        return RunnerShown(words=quiet, note=texts("runner.wait"))
    if not gives_feedback(running[-1].index, share):
        return RunnerShown(words=quiet, note=texts("runner.by_feel"))
    loads = [s.load_peak_g for s in running[-SMOOTH_STEPS:] if s.load_peak_g is not None]
    excess = sum(loads) / len(loads) - state.line_g
    line = steps_in_line(running, state.line_g)
    return RunnerShown(
        at=max(min(excess / _SPAN_G, 1.0), -1.0),
        words=quiet,
        count=texts("runner.count", n=line.n_in, of=line.n),
        inside=excess <= 0.0,
    )


class RunnerWindow(QWidget):
    """A window of its own; it is closed with Esc and never stops a recording.

    Signals
    -------
    closed
    """

    closed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.look = look
        self.mode = "bar"
        self.fade = 0
        self.sounding = False
        self.shown = RunnerShown()
        self.resize(1280, 720)

    @property
    def share(self) -> float:
        """Share of the steps with feedback."""
        return FADE_BLOCKS[self.fade]

    def open_on_second_screen(self) -> None:
        """Fill the second screen; with one screen only, be a window beside the other."""
        screens = QGuiApplication.screens()
        if len(screens) > 1:
            own = QGuiApplication.primaryScreen()
            other = next(s for s in screens if s is not own)
            self.setGeometry(other.geometry())
            self.showFullScreen()
        else:
            self.show()

    def take(self, state: LiveState) -> None:
        """Show the moment."""
        shown = runner_shown(state, self.look.texts, self.mode, self.share, sounding=self.sounding)
        if shown != self.shown:
            self.shown = shown
            self.setAccessibleName(self.look.texts("runner.title"))
            words = (shown.count, shown.note, self.look.texts("runner.build_up"))
            self.setAccessibleDescription(" ".join(w for w in words if w))
            self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_B:
            self.mode = MODES[(MODES.index(self.mode) + 1) % len(MODES)]
        elif key == Qt.Key.Key_F:
            self.fade = (self.fade + 1) % len(FADE_BLOCKS)
        elif key in {Qt.Key.Key_Escape, Qt.Key.Key_F11}:
            self.close()
        else:
            super().keyPressEvent(event)
            return
        self.update()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, t, shown = self.look.tokens, self.look.texts, self.shown
        painter.fillRect(self.rect(), tokens.bg)
        s = min(self.width() / 1920.0, self.height() / 1080.0)
        canvas = Canvas(painter, s, tokens, self.look.family)
        width, height = self.width() / s, self.height() / s
        left, right, y = 140.0, width - 140.0, height * 0.46
        middle = (left + right) / 2.0
        if self.mode != "off":
            canvas.text(left, y - 200, f"\u25c0 {shown.words}", 72, tokens.ink2, width=middle - left)
            canvas.box(left, y - 120, right - left, 240, fill=tokens.sub)
            zone = QRectF(middle * s, (y - 120) * s, (right - middle) * s, 240 * s)
            painter.drawTiledPixmap(zone, hatch(tokens.hatch))
            if shown.at is not None:
                self._paint_value(canvas, shown.at, left, right, y)
            canvas.line(middle, y - 170, middle, y + 170, tokens.ink, 14.0)
            canvas.text(middle, y + 230, t("word.line"), 48, tokens.ink2, align="center")
        if shown.at is not None:
            self._paint_words(canvas, middle, height - 130)
        else:
            canvas.text(middle, height - 130, shown.note, 96, tokens.ink2, bold=True, align="center", width=width - 280)
        keys = t("runner.keys", pct=number(100.0 * self.share, 0, t.language))
        canvas.text(40, height - 28, keys, 26, tokens.ink3, width=width - 80)
        canvas.text(middle, 64, t("runner.build_up"), 36, tokens.ink2, align="center", width=width - 80)
        painter.end()

    def _paint_words(self, canvas: Canvas, middle: float, y: float) -> None:
        """Paint which way to go, or that it is there, and how many of the newest steps were: in the middle."""
        tokens, shown = self.look.tokens, self.shown
        words = f"{self.look.texts('runner.in' if shown.inside else 'runner.over')} · {shown.count}"
        room = canvas.width_of(words, 96, bold=True)
        left = middle - (room + 108.0) / 2.0
        if shown.inside:
            canvas.icon("check", left + 42, y - 35, 84, tokens.ok)
        else:  # to the quiet end
            canvas.text(left, y - 4, "\u25c0", 84, tokens.ink)
        canvas.text(left + 108, y, words, 96, tokens.ink, bold=True)

    def _paint_value(self, canvas: Canvas, at: float, left: float, right: float, y: float) -> None:
        """Paint the bar from the easy end to the value, or the ball at it; beyond the line it is hollow."""
        tokens, s = self.look.tokens, canvas.scale
        x = left + (at + 1.0) / 2.0 * (right - left)
        middle = (left + right) / 2.0
        if self.mode == "ball":
            canvas.painter.setPen(QPen(QColor(tokens.ink), 10 * s))
            canvas.painter.setBrush(QColor(tokens.acc if at <= 0 else tokens.panel))
            canvas.painter.drawEllipse(QPointF(x * s, y * s), 90 * s, 90 * s)
            return
        canvas.box(left, y - 90, min(x, middle) - left, 180, fill=tokens.acc)
        if x > middle:
            canvas.box(middle, y - 90, x - middle, 180, fill=tokens.panel, edge=tokens.ink, edge_width=8.0)
