"""Numbers of a stretch of the run, each with its interval; a click on one shows how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.i18n import Texts
from gui.look import Look
from gui.numbers import half_width
from gui.paint import Canvas
from gui.review.blocks import AtSpeed
from gui.review.words import (
    EXPLAINED,
    METRICS,
    MOVEMENT,
    REASONS,
    estimate_texts,
    metric_name,
    percent_texts,
    speed_words,
    whole,
    with_unit,
)
from gui.views.session_cards import PageCard, TableOf
from imu import api
from imu.api import Movement
from imu.types import Place

_ROW: Final = 31.0
SIDES: Final = (
    ("load_peak_g", "review.difference_load"),
    ("contact_time_s", "review.difference_contact"),
    ("step_time_s", "review.difference_step"),
)


class Shown(NamedTuple):
    """One number: key of the catalogue, name, value with unit, interval, and why there is none."""

    key: str
    name: str
    value: str
    interval: str
    reason: str = ""


def numbers_of(summary: dict[str, Any], movement: Movement | None, place: Place, t: Texts) -> list[Shown]:
    """Return the numbers of a stretch as texts; what is not known is left out, but for differences: those say why.

    Parameters
    ----------
    summary : dict
        As of `imu.api.summarise`.
    movement : Movement or None
        What the samples say beside the steps.
    place : Place
    t : Texts
    """
    out = []
    for metric in METRICS:
        shown = dict(summary[metric.name])
        if metric.name == "vgrf_peak_bw":
            shown["half_width_95"] = summary["method"]["vgrf_peak_model_half_width_95_bw"]
        value, interval = estimate_texts(shown, metric, t)
        if value:
            name = metric_name(metric, place, t)
            out.append(Shown(metric.name, name, with_unit(value, metric, t), interval))
    out += _of_sides(summary, t)
    return out if movement is None else out + _of_movement(movement, t)


def _of_sides(summary: dict[str, Any], t: Texts) -> list[Shown]:
    out = []
    for name, key in SIDES:
        sides = summary["symmetry_index_pct"][name]
        value, interval = percent_texts(sides["value"], sides["half_width_95"], t)
        reason = "" if value else t(REASONS.get(sides["reason"] or "", "report.why_few"))
        out.append(Shown("symmetry_index_pct", t(key), value, interval, reason))
    return out


def _of_movement(movement: Movement, t: Texts) -> list[Shown]:
    out = []
    for metric in MOVEMENT:
        value, interval = estimate_texts(getattr(movement, metric.name), metric, t)
        if value:
            key = EXPLAINED.get(metric.name, metric.name)
            out.append(Shown(key, t(metric.text_key), with_unit(value, metric, t), interval))
    if movement.residual_tilt_deg is not None:
        value = half_width(movement.residual_tilt_deg, 1, t.language)
        out.append(Shown("tilt_deg", t("review.tilt"), f"{value}°", ""))
    return out


def explain(key: str, t: Texts) -> str:
    """Return how a number is made, as HTML; empty where the catalogue does not hold it."""
    entry = api.catalogue().get(key)
    if entry is None:
        return ""
    language = t.language
    parts = [f"<b>{escape(entry.name.in_language(language))}</b> ({escape(entry.unit)})"]
    for head, words in (
        ("review.formula", entry.formula),
        ("review.filter", entry.filter),
        ("review.published", entry.published),
        ("review.measured", entry.measured),
        ("review.hidden", entry.hidden),
    ):
        parts.append(f"<b>{escape(t(head))}:</b> {escape(words.in_language(language))}")
    sources = [f'<a href="{escape(s.url)}">{escape(s.text)}</a>' if s.url else escape(s.text) for s in entry.sources]
    if sources:
        parts.insert(3, f"<b>{escape(t('review.source'))}:</b> {'; '.join(sources)}")
    return "".join(f"<p style='margin:0 0 6px 0'>{part}</p>" for part in parts)


class NumberRow(QAbstractButton):
    """One number as a button: name left, value and interval right."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.shown = Shown("", "", "", "")
        self.scale = 1.0
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_shown(self, shown: Shown) -> None:
        """Show another number."""
        self.shown = shown
        said = f"{shown.name}: {shown.value} {shown.interval}{shown.reason}".strip()
        self.setText(said)
        self.setAccessibleName(said)
        self.update()

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self.setFixedHeight(round(_ROW * scale))

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, round(_ROW * self.scale))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self.look.tokens
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        width = self.width() / self.scale
        if self.isChecked() or self.underMouse():
            painter.fillRect(self.rect(), QColor(tokens.accbg if self.isChecked() else tokens.sub))
        if self.hasFocus():
            canvas.box(1, 1, width - 2, _ROW - 2, edge=tokens.acc, edge_width=2)
        canvas.line(0, _ROW - 0.5, width, _ROW - 0.5, tokens.grid, 1.0)
        s = self.shown
        if s.reason:
            canvas.text(8, 22, s.name, 17, tokens.ink2, width=width * 0.5)
            canvas.text(width - 8, 22, s.reason, 15, tokens.ink3, align="right", width=width * 0.48)
        else:
            room = width - 96 - 8
            used = canvas.text(width - 96, 22, s.value, 18, tokens.ink, bold=True, align="right")
            canvas.text(width - 8, 22, s.interval, 16, tokens.ink2, align="right", width=84)
            canvas.text(8, 22, s.name, 17, tokens.ink2, width=room - used - 8)
        painter.end()


class ExplainCard(PageCard):
    """How one number is made: formula, filter, source, errors. Esc or the button closes it.

    Signals
    -------
    closed
    """

    closed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.text = QTextBrowser(self)
        self.text.setOpenExternalLinks(True)
        self.column.addWidget(self.text)
        self.close_button = self.button(self.closed.emit)
        self.hide()

    def set_text(self, html: str) -> None:
        """Show a text over what lies under the card; an empty one hides it."""
        t = self.look.texts
        self.title = t("review.explained")
        self.close_button.setText(t("review.close"))
        self.text.setAccessibleName(self.title)
        self.text.setHtml(html)
        self.setVisible(bool(html))
        self.raise_()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class NumbersCard(PageCard):
    """Numbers of one speed or of the selection, and how the chosen one is made.

    Signals
    -------
    block_chosen : int
        Position in the box.
    explained : str
        How the chosen number is made, as HTML; empty = none is chosen.
    """

    block_chosen = Signal(int)
    explained = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.box = QComboBox(self)
        inner = QWidget()
        self.list = QVBoxLayout(inner)
        self.list.setSpacing(0)
        self.list.setContentsMargins(0, 0, 0, 0)
        self.list.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inner)
        for ground in (inner, self.area.viewport()):
            ground.setAutoFillBackground(False)
        self.rows: list[NumberRow] = []
        self.table = self.button(self.open_table)
        self.column.addWidget(self.box)
        self.column.addWidget(self.area, 1)
        self.chosen = ""
        self.shown: list[Shown] = []
        self.box.activated.connect(self.block_chosen.emit)

    def set_blocks(self, speeds: Sequence[AtSpeed], selected: int | None, position: int) -> None:
        """Offer the speeds of the run, and the selection with so many steps (None = there is none)."""
        t = self.look.texts
        self.title, self.note = t("review.numbers"), t("review.numbers_note")
        self.table.setText(t("review.table"))
        self.table.setAccessibleName(t("review.table_name", title=self.title))
        self.box.setAccessibleName(t("review.choose_block"))
        self.box.clear()
        for at in speeds:
            self.box.addItem(t("review.block_all", speed=speed_words(at.speed_mps, t), n=whole(at.n_steps)))
        if selected is not None:
            self.box.addItem(t("review.block_selection", n=whole(selected)))
        self.box.setCurrentIndex(position)
        self.box.setVisible(self.box.count() > 0)

    def set_numbers(self, shown: list[Shown]) -> None:
        """Show numbers; the chosen one stays chosen."""
        self.shown = shown
        while len(self.rows) < len(shown):
            row = NumberRow(self.look, self)
            row.set_scale(self.scale)
            row.clicked.connect(lambda _=False, r=row: self.choose(r.shown.name))
            self.rows.append(row)
            self.list.insertWidget(self.list.count() - 1, row)
        for row, number in zip(self.rows, shown, strict=False):
            row.set_shown(number)
        for k, row in enumerate(self.rows):
            row.setVisible(k < len(shown))
        self._explain()

    def choose(self, name: str) -> None:
        """Show how a number is made; once more: show it no longer."""
        self.chosen = "" if name == self.chosen else name
        self._explain()

    def _explain(self) -> None:
        for row in self.rows:
            row.setChecked(bool(self.chosen) and row.shown.name == self.chosen)
        key = next((s.key for s in self.shown if s.name == self.chosen), "")
        self.explained.emit(explain(key, self.look.texts) if key else "")

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        super().set_scale(scale)
        for row in self.rows:
            row.set_scale(scale)
        self._explain()

    def content(self) -> TableOf:
        """Headings and rows as shown."""
        t = self.look.texts
        heads = (t("review.numbers"), self.box.currentText(), t("report.interval_word"))
        return heads, [(s.name, s.value or s.reason, s.interval) for s in self.shown]

    def open_table(self) -> None:
        """Open the numbers as a table."""
        self.show_data(*self.content(), self.grab)
