"""The near view: the signal with its events, the newest steps, the sensor, what happened."""

from __future__ import annotations

import math
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.look import Look
from gui.numbers import number
from gui.panels.backstrip import STRIP_HEIGHT, BackStrip
from gui.panels.card import Card
from gui.panels.curves import CurvesCard
from gui.panels.middle import Middle
from gui.panels.pair import PairCard
from gui.panels.pelvis import PelvisCard
from gui.panels.sensor import EventsCard, EventsShown, SensorCard, SensorShown, StepsCard, StepsShown
from gui.panels.spectrum import SpectrumCard
from gui.panels.stemcard import TraceCard, TraceCardShown
from gui.plots.trace import TRACE_SECONDS
from gui.shown import Chip, CurvesShown, LiveShown, PairShown, PelvisShown, SpectrumShown
from gui.views.growing import GrowingPage, stack
from imu.types import Side

_MARGIN: Final = 32.0
_GAP: Final = 16.0
_TRACE_HEIGHT: Final = 430.0
_HEADS = ("time", "side", "load", "shock", "contact", "flight", "step", "note")


class NearView(GrowingPage):
    """For eyes at arm's length.

    Attributes
    ----------
    in_turn : bool
        Of the cards below the trace one is brought up to date per frame: for windows that get many frames a second.

    Signals
    -------
    asked
        Another card has come up, and wants to be filled at once.
    """

    DESIGN = (1920.0, 936.0)
    asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.in_turn = False
        self._turn = 1
        self._every = False
        self.trace = TraceCard(look, TraceCardShown(), self)
        self.strip = BackStrip(look, self)
        self.curves = CurvesCard(look, CurvesShown(), self)
        self.steps = StepsCard(look, StepsShown("", "", "", "", ("",) * 8, ()), self)
        self.spectrum = SpectrumCard(look, SpectrumShown(), self)
        self.pelvis = PelvisCard(look, PelvisShown(), self)
        self.pair = PairCard(look, PairShown(), self)
        middle: dict[str, Card[Any]] = {
            "steps": self.steps,
            "spectrum": self.spectrum,
            "pelvis": self.pelvis,
            "pair": self.pair,
        }
        self.middle = Middle(look, middle, self)
        self.middle.chosen.connect(self._chosen)
        self.sensor = SensorCard(look, SensorShown("", "", Chip("", "info"), ()), self)
        self.events = EventsCard(look, EventsShown("", "", "", ()), self)

    @property
    def cards(self) -> tuple[Card[object], ...]:
        """All cards, in reading order."""
        return tuple(self.findChildren(Card))

    def set_shown(self, shown: LiveShown) -> None:
        """Show the moment."""
        t = self.look.texts
        self.trace.set_content(
            TraceCardShown(
                t("card.trace"),
                shown.back.words or t("card.trace_note", n=number(TRACE_SECONDS, 0, t.language)),
                t("word.raw"),
                t("word.lowpass"),
                t("word.toe_off"),
                t("word.initial_contact"),
                t("word.contact_lane"),
                some_unknown=any(s.side is Side.UNKNOWN for s in shown.plot.steps),
            )
        )
        self.trace.plot.set_plot(shown.back.plot or shown.plot)
        self.trace.show_steps(shown.back.plot or shown.plot)
        self.strip.set_shown(shown.back)
        if not self.in_turn or not shown.running or self._every:
            self._every = False
            self.curves.set_content(shown.curves)
            for card in self.middle.cards.values():
                self._show_middle(shown, card)
            self._show_sensor(shown)
            return
        # one card a frame: a step changes them all, and together they would hold up the trace
        turn, self._turn = self._turn, (self._turn + 1) % 3
        if turn == 0:
            self.curves.set_content(shown.curves)
        elif turn == 1:
            self._show_middle(shown, self.middle.card)
        else:
            self._show_sensor(shown)

    def wanted(self) -> tuple[str, ...] | None:
        """Return the fields that `set_shown` shows next besides the trace; None = all of them."""
        if not self.in_turn or self._every:
            return None
        return (("curves",), (self.middle.name,), ("sensor", "events"))[self._turn]

    def _show_middle(self, shown: LiveShown, card: Card[Any]) -> None:
        t = self.look.texts
        if card is self.steps:
            heads = tuple(t(f"table.{name}") for name in _HEADS)
            note, foot = t("card.newest_first"), t("table.footnote")
            self.steps.set_content(StepsShown(t("card.steps"), note, t("table.empty"), foot, heads, shown.steps))
        elif card is self.spectrum:
            self.spectrum.set_content(shown.spectrum)
        elif card is self.pelvis:
            self.pelvis.set_content(shown.pelvis)

    def _chosen(self, _name: str) -> None:
        self._every = True  # while a card is hidden its words are not made
        self.asked.emit()

    def _show_sensor(self, shown: LiveShown) -> None:
        t = self.look.texts
        self.sensor.set_content(SensorShown(t("card.sensor"), shown.source, shown.sensor_state, shown.sensor))
        self.events.set_content(EventsShown(t("card.events"), t("card.newest_first"), t("event.none"), shown.events))

    def restyle(self) -> None:
        """Take over colours and language."""
        for card in self.cards:
            card.restyle()
        self.arrange()
        self.strip.restyle()
        self.middle.restyle()
        self._every = True
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def tall(self, width: float) -> float:
        """Return the height of the stacked view in design units."""
        *_, last = self._stacked(width)
        return last[1] + last[3] + _GAP

    def _stacked(self, width: float) -> list[tuple[float, float, float, float]]:
        """Return the places of trace, strip and the cards below them, under each other."""
        inner = width - 2 * _MARGIN
        trace = (_MARGIN, _GAP, inner, _TRACE_HEIGHT)
        strip = (_MARGIN, _GAP + _TRACE_HEIGHT + _GAP / 2, inner, STRIP_HEIGHT)
        below = [card.DESIGN for card in (self.curves, self.steps, self.sensor, self.events)]
        return [trace, strip, *stack(below, _MARGIN, strip[1] + STRIP_HEIGHT + _GAP, inner, _GAP)]

    def arrange(self) -> None:
        """Lay the cards out."""
        w, h, s = self.width(), self.height(), self.scale
        self.strip.set_scale(s)
        self.trace.set_narrow(self.stacked)
        if self.stacked:
            places = self._stacked(w / s)
            cards: tuple[QWidget, ...] = (
                self.trace,
                self.strip,
                self.curves,
                self.middle,
                self.sensor,
                self.events,
            )
            for card, (x, y, width, height) in zip(cards, places, strict=True):
                card.setGeometry(round(x * s), round(y * s), round(width * s), math.ceil(height * s))
            return
        margin, gap = round(32 * s), round(16 * s)
        strip = round(STRIP_HEIGHT * s)
        room = h - 3 * gap - strip - gap // 2
        upper = round(room * 390.0 / 828.0)
        lower = room - upper
        inner = w - 2 * margin
        left = round((inner - gap) * 1240.0 / 1840.0)
        right = inner - gap - left
        below = gap + upper + gap // 2
        bottom = below + strip + gap
        self.strip.setGeometry(margin, below, inner, strip)
        self.trace.setGeometry(margin, gap, inner, upper)
        curves = round((left - gap) * 580.0 / 1224.0)
        self.curves.setGeometry(margin, bottom, curves, lower)
        self.middle.setGeometry(margin + curves + gap, bottom, left - curves - gap, lower)
        first = round((lower - gap) * 0.53)
        self.sensor.setGeometry(margin + left + gap, bottom, right, first)
        self.events.setGeometry(margin + left + gap, bottom + first + gap, right, lower - gap - first)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.look.tokens.bg)
        painter.end()
