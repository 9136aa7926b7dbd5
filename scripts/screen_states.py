"""One sheet with every state of the run that must be designed: what the window says, and what it greys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from screen_frame import FOLDER, library_of, open_held, settle, settle_session, window_at
from screen_held import Held, run
from screen_names import LOOKS, file_name
from screen_png import save_png

from gui.paint import font
from imu.api import Session
from imu.settings import Settings
from imu.types import ActivityKind, ClockReport, LinkState, Place, Quality, Side, Step, Worn

_SIZE = (1280, 720)
_SHARE = 0.5
_COLUMNS = 3
_HEAD = 34


def _without_side(step: Step) -> Step:
    return replace(step, side=Side.UNKNOWN, side_confidence=0.0)


def _clipped(step: Step) -> Step:
    return replace(step, quality=step.quality | Quality.SATURATED)


FAILED = LinkState.FAILED
STATES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("no adapter", {"state": FAILED, "code": "device.no_adapter", "detail": "This computer has no Bluetooth adapter."}),
    ("sensor asleep", {"state": FAILED, "code": "device.not_found", "detail": "The sensor does not answer: wake it."}),
    ("wrong sensor", {"state": FAILED, "code": "device.wrong", "detail": "This is not the sensor it should be."}),
    ("50 Hz", {"nominal_rate_hz": 50.0}),
    ("no gyroscope", {"gyroscope": False}),
    ("loss > 2 %", {"run": {"loss_pct": 6.0}}),
    ("reconnecting", {"state": LinkState.RECONNECTING, "stale_s": 3.1}),
    ("belt stopped", {"activity": ActivityKind.STANDING, "speed_mps": 0.0}),
    ("walking", {"activity": ActivityKind.WALKING}),
    ("too few steps", {"run": {}, "seconds": 14.0}),
    ("side uncertain", {"change": _without_side}),
    ("speed missing", {"speed_mps": None}),
    ("clipping", {"change": _clipped, "clipped": 12}),
    ("battery < 15 %", {"battery_pct": 9.0}),
    ("disk full", {"state": FAILED, "code": "store.full", "detail": "The disk is full: the recording has ended."}),
    ("rate off", {"clock": ClockReport(208.0, 104.2, 0.1)}),
    ("upside down", {"worn": Worn(("worn_upside_down",))}),
    ("no data", {"state": LinkState.STALLED, "stale_s": 2.4}),
)
"""Name and what makes it, in the far view; the states below are on other pages."""
ELSEWHERE: tuple[str, ...] = ("recovered", "two sensors out of step", "old version")
_OLD = "2020.1"


def take_states(app: QApplication, path: Path) -> None:
    """Write one sheet for each look; sessions are in the library at `path`."""
    usual = run(42.0)
    runs = {name: run(facts.get("seconds", 42.0), **facts["run"]) for name, facts in STATES if "run" in facts}
    for theme, language in LOOKS:
        pictures = []
        window = window_at(theme, language, size=_SIZE)
        for name, facts in STATES:
            told = {key: value for key, value in facts.items() if key not in {"run", "seconds"}}
            open_held(app, window, Held(runs.get(name, usual), **{"battery_pct": 78.0, **told}))
            pictures.append((name, window.grab().toImage()))
        tokens = window.look.tokens
        window.close()
        pictures += zip(ELSEWHERE, _elsewhere(app, path, usual, theme, language), strict=True)
        sheet = _sheet(pictures, tokens.bg, tokens.ink, window.look.family)
        save_png(sheet, FOLDER / file_name("states", theme, language))


def _elsewhere(app: QApplication, path: Path, usual: Session, theme: str, language: str) -> Iterator[QImage]:
    """Take the states of the start page, of two sensors, and of a finished session."""
    copy = path.with_name("states.stride-library")
    copy.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE session SET filter_version = ?", (_OLD,))
    window = window_at(theme, language, size=_SIZE, library=library_of(copy), begin=lambda _plan, _library: None)
    row = window.start.recent.rows[0]
    window.desk.recovered.emit(row)
    if window.start.info is not None:  # where the library lies, and how full the disk is, is this computer's own affair
        shown = Path("~/stride-impact/library.stride-library")
        window.start.info = replace(window.start.info, path=shown, free_bytes=82 * 10**9)
    window.start.update()
    settle(app)
    yield window.grab().toImage()
    open_held(app, window, Held(usual, battery_pct=78.0))
    window.set_view("near")
    window.near.middle.choose("pair")
    shank = Settings(place=Place.SHANK, sensor_side=Side.RIGHT)
    # no contact of the one lies near one of the other
    late = Held(usual, change=lambda step: replace(step, ic_s=step.ic_s + 500.0, side=Side.RIGHT))
    late.settings = shank
    pair = window.commands.second
    pair.open(lambda: late, shank)  # type: ignore[arg-type,return-value]  # a stand-in
    settle_session(app, pair.bridge)
    window.bridge.poll()
    window.refresh()
    settle(app)
    yield window.grab().toImage()
    window.show_session(row.id)
    settle(app)
    yield window.grab().toImage()
    window.close()


def _sheet(pictures: list[tuple[str, QImage]], ground: str, ink: str, family: str) -> QImage:
    width, height = round(_SIZE[0] * _SHARE), round(_SIZE[1] * _SHARE)
    rows = -(-len(pictures) // _COLUMNS)
    sheet = QImage(_COLUMNS * (width + 16) + 16, rows * (height + _HEAD + 12) + 12, QImage.Format.Format_RGB32)
    sheet.fill(QColor(ground))
    painter = QPainter(sheet)
    painter.setFont(font(family, 20, True)[0])
    painter.setPen(QColor(ink))
    for i, (name, picture) in enumerate(pictures):
        row, column = divmod(i, _COLUMNS)
        x, y = 16 + column * (width + 16), 12 + row * (height + _HEAD + 12)
        painter.drawText(QRect(x, y, width, _HEAD), int(Qt.AlignmentFlag.AlignVCenter), name)
        mode = Qt.TransformationMode.SmoothTransformation
        painter.drawImage(x, y + _HEAD, picture.scaledToWidth(width, mode))
    painter.end()
    return sheet
