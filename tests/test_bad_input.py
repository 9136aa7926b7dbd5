"""Bad recordings get one sentence that says what is wrong and what to do, never a traceback."""

from __future__ import annotations

import contextlib
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu.errors import RecordingError
from imu.exchange.check import check_recording
from imu.exchange.npz import read_npz
from tests.make_npz import G, running, write


def read_and_check(path: Path) -> None:
    check_recording(read_npz(path))


def _truncated(path: Path) -> None:
    write(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def _cut_inside(path: Path) -> None:
    """The archive's list is whole, an array in it is not."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acc.npy", b"\x93NUMPY\x01\x00")
        archive.writestr("t.npy", b"")


def _bare(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, running())


def _objects(path: Path) -> None:
    write(path, acc=running(), t=np.array([{"a": 1}] * 1200, dtype=object))


def _linear(acc: np.ndarray) -> np.ndarray:
    return acc - [G, 0.0, 0.0]


def _frozen() -> np.ndarray:
    acc = running()
    acc[40:] = acc[40]
    return acc


NAN = np.where(np.random.default_rng(2).random((1200, 1)) < 0.4, np.nan, 1.0)

BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda p: None, "no file"),
    "a folder": (lambda p: p.mkdir(), "folder"),
    "zero bytes": (lambda p: p.write_bytes(b""), "empty"),
    "text": (lambda p: p.write_text("time,x,y,z\n0,1,2,3\n"), "not an NPZ"),
    "a pickle": (lambda p: p.write_bytes(pickle.dumps({"acc": [1, 2]})), "not an NPZ"),
    "one bare array": (_bare, "bare NumPy array"),
    "truncated": (_truncated, "damaged or cut off"),
    "cut inside": (_cut_inside, "damaged or cut off"),
    "Python objects": (_objects, "Python objects"),
    "no acc": (lambda p: write(p, acc=running(), **{"acceleration": running()}) and _drop(p, "acc"), "no array 'acc'"),
    "no t": (lambda p: write(p, t=None), "no time stamps"),
    "columns first": (lambda p: write(p, acc=running().T, t=np.arange(1200) / 100), "Transpose"),
    "one axis": (lambda p: write(p, acc=running()[:, 0], t=np.arange(1200) / 100), "shape"),
    "text values": (lambda p: write(p, acc=np.full((9, 3), "x"), t=np.arange(9) / 100), "not numbers"),
    "no samples": (lambda p: write(p, acc=np.zeros((0, 3))), "no samples"),
    "t too short": (lambda p: write(p, t=np.arange(1000) / 100), "one per sample"),
    "t stands": (lambda p: write(p, t=np.zeros(1200)), "do not advance"),
    "t in ms": (lambda p: write(p, t=np.arange(1200) * 10.0), "milliseconds"),
    "all NaN": (lambda p: write(p, acc=np.full((1200, 3), np.nan)), "NaN"),
    "NaN-ridden": (lambda p: write(p, acc=running() * NAN), "NaN"),
    "constant": (lambda p: write(p, acc=np.tile([0.0, G, 0.0], (1200, 1))), "constant"),
    "all zero": (lambda p: write(p, acc=np.zeros((1200, 3))), "constant"),
    "frozen": (lambda p: write(p, acc=_frozen()), "repeats the same reading"),
    "without gravity": (lambda p: write(p, acc=_linear(running())), "no gravity"),
    "standing without gravity": (
        lambda p: write(p, acc=np.random.default_rng(3).normal(0.0, 0.05, (1200, 3))),
        "no gravity",
    ),
    "in g": (lambda p: write(p, acc=running() / G), "seems to be in g"),
    "standing, in g": (lambda p: write(p, acc=running(stand_s=12.0) / G), "seems to be in g"),
    "in milli-g": (lambda p: write(p, acc=running() / G * 1000.0), "milli-g"),
    "raw counts": (lambda p: write(p, acc=(running() / G * 2048.0).astype(np.int16)), "raw counts"),
    "too slow": (lambda p: write(p, acc=running(60.0, 20.0), rate=20.0), "too slow"),
    "40 Hz": (lambda p: write(p, acc=running(60.0, 40.0), rate=40.0), "too slow"),
    "too short": (lambda p: write(p, acc=running(1.0)), "less than two steps"),
    "mostly lost": (lambda p: write(p, t=_bursts()), "misses"),
}


def _bursts() -> np.ndarray:
    """Stamps of 0.4 s of samples out of each second."""
    return np.repeat(np.arange(30), 40) + 0.01 * np.tile(np.arange(40), 30)


def _drop(path: Path, name: str) -> None:
    with np.load(path) as archive:
        kept = {k: archive[k] for k in archive.files if k != name}
    np.savez(path, **kept)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_recording_gets_its_sentence(tmp_path: Path, name: str) -> None:
    make, words = BAD[name]
    path = tmp_path / "bad.npz"
    make(path)
    with pytest.raises(RecordingError) as caught:
        read_and_check(path)
    assert words in str(caught.value)
    assert caught.value.hint, "it must say what to do"
    assert caught.value.hint.endswith((".", "?"))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


GOOD = {
    "running": running(),
    "standing": running(stand_s=12.0),
    "upside down": running() * [-1.0, 1.0, -1.0],
    "vertical clipped at zero and filtered, mean 1.2 g": np.clip(running(), 0.0, None) * 1.2,
    "few NaN": np.where(np.arange(1200)[:, None] % 50 == 7, np.nan, running()),
    "frozen at rest for a third": np.concatenate([np.tile(running()[0], (600, 1)), running()]),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_usable_recording_is_not_refused(tmp_path: Path, name: str) -> None:
    read_and_check(write(tmp_path / "good.npz", GOOD[name]))


def test_a_sensor_that_turned_over_halfway_is_not_called_gravity_free(tmp_path: Path) -> None:
    acc = running(60.0)
    acc[3000:] *= [-1.0, 1.0, -1.0]
    read_and_check(write(tmp_path / "good.npz", acc))


def test_a_lost_header_is_a_warning_not_an_error(tmp_path: Path) -> None:
    recording = read_npz(write(tmp_path / "a.npz", meta="{not json"))
    assert any("header" in w for w in recording.warnings)


@given(cut=st.integers(0, 6000), flips=st.lists(st.tuples(st.integers(0, 5999), st.integers(1, 255)), max_size=3))
@settings(max_examples=150, deadline=None)
def test_cut_and_flipped_files_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flips: list[tuple[int, int]]
) -> None:
    path = tmp_path_factory.mktemp("npz") / "a.npz"
    np.savez_compressed(path, t=np.arange(300) / 100.0, acc=running(3.0), meta=np.array("{}"))
    data = bytearray(path.read_bytes())
    for at, mask in flips:
        if at < len(data):
            data[at] ^= mask
    path.write_bytes(bytes(data[:cut] if cut < len(data) else data))
    with contextlib.suppress(RecordingError):  # a sentence is all that may come out
        read_and_check(path)
