"""The start page: nobody meets an empty window. Sensors, demo, recording, recent sessions; what this is for."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.desk import Desk
from gui.failure import failure_words
from gui.look import Look
from gui.numbers import NOTHING, clock, number
from gui.paint import Canvas, font
from gui.panels.buttons import Button
from gui.panels.card import Card
from gui.panels.dots import DOTS, dots_of
from gui.panels.recent import RecentCard, day_text
from gui.scanner import Scanner
from gui.shown import Chip
from gui.views.growing import GrowingPage, stack
from gui.views.start_cards import ActionCard, ActionShown, LookCard, LookShown
from gui.views.start_sensors import SensorsCard
from imu.api import glimpse
from imu.types import LibraryInfo, SessionRow, Step

RECENT = 7
_FOUND = 500


class NoticeBar(QWidget):
    """One sentence about the library, with a button where there is something to look at.

    Signals
    -------
    asked : int
        Session to look at.
    """

    asked = Signal(int)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.scale = 1.0
        self.chip: Chip | None = None
        self.session_id: int | None = None
        self.button = Button(look, "outline", parent=self)
        self.button.clicked.connect(lambda _=False: self.asked.emit(self.session_id or 0))
        self.hide()

    def show_words(self, chip: Chip | None, session_id: int | None = None) -> None:
        """Show a sentence, or nothing."""
        self.chip, self.session_id = chip, session_id
        self.setVisible(chip is not None)
        self.setAccessibleName(chip.text if chip else "")
        self.button.set_words(self.look.texts("notice.look"))
        self.button.setVisible(session_id is not None)
        self.update()

    def place(self, scale: float) -> None:
        """Follow the scale of the page."""
        self.scale = scale
        self.button.set_scale(scale)
        self.button.move(self.width() - self.button.width() - round(12 * scale), round(8 * scale))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.chip is None:
            return
        painter = QPainter(self)
        tokens = self.look.tokens
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        ground, ink = {"warn": (tokens.warnbg, tokens.warn), "err": (tokens.errbg, tokens.err)}.get(
            self.chip.level, (tokens.accbg, tokens.ink)
        )
        painter.fillRect(self.rect(), ground)
        canvas.icon({"warn": "warn", "err": "cross", "ok": "check"}.get(self.chip.level, "info"), 34, 32, 26, ink)
        right = self.button.x() if self.session_id is not None else self.width()
        canvas.text(64, 40, self.chip.text, 22, ink, bold=True, width=right / self.scale - 84)
        painter.end()


class StartPage(GrowingPage):
    """Ways to begin, and what was done before.

    Signals
    -------
    demo_asked, open_asked, all_asked
    begin_asked : Nearby or None
    session_asked : int
    """

    demo_asked = Signal()
    open_asked = Signal()
    all_asked = Signal()
    begin_asked = Signal(object)
    session_asked = Signal(int)

    def __init__(self, look: Look, desk: Desk, scanner: Scanner, *, can_begin: bool, version: str) -> None:
        super().__init__(look)
        self.desk = desk
        self.scanner = scanner
        self.version = version
        self.can_begin = can_begin
        self.info: LibraryInfo | None = None
        self.recovered: SessionRow | None = None
        # one filled button: the thing that works and is wanted most
        self.sensor = SensorsCard(look, scanner, self)
        self.sensor.can_begin = can_begin
        self.sensor.begin_asked.connect(self.begin_asked.emit)
        self.demo = ActionCard(look, "outline" if can_begin else "filled", self)
        self.open = ActionCard(look, "outline", self)
        self.guide = LookCard(look, LookShown(), self)
        self.recent = RecentCard(look, self)
        self.recent.opened.connect(self.session_asked.emit)
        self.recent.all_asked.connect(self.all_asked.emit)
        self.recent.find_asked.connect(self.refresh)
        self.notice = NoticeBar(look, self)
        self.notice.asked.connect(self.session_asked.emit)
        self.demo.button.clicked.connect(lambda _=False: self.demo_asked.emit())
        self.open.button.clicked.connect(lambda _=False: self.open_asked.emit())
        desk.recovered.connect(self._recovered)
        self.first_button = self.sensor.button if can_begin else self.demo.button
        self.restyle()

    # -- content -----------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Show the page: look for sensors, read the list, finish what was cut off."""
        self.desk.recover()
        self.scanner.forget_charges()
        self.refresh()
        if self.scanner.found:
            self.sensor.refresh()
        else:
            self.scanner.start()

    def refresh(self) -> None:
        """Read the list of sessions anew."""
        none: list[SessionRow] = []
        self.info = self.desk.ask(lambda lib: lib.info(), None)
        code = self.recent.code
        found = self.desk.ask(lambda lib: lib.sessions(code=code, limit=_FOUND if code else RECENT), none)
        rows = found[:RECENT]
        no_steps: tuple[Step, ...] = ()
        dots = {
            row.id: dots_of(self.desk.ask(partial(glimpse, session_id=row.id, most=DOTS), no_steps)) for row in rows
        }
        self.recent.set_rows(rows, len(found) if code or self.info is None else self.info.n_sessions, dots)
        self.recent.setVisible(bool(rows or code))
        self.guide.setVisible(not (rows or code))
        self._show_notice()
        self.arrange()
        self.update()

    def _recovered(self, row: SessionRow) -> None:
        self.recovered = row
        self.refresh()

    def _show_notice(self) -> None:
        t, row = self.look.texts, self.recovered
        if self.desk.problem is not None:
            self.notice.show_words(Chip(t("notice.library", why=failure_words(self.desk.problem, t)), "warn"))
        elif row is not None:
            duration = NOTHING if row.duration_s is None else clock(row.duration_s)
            words = t(
                "notice.recovered",
                code=row.client_code or t("recent.nobody"),
                day=day_text(row.started_utc, t.language),
                time=duration,
            )
            self.notice.show_words(Chip(words, "ok"), row.id)
        else:
            self.notice.show_words(None)

    def restyle(self) -> None:
        """Take over colours and language."""
        t = self.look.texts
        self.demo.set_content(ActionShown(t("start.demo"), t("start.demo_text"), "D"))
        self.demo.button.set_words(t("start.demo_button"))
        self.open.set_content(ActionShown(t("start.open"), t("start.open_text"), "O"))
        self.open.button.set_words(t("start.open_button"))
        rows = tuple(t(f"start.look_{name}") for name in ("load", "interval", "side", "gap"))
        keys = (
            (t("key.space"), t("key.mark")),
            ("L/R", t("key.swap")),
            ("C", t("key.cue")),
            ("P", t("key.pain")),
            ("\u2212/+", t("key.speed")),
            ("V", t("key.view")),
            ("F1", t("bar.help_name")),
            ("Esc", t("start.esc")),
        )
        self.guide.set_content(LookShown(t("start.look"), rows, t("start.keys"), keys))
        for card in (self.sensor, self.demo, self.open, self.guide, self.recent):
            card.restyle()
            card.arrange()
        self._show_notice()
        self.setAccessibleName(t("start.title"))
        self.setAccessibleDescription(t("app.purpose"))
        self.update()

    # -- layout ------------------------------------------------------------------------------------------------------

    def tall(self, width: float) -> float:
        """Return the height of the stacked page in design units."""
        *_, last = self._stacked(width)
        return last[1] + last[3] + self._foot(width)

    @property
    def _margin(self) -> float:
        return 32.0 if self.stacked else 96.0

    def _stacked(self, width: float) -> list[tuple[float, float, float, float]]:
        """Return the places of sensor, demo, open and the list, under each other."""
        cards: list[Card[Any]] = [self.sensor, self.demo, self.open, self.guide]
        top = 184.0 + (68.0 if self.notice.chip is not None else 0.0)
        return stack([card.DESIGN for card in cards], self._margin, top, width - 2 * self._margin, 24.0)

    def _foot(self, width: float) -> float:
        """Height of what stands under the cards: where the data are, version, and what the program is for."""
        if not self.stacked:
            return 140.0
        room = (width - 2 * self._margin) * self.scale
        high = 120.0
        for words, size in ((self._where(), 18.0), (self.look.texts("app.purpose"), 16.0)):
            advance = font(self.look.family, round(size * self.scale), False)[1].horizontalAdvance(words)
            high += 1.5 * size * math.ceil(1.15 * advance / room)  # a line is not filled to its end
        return high

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Lay the cards out."""
        s, width, height = self.scale, self.width(), self.height()
        margin, gap = self._margin * s, 32 * s
        inner = width - 2 * margin
        left = inner * 816.0 / 1728.0
        top, foot = 184 * s, height - 140 * s

        def put(card: QWidget, x: float, y: float, w: float, h: float) -> None:
            card.setGeometry(round(x), round(y), round(w), round(h))

        if self.notice.chip is not None:
            put(self.notice, margin, top - 12 * s, inner, 64 * s)
            self.notice.place(s)
            top += 68 * s
        if self.stacked:
            places = self._stacked(width / s)
            cards: tuple[QWidget, ...] = (self.sensor, self.demo, self.open, self.guide)
            for card, place in zip(cards, places, strict=True):
                put(card, *(v * s for v in place))
            self.recent.setGeometry(self.guide.geometry())
            return
        lower = 264 * s
        upper = foot - top - 16 * s - lower
        put(self.sensor, margin, top, left, upper)
        half = (left - 16 * s) / 2
        put(self.demo, margin, top + upper + 16 * s, half, lower)
        put(self.open, margin + half + 16 * s, top + upper + 16 * s, half, lower)
        for card in (self.guide, self.recent):
            put(card, margin + left + gap, top, inner - left - gap, foot - top)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, t = self.look.tokens, self.look.texts
        painter.fillRect(self.rect(), tokens.bg)
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        width, height = self.width() / self.scale, self.height() / self.scale
        x = self._margin
        canvas.text(x, 92, t("start.title"), 48, tokens.ink, bold=True, width=width - 2 * x)
        canvas.text(x, 140, t("start.subtitle"), 24, tokens.ink2, width=width - 2 * x)
        top = height - self._foot(width) + 38
        canvas.line(x, top, width - x, top, tokens.line, 1.0)
        version = t("start.version", version=self.version) if self.version else ""
        used = canvas.text(width - x, top + 36, version, 18, tokens.ink3, align="right")
        if self.stacked:
            y = top + 56 + canvas.paragraph(x, top + 50, width - 2 * x, self._where(), 18, tokens.ink2)
            canvas.paragraph(x, y, width - 2 * x, t("app.purpose"), 16, tokens.ink3)
            painter.end()
            return
        canvas.text(x, top + 36, self._where(), 18, tokens.ink2, width=width - 2 * x - 40 - used)
        canvas.paragraph(x, top + 50, width - 2 * x, t("app.purpose"), 16, tokens.ink3)
        painter.end()

    def _where(self) -> str:
        t = self.look.texts
        if self.info is None:
            return t("start.local")
        free = number(self.info.free_bytes / 1e9, 1, t.language)
        return t("start.local_at", path=str(self.info.path), free=free)
