"""`stride demo`, `replay` and `verify`: sessions that are written, read back, interrupted and compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from imu.cli import main
from imu.cli.live import parse_speed
from imu.cli.verify import differences
from imu.errors import SettingsError
from imu.types import ActivityKind, Side, Step

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return call


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A headless demo's session file, with its truth beside it."""
    folder = tmp_path_factory.mktemp("demo")
    arguments = ["demo", "--headless", "--seconds", "20", "--seed", "3", "--loss-pct", "1"]
    code = main([*arguments, "--out", str(folder / "a.stride"), "--truth", str(folder / "truth.json")])
    assert code == 0
    return folder / "a.stride"


def test_what_the_demo_writes_analyze_and_replay_read_the_same(run: Run, session: Path) -> None:
    _, out, _ = run("analyze", session, "--json")
    steps = json.loads(out)["steps"]
    assert len(steps) > 20
    code, out, err = run("replay", session, "--speed", "max", "--headless")
    assert (code, err) == (0, "")
    assert f"Summary: {len(steps)} steps" in out


def test_the_demos_truth_is_written_and_the_steps_are_near_it(run: Run, session: Path) -> None:
    truth = json.loads(session.with_name("truth.json").read_text())
    true = np.array([s["ic_s"] for s in truth["steps"] if s["activity"] == "running"])
    assert {s["side"] for s in truth["steps"]} == {"left", "right"}
    _, out, _ = run("analyze", session, "--json")
    found = np.array([s["ic_s"] for s in json.loads(out)["steps"] if s["activity"] == "running"])
    near = np.abs(found[:, None] - true[None, :]).min(axis=1)
    assert np.median(near) < 0.03
    assert len(found) > 0.8 * len(true)


def test_verify_finds_a_session_unchanged(run: Run, session: Path) -> None:
    code, out, _ = run("verify", session)
    assert code == 0
    assert "bit for bit" in out


def test_verify_tells_what_changed() -> None:
    step = Step(0, ActivityKind.RUNNING, Side.LEFT, 1.0, 1.0, load_peak_g=2.0)
    other = Step(0, ActivityKind.RUNNING, Side.LEFT, 1.0, 1.0, load_peak_g=2.1)
    assert differences([step], [step]) == []
    assert differences([step], [other]) == ["step 0: load_peak_g was 2.0, now 2.1"]
    assert differences([step], []) == ["1 steps are stored, 0 come out now"]


def test_a_demo_replaces_an_earlier_demo_but_no_other_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "demo.stride"
    demo = ("demo", "--headless", "--seconds", "2", "--out", target)
    assert run(*demo)[0] == 0
    assert run(*demo)[0] == 0
    target.write_bytes(b"something of mine")
    code, _, err = run(*demo)
    assert code == 2
    assert len(err.splitlines()) == 1
    assert target.read_bytes() == b"something of mine"


@pytest.mark.parametrize("option", ["--truth", "--screenshot", "--out"])
def test_what_a_demo_or_a_replay_writes_has_its_own_ending(
    run: Run, session: Path, tmp_path: Path, option: str
) -> None:
    before = session.read_bytes()
    target = tmp_path / "x.npz" if option == "--out" else session
    code, _, err = run("demo", "--headless", "--seconds", "1", option, target)
    assert code == 2
    assert "This file ends in ." in err
    if option == "--screenshot":
        assert run("replay", session, "--headless", option, target)[0] == 2
    assert session.read_bytes() == before


def test_a_language_or_a_theme_that_there_is_not_is_said(run: Run) -> None:
    for option in ("--language", "--theme"):
        code, _, err = run("demo", "--headless", "--seconds", "1", option, "xx")
        assert code == 2
        assert option in err


def test_the_same_seed_gives_the_same_runner(run: Run) -> None:
    demo = ("demo", "--headless", "--seconds", "14", "--seed", "11")
    assert run(*demo)[1] == run(*demo)[1]


@pytest.mark.parametrize(("text", "factor"), [("1", 1.0), ("4", 4.0), ("0.5", 0.5), ("max", None), ("MAX", None)])
def test_replay_speeds(text: str, factor: float | None) -> None:
    assert parse_speed(text) == factor


@pytest.mark.parametrize("text", ["0", "-1", "fast", "nan", "inf", ""])
def test_replay_speeds_that_make_no_sense(text: str) -> None:
    with pytest.raises(SettingsError):
        parse_speed(text)


def test_without_a_display_the_demo_leaves_a_picture_and_a_session(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.chdir(tmp_path)
    code, out, err = run("demo", "--seconds", "3")
    assert (code, err) == (0, "")
    assert (tmp_path / "stride-demo.stride").is_file()
    assert (tmp_path / "stride-demo.png").read_bytes()[:4] == b"\x89PNG"
    assert str(tmp_path / "stride-demo.png") in out
    assert str(tmp_path / "stride-demo.stride") in out
    assert "contact s" in out


def test_ctrl_c_keeps_the_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from imu import api

    wait = api.Session.wait

    def interrupted(self: api.Session, timeout_s: float | None = None) -> bool:
        if len(self.steps()) > 3:
            raise KeyboardInterrupt
        return wait(self, timeout_s)

    monkeypatch.setattr(api.Session, "wait", interrupted)
    target = tmp_path / "kept.stride"
    code, _, err = run("demo", "--headless", "--seconds", "3000", "--out", target)
    assert code == 0
    assert "Stopped." in err
    monkeypatch.undo()
    assert api.read(target).n_samples > 0
