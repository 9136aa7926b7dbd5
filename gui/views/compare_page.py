"""The page that compares two sessions, or two blocks of one, at the same speed; the error beside each difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from gui.look import Look
from gui.paint import Canvas
from gui.review.compare import Comparison, Option, Row, compare, first_pair, options_of
from gui.review.explained import Shown
from gui.review.history import MOST, Past, pasts_of, run_of_steps
from gui.views.page_card import PageCard, TableOf
from gui.views.session_data import fill, plain_table
from gui.views.session_frame import BAR, MARGIN, ReviewPage
from gui.views.table_fit import stretch_last, wrap_columns
from imu import api
from imu.api import Library

_LIMITS: Final = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0)
_VERDICT: Final = 5
"""Column of words after those of numbers."""


class ChangesCard(PageCard):
    """The differences in percent with their errors, drawn; zero in the middle.

    Signals
    -------
    table_asked
    """

    table_asked = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.rows: tuple[Row, ...] = ()
        self.table = self.button(self.table_asked.emit)

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show differences."""
        t = self.look.texts
        self.rows = tuple(r for r in rows if r.pct is not None)
        self.title, self.note = t("compare.chart"), t("compare.chart_note")
        self.table.setText(t("review.table"))
        self.table.setAccessibleName(t("review.table_name", title=self.title))
        self.setAccessibleName(self.title)
        self.setAccessibleDescription("; ".join(f"{r.name}: {r.change} {r.error}, {r.verdict}" for r in rows))
        self.update()

    def paint_content(self, canvas: Canvas, width: float, height: float) -> None:
        """Paint the inside: filled where the difference is larger than its error, hollow where not."""
        if not self.rows:
            return
        tokens = canvas.tokens
        reach = max(abs(r.pct or 0.0) + (r.half or 0.0) for r in self.rows)
        limit = next((x for x in _LIMITS if reach <= x), _LIMITS[-1])
        names = max(canvas.width_of(r.name, 17) for r in self.rows)
        left, right, top, foot = min(names + 40.0, width / 2.0), width - 40.0, 76.0, height - 60.0
        middle, half_w = (left + right) / 2.0, (right - left) / 2.0
        pitch = min((foot - top) / len(self.rows), 84.0)
        bottom = top + pitch * len(self.rows)

        def px(pct: float) -> float:
            return middle + max(min(pct / limit, 1.0), -1.0) * half_w

        canvas.box(left, top, right - left, bottom - top, fill=tokens.sub)
        for k in range(-2, 3):
            x = px(k * limit / 2.0)
            canvas.line(x, top, x, bottom, tokens.ink2 if k == 0 else tokens.line, 2.0 if k == 0 else 1.0)
            sign = "+" if k > 0 else "\u2212" if k < 0 else ""
            canvas.text(x, bottom + 26, f"{sign}{abs(k * limit / 2.0):g}\u00a0%", 16, tokens.ink2, align="center")
        for k, row in enumerate(self.rows):
            y = top + pitch * (k + 0.5)
            canvas.text(left - 16, y + 6, row.name, 17, tokens.ink, align="right", width=left - 36)
            assert row.pct is not None
            if row.half is not None:
                low, high = px(row.pct - row.half), px(row.pct + row.half)
                canvas.line(low, y, high, y, tokens.ink, 3.0)
                for end in (low, high):
                    canvas.line(end, y - 8, end, y + 8, tokens.ink, 2.5)
            fill = tokens.ink if row.larger else tokens.panel
            canvas.box(px(row.pct) - 8, y - 8, 16, 16, fill=fill, edge=tokens.ink, edge_width=2.5, radius=8)


class CompareCard(PageCard):
    """The table of differences.

    Signals
    -------
    explained : Shown
        A number was clicked.
    """

    explained = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.said = QLabel("", self)
        self.said.setWordWrap(True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.rows = plain_table(self)
        self.column.addWidget(self.said)
        self.column.addWidget(self.rows, 1)
        self.rows.cellClicked.connect(self._explain)
        self.rows.cellActivated.connect(self._explain)
        self.table = self.button(self.open_table)
        self.comparison = Comparison((), "", refused=True)

    def set_comparison(self, comparison: Comparison) -> None:
        """Show a comparison, or why there is none."""
        t = self.look.texts
        self.comparison = comparison
        self.title = t("compare.table")
        self.said.setText(comparison.sentence)
        self.table.setText(t("review.table"))
        self.table.setAccessibleName(t("review.table_name", title=self.title))
        self.table.setEnabled(bool(comparison.rows))
        self.rows.setAccessibleName(self.title)
        fill(self.rows, *self.content(), frozenset({0, _VERDICT}))
        self.rows.setVisible(bool(comparison.rows))
        self.fit()
        for y, row in enumerate(comparison.rows):
            if row.larger:
                for x in (3, _VERDICT):
                    if (item := self.rows.item(y, x)) is not None:
                        face = item.font()
                        face.setBold(True)
                        item.setFont(face)
        self.update()

    def fit(self) -> None:
        """Give the columns their widths."""
        margins = self.column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        (wrap_columns if self.narrow else stretch_last)(self.rows, room)

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        super().set_scale(scale)
        self.fit()

    def content(self) -> TableOf:
        """Headings and rows as shown."""
        t = self.look.texts
        names = ("col_number", "first", "second", "col_change", "col_error", "col_verdict")
        rows: list[tuple[str, ...]] = [
            (r.name, r.first, r.second, r.change, r.error, r.verdict) for r in self.comparison.rows
        ]
        return tuple(t(f"compare.{name}") for name in names), rows

    def _explain(self, y: int, x: int) -> None:
        if not 0 <= y < len(self.comparison.rows):
            return
        row = self.comparison.rows[y]
        if x in {1, 2}:
            self.explained.emit(Shown(row.key, row.name, row.first if x == 1 else row.second, ""))
        elif x in {3, 4, 5} and row.change:
            self.explained.emit(Shown("change_pct", row.name, row.change, row.error))

    def open_table(self) -> None:
        """Open the differences as a table."""
        self.show_data(*self.content(), self.grab)


class ComparePage(ReviewPage):
    """Two stretches beside each other.

    Parameters
    ----------
    library : Library
    session_ids : sequence of int
        One session (two of its blocks are compared) or two, the older first.
    look : Look or None
        Shared colours and language; None = its own.

    Signals
    -------
    back

    Raises
    ------
    ImuError
        There is no such session, or its steps cannot be read.
    """

    def __init__(
        self,
        library: Library,
        session_ids: Sequence[int],
        look: Look | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look or Look(), parent)
        self.runs = [(k, run_of_steps(api.session_steps(library, k))) for k in dict.fromkeys(session_ids)]
        self.pasts: tuple[Past, ...] = pasts_of(library, library.sessions(limit=MOST)) if len(self.runs) > 1 else ()
        self.first_box, self.second_box = self.choice(), self.choice()
        self.card = CompareCard(self.look, self)
        self.chart = ChangesCard(self.look, self)
        self.card.explained.connect(self.explain.show_number)
        self.chart.table_asked.connect(lambda: self.chart.show_data(*self.card.content(), self.chart.grab))
        self.options: list[Option] = self._options()
        self.pair = first_pair(self.options) if self.options else (0, 0)
        self.first_box.activated.connect(lambda position: self.choose(position, self.pair[1]))
        self.second_box.activated.connect(lambda position: self.choose(self.pair[0], position))
        self.restyle()

    def _options(self) -> list[Option]:
        return [o for session_id, run in self.runs for o in options_of(session_id, run, self.look.texts)]

    def choose(self, first: int, second: int) -> None:
        """Compare two other stretches, by their positions in the boxes."""
        self.pair = (first, second)
        self.refresh()

    def restyle(self) -> None:
        """Take over colours and language."""
        t = self.look.texts
        self.title = t("compare.page")
        self.setAccessibleName(self.title)
        self.back_button.set_words(t("review.back"), t("review.back_name"))
        self.options = self._options()
        texts = [o.text for o in self.options]
        self.offer(self.first_box, t("compare.first"), texts, self.pair[0])
        self.offer(self.second_box, t("compare.second"), texts, self.pair[1])
        self.refresh()
        self.place()

    def refresh(self) -> None:
        """Compare what is chosen."""
        t = self.look.texts
        if len(self.options) == 1:
            shown = Comparison((), t("compare.only_one"), refused=True)
        elif not self.options:
            shown = Comparison((), t("compare.nothing"), refused=True)
        else:
            shown = compare(self.options[self.pair[0]], self.options[self.pair[1]], self.pasts, t)
        self.card.set_comparison(shown)
        self.chart.set_rows(shown.rows)
        self.chart.setVisible(bool(shown.rows))
        for box in self.choices:  # with less than two stretches there is nothing to choose
            box.setVisible(len(self.options) > 1)
        self.place()

    def choice_width(self) -> float:
        """Width of a box of choices in design units."""
        return 520.0

    def heights(self, width: float) -> tuple[float, ...]:
        """Return the heights of table and drawing, one under the other."""
        return 860.0, 560.0

    def place_content(self, scale: float, width: float, height: float) -> None:
        """Table on the left, drawing on the right."""

        def put(widget: QWidget, x: float, w: float) -> None:
            top = BAR + 16
            widget.setGeometry(
                round(x * scale), round(top * scale), round(w * scale), round((height - top - 24) * scale)
            )

        inner = width - 2 * MARGIN - 16
        self.card.set_narrow(self.stacked)
        self.chart.set_narrow(self.stacked)
        if self.stacked:
            self.stack_cards((self.card, self.chart), scale, width)
        else:
            put(self.card, MARGIN, inner * 0.68 if self.card.comparison.rows else inner + 16)
            put(self.chart, MARGIN + inner * 0.68 + 16, inner * 0.32)
        self.card.rows.verticalHeader().setDefaultSectionSize(round(48 * scale))
        self.explain.setGeometry(self.chart.geometry())
        for card in (self.card, self.chart, self.explain):
            card.set_scale(scale)
