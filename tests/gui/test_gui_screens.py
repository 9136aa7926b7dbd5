"""The pictures of docs/screens: every page and state is among them, in every look, and none is left over."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

import gui
from gui.preferences import MemoryPreferences
from gui.views.wizard import STEPS

ROOT = Path(gui.__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

screen_names = importlib.import_module("screen_names")
screen_png = importlib.import_module("screen_png")
screen_states = importlib.import_module("screen_states")

PAGE_BASES = {"GrowingPage", "ReviewPage", "QDialog", "TopWidget", "ConfirmDialog"}
SEEN_IN = {
    "StartPage": ("start",),
    "Wizard": ("wizard_client", "wizard_sensor", "wizard_stand"),
    "NearView": ("near_steps", "near_spectrum", "near_pelvis", "near_pair"),
    "Window": ("far",),
    "LibraryPage": ("library", "recorded_library"),
    "SessionPage": ("session", "session_steps", "recorded_session"),
    "ComparePage": ("compare", "recorded_compare"),
    "TrendPage": ("trend", "recorded_trend"),
    "HelpDialog": ("help",),
    "PainDialog": ("dialog_pain",),
    "ReportDialog": ("dialog_report",),
    "ImportDialog": ("dialog_import",),
    "EraseDialog": ("dialog_erase",),
}
NO_PICTURE = {
    "GrowingPage": "the ground of pages",
    "ReviewPage": "the ground of two pages",
    "SpeedDialog": "one field, as the dialog of the pain score",
    "NoteDialog": "one field, as the dialog of the pain score",
    "MarkDialog": "one field",
    "ConfirmDialog": "a sentence and two buttons, as the dialog that erases a client",
    "ClientDialog": "fields of the wizard's first page",
    "DataDialog": "a plain table",
    "SensorDialog": "the list of the wizard's second page",
    "SecondDialog": "the list of the wizard's second page",
}
STATES = (
    "no adapter", "sensor asleep", "wrong sensor", "50 Hz", "no gyroscope", "loss > 2 %", "reconnecting",
    "belt stopped", "walking", "too few steps", "side uncertain", "speed missing", "clipping", "battery < 15 %",
    "disk full", "recovered", "two sensors out of step", "old version",
)  # fmt: skip


def page_classes() -> set[str]:
    """Pages and dialogs of the dashboard."""
    out = set()
    for path in sorted((ROOT / "gui" / "views").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & PAGE_BASES:
                out.add(node.name)
    return out


def test_every_page_is_among_the_pictures(live) -> None:
    assert page_classes() - set(NO_PICTURE) == set(SEEN_IN)
    named = {name for names in SEEN_IN.values() for name in names} | {"runner", "states"}
    assert named == screen_names.KNOWN
    assert {f"near_{name}" for name in live().window.near.middle.cards} == set(SEEN_IN["NearView"])
    assert len(STEPS) == len(SEEN_IN["Wizard"])


def test_every_state_is_among_the_pictures() -> None:
    shown = [name for name, _ in screen_states.STATES] + list(screen_states.ELSEWHERE)
    assert set(STATES) <= set(shown)
    assert len(set(shown)) == len(shown)


def test_every_picture_is_there_in_every_look_and_none_is_left_over() -> None:
    assert len(screen_names.LOOKS) == 4
    there = {path.name for path in (ROOT / "docs" / "screens").glob("*.png")}
    assert there == screen_names.all_files()


def test_a_page_nobody_knows_gets_no_picture() -> None:
    with pytest.raises(ValueError, match="not among the names"):
        screen_names.file_name("nothing", "light", "en")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_small_picture_looks_like_the_page(live, tmp_path: Path, theme: str) -> None:
    app = live(theme_name=theme, language="nl", preferences=MemoryPreferences(line_g="2.60"), size=(1280, 720))
    app.open().run(20.0, step=2.0)
    image = app.window.grab().toImage()
    path = tmp_path / "far.png"
    screen_png.save_png(image, path)
    full = tmp_path / "full.png"
    image.save(str(full))
    small = QImage(str(path))
    assert small.colorCount() <= 256
    assert path.stat().st_size < 0.75 * full.stat().st_size
    a, b = (as_array(one) for one in (image, small))
    assert a.shape == b.shape
    off = np.abs(a - b)
    assert off.mean() < 1.0
    assert np.quantile(off, 0.999) < 40.0


def as_array(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine() // 4, 4)
    return rows[:, : plain.width(), :3].astype(np.float64)
