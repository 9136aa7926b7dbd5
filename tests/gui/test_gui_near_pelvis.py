"""The pelvis in the near view: its numbers, its curves, and a sentence wherever there are none."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from imu.types import Estimate, PelvisMotion, PelvisState


def motion(strides: int = 42, *, by_side: bool = True) -> PelvisMotion:
    t = np.linspace(0.0, 2.0 * np.pi, 101)
    curve = np.array([9.0 + 2.5 * np.cos(2.0 * t), 4.5 * np.sin(t) - 0.4, 7.0 * np.cos(t)])
    ranges = (Estimate(5.04, 0.31, strides), Estimate(9.0, 0.52, strides), Estimate(14.0, 1.2, strides))
    means = (Estimate(9.1, 0.25, strides), Estimate(-0.4, 0.33, strides))
    return PelvisMotion(strides, by_side, curve, np.full((3, 101), 0.6), ranges, means)


def near(live, state: PelvisState, **options):
    app = live(**options)
    app.session.pelvis_state = state
    app.window.set_view("near")
    app.open().run(5.0, step=1.0)
    app.window.near.middle.choose("pelvis")
    return app


def test_each_angle_has_its_range_its_mean_and_their_intervals(live, qtbot) -> None:
    app = live()
    app.session.pelvis_state = PelvisState("", motion())
    app.window.set_view("near")
    app.open().run(5.0, step=1.0)
    qtbot.keyClick(app.window, Qt.Key.Key_3)
    card = app.window.near.pelvis
    assert card.isVisible()
    tilt, lean, rotation = app.window.shown.pelvis.angles
    assert (tilt.value, tilt.half, tilt.mean) == ("5.0°", "±\u00a00.4", "mean +9.1° ±\u00a00.3")
    assert (lean.value, lean.sign, lean.mean) == ("9.0°", "right down +", "mean \u22120.4° ±\u00a00.4")
    assert (rotation.value, rotation.mean) == ("14.0°", "about its own mean")
    assert "Obliquity range of motion 9.0°" in card.accessibleDescription()
    assert "mean of 42 strides" in card.accessibleDescription()
    before = card.grab().toImage()
    app.session.pelvis_state = PelvisState("", motion(50)._replace(curve_deg=motion().curve_deg * 0.5))
    app.run(1.0)
    assert card.grab().toImage() != before


@pytest.mark.parametrize("theme_name", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("state", "english", "dutch"),
    [
        (PelvisState("not_pelvis"), "sacrum", "heiligbeen"),
        (PelvisState("no_gyroscope"), "no gyroscope", "geen gyroscoop"),
        (PelvisState("no_mounting"), "not known", "niet bekend"),
        (PelvisState("no_filter"), "stride-impact[angles]", "stride-impact[angles]"),
        (PelvisState("", PelvisMotion(3)), "3 of 5 strides", "3 van 5 schreden"),
        (PelvisState("", motion(by_side=False)), "side uncertain", "kant onzeker"),
    ],
)
def test_it_says_why_it_shows_nothing(live, state, english, dutch, language, theme_name) -> None:
    app = near(live, state, language=language, theme_name=theme_name)
    card = app.window.near.pelvis
    assert (english if language == "en" else dutch) in card.accessibleDescription()
    if language == "nl":
        assert "." not in "".join(a.value + a.half for a in card.content.angles)
    assert card.grab().toImage().width() > 0
