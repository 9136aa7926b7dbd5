"""The card of a cue test: before, with the cue, back; the verdict in words."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas
from gui.review.cues import CueTried, cue_texts, cue_title
from gui.review.explained import Shown
from gui.views.page_card import PageCard, TableOf

_TOP: Final = 76.0
_CHART: Final = 150.0


class CueCard(PageCard):
    """The newest test of a run; hidden where there is none.

    Signals
    -------
    explained : Shown
        The card was clicked.
    """

    explained = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.tests: tuple[CueTried, ...] = ()
        self.table = self.button(self.open_table)
        self.hide()

    def set_tests(self, tests: tuple[CueTried, ...]) -> None:
        """Show tests."""
        t = self.look.texts
        self.tests = tests
        self.title = t("cue.card")
        full = cue_title(tests[-1], self.title, t) if tests else self.title
        self.table.setText(t("review.table"))
        self.table.setAccessibleName(t("review.table_name", title=full))
        self.setAccessibleName(full)
        if tests:
            rows, verdict = cue_texts(tests[-1], t)
            self.setAccessibleDescription("; ".join(" ".join(row) for row in rows) + ". " + verdict)
        self.setVisible(bool(tests))
        self.update()

    def paint_content(self, canvas: Canvas, width: float, height: float) -> None:
        """Paint the inside."""
        if not self.tests:
            return
        tokens, t = canvas.tokens, self.look.texts
        rows, verdict = cue_texts(self.tests[-1], t)
        if told := self.tests[-1].told:  # a line of its own: beside the title it would make that small
            canvas.text(24, 66, f"“{t(f'cue.told_{told}')}”", 16, tokens.ink2, width=width - 48)
        pitch = (width - 48) / 3.0
        canvas.box(24 + pitch, _TOP, pitch, _CHART + 84, fill=tokens.accbg)
        self._paint_points(canvas, pitch)
        widest = max(canvas.width_of(name, 15) for name, *_ in rows)
        size = 15 * min((pitch - 4) / widest, 1.0)  # one size for the three
        for k, (name, value, interval) in enumerate(rows):
            x = 24 + pitch * (k + 0.5)
            canvas.text(x, _TOP + _CHART + 22, name, size, tokens.ink2, align="center", width=pitch - 2)
            canvas.text(x, _TOP + _CHART + 48, value, 18, tokens.ink, bold=True, align="center", width=pitch - 8)
            canvas.text(x, _TOP + _CHART + 72, interval, 15, tokens.ink2, align="center", width=pitch - 8)
        y = _TOP + _CHART + 96
        canvas.box(24, y, width - 48, height - y - 16, fill=tokens.sub)
        canvas.box(24, y, 4, height - y - 16, fill=tokens.acc)
        canvas.paragraph(40, y + 6, width - 72, verdict, 15, tokens.ink)

    def _paint_points(self, canvas: Canvas, pitch: float) -> None:
        """Means with their intervals; filled with the cue, hollow without."""
        means = self.tests[-1].means
        values = [] if means is None else [e for e in means if e.value is not None]
        if len(values) < 3:
            return
        tokens = canvas.tokens
        low = min((e.value or 0.0) - (e.half_width or 0.0) for e in values)
        high = max((e.value or 0.0) + (e.half_width or 0.0) for e in values)
        span = max(high - low, 0.05)

        def py(value: float) -> float:
            return _TOP + 16 + (high - value) / span * (_CHART - 32)

        places = [(24 + pitch * (k + 0.5), py(e.value or 0.0)) for k, e in enumerate(values)]
        for (x0, y0), (x1, y1) in pairwise(places):
            canvas.line(x0, y0, x1, y1, tokens.ink3, 1.5)
        for k, (estimate, (x, y)) in enumerate(zip(values, places, strict=True)):
            if estimate.value is not None and estimate.half_width is not None:
                ends = (py(estimate.value - estimate.half_width), py(estimate.value + estimate.half_width))
                canvas.line(x, ends[0], x, ends[1], tokens.ink, 2.5)
                for end in ends:
                    canvas.line(x - 7, end, x + 7, end, tokens.ink, 2.5)
            fill = tokens.ink if k == 1 else tokens.panel
            canvas.box(x - 8, y - 8, 16, 16, fill=fill, edge=tokens.ink, edge_width=2.5, radius=8)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.tests and event.position().y() > _TOP * self.scale:
            _, verdict = cue_texts(self.tests[-1], self.look.texts)
            self.explained.emit(Shown("change_pct", self.title, verdict, ""))

    def content(self) -> TableOf:
        """Headings and rows of every test of the run."""
        t = self.look.texts
        heads = (t("cue.card"), t("report.load_peak_g"), t("report.interval_word"), t("trend.col_steps"), t("cue.said"))
        out: list[tuple[str, ...]] = []
        for k, tried in enumerate(self.tests):
            rows, verdict = cue_texts(tried, t)
            counts = ("", "", "") if tried.means is None else tuple(str(e.n) for e in tried.means)
            for (name, value, interval), n in zip(rows, counts, strict=True):
                said = verdict if name == rows[1][0] else ""
                out.append((f"{number(k + 1, 0, t.language)} · {name}", value, interval, n, said))
        return heads, out

    def open_table(self) -> None:
        """Open the tests as a table."""
        self.show_data(*self.content(), self.grab)
