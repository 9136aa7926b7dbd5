"""Where everything of the library page lies, side by side or under each other, and what is painted around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.paint import Canvas
from gui.panels.buttons import Button
from gui.views.growing import lines_of
from gui.views.library_model import FEW, count_words, empty_words
from gui.views.session_style import sheet
from gui.views.table_fit import stretch_last, wrap_columns

if TYPE_CHECKING:
    from gui.views.library_page import LibraryPage

LIMIT: Final = 500
"""So many sessions are listed at most."""
_CLIENTS_W: Final = 420.0
_BAR: Final = 64.0
_PEOPLE: Final = 300.0
_LIST: Final = 620.0
_FOOT_LINES: Final = 3
"""Where text has grown: heights of the two lists, and lines of buttons under them."""


class LibraryLayout:
    """Lays out and paints one page."""

    def __init__(self, page: LibraryPage) -> None:
        self.page = page

    @property
    def _top(self) -> float:
        return _BAR + (84.0 if self.page.unfinished else 16.0)

    def place_buttons(self) -> None:
        """Lay out the buttons under the list, whatever they say at the moment."""
        low = (
            self.page.open_button,
            self.page.compare_button,
            self.page.trend_button,
            self.page.tags_button,
            self.page.whose_button,
            self.page.zip.button,
            self.page.erase.button,
        )
        if self.page.stacked:
            self._lines(low, self._foot_top + 8)
        else:
            self._line(low, self.page.width() / self.page.scale - 32, self.page.height() / self.page.scale - 62)
        self.page.update()

    def _lines(self, buttons: tuple[Button, ...], y: float) -> float:
        """Put buttons into as many lines as they need, from the left; return where the next line begins."""
        s, width = self.page.scale, self.page.width() / self.page.scale
        for button in buttons:
            button.set_scale(s * 0.85)
        for line in lines_of([b.width() / s for b in buttons], width - 64, 12.0):
            x = 32.0
            for k in line:
                buttons[k].move(round(x * s), round((y + 24) * s - buttons[k].height() / 2))
                x += buttons[k].width() / s + 12
            y += 52
        return y

    # where text has grown: everything under each other, and the page is as long as that needs

    @property
    def _lists_top(self) -> float:
        """Top of the list of clients, under the bar, the search and the buttons."""
        return _BAR + 54 + (54 if not self.page.tag.isHidden() else 0) + 64 + (116 if self.page.unfinished else 0)

    @property
    def _foot_top(self) -> float:
        return self._lists_top + _PEOPLE + 16 + _LIST + 12

    def tall(self, width: float) -> float:
        """Return the height of the stacked page in design units."""
        return self._foot_top + 52 * _FOOT_LINES + 110

    def _place_stacked(self, put: Callable[[QWidget, float, float, float, float], None], width: float) -> None:
        inner, y = width - 64, _BAR + 4.0
        put(self.page.search, 32, y, inner, 46)
        y += 54
        if not self.page.tag.isHidden():
            put(self.page.tag, 32, y, inner, 46)
            y += 54
        y = self._lines((self.page.new_button, self.page.import_button), y)
        if self.page.unfinished:
            self._lines((self.page.finish_button,), y + 62)
        top = self._lists_top
        put(self.page.people, 48, top + 56, inner - 32, _PEOPLE - 72)
        put(self.page.explain, 32, top, inner, _PEOPLE)
        put(self.page.table, 48, top + _PEOPLE + 72, inner - 32, _LIST - 88)

    def _line(self, buttons: tuple[Button, ...], right: float, y: float) -> float:
        """Put buttons in a line that ends at the right; return where it begins."""
        s = self.page.scale
        for button in buttons:
            button.set_scale(s * 0.85)
            right -= button.width() / s
            button.move(round(right * s), round((y + 24) * s - button.height() / 2))
            right -= 12
        return right

    def place(self) -> None:
        """Lay everything out for the size of the moment."""
        s = self.page.scale
        width, height = self.page.width() / s, self.page.height() / s
        style = sheet(self.page.look, s)
        for widget in (self.page.search, self.page.tag, self.page.people, self.page.table):
            widget.setStyleSheet(style)

        def put(widget: QWidget, x: float, y: float, w: float, h: float) -> None:
            widget.setGeometry(round(x * s), round(y * s), round(w * s), round(h * s))

        self.page.back_button.set_scale(s * 0.85)
        self.page.back_button.move(round(32 * s), round(32 * s - self.page.back_button.height() / 2))
        self.page.explain.set_narrow(self.page.stacked)
        self.page.explain.set_scale(s)
        self.page.table.verticalHeader().setDefaultSectionSize(round(44 * s))
        if (self.page.columns is FEW) != self.page.stacked:
            self.page.fill_table()
        if self.page.stacked:
            self._place_stacked(put, width)
            wrap_columns(self.page.table, self.page.table.width())
            self.place_buttons()
            return
        left = self._line((self.page.new_button, self.page.import_button), width - 32, 8)
        put(self.page.search, 452, 10, min(560, left - 470), 44)
        put(self.page.tag, 452 + min(560, left - 470) + 16, 10, 220, 44)
        if self.page.unfinished:
            self._line((self.page.finish_button,), width - 56, _BAR + 24)
        top, foot = self._top, height - 84
        put(self.page.people, 48, top + 56, _CLIENTS_W - 32, foot - top - 64)
        put(self.page.table, _CLIENTS_W + 64, top + 56, width - _CLIENTS_W - 112, foot - top - 64)
        put(self.page.explain, 32, foot - 480, _CLIENTS_W, 480)
        stretch_last(self.page.table, self.page.table.width())
        self.place_buttons()

    def paint(self, painter: QPainter) -> None:
        """Paint frames and words of the page."""
        tokens, s, t = self.page.look.tokens, self.page.scale, self.page.look.texts
        painter.fillRect(self.page.rect(), tokens.bg)
        canvas = Canvas(painter, s, tokens, self.page.look.family)
        width, height = self.page.width() / s, self.page.height() / s
        canvas.box(0, 0, width, _BAR, fill=tokens.panel)
        canvas.line(0, _BAR, width, _BAR, tokens.line, 1.0)
        x = 32 + self.page.back_button.width() / s + 24
        canvas.text(
            x, 41, t("library.title"), 24, tokens.ink, bold=True, width=(width if self.page.stacked else 440) - x
        )
        if self.page.unfinished:
            self._paint_unfinished(canvas, width)
        top, foot = self._top, height - 84
        left, inner = _CLIENTS_W + 48, width - _CLIENTS_W - 80
        people = (32.0, top, _CLIENTS_W, foot - top)
        if self.page.stacked:
            left, inner = 32.0, width - 64
            people = (32.0, self._lists_top, inner, _PEOPLE)
            top = self._lists_top + _PEOPLE + 16
            foot = top + _LIST
        canvas.box(*people, fill=tokens.panel, edge=tokens.line, radius=4)
        canvas.text(56, people[1] + 38, t("library.clients"), 20, tokens.ink, bold=True)
        canvas.box(left, top, inner, foot - top, fill=tokens.panel, edge=tokens.line, radius=4)
        canvas.text(
            left + 24, top + 38, count_words(len(self.page.rows), LIMIT, t), 20, tokens.ink, bold=True, width=inner - 48
        )
        if not self.page.rows:
            title, sentence = empty_words(self.page.search.text(), self.page.clients, self.page.client, t)
            canvas.text(left + 24, top + 130, title, 28, tokens.ink, bold=True, width=inner - 48)
            canvas.paragraph(left + 24, top + 154, min(inner - 48, 900), sentence, 20, tokens.ink2)
        words = self.page.said or t("library.where", path=self.page.library.path)
        if self.page.stacked:
            canvas.paragraph(32, height - 100, inner, words, 18, tokens.ink2, room=96)
            return
        canvas.text(32, height - 32, words, 18, tokens.ink2, width=self.page.erase.button.x() / s - 56)

    def _paint_unfinished(self, canvas: Canvas, width: float) -> None:
        tokens, t, n = self.page.look.tokens, self.page.look.texts, len(self.page.unfinished)
        words = t("library.unfinished_one") if n == 1 else t("library.unfinished_more", n=n)
        if self.page.stacked:
            top = self._lists_top - 116
            canvas.box(32, top, width - 64, 108, fill=tokens.warnbg, edge=tokens.warn, radius=4)
            canvas.icon("warn", 56, top + 26, 22, tokens.warn)
            canvas.paragraph(84, top + 8, width - 64 - 72, words, 20, tokens.warn, bold=True, room=50)
            return
        canvas.box(32, _BAR + 16, width - 64, 56, fill=tokens.warnbg, edge=tokens.warn, radius=4)
        canvas.icon("warn", 64, _BAR + 44, 22, tokens.warn)
        room = self.page.finish_button.x() / self.page.scale - 110
        canvas.text(92, _BAR + 51, words, 20, tokens.warn, bold=True, width=room)
