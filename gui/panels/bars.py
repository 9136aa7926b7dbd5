"""Status bar and banner of the window, and the strip that its footer is too."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.i18n import KMH, LANGUAGES
from gui.look import Look
from gui.paint import LEVEL_ICON, Canvas, font, level_colour
from gui.panels.buttons import Button
from gui.shown import BarShown, Chip

BAR_HEIGHT = 64.0
BANNER_HEIGHT = 68.0
_BANNER_TEXT = 32.0
_BANNER_LINE = 44.0


_MARGIN = 32.0
_GAP = 12.0
_LEAST = 0.75


class Strip(QWidget):
    """A full-width strip with a hairline on one side; when text has grown, its buttons take more than one line."""

    def __init__(self, look: Look, height: float, *, line_at_top: bool) -> None:
        super().__init__()
        self.look = look
        self.design_height = height
        self.line_at_top = line_at_top
        self.scale = 1.0
        self.left: list[Button] = []
        self.right: list[Button] = []

    def add(self, button: Button, *, right: bool = False) -> Button:
        """Put a button at the left or right end of the strip."""
        button.setParent(self)
        (self.right if right else self.left).append(button)
        return button

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self.arrange()

    def words_room(self) -> float:
        """Width that the strip's own words need before the buttons, in design units; a line of their own if need be."""
        return 0.0

    def chip_room(self) -> float:
        """Width of what is painted just before the buttons of the right end, in design units."""
        return 0.0

    def arrange(self) -> None:
        """Lay the buttons out, in as many lines as they need; at the normal size of text in one, if need be smaller."""
        s = self.scale
        for button in (*self.left, *self.right):
            button.set_scale(s)
        left, right = ([b for b in group if not b.isHidden()] for group in (self.left, self.right))
        gap, margin, line = round(_GAP * s), round(_MARGIN * s), round(self.design_height * s)
        first, last = margin, self.width() - margin
        words, chip = self.words_room() * s, self.chip_room() * s
        needed = sum(b.width() + gap for b in (*left, *right)) - gap + chip
        if self.look.zoom == 1.0 or needed + words <= last - first:
            self._shrink(left, needed + words - (last - first))
            self._put(left, first, 0, line)
            self._put(right, last - sum(b.width() + gap for b in right) + gap, 0, line)
            self.setFixedHeight(line)
            return
        top = line if words else 0
        low = round(0.8 * line)
        rows: list[list[Button]] = [[]]
        for button in (*left, *right):
            used = sum(b.width() + gap for b in rows[-1])
            if rows[-1] and first + used + button.width() + (chip if button in right[:1] else 0) > last:
                rows.append([])
            rows[-1].append(button)
        for row in rows:
            self._put(row, first, top, low)
            top += low
        ends = [b for b in rows[-1] if b in right]  # what is at the right end stays there
        if left:
            self._put(ends, last - sum(b.width() + gap for b in ends) + gap, top - low, low)
        self.setFixedHeight(top)

    def _shrink(self, buttons: list[Button], over: float) -> None:
        """Make buttons smaller by so many pixels together, at most to `_LEAST` of their size."""
        wide = sum(b.width() for b in buttons)
        if over > 0 and wide:
            for button in buttons:
                button.set_scale(self.scale * max(1.0 - (over + 2.0) / wide, _LEAST))

    def _put(self, buttons: list[Button], x: int, top: int, line: int) -> None:
        for button in buttons:
            button.move(x, top + round((line - button.height()) / 2))
            x += button.width() + round(_GAP * self.scale)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self.look.tokens
        painter.fillRect(self.rect(), tokens.panel)
        y = 0 if self.line_at_top else self.height() - 1
        painter.fillRect(0, y, self.width(), 1, tokens.line)
        painter.end()


class StatusBar(Strip):
    """Source, recording, speed, link on the left; views, text size, theme, unit of speed, language, help on the right.

    Signals
    -------
    view_chosen : str
        `far` or `near`.
    language_chosen : str
    text_asked, unit_toggled, theme_toggled, help_asked
    """

    view_chosen = Signal(str)
    language_chosen = Signal(str)
    text_asked = Signal()
    unit_toggled = Signal()
    theme_toggled = Signal()
    help_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, BAR_HEIGHT, line_at_top=False)
        self.shown = BarShown()
        self.on_start_page = True
        self.views: dict[str, Button] = {}
        for name in ("far", "near"):
            button = Button(look, "tab")
            button.clicked.connect(lambda _=False, n=name: self.view_chosen.emit(n))
            self.views[name] = self.add(button, right=True)
        self.text = self._word(self.text_asked.emit)
        self.theme = self.add(Button(look, "icon", icon="sun"), right=True)
        self.theme.clicked.connect(lambda _=False: self.theme_toggled.emit())
        self.unit = self._word(self.unit_toggled.emit)
        self.languages: dict[str, Button] = {}
        for code in reversed(LANGUAGES):
            button = Button(look, "word")
            button.clicked.connect(lambda _=False, c=code: self.language_chosen.emit(c))
            self.languages[code] = self.add(button, right=True)
        self.help = self._word(self.help_asked.emit)
        self.restyle("far")

    def _word(self, action: Callable[[], None]) -> Button:
        made = self.add(Button(self.look, "word"), right=True)
        made.setCheckable(False)
        made.clicked.connect(lambda _=False: action())
        return made

    def restyle(self, view: str) -> None:
        """Take over colours, language and the chosen view."""
        texts = self.look.texts
        for name, button in self.views.items():
            button.set_words(texts(f"bar.{name}"), texts(f"bar.{name}_name"))
            button.setChecked(name == view)
            button.setVisible(not self.on_start_page)
        size = texts("bar.text", pct=round(100.0 * self.look.zoom))
        self.text.set_words(size, texts("bar.text_name", size=size))
        self.theme.icon_name = "moon" if self.look.tokens.name == "light" else "sun"
        self.theme.set_words("", texts("bar.theme_name"))
        km_h, pace = texts("speed.unit_kmh"), texts("speed.unit_pace")
        unit, other = (km_h, pace) if texts.speed_unit == KMH else (pace, km_h)
        self.unit.set_words(unit, texts("bar.unit_name", unit=unit, other=other))
        names = {"en": "English", "nl": "Nederlands"}
        for code, button in self.languages.items():
            button.set_words(code.upper(), texts("bar.language_name", language=names[code]))
            button.setChecked(code == texts.language)
        self.help.set_words("F1", texts("bar.help_name"))
        self.arrange()
        self.update()

    @override
    def words_room(self) -> float:
        return 320.0 if self.on_start_page else 760.0

    def set_shown(self, shown: BarShown) -> None:
        """Show the state of the moment."""
        if shown != self.shown:
            self.shown = shown
            words = (shown.source, shown.time_word, shown.time, shown.speed, shown.state.text, *shown.facts)
            self.setAccessibleName(", ".join(word for word in (*words, shown.clipped) if word))
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        canvas = Canvas(painter, self.scale, self.look.tokens, self.look.family)
        tokens, shown, y = self.look.tokens, self.shown, 41.0
        if self.on_start_page:
            canvas.text(32, y, self.look.texts("app.title"), 24, tokens.ink, bold=True)
            painter.end()
            return
        beside = [b.x() for b in self.right if not b.isHidden() and b.y() < self.design_height * self.scale]
        end = min(beside, default=self.width()) / self.scale - 24
        x = 32.0
        if shown.source:
            x += canvas.text(x, y, shown.source, 24, tokens.ink, bold=True, width=260)
            x = self._divide(canvas, x)
        if shown.recording:
            canvas.box(x, 24, 16, 16, fill=tokens.rec, radius=8)
            x += 28
            x += canvas.text(x, y, f"{shown.time_word} {shown.time}", 24, tokens.ink, bold=True)
        else:
            x += canvas.text(x, y, shown.time, 24, tokens.ink, bold=True)
            if shown.time_word:
                x += 10 + canvas.text(x + 10, y, shown.time_word, 24, tokens.ink3)
        x = self._divide(canvas, x)
        x += canvas.text(
            x, y, shown.speed, 24, tokens.ink if shown.speed_known else tokens.ink3, bold=shown.speed_known
        )
        x = self._divide(canvas, x)
        colour = level_colour(tokens, shown.state.level)
        canvas.icon(LEVEL_ICON.get(shown.state.level, "info"), x + 11, y - 9, 20, colour)
        x += 32
        word = tokens.ink if shown.state.level == "ok" else colour
        x += canvas.text(x, y, shown.state.text, 24, word, width=max(end - x, 20)) + 16
        if shown.clipped and canvas.width_of(shown.clipped, 24, bold=True) < end - x:
            x += canvas.text(x, y, shown.clipped, 24, tokens.warn, bold=True) + 14
        # what does not fit is left out, the last first; the near view's sensor card has it all
        facts = list(shown.facts)
        while facts and canvas.width_of(" · ".join(facts), 24) > end - x:
            facts.pop()
        canvas.text(x, y, " · ".join(facts), 24, tokens.ink2)
        painter.end()

    def _divide(self, canvas: Canvas, x: float) -> float:
        canvas.line(x + 18, 20, x + 18, 44, self.look.tokens.line, 1.5)
        return x + 36


class Banner(QWidget):
    """The one thing to know now, in words that can be read from 3 m."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.scale = 1.0
        self.chip: Chip | None = None
        self.lines = 1
        self._phase = 0.0
        self._busy = QTimer(self)
        self._busy.setInterval(40)
        self._busy.timeout.connect(self._advance)
        self.setVisible(False)

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self._fit()

    def _fit(self) -> None:
        """Be as high as the sentence needs: one line, made smaller where it is long, or several lines."""
        self.lines = 1
        if self.chip is not None and self.width() > 0:
            _, metrics = font(self.look.family, round(_BANNER_TEXT * self.scale), True)
            least = 1.0 if self.look.zoom == 1.0 else _LEAST  # large text may be a little less large, for one line
            self.lines = 1 if metrics.horizontalAdvance(self.chip.text) * least <= self._room() * self.scale else 2
            if self.lines > 1:
                box = QRectF(0.0, 0.0, self._room() * self.scale, 10_000.0)
                high = metrics.boundingRect(box, int(Qt.TextFlag.TextWordWrap), self.chip.text).height()
                self.lines = max(round(high / metrics.height()), 1)
        self.setFixedHeight(round((BANNER_HEIGHT + _BANNER_LINE * (self.lines - 1)) * self.scale))

    def _room(self) -> float:
        """Width of the sentence in design units."""
        return self.width() / self.scale - 112

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def set_chip(self, chip: Chip | None) -> None:
        """Show a sentence, or nothing."""
        if chip != self.chip:
            self.chip = chip
            self.setVisible(chip is not None)
            if chip is not None and chip.level == "busy":
                self._busy.start()
            else:
                self._busy.stop()
            self.setAccessibleName(chip.text if chip else "")
            self._fit()
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.chip is None:
            return
        painter = QPainter(self)
        tokens = self.look.tokens
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        grounds = {"warn": tokens.warnbg, "err": tokens.errbg}
        painter.fillRect(self.rect(), grounds.get(self.chip.level, tokens.accbg))
        inks = {"warn": tokens.warn, "err": tokens.err}
        ink = inks.get(self.chip.level, tokens.ink)
        canvas.icon(LEVEL_ICON.get(self.chip.level, "info"), 48, 34, 32, ink)
        width = self.width() / self.scale
        if self.lines == 1:
            canvas.text(80, 45, self.chip.text, _BANNER_TEXT, ink, bold=True, width=self._room())
        else:
            canvas.paragraph(80, 11, self._room(), self.chip.text, _BANNER_TEXT, ink, bold=True)
        if self.chip.level == "busy":
            # how long it takes is not known, so the mark only says that work goes on
            length = width * 0.2
            canvas.box(
                (width + length) * self._phase - length, self.height() / self.scale - 6, length, 6, fill=tokens.acc
            )
        painter.end()

    def _advance(self) -> None:
        self._phase = (self._phase + 0.012) % 1.0
        self.update()
