"""Cards of the session page: overview with its tools, minute table, left-right differences."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget
from typing_extensions import override

from gui.i18n import Texts
from gui.look import Look
from gui.numbers import clock, number
from gui.paint import Canvas
from gui.reports.charts import draw_sides
from gui.reports.charts_data import sides_chart
from gui.reports.html import chart_table
from gui.reports.shown import SidesChart
from gui.review.blocks import AtSpeed, Minute
from gui.review.explained import Shown, numbers_of_minute
from gui.review.history import History, Past
from gui.review.overview import Overview
from gui.review.run import Run, Span
from gui.review.usual import sides_with_usual
from gui.review.words import short_speed
from gui.speed import unit_word
from gui.views.page_card import PageCard, TableOf
from gui.views.session_data import fill, plain_table
from gui.views.session_plot import RunPlot
from gui.views.table_fit import fit_columns, wrap_columns
from imu.constants import S_PER_MIN
from imu.types import Place

_FIRST_NUMBER, _SIDES, _LINE, _NOTE = 2, (3, 4), 7, 8
"""Columns of the minute table: the first with a number, those of the sides, steps in the line, and the last."""


class OverviewCard(PageCard):
    """The whole run with its tools.

    Signals
    -------
    mark_asked, cut_asked, restore_asked, swap_asked
    explained : Shown
        A number of the step at the cursor was clicked.
    """

    mark_asked = Signal()
    cut_asked = Signal()
    restore_asked = Signal()
    swap_asked = Signal()
    explained = Signal(object)

    def __init__(self, look: Look, shown: Overview, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.plot = RunPlot(look, shown, self)
        self.said = QLabel("", self)
        self.said.linkActivated.connect(self._explain_step)
        self.mark = self._tool(self.mark_asked.emit)
        self.cut = self._tool(self.cut_asked.emit)
        self.restore = self._tool(self.restore_asked.emit)
        self.swap = self._tool(self.swap_asked.emit)
        self.zoom_out = self.button(lambda: self.plot.zoom(0.5))
        self.zoom_in = self.button(lambda: self.plot.zoom(2.0))
        self.whole = self.button(self.plot.show_all)
        self.table = self.button(self.open_table)
        self.line, self.tools = QHBoxLayout(), QGridLayout()
        self.line.addWidget(self.said, 1)
        self.line.addLayout(self.tools)
        self._lay_tools()
        self.column.addWidget(self.plot, 1)
        self.column.addLayout(self.line)
        self.plot.moved.connect(self.follow)

    def _lay_tools(self) -> None:
        """Put the tools beside each other, or in pairs under the sentence."""
        columns = 2 if self.narrow else 4
        for k, tool in enumerate((self.mark, self.cut, self.restore, self.swap)):
            self.tools.addWidget(tool, k // columns, k % columns)

    @override
    def set_narrow(self, on: bool) -> None:
        if on != self.narrow:
            super().set_narrow(on)
            self.said.setWordWrap(on)
            self.line.setDirection(QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight)
            self._lay_tools()

    def _tool(self, action: Callable[[], object]) -> QPushButton:
        made = QPushButton(self)
        made.setAutoDefault(False)
        made.clicked.connect(lambda _=False: action())
        return made

    def set_words(self, place: Place, *, can_edit: bool) -> None:
        """Take over the language."""
        t = self.look.texts
        self._at = "_sensor" if place in {Place.FOOT, Place.SHANK} else ""
        for button, key in (
            (self.mark, "add_mark"),
            (self.cut, "leave_out"),
            (self.restore, "restore"),
            (self.swap, "swap"),
        ):
            button.setText(t(f"review.{key}"))
            name = t(f"review.{key}_name")
            button.setAccessibleName(name)
            button.setToolTip(name if can_edit else t("review.read_only"))
        for button, key in (
            (self.zoom_out, "zoom_out"),
            (self.zoom_in, "zoom_in"),
            (self.whole, "whole"),
            (self.table, "table"),
        ):
            button.setText(t(f"review.{key}"))
        self.can_edit = can_edit
        self.follow()

    def _say_what(self) -> None:
        """Say what is drawn: dots and their mean over the whole run, or near by each step."""
        t, showing = self.look.texts, self.plot.showing
        title = t(f"review.overview_{showing}{self._at}")
        if title != self.title:
            self.title, self.note = title, t("review.stems_note" if showing == "steps" else "review.overview_note")
            self.table.setAccessibleName(t("review.table_name", title=title))
            self.update()

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        super().set_scale(scale)
        self.plot.set_scale(scale)

    def follow(self) -> None:
        """Say what is drawn and what is at the cursor, and enable what can be done there."""
        self._say_what()
        t, plot = self.look.texts, self.plot
        selection, at = plot.selection, plot.cursor_s
        if selection is not None:
            start, end = (clock(x - plot.shown.start_s) for x in selection)
            seconds = number(selection.end_s - selection.start_s, 1, t.language)
            self.said.setText(t("review.selected", start=start, end=end, seconds=seconds))
        elif plot.step is not None:
            self.said.setText(self._linked())
        elif not plot.shown.steps:
            self.said.setText(t("review.no_steps"))
        else:
            self.said.setText(t("review.hint"))
        self.mark.setEnabled(self.can_edit and at is not None)
        self.swap.setEnabled(self.can_edit and at is not None)
        self.cut.setEnabled(self.can_edit and selection is not None)
        self.restore.setVisible(self.can_edit and bool(plot.shown.cuts))
        self.restore.setEnabled(at is not None and any(c.start_s <= at <= c.end_s for c in plot.shown.cuts))

    can_edit = False
    _at = ""

    def _linked(self) -> str:
        """Return the step at the cursor as words whose numbers can be clicked."""
        colour = self.look.tokens.acc
        parts = [
            f'<a href="{part.key}" style="color:{colour}">{escape(part.text)}</a>' if part.key else escape(part.text)
            for part in self.plot.parts()
        ]
        return " · ".join(parts)

    def _explain_step(self, key: str) -> None:
        t = self.look.texts
        text = next((part.text for part in self.plot.parts() if part.key == key), "")
        self.explained.emit(Shown(key, t("review.one_step"), text, ""))

    def steps_table(self) -> TableOf:
        """Every step of the stretch in view."""
        t, view = self.look.texts, self.plot.view
        keys = ("steps_time", "side", "load", "shock", "contact", "line", "note")
        heads = tuple(t(f"review.{key}" if key in {"steps_time", "line"} else f"table.{key}") for key in keys)
        words = {0: t("word.unknown"), 1: t("word.left"), 2: t("word.right")}
        rows: list[tuple[str, ...]] = [
            (
                number(s.ic_s - self.plot.shown.start_s, 2, t.language),
                words[int(s.side)],
                number(s.load_peak_g, 2, t.language),
                number(s.shock_peak_g, 2, t.language),
                number(None if s.contact_time_s is None else s.contact_time_s * 1000.0, 0, t.language),
                number(self.plot.shown.line_at(s.ic_s), 2, t.language),
                ", ".join(t(f"quality.{word}") for word in s.quality.words()),
            )
            for s in self.plot.shown.steps
            if view.start_s <= s.ic_s <= view.end_s
        ]
        return heads, rows

    def open_table(self) -> None:
        """Open the steps in view as a table."""
        self.show_data(*self.steps_table(), self.plot.grab)


class MinutesCard(PageCard):
    """One row per minute; choosing a row shows that minute in the overview.

    Signals
    -------
    minute_chosen : Span
    explained : Shown
        A number was clicked.
    """

    minute_chosen = Signal(object)
    explained = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.rows = plain_table(self)
        self.table = self.button(self.open_table)
        self.column.addWidget(self.rows)
        self.minutes: tuple[Minute, ...] = ()
        self.start_s = 0.0
        self.rows.cellClicked.connect(self._choose)
        self.rows.cellActivated.connect(self._choose)
        self._fitted: tuple[object, ...] = ()

    def set_content(self, run: Run, minutes: tuple[Minute, ...]) -> None:
        """Show the minutes of a run."""
        t = self.look.texts
        self.minutes, self.start_s = minutes, run.start_s
        self.title, self.note = t("review.minutes"), t("review.minutes_note")
        self.table.setText(t("review.table"))
        self.table.setAccessibleName(t("review.table_name", title=self.title))
        self.rows.setAccessibleName(self.title)
        fill(self.rows, *self.content())
        self._fitted = ()
        self._fit()

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        super().set_scale(scale)
        self._fit()

    def _fit(self) -> None:
        fitted = (self.width(), self.scale, self.narrow, self.styleSheet())
        if fitted == self._fitted:
            return
        self._fitted = fitted
        self.rows.verticalHeader().setDefaultSectionSize(round(38 * self.scale))
        # marks and gaps stand in the overview, both sides in the next card, everything in the card's own table
        margins = self.column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        if self.narrow:
            wrap_columns(self.rows, room)
        else:
            fit_columns(self.rows, room, spare=((_NOTE,), _SIDES, (_LINE,)))

    @override
    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self._fit()

    def content(self) -> TableOf:
        """Headings and rows as shown."""
        t = self.look.texts
        names = ("minute", "speed", "load", "left", "right", "difference", "cadence", "in_line", "note")
        return tuple(unit_word(t) if name == "speed" else t(f"review.col_{name}") for name in names), [
            _minute_row(m, self.start_s, t) for m in self.minutes
        ]

    def _choose(self, row: int, column: int) -> None:
        if not 0 <= row < len(self.minutes):
            return
        minute = self.minutes[row]
        start = self.start_s + (minute.number - 1) * S_PER_MIN
        self.minute_chosen.emit(Span(start, start + S_PER_MIN))
        numbers = numbers_of_minute(minute, self.look.texts)
        if 0 <= column - _FIRST_NUMBER < len(numbers) and numbers[column - _FIRST_NUMBER].value:
            self.explained.emit(numbers[column - _FIRST_NUMBER])

    def full_table(self) -> TableOf:
        """Headings and rows with an interval behind every number."""
        t = self.look.texts
        heads, rows = self.content()
        out = []
        for minute, row in zip(self.minutes, rows, strict=True):
            cells = [cell for s in numbers_of_minute(minute, t) for cell in (s.value, s.interval)]
            out.append((*row[:_FIRST_NUMBER], *cells, row[-1]))
        names = [cell for head in heads[_FIRST_NUMBER:-1] for cell in (head, t("report.interval_word"))]
        names[-1] = t("review.col_counted")  # steps in the line are counted, not estimated
        return (*heads[:_FIRST_NUMBER], *names, heads[-1]), out

    def open_table(self) -> None:
        """Open the minutes as a table to copy or save."""
        self.show_data(*self.full_table(), self.rows.grab)


def _minute_row(minute: Minute, start_s: float, t: Texts) -> tuple[str, ...]:
    load, left, right, sides, cadence, in_line = numbers_of_minute(minute, t)
    notes = []
    if minute.missing_s >= 0.5:
        notes.append(t("review.note_gap", seconds=number(minute.missing_s, 1, t.language)))
    if minute.marks:
        notes.append(t("review.note_mark") if minute.marks == 1 else t("review.note_marks", n=minute.marks))
    return (
        f"{clock(minute.span.start_s - start_s)}–{clock(minute.span.end_s - start_s)}",
        short_speed(minute.speed_mps, t),
        f"{load.value} {load.interval}".strip(),
        left.value,
        right.value,
        f"{sides.value} {sides.interval}".strip(),
        f"{cadence.value} {cadence.interval}".strip(),
        in_line.value,
        ", ".join(notes),
    )


class SidesCard(PageCard):
    """Left-right differences of three quantities at up to three speeds.

    Signals
    -------
    explained : Shown
        A difference was clicked.
    """

    explained = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.chart: SidesChart | None = None
        self._places: list[tuple[float, float]] = []
        self.table = self.button(self.open_table)

    def set_content(self, speeds: tuple[AtSpeed, ...], past: tuple[Past, History] | None = None) -> None:
        """Show the differences; `past` = the client's earlier sessions, as far as they are known."""
        t = self.look.texts
        self.title = t("card.difference")
        self.table.setText(t("review.table"))
        self.table.setAccessibleName(t("review.table_name", title=self.title))
        self.chart = sides_with_usual(sides_chart(speeds, t), past, speeds, t) if speeds else None
        self.setAccessibleName(self.title)
        if self.chart is not None:
            said = "; ".join(f"{name} {r.label}: {r.text}" for name, rows in self.chart.groups for r in rows)
            self.setAccessibleDescription("; ".join(part for part in (said, self.chart.usual_words) if part))
        self.update()

    def paint_content(self, canvas: Canvas, width: float, height: float) -> None:
        """Paint the inside."""
        if self.chart is None:
            canvas.text(24, 92, self.look.texts("card.no_steps"), 18, canvas.tokens.ink3)
            return
        self._places = draw_sides(canvas, (24, 22, width - 48, height - 30), self.chart, titled=False)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        y = event.position().y() / self.scale
        if self.chart is None:
            return
        rows = [(name, row) for name, group in self.chart.groups for row in group]
        for (name, row), (top, foot) in zip(rows, self._places, strict=False):
            if top <= y < foot:
                reason = row.text if row.value is None else ""
                value = "" if reason else row.text
                self.explained.emit(Shown("symmetry_index_pct", f"{name} {row.label}", value, "", reason))

    def open_table(self) -> None:
        """Open the differences as a table."""
        if self.chart is not None:
            self.show_data(*chart_table(self.chart, self.look.texts), self.grab)
