"""One sheet with every state of the run that must be designed: what the window says, and what it greys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from screen_frame import FOLDER, LOOKS, open_held, settle, window_at
from screen_held import Held, run

from gui.paint import font
from imu.types import ActivityKind, ClockReport, LinkState, Quality, Side, Step, Worn

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
"""Name and what makes it; recovered, two sensors out of step and an older version are on other pages."""


def take_states(app: QApplication) -> None:
    """Write one sheet for each look."""
    usual = run(42.0)
    runs = {name: run(facts.get("seconds", 42.0), **facts["run"]) for name, facts in STATES if "run" in facts}
    for theme, language in LOOKS:
        pictures = []
        window = window_at(theme, language, size=_SIZE)
        for name, facts in STATES:
            told = {key: value for key, value in facts.items() if key not in {"run", "seconds"}}
            open_held(app, window, Held(runs.get(name, usual), **{"battery_pct": 78.0, **told}))
            pictures.append((name, window.grab().toImage()))
        _sheet(pictures, window.look.tokens.bg, window.look.tokens.ink, window.look.family).save(
            str(FOLDER / f"states_{theme}_{language}.png")
        )
        settle(app)
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
