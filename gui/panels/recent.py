"""Recent sessions as a table that Qt makes accessible: arrow keys, Enter, screen reader; and a field to find some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableWidget, QTableWidgetItem, QWidget
from typing_extensions import override

from gui.look import Look
from gui.numbers import NOTHING, clock, count, half_width, number
from gui.panels.buttons import Button
from gui.panels.card import Card
from gui.panels.dots import DOTS_ROLE, Dots, DotsDelegate
from gui.panels.forms import dress
from gui.speed import speed_value, unit_word
from imu.types import SessionRow

_HEADS = ("client", "day", "speeds", "load", "steps", "duration")
_STEPS = _HEADS.index("steps")
_RIGHT = {"load", "duration"}
_FIND_MS = 150
_FIND = 300.0
_SHARES = (0.147, 0.17, 0.105, 0.212, 0.246, 0.12)


class RecentCard(Card[str]):
    """The newest sessions of the library, or of the clients whose code holds what was typed.

    Signals
    -------
    opened : int
        Session to look at.
    all_asked
    find_asked
        Something else was typed into the field.
    """

    DESIGN = (880.0, 690.0)
    opened = Signal(int)
    all_asked = Signal()
    find_asked = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        self.table, self.field = QTableWidget(), QLineEdit()  # before the card describes itself
        super().__init__(look, "", parent)
        self.rows: tuple[SessionRow, ...] = ()
        self.dots: dict[int, Dots | None] = {}
        self.total = 0
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_FIND_MS)
        self._typing.timeout.connect(self.find_asked.emit)
        self.field.setParent(self)
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self.field.returnPressed.connect(self._first_row)
        self.table.setParent(self)
        self.table.setColumnCount(len(_HEADS))
        self._delegate = DotsDelegate(look)
        self.table.setItemDelegateForColumn(_STEPS, self._delegate)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().setVisible(False)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.cellActivated.connect(self._activated)
        self.table.cellClicked.connect(self._activated)
        self.all = Button(look, "outline", parent=self)
        self.all.clicked.connect(lambda _=False: self.all_asked.emit())

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.look.texts("recent.title"))
        self.table.setAccessibleName(self.look.texts("recent.title"))
        self.field.setAccessibleName(self.look.texts("recent.find"))
        self.field.setPlaceholderText(self.look.texts("recent.find"))
        self.field.setToolTip(f"{self.look.texts('recent.find')} (F)")

    @property
    def code(self) -> str:
        """What a client's code must hold; empty = all clients."""
        return self.field.text().strip()

    def set_rows(self, rows: Sequence[SessionRow], total: int, dots: Mapping[int, Dots | None]) -> None:
        """Show these sessions of so many, with some steps of each."""
        self.rows, self.total, self.dots = tuple(rows), total, dict(dots)
        self.table.setVisible(bool(rows))
        self._fill()
        self.update()

    def _first_row(self) -> None:
        self._typing.stop()
        self.find_asked.emit()
        if self.rows:
            self.table.setFocus()
            self.table.setCurrentCell(0, 0)

    def _activated(self, row: int, _column: int) -> None:
        if row < len(self.rows):
            self.opened.emit(self.rows[row].id)

    def _fill(self) -> None:
        t = self.look.texts
        self.table.setHorizontalHeaderLabels(
            [unit_word(t) if name == "speeds" else t(f"recent.{name}") for name in _HEADS]
        )
        self.table.setRowCount(len(self.rows))
        for y, row in enumerate(self.rows):
            for x, text in enumerate(row_texts(row, self.look, self.dots.get(row.id))):
                item = QTableWidgetItem(text)
                if x == _STEPS:
                    item.setData(DOTS_ROLE, self.dots.get(row.id))
                    item.setToolTip(t("recent.steps_note", range=text))
                if _HEADS[x] in _RIGHT:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if x in {0, 3}:
                    face = item.font()
                    face.setBold(True)
                    item.setFont(face)
                self.table.setItem(y, x, item)
        for x in range(len(_HEADS)):
            head = self.table.horizontalHeaderItem(x)
            if head is not None:
                edge = Qt.AlignmentFlag.AlignRight if _HEADS[x] in _RIGHT else Qt.AlignmentFlag.AlignLeft
                head.setTextAlignment(edge | Qt.AlignmentFlag.AlignVCenter)
        self.arrange()

    @override
    def restyle(self) -> None:
        super().restyle()
        self.all.set_words(self.look.texts("recent.all"))
        self._fill()

    def arrange(self) -> None:
        """Lay table and button out."""
        s = self.scale
        for widget in (self.table, self.field):
            dress(widget, self.look, s)
        self.table.horizontalHeader().setFixedHeight(round(48 * s))
        left, top = round(20 * s), round(88 * s)
        wide = round(_FIND * s)
        self.field.setGeometry(self.width() - wide - round(32 * s), round(26 * s), wide, round(48 * s))
        self.all.set_scale(s)
        foot = round(72 * s)
        self.table.setGeometry(left, top, self.width() - 2 * left, self.height() - top - foot)
        inner = self.table.width() - round(16 * s)
        for x, share in enumerate(_SHARES):
            self.table.setColumnWidth(x, round(inner * share))
        for y in range(self.table.rowCount()):
            self.table.setRowHeight(y, round(62 * s))
        self.all.move(self.width() - self.all.width() - round(32 * s), self.height() - round(64 * s))

    def paint_content(self, canvas: Any) -> None:
        """Paint title and count."""
        t, tokens = self.look.texts, self.look.tokens
        room = self.design_width - _FIND - 88
        canvas.text(32, 58, t("recent.title"), 24, tokens.ink, bold=True, width=room)
        if self.code and not self.rows:
            canvas.paragraph(32, 128, self.design_width - 64, t("recent.found_none", code=self.code), 20, tokens.ink2)
        words = t("recent.count", n=len(self.rows), total=count(self.total, t.language))
        canvas.text(32, self.design_height - 34, words, 18, tokens.ink3, width=self.all.x() / self.scale - 48)


def day_text(utc: str, language: str) -> str:
    """Return day, month and time of a moment in the local time of this computer; the year where it is another one."""
    try:
        moment = datetime.fromisoformat(utc).astimezone()
    except ValueError:
        return utc
    del language  # the same order in both
    year = "" if moment.year == datetime.now(moment.tzinfo).year else f"-{moment.year}"
    return f"{moment.day:02d}-{moment.month:02d}{year} {moment.hour:02d}:{moment.minute:02d}"


def day_only(utc: str) -> str:
    """Return day, month and year of a moment in the local time of this computer."""
    try:
        return datetime.fromisoformat(utc).astimezone().strftime("%d-%m-%Y")
    except ValueError:
        return utc


def row_texts(row: SessionRow, look: Look, dots: Dots | None = None) -> tuple[str, ...]:
    """One session in the columns of the list."""
    t = look.texts
    language = t.language
    speeds = " · ".join(speed_value(v, t) for v in row.speeds_mps) or NOTHING

    def headline(name: str) -> tuple[float | None, float | None]:
        fact = row.headline.get(name) or {}
        return fact.get("value"), fact.get("half_width_95")

    def g(value: float) -> str:
        return number(value, 1, language)

    load, half = headline("load_peak_g")
    load_text = NOTHING if load is None else f"{number(load, 2, language)} g {half_width(half, 2, language)}".strip()
    return (
        row.client_code or t("recent.nobody"),
        day_text(row.started_utc, language),
        speeds,
        load_text,
        NOTHING if dots is None else t("recent.range", low=g(min(dots.load_g)), high=g(max(dots.load_g))),
        NOTHING if row.duration_s is None else clock(row.duration_s),
    )
