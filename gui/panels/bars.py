"""Status bar, banner and footer of the window."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from gui.i18n import KMH, LANGUAGES
from gui.look import Look
from gui.paint import LEVEL_ICON, Canvas, level_colour
from gui.panels.buttons import Button
from gui.shown import BarShown, Chip

BAR_HEIGHT = 64.0
FOOT_HEIGHT = 80.0
BANNER_HEIGHT = 68.0


class Strip(QWidget):
    """A full-width strip with a hairline on one side."""

    def __init__(self, look: Look, height: float, *, line_at_top: bool) -> None:
        super().__init__()
        self.look = look
        self.design_height = height
        self.line_at_top = line_at_top
        self.scale = 1.0
        self.row = QHBoxLayout(self)

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self.setFixedHeight(round(self.design_height * scale))
        margin = round(32 * scale)
        self.row.setContentsMargins(margin, 0, margin, 0)
        self.row.setSpacing(round(12 * scale))
        for button in self.findChildren(Button):
            button.set_scale(scale)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self.look.tokens
        painter.fillRect(self.rect(), tokens.panel)
        y = 0 if self.line_at_top else self.height() - 1
        painter.fillRect(0, y, self.width(), 1, tokens.line)
        painter.end()


class StatusBar(Strip):
    """Source, recording, speed, link on the left; views, theme, unit of speed, language, help on the right.

    Signals
    -------
    view_chosen : str
        `far` or `near`.
    language_chosen : str
    unit_toggled, theme_toggled, help_asked
    """

    view_chosen = Signal(str)
    language_chosen = Signal(str)
    unit_toggled = Signal()
    theme_toggled = Signal()
    help_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, BAR_HEIGHT, line_at_top=False)
        self.shown = BarShown()
        self.on_start_page = True
        self.row.addStretch(1)
        self.views: dict[str, Button] = {}
        for name in ("far", "near"):
            button = Button(look, "tab")
            button.clicked.connect(lambda _=False, n=name: self.view_chosen.emit(n))
            self.views[name] = button
            self.row.addWidget(button)
        self.theme = Button(look, "icon", icon="sun")
        self.theme.clicked.connect(lambda _=False: self.theme_toggled.emit())
        self.row.addWidget(self.theme)
        self.unit = Button(look, "word")
        self.unit.setCheckable(False)
        self.unit.clicked.connect(lambda _=False: self.unit_toggled.emit())
        self.row.addWidget(self.unit)
        self.languages: dict[str, Button] = {}
        for code in reversed(LANGUAGES):
            button = Button(look, "word")
            button.clicked.connect(lambda _=False, c=code: self.language_chosen.emit(c))
            self.languages[code] = button
            self.row.addWidget(button)
        self.help = Button(look, "word")
        self.help.setCheckable(False)
        self.help.clicked.connect(lambda _=False: self.help_asked.emit())
        self.row.addWidget(self.help)
        self.restyle("far")

    def restyle(self, view: str) -> None:
        """Take over colours, language and the chosen view."""
        texts = self.look.texts
        for name, button in self.views.items():
            button.set_words(texts(f"bar.{name}"), texts(f"bar.{name}_name"))
            button.setChecked(name == view)
            button.setVisible(not self.on_start_page)
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
        self.update()

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
        first = min((b.x() for b in self.views.values()), default=self.width())
        end = first / self.scale - 24
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
        self._phase = 0.0
        self._busy = QTimer(self)
        self._busy.setInterval(40)
        self._busy.timeout.connect(self._advance)
        self.setVisible(False)

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self.setFixedHeight(round(BANNER_HEIGHT * scale))

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
        canvas.text(80, 45, self.chip.text, 32, ink, bold=True, width=width - 112)
        if self.chip.level == "busy":
            # how long it takes is not known, so the mark only says that work goes on
            length = width * 0.2
            canvas.box((width + length) * self._phase - length, 62, length, 6, fill=tokens.acc)
        painter.end()

    def _advance(self) -> None:
        self._phase = (self._phase + 0.012) % 1.0
        self.update()


class Footer(Strip):
    """Keys that can also be clicked (the window connects `keys`); state of the run and its one button on the right.

    Signals
    -------
    ended
    """

    ended = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, FOOT_HEIGHT, line_at_top=True)
        self.live = Chip("", "info")
        self.running = False
        self.keys: dict[str, Button] = {}
        for name in ("mark", "cue", "pain", "swap", "speed"):
            button = Button(look, "key")
            self.keys[name] = button
            self.row.addWidget(button)
        self.row.addStretch(1)
        self.end = Button(look, "outline")
        self.end.clicked.connect(lambda _=False: self.ended.emit())
        self.row.addWidget(self.end)
        self.restyle()

    def restyle(self) -> None:
        """Take over colours and language."""
        texts = self.look.texts
        caps = {"mark": texts("key.space"), "cue": "C", "pain": "P", "swap": "L/R", "speed": "\u2212/+"}
        for name, button in self.keys.items():
            button.set_words(texts(f"key.{name}"), cap=caps[name])
            button.setEnabled(self.running)
        which = "stop" if self.running else "again"
        self.end.set_words(texts(f"key.{which}"), texts(f"key.{which}_name"))
        self.row.activate()  # a longer word would reach over the edge until the layout's own turn
        self.update()

    def set_shown(self, live: Chip, running: bool) -> None:
        """Show whether the run goes on."""
        if (live, running) != (self.live, self.running):
            self.live, self.running = live, running
            self.restyle()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        tokens = self.look.tokens
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        right = self.end.x() / self.scale - 20
        width = canvas.width_of(self.live.text, 24, bold=True) + 64
        is_live = self.live.level == "ok"
        if self.live.text:
            canvas.box(right - width, 18, width, 44, fill=tokens.accbg if is_live else tokens.sub, radius=4)
            ink = tokens.acc if is_live else tokens.ink2
            if is_live:
                canvas.box(right - width + 18, 34, 13, 13, fill=ink, radius=6.5)
            else:
                canvas.box(right - width + 18, 34, 13, 13, edge=ink, edge_width=2.0)
            canvas.text(right - width + 44, 49, self.live.text, 24, ink, bold=True)
        painter.end()
