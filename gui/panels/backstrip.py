"""The strip under the trace: pause, a slider through what was measured, and the way back to now."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from gui.look import Look
from gui.paint import font
from gui.panels.buttons import Button
from gui.shown import BackShown

STRIP_HEIGHT = 52.0
_TENTHS = 10.0


class BackStrip(QWidget):
    """Slider in tenths of a second before now; its right end is now.

    Signals
    -------
    scrolled : float
        Seconds before the newest sample.
    """

    scrolled = Signal(float)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.shown = BackShown()
        self._scale = 1.0
        self.pause = Button(look, "key", cap="H")
        self.words = QLabel()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setSingleStep(round(_TENTHS))
        self.slider.setPageStep(round(5 * _TENTHS))
        self.slider.setMaximum(0)
        self.slider.valueChanged.connect(lambda value: self.scrolled.emit(-value / _TENTHS))
        self.live = Button(look, "key", cap="End")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.pause)
        row.addWidget(self.words)
        row.addWidget(self.slider, 1)
        row.addWidget(self.live)
        self.restyle()

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self._scale = scale
        self._row.setSpacing(round(16 * scale))
        for button in (self.pause, self.live):
            button.set_scale(scale * 0.9)
        self.restyle()

    def set_shown(self, shown: BackShown) -> None:
        """Show where the view is; nothing is sent back."""
        # while a hand is on the slider, it stays where the hand is
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setMinimum(-round(shown.reach_s * _TENTHS))
            self.slider.setValue(-round(shown.ago_s * _TENTHS))
            self.slider.blockSignals(False)
        changed = shown.words != self.shown.words
        self.shown = shown
        if changed:
            self.restyle()

    def restyle(self) -> None:
        """Take over colours and language."""
        t, paused = self.look.texts, bool(self.shown.words)
        self.pause.set_words(t("back.follow" if paused else "back.pause"))
        self.live.set_words(t("back.live"), t("back.live_name"))
        self.live.setEnabled(paused)
        words = self.shown.words or t("back.following")
        self.words.setFont(font(self.look.family, round(20 * self._scale), paused)[0])
        self.words.setText(words)
        self.slider.setStyleSheet(self._slider_style())
        self.slider.setMinimumHeight(max(round(28 * self._scale), 18))
        self.slider.setAccessibleName(t("back.slider"))
        self.slider.setAccessibleDescription(words)
        self.slider.setToolTip(t("back.slider"))

    def _slider_style(self) -> str:
        """Return a groove, a handle that stands out in both themes, and a ring around it for the keyboard."""
        tokens, px = self.look.tokens, max(round(20 * self._scale), 12)
        groove = max(px // 4, 3)
        return (
            f"QSlider::groove:horizontal {{ background: {tokens.ink3}; height: {groove}px; border-radius: 2px; }}"
            f"QSlider::handle:horizontal {{ background: {tokens.panel}; border: 3px solid {tokens.acc};"
            f" width: {px - 6}px; height: {px - 6}px; margin: {(groove - px) // 2}px 0px;"
            f" border-radius: {px // 2}px; }}"
            f"QSlider {{ border: 2px solid transparent; }}"
            f"QSlider:focus {{ border: 2px solid {tokens.acc}; border-radius: 4px; }}"
        )
