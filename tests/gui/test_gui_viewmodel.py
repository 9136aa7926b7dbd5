"""From frames to what is shown, without Qt."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from fake_session import RATE, STEP_S, FakeSession, Script

from gui.i18n import Texts
from gui.live_state import WINDOW_STEPS, Frame, find_gaps
from gui.numbers import NOTHING
from gui.shown import LiveShown
from gui.viewmodel import MIN_PER_SIDE, MIN_STEPS, LiveModel
from imu.api import window_summary
from imu.types import LinkState, Place, Side, Snapshot, Status


class Run:
    def __init__(self, script: Script | None = None, language: str = "en", place: Place = Place.SACRUM) -> None:
        self.session = FakeSession(script)
        self.model = LiveModel(Texts(language), place)
        self.seen = 0

    def poll(self) -> LiveShown:
        s = self.session
        steps = s.steps(self.seen)
        self.seen += len(steps)
        self.model.feed(Frame(s.status(), s.snapshot(20.0), steps, s.drain_events()))
        return self.model.view()

    def to(self, seconds: float) -> LiveShown:
        """Let time pass, looking every 0.25 s; what lies more than 5 s before the end is looked at every second."""
        while self.session.now < seconds - 1e-9:
            self.session.advance(1.0 if self.session.now <= seconds - 6.0 else 0.25)
            shown = self.poll()
        return shown


def test_the_view_model_needs_no_qt() -> None:
    code = "import sys, gui.viewmodel; sys.exit(any(m.startswith(('PySide6', 'pyqtgraph')) for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_numbers_are_those_of_the_engine_over_one_window() -> None:
    run = Run()
    shown = run.to(60.0)
    window = run.session.steps()[-WINDOW_STEPS:]
    want = window_summary(window, WINDOW_STEPS)
    assert shown.load.value.value == f"{want['load_peak_g'].value:.2f}"
    assert shown.difference.left.value == f"{want['load_peak_left_g'].value:.2f}"
    assert shown.difference.right.value == f"{want['load_peak_right_g'].value:.2f}"
    assert shown.difference.at_pct == want["load_peak_symmetry_pct"].value
    assert shown.cadence.value.value == f"{want['cadence_spm'].value:.0f}"
    assert shown.contact.value.value == f"{1000 * want['contact_time_s'].value:.0f}"
    assert shown.load.window == "last 100 steps"
    assert shown.difference.window == "last 100 steps"


def test_nothing_is_shown_before_there_is_anything() -> None:
    shown = LiveModel(Texts()).view()
    for value in (shown.load.value, shown.difference.value, shown.cadence.value, shown.contact.value):
        assert value.value == NOTHING
        assert value.interval == ""
        assert not value.firm
    assert shown.load.newest == NOTHING
    assert shown.banner is None
    assert not shown.running
    assert shown.steps == ()


def test_few_steps_are_collected_not_averaged() -> None:
    run = Run()
    shown = run.to(2.0)
    n = len(run.session.steps())
    assert 0 < n < MIN_STEPS
    assert shown.load.value.value == NOTHING
    assert shown.load.value.note == f"collecting… {n} of {MIN_STEPS} steps"
    assert str(MIN_PER_SIDE) in shown.difference.value.note
    assert shown.load.newest != NOTHING


def test_grey_until_the_interval_is_small_per_number() -> None:
    run = Run()
    shown = run.to(10.0)
    numbers = run.model.state.numbers
    assert numbers.difference.half_width > 5.0
    assert not shown.difference.value.firm
    assert shown.difference.value.note.startswith("collecting… ")
    assert shown.difference.value.note.endswith(" of 100 steps")
    assert numbers.cadence_spm.half_width < 0.05 * numbers.cadence_spm.value
    assert shown.cadence.value.firm


def test_dutch_has_a_decimal_comma_and_no_english() -> None:
    english, dutch = Run().to(60.0), Run(language="nl").to(60.0)
    assert dutch.load.value.value == english.load.value.value.replace(".", ",")
    assert dutch.bar.speed == "9,5 km/u"
    assert dutch.load.title == "Belasting bij het bekken"
    assert "," in dutch.steps[0].time


def test_words_under_the_difference_agree_with_the_numbers_shown() -> None:
    for asymmetry in (0.0, 0.05, 0.2):
        for seconds in (15.0, 31.0):
            run = Run(Script(asymmetry=asymmetry))
            shown = run.to(seconds).difference
            value = abs(float(shown.value.value.replace("−", "-")))
            half = float(shown.value.interval.split("\u00a0")[1])
            assert (shown.verdict == "larger than its interval") == (value > half)


def test_the_difference_is_never_shown_as_zero_width() -> None:
    shown = Run(Script(spread=0.0)).to(40.0).difference
    assert float(shown.value.interval.split("\u00a0")[1]) > 0.0


def test_a_gap_is_said_once_and_stays_a_hole() -> None:
    run = Run(Script(gaps=[(12.0, 12.42)]))
    shown = run.to(20.0)
    said = [e for e in shown.events if e.icon == "gap"]
    assert len(said) == 1
    assert said[0].text.startswith("no data 0.4")
    assert said[0].time == "00:12"
    (gap,) = shown.plot.gaps
    assert gap.end_s - gap.start_s == pytest.approx(0.42, abs=2 / RATE)
    inside = (shown.plot.t_s > gap.start_s + 1 / RATE) & (shown.plot.t_s < gap.end_s - 1 / RATE)
    assert np.isnan(shown.plot.raw_g[inside]).all()
    assert any(m.flagged for m in shown.plot.steps)
    shown = run.to(45.0)
    assert shown.plot.gaps == ()
    assert len([e for e in shown.events if e.icon == "gap"]) == 1


def test_old_losses_do_not_warn_for_ever() -> None:
    run = Run(Script(gaps=[(12.0, 15.0)]))
    shown = run.to(20.0)
    assert shown.banner.text == "No data during 3.0 of the last 20 s"
    assert shown.bar.state.text == "data lost"
    shown = run.to(45.0)
    assert shown.banner is None
    assert shown.bar.state.text == "receiving"
    assert "lost 6.7 %" in shown.bar.facts


def test_a_silent_sensor_greys_the_numbers_and_opens_a_gap() -> None:
    run = Run(Script(stall_from=40.0))
    shown = run.to(44.0)
    assert shown.bar.state.text == "no data"
    assert shown.banner.text == "No data for 4.0 s"
    assert not shown.load.value.firm
    assert "s old" in shown.load.value.note
    gap = shown.plot.gaps[-1]
    assert gap.end_s == shown.plot.now_s
    assert gap.end_s - gap.start_s == pytest.approx(3.77, abs=0.05)
    assert shown.live.text == "WAITING"


def test_a_burst_is_not_a_gap() -> None:
    run = Run()
    run.to(10.0)
    status = replace(run.session.status(), stale_s=0.2)
    run.model.feed(Frame(status, run.session.snapshot(20.0), (), ()))
    assert run.model.view().plot.gaps == ()


def test_walking_has_no_running_numbers() -> None:
    run = Run(Script(walking_from=30.0), language="nl")
    shown = run.to(40.0)
    assert shown.banner.text == "Wandelen: geen loopcijfers"
    assert not shown.load.value.firm
    assert shown.steps[0].cells[:2] == (NOTHING, NOTHING)
    assert shown.steps[0].note == "wandelen"
    shown = run.to(100.0)
    assert shown.load.value.value == NOTHING
    assert shown.load.value.note == ""


def test_side_uncertain_shows_no_left_and_right() -> None:
    run = Run(Script(unknown_from=30.0))
    shown = run.to(40.0)
    assert shown.banner.text.startswith("Side uncertain")
    assert shown.difference.value.value == NOTHING
    assert shown.difference.left.value == NOTHING
    assert shown.difference.at_pct is None
    assert shown.load.newest_side is Side.UNKNOWN
    assert shown.load.value.value != NOTHING
    assert [e.text for e in shown.events].count("side uncertain") == 1


def test_clipping_is_said_and_counted() -> None:
    run = Run(Script(clipped_from=20.0))
    shown = run.to(30.0)
    assert shown.banner.text.startswith("Clipped")
    assert shown.bar.clipped == "clipped 30"
    assert sum(int(e.text.split()[1]) for e in shown.events if e.text.startswith("clipped")) == 30
    assert shown.sensor_state.level == "warn"
    assert "of the last" in shown.load.window


def test_failed_and_finished() -> None:
    shown = Run(Script(fail_at=20.0)).to(22.0)
    assert shown.banner.level == "err"
    assert "switched off" in shown.banner.text
    assert not shown.running
    shown = Run(Script(end_at=20.0)).to(22.0)
    assert shown.banner.text == f"Finished · 00:20 · {int((20.0 - 0.6) / STEP_S)} steps"
    assert not shown.running
    assert "s old" not in shown.load.value.note
    assert shown.live.text == "ENDED"


def test_swapping_sides_starts_left_and_right_afresh_and_keeps_the_rest() -> None:
    run = Run()
    before = run.to(60.0)
    run.session.swap_sides()
    run.model.state.swapped()
    shown = run.to(61.0)
    assert shown.difference.value.value == NOTHING
    assert shown.load.value.value != NOTHING
    shown = run.to(110.0)
    assert np.sign(shown.difference.at_pct) == -np.sign(before.difference.at_pct)
    assert "sides swapped from here" in [e.text for e in shown.events]


def test_feedback_line_counts_steps_and_is_one_event_per_drag() -> None:
    run = Run()
    run.to(40.0)
    for value in (2.5, 2.6, 2.7):
        run.model.state.set_line(value)
    shown = run.poll()
    loads = [s.load_peak_g for s in run.session.steps()][-50:]
    assert shown.line.value == str(sum(v <= 2.7 for v in loads))
    assert shown.line.of == "of 50"
    assert [e.text for e in shown.events if e.icon == "line"] == ["feedback line 2.70 g"]
    run.model.state.set_line(None)
    assert run.poll().line.value == NOTHING


def test_steps_under_way_are_drawn_before_they_are_final() -> None:
    run = Run()
    shown = run.to(10.0)
    last_final = run.session.steps()[-1].index
    pending = [m for m in shown.plot.steps if m.step_index > last_final]
    assert pending
    assert np.isfinite(pending[0].load_g)
    numbers = [m.step_index for m in shown.plot.steps]
    assert numbers == sorted(set(numbers))


def test_a_foot_sensor_compares_no_legs() -> None:
    shown = Run(place=Place.FOOT).to(40.0)
    assert shown.load.title == "Load at the sensor"
    assert shown.difference.value.value == NOTHING
    assert shown.difference.value.note == "this sensor sees one leg only"


def test_facts_that_are_unknown_are_left_out() -> None:
    model = LiveModel(Texts())
    model.feed(Frame(Status(LinkState.STREAMING, source="x"), Snapshot(*[np.empty(0)] * 3), (), ()))
    shown = model.view()
    assert shown.bar.facts == ()
    assert shown.bar.speed == "speed not set"
    assert not shown.bar.recording
    assert shown.bar.time_word == "not saved"
    assert [r.value for r in shown.sensor] == [NOTHING, f"{NOTHING} %", "0", NOTHING, NOTHING]


def test_find_gaps_edges() -> None:
    t = np.arange(10.0)

    def at(*missing: int) -> list[tuple[float, float, bool]]:
        y = np.zeros(10)
        y[list(missing)] = np.nan
        return [tuple(g) for g in find_gaps(Snapshot(t, y, y))]

    assert at() == []
    assert at(3, 4) == [(2.0, 5.0, False)]
    assert at(0, 1) == [(0.0, 2.0, True)]
    assert at(2, 9) == [(1.0, 3.0, False), (8.0, 9.0, False)]
    assert find_gaps(Snapshot(t[:1], t[:1], t[:1])) == []


def test_a_gap_longer_than_the_plot_says_at_least() -> None:
    run = Run(Script(gaps=[(5.0, 30.0)]))
    shown = run.to(35.0)
    assert next(e.text for e in shown.events if e.icon == "gap").startswith("no data, more than")
