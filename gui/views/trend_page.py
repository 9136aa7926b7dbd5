"""The page of a client's trend: one number over sessions at one speed; what was measured otherwise is hollow."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import Canvas, font
from gui.reports.charts import draw_trend
from gui.review.explained import Shown
from gui.review.history import SIDES, History, Past, client_history, pasts_of, trend_speeds
from gui.review.trend import TREND_METRICS, Trend, metric_words, trend_of
from gui.review.words import speed_words, with_unit
from gui.speed import unit_word
from gui.views.page_card import PageCard, TableOf
from gui.views.session_data import fill, plain_table
from gui.views.session_frame import BAR, MARGIN, ReviewPage
from gui.views.table_fit import stretch_last, wrap_columns
from imu.api import Library
from imu.types import Place

_MOST_OTHERS = 60


_SAID = (62.0, 154.0)
"""Top and foot of the sentence over the chart."""


class TrendCard(PageCard):
    """The chart, with the sentence about the newest session over it.

    Signals
    -------
    explained : Shown
        The sentence was clicked.
    """

    explained = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.trend: Trend | None = None
        self._foot = _SAID[1]
        self.table = self.button(self.open_table)

    def set_trend(self, trend: Trend) -> None:
        """Show a trend."""
        t = self.look.texts
        self.trend = trend
        self.title = trend.chart.title
        self.table.setText(t("review.table"))
        self.table.setAccessibleName(t("review.table_name", title=self.title))
        self.setAccessibleName(self.title)
        self.setAccessibleDescription(f"{trend.sentence} {trend.note}")
        self.update()

    def paint_content(self, canvas: Canvas, width: float, height: float) -> None:
        """Paint the inside."""
        if self.trend is None:
            return
        tokens, trend = canvas.tokens, self.trend
        top, self._foot = _SAID[0], self._said_foot(canvas, trend, width)
        canvas.box(24, top, width - 48, self._foot - top, fill=tokens.sub)
        canvas.box(24, top, 6, self._foot - top, fill=tokens.acc)
        if self.narrow:
            high = canvas.paragraph(52, top + 10, width - 96, trend.sentence, 24, tokens.ink, bold=True)
            canvas.paragraph(52, top + 16 + high, width - 96, trend.note, 18, tokens.ink2)
        else:
            canvas.text(52, 102, trend.sentence, 24, tokens.ink, bold=True, width=width - 96)
            canvas.text(52, 136, trend.note, 18, tokens.ink2, width=width - 96)
        if trend.chart.points:
            box = (24.0, self._foot - 32, width - 48, height - self._foot + 14)
            draw_trend(canvas, box, trend.chart, self.look.texts.language, titled=False)

    def _said_foot(self, canvas: Canvas, trend: Trend, width: float) -> float:
        """Return where the sentence ends: where the card is narrow it takes more than one line."""
        if not self.narrow:
            return _SAID[1]
        flags, room = int(Qt.TextFlag.TextWordWrap), QRectF(0.0, 0.0, (width - 96) * canvas.scale, 10_000.0)
        high = 0.0
        for words, size, bold in ((trend.sentence, 24, True), (trend.note, 18, False)):
            metrics = font(self.look.family, round(size * canvas.scale), bold)[1]
            high += metrics.boundingRect(room, flags, words).height() / canvas.scale
        return _SAID[0] + high + 28.0

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.trend is not None and _SAID[0] <= event.position().y() / self.scale < self._foot:
            self.explained.emit(Shown("change_pct", self.title, self.trend.sentence, self.trend.note))

    def content(self) -> TableOf:
        """Headings and rows."""
        t = self.look.texts
        unit = "" if self.trend is None else self.trend.chart.unit
        heads = (
            t("trend.col_date"),
            unit_word(t),
            t("trend.col_value", unit=unit),
            t("report.interval_word"),
            t("trend.col_steps"),
            t("trend.col_why"),
        )
        return heads, [] if self.trend is None else list(self.trend.rows)

    def open_table(self) -> None:
        """Open the sessions as a table."""
        self.show_data(*self.content(), self.grab)


class TrendPage(ReviewPage):
    """Trend of one client.

    Parameters
    ----------
    library : Library
    client_id : int
    look : Look or None
        Shared colours and language; None = its own.

    Signals
    -------
    back
    session_opened : int

    Raises
    ------
    StoreError
        There is no such client.
    """

    session_opened = Signal(int)

    def __init__(
        self, library: Library, client_id: int, look: Look | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(look or Look(), parent)
        self.client = library.client(client_id)
        self.pasts = client_history(library, client_id)
        others = [r for r in library.sessions(limit=_MOST_OTHERS) if r.client_id not in {None, client_id}]
        self.others: tuple[Past, ...] = pasts_of(library, others)
        self.speeds = trend_speeds(self.pasts)
        self.quantity = TREND_METRICS[0]
        self.speed = self.speeds[0] if self.speeds else None
        self.metric_box, self.speed_box = self.choice(), self.choice()
        self.card = TrendCard(self.look, self)
        self.list = PageCard(self.look, self)
        self.rows = plain_table(self.list)
        self.list.column.addWidget(self.rows)
        self.metric_box.activated.connect(self._choose_quantity)
        self.speed_box.activated.connect(self._choose_speed)
        self.rows.cellDoubleClicked.connect(lambda row, _column: self._open(row))
        self.rows.cellActivated.connect(lambda row, _column: self._open(row))
        self.rows.cellClicked.connect(self._explain)
        self.card.explained.connect(self.explain.show_number)
        self.restyle()

    def restyle(self) -> None:
        """Take over colours and language."""
        t = self.look.texts
        self.title = t("trend.page", code=self.client.code)
        self.setAccessibleName(self.title)
        self.back_button.set_words(t("review.back"), t("review.back_name"))
        place = self.pasts[-1].place if self.pasts else Place.SACRUM
        names = [metric_words(m, place, t) for m in TREND_METRICS]
        self.offer(self.metric_box, t("trend.choose_metric"), names, TREND_METRICS.index(self.quantity))
        at = self.speeds.index(self.speed) if self.speed in self.speeds else 0
        self.offer(self.speed_box, t("trend.choose_speed"), [speed_words(v, t) for v in self.speeds], at)
        self.speed_box.setVisible(bool(self.speeds))
        self.refresh()
        self.place()

    def refresh(self) -> None:
        """Show the number and speed that are chosen."""
        t = self.look.texts
        with_speed = [p for p in self.pasts if p.at(self.speed) is not None]
        earlier = tuple(with_speed[:-1])
        trend = trend_of(self.pasts, self.speed, self.quantity, History(earlier, self.others), t)
        self.card.set_trend(trend)
        self.list.title = t("trend.sessions")
        self.rows.setAccessibleName(self.list.title)
        heads, cells = self.card.content()
        fill(self.rows, heads, cells, frozenset({0, len(heads) - 1}))  # a day, and why it is not compared
        self._fit_rows(self.rows.viewport().width())
        self.update()

    def _fit_rows(self, room: int) -> None:
        (wrap_columns if self.stacked else stretch_last)(self.rows, room)

    def _choose_quantity(self, position: int) -> None:
        self.quantity = TREND_METRICS[position]
        self.refresh()

    def _choose_speed(self, position: int) -> None:
        self.speed = self.speeds[position]
        self.refresh()

    def _explain(self, y: int, x: int) -> None:
        found = None if self.card.trend is None or x not in {2, 3} else self.card.trend.rows[y]
        if found is not None:
            key = "symmetry_index_pct" if self.quantity.name == SIDES else self.quantity.name
            self.explain.show_number(
                Shown(key, found[0], with_unit(found[2], self.quantity, self.look.texts), found[3])
            )

    def _open(self, row: int) -> None:
        shown = [p for p in self.pasts if p.speeds]
        if 0 <= row < len(shown):
            self.session_opened.emit(shown[row].id)

    def heights(self, width: float) -> tuple[float, ...]:
        """Return the heights of chart and table, one under the other."""
        return 720.0, 620.0

    def place_content(self, scale: float, width: float, height: float) -> None:
        """Chart on the left, the sessions as a table on the right."""

        def put(widget: QWidget, x: float, w: float) -> None:
            top = BAR + 16
            widget.setGeometry(
                round(x * scale), round(top * scale), round(w * scale), round((height - top - 24) * scale)
            )

        inner = width - 2 * MARGIN - 16
        for card in (self.card, self.list):
            card.set_narrow(self.stacked)
        if self.stacked:
            self.stack_cards((self.card, self.list), scale, width)
        else:
            put(self.card, MARGIN, inner * 0.54)
            put(self.list, MARGIN + inner * 0.54 + 16, inner * 0.46)
        self.rows.verticalHeader().setDefaultSectionSize(round(42 * scale))
        self.explain.setGeometry(self.list.geometry().adjusted(0, self.list.height() // 3, 0, 0))
        for card in (self.card, self.list, self.explain):
            card.set_scale(scale)
        margins = self.list.column.contentsMargins()
        self._fit_rows(self.list.width() - margins.left() - margins.right())
