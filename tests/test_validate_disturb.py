"""The disturbances of the robustness table do what they say, and only that; the table is written between its marks."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from benchmarks import false_alarms, robustness, sensitivity, sides
from benchmarks.disturb import DISTURBANCES, PACKET, about, any_mounting, lossy, noisy, resampled, tilted
from imu.events.sacral import SacralParams
from imu.types import Recording, SampleBlock, StreamInfo
from tests.make_npz import contacts, running, write

PAGE = Path(__file__).resolve().parent.parent / "docs" / "validation.md"


def recording(n: int = 4000, rate: float = 200.0, hz: float = 3.0) -> Recording:
    """Sines on three axes, one of which is not measured in the second half's place: two blocks with a gap of 40."""
    t = np.arange(n) / rate
    samples = np.stack([9.81 + np.sin(2 * np.pi * hz * t), np.cos(2 * np.pi * hz * t), np.full(n, np.nan)], axis=1)
    half = n // 2
    blocks = (SampleBlock(100, samples[:half]), SampleBlock(100 + half + 40, samples[half + 40 :], 40))
    suggested = {"mounting": "+x+y+z", "axis_hints": {"is": "+x"}, "body_mass_kg": 70.0}
    return Recording(StreamInfo(rate, channels=3, t0_s=5.0), blocks, suggested)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.parametrize("name", DISTURBANCES)
def test_every_disturbance_is_repeatable_and_leaves_a_sound_recording(name: str) -> None:
    made, again = (DISTURBANCES[name](recording(), rng()) for _ in range(2))
    assert all(
        np.array_equal(a.samples, b.samples, equal_nan=True) for a, b in zip(made.blocks, again.blocks, strict=True)
    )
    assert len(made.blocks) >= 2
    for before, after in zip(made.blocks, made.blocks[1:], strict=False):
        assert after.start_index - before.stop_index == after.gap_before > 0
    assert made.suggested["body_mass_kg"] == 70.0
    assert made.duration_s == pytest.approx(recording().duration_s, abs=0.2)


def test_turning_keeps_lengths_and_forgets_the_axes() -> None:
    made = any_mounting(recording(), rng())
    for a, b in zip(made.blocks, recording().blocks, strict=True):
        assert np.linalg.norm(a.acc, axis=1) == pytest.approx(np.sqrt(np.nansum(b.acc**2, axis=1)))
    assert not {"mounting", "axis_hints"} & set(made.suggested)
    rotation = about(np.array([0.0, 0.0, 1.0]), 90.0)
    assert rotation @ np.array([1.0, 0.0, 0.0]) == pytest.approx([0.0, 1.0, 0.0])


@pytest.mark.parametrize("angle", [5.0, 20.0, 180.0])
def test_a_tilt_is_as_large_as_it_says(angle: float) -> None:
    made = tilted(angle)(recording(), rng())
    before, after = (np.nan_to_num(np.concatenate([b.acc for b in r.blocks])).mean(axis=0) for r in (recording(), made))
    cosine = before @ after / (np.linalg.norm(before) * np.linalg.norm(after))
    assert np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))) == pytest.approx(angle, abs=1e-3)
    assert made.suggested["mounting"] == "+x+y+z"


@pytest.mark.parametrize("rate", [100.0, 200.0, 400.0])
def test_resampling_keeps_the_curve_its_time_and_its_gap(rate: float) -> None:
    made = resampled(rate)(recording(), rng())
    assert made.stream.sampling_rate_hz == pytest.approx(rate)
    for block in made.blocks:
        index = np.arange(block.start_index, block.stop_index)
        t = made.stream.t0_s + index / rate - 5.0 - 100 / 200.0
        inner = slice(int(0.1 * rate), -int(0.1 * rate))
        assert block.samples[inner, 0] == pytest.approx(9.81 + np.sin(2 * np.pi * 3.0 * t[inner]), abs=0.02)
        assert np.isnan(block.samples[:, 2]).all()
    assert made.blocks[1].gap_before / rate == pytest.approx(0.2, abs=2.1 / rate)


def test_halving_the_rate_removes_what_it_cannot_carry() -> None:
    made = resampled(100.0)(recording(hz=80.0), rng())
    inner = made.blocks[0].samples[20:-20, 0]
    assert np.std(inner) < 0.02


def test_noise_has_the_size_it_says() -> None:
    made = noisy(0.1)(recording(), rng())
    difference = np.concatenate([a.acc - b.acc for a, b in zip(made.blocks, recording().blocks, strict=True)])
    assert difference[:, :2].std() == pytest.approx(0.980665, rel=0.03)
    assert np.isnan(difference[:, 2]).all()


def test_whole_packets_are_lost_and_nothing_else_changes() -> None:
    made = lossy(0.2)(recording(), rng())
    assert made.n_samples / recording().n_samples == pytest.approx(0.8, abs=0.05)
    assert all((b.start_index - 100) % PACKET == 0 for b in made.blocks if b.start_index < 2100)
    whole = {
        i: row for b in recording().blocks for i, row in zip(range(b.start_index, b.stop_index), b.samples, strict=True)
    }
    for block in made.blocks:
        for k in (0, block.n - 1):
            assert np.array_equal(block.samples[k], whole[block.start_index + k], equal_nan=True)


def test_the_table_has_a_row_for_each_disturbance(tmp_path: Path) -> None:
    ic = contacts()
    meta = {"dataset": "X", "placement": "sacrum", "activity": "running", "acc_axes": ["up", "right", "forward"]}
    write(tmp_path / "a.npz", running(), meta=meta, truth_ic=ic, truth_ic_side=np.array(["A", "B"] * 50)[: len(ic)])
    measured = robustness.measure([tmp_path / "a.npz"], ["as recorded", "noise 0.1 g"])
    assert set(measured) == {"as recorded", "noise 0.1 g"}
    assert measured["as recorded"]["pelvis, running"]["f1"] > 0.9
    assert robustness.tables(measured).count("| noise 0.1 g |") == 1


@pytest.mark.parametrize(
    ("script", "makes", "folder"),
    [
        (robustness, "tables", True),
        (sensitivity, "table", True),
        (sides, "table", False),
        (false_alarms, "table", False),
    ],
)
def test_each_script_writes_between_its_own_marks_of_the_page(
    script: ModuleType, makes: str, folder: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    shipped = PAGE.read_text(encoding="utf-8")
    page.write_text(shipped, encoding="utf-8")
    monkeypatch.setattr(script, makes, lambda _measured: "| new |")
    if folder:
        monkeypatch.setattr(script, "measure", lambda _paths: {})
    script.main([*([str(tmp_path)] if folder else []), "--page", str(page)])
    begin, end = shipped.index(script.BEGIN) + len(script.BEGIN), shipped.index(script.END)
    assert page.read_text(encoding="utf-8") == f"{shipped[:begin]}\n| new |\n{shipped[end:]}"


def test_a_parameter_is_changed_for_the_run_and_only_then(tmp_path: Path) -> None:
    """Half the world's flights are found when the limit says so; afterwards the shipped value holds again."""
    ic = contacts()
    meta = {"dataset": "A_x", "placement": "sacrum", "activity": "running", "acc_axes": ["up", "right", "forward"]}
    write(tmp_path / "a.npz", running(), meta=meta, truth_ic=ic, truth_ic_side=np.array(["A", "B"] * 50)[: len(ic)])
    (tmp_path / "A_x").mkdir()
    (tmp_path / "a.npz").rename(tmp_path / "A_x" / "a.npz")
    paths = sensitivity.running_below(tmp_path)
    assert [p.name for p in paths] == ["a.npz"]
    shipped = sensitivity.score(paths, SacralParams())["A"]
    later = sensitivity.score(paths, SacralParams(ic_bias_s=0.027, ic_bias_pa_s=0.027))["A"]
    assert shipped["ic_bias_ms"] - later["ic_bias_ms"] == pytest.approx(20.0, abs=0.5)
    assert sensitivity.score(paths, SacralParams())["A"] == shipped
    assert tuple(f.name for f in fields(SacralParams)) == sensitivity.NAMES
