"""Whether the words of a page fit: painted text inside its widget, uncut, not over other text; fields at their size."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QTableView,
    QWidget,
)

from gui import paint
from gui.panels.buttons import Button

OVER_PX = 2.5
"""Texts may touch by so much: letters do not fill the box of their font."""


@dataclass(frozen=True)
class Said:
    """One text as it was painted, in pixels of its device."""

    widget: QWidget | None
    text: str
    shown: str
    box: QRectF


@contextlib.contextmanager
def recorded() -> Iterator[list[Said]]:
    """Note what every canvas paints meanwhile."""
    out: list[Said] = []
    line, block = paint.Canvas.text, paint.Canvas.paragraph

    def text(canvas, x, baseline, text, size, colour, *, bold=False, align="left", width=None):
        caught: list[str] = []
        real = canvas.painter

        class Painter:
            def drawText(self, at, shown):  # noqa: N802 - Qt's name
                caught.append(shown)
                metrics = real.fontMetrics()
                box = QRectF(metrics.tightBoundingRect(shown)).translated(at)
                out.append(Said(_device(real), text, shown, _mapped(real, box)))
                real.drawText(at, shown)

            def __getattr__(self, name):
                return getattr(real, name)

        canvas.painter = Painter()
        try:
            return line(canvas, x, baseline, text, size, colour, bold=bold, align=align, width=width)
        finally:
            canvas.painter = real

    def paragraph(canvas, *args, **options):
        real = canvas.painter

        class Painter:
            def drawText(self, box, flags, shown):  # noqa: N802 - Qt's name
                used = real.fontMetrics().boundingRect(box.toRect(), flags, shown)
                out.append(Said(_device(real), shown, shown, _mapped(real, QRectF(used))))
                real.drawText(box, flags, shown)

            def __getattr__(self, name):
                return getattr(real, name)

        canvas.painter = Painter()
        try:
            return block(canvas, *args, **options)
        finally:
            canvas.painter = real

    paint.Canvas.text, paint.Canvas.paragraph = text, paragraph
    try:
        yield out
    finally:
        paint.Canvas.text, paint.Canvas.paragraph = line, block


def _device(painter) -> QWidget | None:
    device = painter.device()
    return device if isinstance(device, QWidget) else None


def _mapped(painter, box: QRectF) -> QRectF:
    return painter.worldTransform().mapRect(box)


def misfits(page: QWidget, *, hints: bool = False) -> list[str]:
    """Return what of a page's words is cut, hidden under something, or larger than its widget.

    With `hints` a text may be cut where all of it stands in a tool tip; in the cells of a table it always may.
    """
    with recorded() as said:
        page.grab()
    found = [*_painted(said, hints), *_fields(page, hints)]
    return sorted(set(found))


def _where(widget: QWidget) -> str:
    return type(widget).__name__


def _painted(said: list[Said], hints: bool) -> list[str]:
    out: list[str] = []
    by_widget: dict[QWidget, list[Said]] = {}
    for one in said:
        if one.widget is not None and one.shown:
            by_widget.setdefault(one.widget, []).append(one)
    for widget, texts in by_widget.items():
        hinted = (widget.toolTip(),) if hints else ()
        for one in texts:
            if one.shown != one.text and not any(one.text in hint for hint in hinted):
                out.append(f"{_where(widget)} cuts {one.text!r} to {one.shown!r}")
            room = QRectF(widget.rect()).adjusted(-1, -1, 1, 1)
            if not room.contains(one.box):
                out.append(f"{_where(widget)} paints {one.shown!r} beyond its edge")
            inside = widget.findChildren(Button, options=Qt.FindChildOption.FindDirectChildrenOnly)
            over = [b for b in inside if b.isVisible() and _over(one.box, QRectF(b.geometry()))]
            out += [f"{_where(widget)} paints {one.shown!r} under {b.text()!r}" for b in over]
        for k, one in enumerate(texts):
            covered = [t for t in texts[k + 1 :] if t.shown != one.shown and _over(one.box, t.box)]
            out += [f"{_where(widget)} paints {one.shown!r} over {t.shown!r}" for t in covered]
    return out


def _over(a: QRectF, b: QRectF) -> bool:
    both = a.intersected(b)
    return both.width() > OVER_PX and both.height() > OVER_PX


def _fields(page: QWidget, hints: bool) -> list[str]:
    out: list[str] = []
    for label in page.findChildren(QLabel):
        if label.isVisible() and label.text():
            high = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            wide = 0 if label.wordWrap() else label.sizeHint().width()
            if wide > label.width() + 1 or high > label.height() + 1:
                out.append(f"label too small for {label.text()!r}")
    for button in page.findChildren(QAbstractButton):
        if not button.isVisible() or not button.text() or button.objectName().startswith("qt_"):
            continue
        hint = button.sizeHint()
        if isinstance(button, Button) or button.metaObject().className() in {
            "QPushButton", "QCheckBox", "QRadioButton",
        }:  # fmt: skip
            if hint.width() > button.width() + 1 or hint.height() > button.height() + 1:
                out.append(f"button too small for {button.text()!r}: {hint.width()} > {button.width()}")
            parent = button.parentWidget()
            if parent is not None and not parent.rect().adjusted(-1, -1, 1, 1).contains(button.geometry()):
                out.append(f"button {button.text()!r} reaches beyond {_where(parent)}")
    for table in page.findChildren(QTableView):
        if table.isVisible():
            out += _table(table, hints)
    seen = [b for b in page.findChildren(Button) if b.isVisible() and not b.visibleRegion().isEmpty()]
    boxes = [QRectF(b.visibleRegion().boundingRect().translated(b.mapTo(page, QPoint(0, 0)))) for b in seen]
    for k, box in enumerate(boxes):
        out += [f"button {seen[k].text()!r} lies over {seen[j].text()!r}" for j in range(k) if _over(box, boxes[j])]
    return out


def _table(table: QTableView, hints: bool) -> list[str]:
    out: list[str] = []
    model, header = table.model(), table.horizontalHeader()
    scrolls = table.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    for column in range(model.columnCount()):
        if table.isColumnHidden(column):
            continue
        words = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        wide = header.sectionSizeFromContents(column).width()
        hint = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        if wide > header.sectionSize(column) + 1 and not (hints and hint):
            out.append(f"head {words!r} needs {wide} of {header.sectionSize(column)}")
        for row in range(min(model.rowCount(), 12)):
            index = model.index(row, column)
            wide, room = table.sizeHintForIndex(index).width(), header.sectionSize(column)
            if wide > room + 1 and not index.data(Qt.ItemDataRole.ToolTipRole):
                out.append(f"cell {index.data()!r} needs {wide} of {room}")
    if header.length() > table.viewport().width() + 1 and not scrolls:
        out.append(f"table {table.accessibleName()!r} is wider than it is shown")
    return out
