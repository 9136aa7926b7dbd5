"""The validation table on recordings whose truth and answers the tests write themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imu.cli.text import plain
from imu.errors import RecordingError
from imu.exchange.npz import read_npz
from imu.types import ActivityKind, Analysis, Place, Recording, Side, Step
from imu.validate import evaluate, recordings_below, report, tables_below
from imu.validate.truth import activity_word
from tests.make_npz import contacts, running, write

Answer = Callable[[Recording], tuple[Step, ...]]

SACRUM = {"dataset": "X", "placement": "sacrum", "activity": "running", "subject": "one"}


def stance_truth(ic: np.ndarray, sides: list[str] | None = None) -> dict[str, Any]:
    letters = np.array(sides or ["L", "R"] * len(ic))[: len(ic)]
    return {
        "truth_ic": ic,
        "truth_ic_side": letters,
        "truth_side": letters,
        "truth_stance_ic": ic,
        "truth_to": ic + 0.24,
        "truth_contact_time": np.full(len(ic), 0.24),
        "truth_active_peak_bw": np.linspace(2.2, 2.6, len(ic)),
        "truth_peak_bw": np.linspace(2.3, 2.7, len(ic)),
    }


def answer(shift: float = 0.0, contact: float = 0.25, force: float | None = 2.5, first: Side = Side.LEFT) -> Answer:
    """Steps at the true contacts of `running`, shifted."""

    def steps(recording: Recording) -> tuple[Step, ...]:
        side = first
        out = []
        for k, ic in enumerate(contacts()):
            out.append(
                Step(
                    index=k,
                    activity=ActivityKind.RUNNING,
                    side=side,
                    side_confidence=1.0,
                    ic_s=ic + shift,
                    tc_s=ic + shift + contact,
                    contact_time_s=contact,
                    vgrf_peak_bw=force,
                    ic_latency_s=0.06,
                )
            )
            side = side.other
        return tuple(out)

    return steps


def table(folder: Path, steps: Answer) -> dict[str, Any]:
    def analyze(recording: Recording) -> Analysis:
        return Analysis(steps(recording), (), {}, recording.stream)

    parts = list(evaluate(recordings_below(folder), read_npz, analyze))
    made = report([s for p in parts for s in p.scored], [s for p in parts for s in p.skipped])
    json.dumps(plain(made), allow_nan=False)
    return made


def test_a_constant_shift_shows_as_bias_and_goes_when_it_is_removed(tmp_path: Path) -> None:
    write(tmp_path / "a.npz", meta=SACRUM, **stance_truth(contacts()))
    (row,) = table(tmp_path, answer(0.06))["groups"]
    true = len(contacts())
    in_window = int(((contacts() >= 0.4) & (contacts() <= 11.99 - 0.2)).sum())
    assert row["ic"]["window"]["true"] == in_window < true
    assert row["ic"]["window"]["f1"] == 0.0
    assert row["ic"]["window_bias_removed"]["f1"] == 1.0
    assert row["ic"]["whole"]["true"] == true
    assert row["ic"]["constant_bias_ms"] == pytest.approx(60.0)
    assert row["ic"]["agreement_ms"]["sd"] == pytest.approx(0.0, abs=1e-6)
    assert row["tc"]["agreement_ms"]["bias"] == pytest.approx(70.0)
    assert row["contact_time"]["bias"] == pytest.approx(10.0)
    assert row["contact_time"]["mape_pct"] == pytest.approx(100.0 / 24.0)
    assert row["latency"]["ic_ms"]["median"] == pytest.approx(60.0)
    assert row["latency"]["load_ms"]["n"] == 0
    assert row["cadence"]["mean_error_spm"] == pytest.approx(0.0, abs=1e-6)


def test_force_is_shown_beside_the_runners_mean(tmp_path: Path) -> None:
    write(tmp_path / "a.npz", meta=SACRUM, **stance_truth(contacts()))
    (row,) = table(tmp_path, answer(force=2.5))["groups"]
    force = row["peak_force"]["active_peak"]
    truth = np.linspace(2.2, 2.6, len(contacts()))
    assert force["rmse"] == pytest.approx(np.sqrt(((2.5 - truth) ** 2).mean()))
    assert force["constant_rmse"] == pytest.approx(truth.std())
    assert row["peak_force"]["peak"]["bias"] == pytest.approx(0.0, abs=1e-9)
    (unknown,) = table(tmp_path, answer(force=None))["groups"]
    assert unknown["peak_force"]["active_peak"]["n"] == 0
    assert unknown["peak_force"]["active_peak"]["rmse"] is None


@pytest.mark.parametrize(("first", "accuracy", "swapped"), [(Side.LEFT, 1.0, 0), (Side.RIGHT, 0.0, 1)])
def test_a_swapped_recording_is_counted(tmp_path: Path, first: Side, accuracy: float, swapped: int) -> None:
    write(tmp_path / "a.npz", meta=SACRUM, **stance_truth(contacts()))
    (row,) = table(tmp_path, answer(first=first))["groups"]
    assert row["side"]["accuracy"] == accuracy
    assert row["side"]["swapped_recordings"] == swapped
    assert not row["side"]["best_of_two_labellings"]


def test_unknown_sides_are_neither_right_nor_wrong(tmp_path: Path) -> None:
    write(tmp_path / "a.npz", meta=SACRUM, **stance_truth(contacts()))
    (row,) = table(tmp_path, answer(first=Side.UNKNOWN))["groups"]
    assert row["side"]["accuracy"] is None
    assert row["side"]["unknown_share"] == 1.0


def test_alternation_alone_is_scored_by_the_better_labelling(tmp_path: Path) -> None:
    write(tmp_path / "a.npz", meta=SACRUM, **stance_truth(contacts(), ["A", "B"] * 50))
    for first in (Side.LEFT, Side.RIGHT):
        (row,) = table(tmp_path, answer(first=first))["groups"]
        assert row["side"]["accuracy"] == 1.0
        assert row["side"]["best_of_two_labellings"]


def test_missed_and_extra_steps(tmp_path: Path) -> None:
    write(tmp_path / "a.npz", meta=SACRUM, **stance_truth(contacts()[::2]))
    (row,) = table(tmp_path, answer())["groups"]
    assert row["ic"]["window"]["recall"] == 1.0
    assert row["ic"]["window"]["precision"] == pytest.approx(0.5, abs=0.04)
    assert row["step_count"]["total_error_pct"] == pytest.approx(100.0, abs=10.0)


def test_a_foot_is_scored_against_its_own_contacts_and_not_totalled(tmp_path: Path) -> None:
    acc = running()
    meta = {**SACRUM, "placement": "lower back (main)"}
    write(
        tmp_path / "a.npz",
        acc,
        meta=meta,
        right_acc=acc,
        right_t=np.arange(len(acc)) / 100.0,
        **stance_truth(contacts()),
    )
    made = table(tmp_path, answer())
    back, foot = made["groups"]
    assert (back["place"], back["main"], foot["place"], foot["main"]) == ("sacrum", True, "foot", False)
    assert foot["ic"]["whole"]["true"] == len(contacts()) // 2
    assert foot["contact_time"]["n"] == len(contacts()) // 2
    assert foot["side"] is None
    assert made["total"]["ic"]["whole"]["true"] == len(contacts())


def test_one_bias_per_set_and_the_total_removes_each_sets_own(tmp_path: Path) -> None:
    for name, shift in (("X", 0.06), ("Y", -0.06)):
        write(tmp_path / f"{name}.npz", meta={**SACRUM, "dataset": name}, **stance_truth(contacts() - shift))
    made = table(tmp_path, answer())
    assert [round(g["ic"]["constant_bias_ms"]) for g in made["groups"]] == [60, -60]
    assert made["total"]["ic"]["window"]["f1"] == 0.0
    assert made["total"]["ic"]["window_bias_removed"]["f1"] == 1.0
    assert made["total"]["ic"]["constant_bias_ms"] is None


def test_activities_of_a_set_have_rows_of_their_own(tmp_path: Path) -> None:
    for k, activity in enumerate(("jogging slowly", "walking quickly")):
        write(tmp_path / f"{k}.npz", meta={**SACRUM, "activity": activity}, **stance_truth(contacts()))
    assert [g["activity"] for g in table(tmp_path, answer())["groups"]] == ["all", "running", "walking"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("jogging", "running"),
        ("stand, walk 10 m, turn", "walking"),
        ("outdoor run, some walking", "running"),
        ("", "other"),
    ],
)
def test_activity_words(text: str, word: str) -> None:
    assert activity_word(text) == word


def test_counts_of_bouts_are_marked_as_derived(tmp_path: Path) -> None:
    steps = contacts()
    inside = int(((steps >= 3.0) & (steps <= 9.0)).sum())
    truth = {"truth_bout_t": np.array([[3.0, 9.0]]), "truth_bout_steps": np.array([inside + 1])}
    write(tmp_path / "a.npz", meta={**SACRUM, "placement": "left hip"}, **truth)
    (row,) = table(tmp_path, answer())["groups"]
    assert row["step_count"]["derived"]
    assert (row["step_count"]["true"], row["step_count"]["found"]) == (inside + 1, inside)
    assert row["step_count"]["span_mape_pct"] == pytest.approx(100.0 / (inside + 1))
    assert row["ic"]["whole"]["true"] == 0


def test_bouts_of_the_reference_limit_what_counts(tmp_path: Path) -> None:
    """Steps outside the bouts that a reference saw are not held against the product."""
    ic = contacts()[8:20]
    truth = {
        "truth_ic": ic,
        "truth_ic_side": np.array(["L", "R"] * 6),
        "truth_ic_insole": ic,
        "truth_fc_insole": ic + 0.24,
        "truth_fc_side_insole": np.array(["L", "R"] * 6),
        "truth_walk_bouts_insole": np.array([[ic[0], ic[-1], 100.0, 1.0]]),
    }
    write(tmp_path / "a.npz", meta=SACRUM, **truth)
    (row,) = table(tmp_path, answer())["groups"]
    assert row["ic"]["window"]["f1"] == 1.0
    assert row["contact_time"]["n"] == 12
    assert row["tc"]["whole"]["true"] == 12


def test_a_refused_recording_counts_as_missed(tmp_path: Path) -> None:
    def refuse(recording: Recording) -> tuple[Step, ...]:
        raise RecordingError("It is too slow.", hint="Set it faster.")

    write(tmp_path / "a.npz", meta=SACRUM, **stance_truth(contacts()))
    made = table(tmp_path, refuse)
    assert made["groups"][0]["refused"] == 1
    assert made["groups"][0]["ic"]["window"]["recall"] == 0.0
    assert "too slow" in made["recordings"][0]["refused"]


def test_what_has_no_truth_is_left_out_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path / "plain.npz", meta={**SACRUM, "truth": "none; for tests"})
    write(tmp_path / "wrist.npz", meta={**SACRUM, "placement": "wrist"}, **stance_truth(contacts()))
    write(
        tmp_path / "shank.npz",
        meta={**SACRUM, "placement": "shank (side not published)"},
        **stance_truth(contacts()),
    )
    (tmp_path / "broken.npz").write_bytes(b"PK no")
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "summary.csv").write_text("a,b\n")
    made = table(tmp_path, answer())
    reasons = {Path(s["recording"]).stem: s["reason"] for s in made["skipped"]}
    assert set(reasons) == {"plain", "wrist", "shank", "broken"}
    assert "none" in reasons["plain"]
    assert "where the sensor was worn" in reasons["wrist"]
    assert "side of the leg" in reasons["shank"]
    assert made["groups"] == []
    assert [p.name for p in tables_below(tmp_path)] == ["summary.csv"]


@pytest.mark.needs_data
def test_nothing_of_the_real_references_is_lost(stride_data: Path) -> None:
    from imu.validate.evaluate import _load
    from imu.validate.truth import load_truth

    with_events, with_counts = set(), set()
    for path in recordings_below(stride_data):
        loaded = _load(path)
        assert not isinstance(loaded, str)
        arrays, meta = loaded
        suggested = read_npz(path).suggested
        side = suggested.get("sensor_side", Side.UNKNOWN)
        truth = load_truth(path, arrays, meta, Place(suggested["place"]), side)
        letter = path.parent.name[0]
        if isinstance(truth, str):
            assert len(arrays.get("truth_ic", ())) == 0
            continue
        if truth.counts:
            with_counts.add(letter)
        if len(truth.ic):
            with_events.add(letter)
            own = arrays["truth_ic_side"] == "L" if letter == "H" else np.ones(len(arrays["truth_ic"]), dtype=bool)
            assert np.array_equal(truth.ic, arrays["truth_ic"][own])
            assert len(truth.stance_ic) > 0.5 * len(truth.ic)
            assert ((truth.contact_time_s > 0.1) & (truth.contact_time_s < 1.5)).all(), path
            assert len(truth.tc) > 0.5 * len(truth.ic)
    assert with_events == set("ABFGHJ")
    assert with_counts == set("CDEI")
