"""Write a report as `.pdf` (one A4 page, fonts embedded, text selectable), `.html` (one file), `.txt`, or a picture."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from gui.paint import Canvas
from gui.reports.html import to_html
from gui.reports.page import PAGE, paint_client, paint_record
from gui.reports.paragraph import paragraph_of
from gui.reports.shown import Report
from gui.theme import LIGHT
from imu.errors import StoreError

SUFFIXES: Final = (".pdf", ".html", ".txt")
_DPI: Final = 1200
_DESIGN_DPI: Final = 150.0


def write_report(report: Report, path: Path, family: str) -> None:
    """Write a report to a file; an existing one is replaced. A QGuiApplication must exist.

    Parameters
    ----------
    report : Report
    path : Path
        Ends in `.pdf`, `.html`, or `.txt` (the paragraph for the patient record).
    family : str
        Font family, as of `gui.theme.load_fonts`.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    data = _bytes(report, path.suffix.lower(), family)
    existed = path.exists()
    try:
        path.write_bytes(data)
    except OSError as error:
        if not existed:
            with suppress(OSError):
                path.unlink(missing_ok=True)  # half a report is none
        raise StoreError(
            f"{path} cannot be written ({error.strerror}).",
            hint="Close it where it is open, or choose another name or folder.",
        ) from None


def _bytes(report: Report, suffix: str, family: str) -> bytes:
    if suffix == ".html":
        return to_html(report, family).encode()
    return f"{paragraph_of(report)}\n".encode() if suffix == ".txt" else to_pdf(report, family)


def to_pdf(report: Report, family: str) -> bytes:
    """Return the page as PDF."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0.0, 0.0, 0.0, 0.0), QPageLayout.Unit.Millimeter)
    writer.setTitle(f"{report.title} {report.client} {report.date}")
    writer.setCreator("stride-impact")
    painter = QPainter(writer)
    _paint(Canvas(painter, _DPI / _DESIGN_DPI, LIGHT, family), report)
    painter.end()
    return bytes(buffer.data().data())


def to_image(report: Report, family: str, scale: float = 1.0) -> QImage:
    """Return a picture of the page, `scale` pixels per design unit."""
    image = QImage(round(PAGE[0] * scale), round(PAGE[1] * scale), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    _paint(Canvas(painter, scale, LIGHT, family), report)
    painter.end()
    return image


def _paint(canvas: Canvas, report: Report) -> None:
    if report.copy == "client":
        paint_client(canvas, report)
    else:
        paint_record(canvas, report)
