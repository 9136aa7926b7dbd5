"""The first start: what is compiled apart, and when it is believed to be complete."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading

import numpy as np
import pytest

from imu.acquisition import decode_join
from imu.acquisition.decode import make_decoder
from imu.acquisition.profiles import get_profile
from imu.api import warm
from imu.cli.machine import say_first_start
from imu.kernels import _compiling, _jit, belief, engine, join, level
from imu.settings import Settings
from imu.types import Place

pytestmark = pytest.mark.skipif(not _jit.COMPILES, reason="the compiler is off")


@pytest.fixture
def started(monkeypatch, tmp_path):
    """An empty cache, and processes that end at once with the code asked for."""
    monkeypatch.setenv("STRIDE_KERNEL_CACHE", str(tmp_path))
    parts: list[str] = []
    code = {"code": 0}

    def start(what):
        parts.append(what)
        return subprocess.Popen([sys.executable, "-S", "-c", f"raise SystemExit({code['code']})"])

    monkeypatch.setattr(warm, "_start", start)
    monkeypatch.setattr(warm, "_done", set())
    return parts, code


@pytest.mark.parametrize(
    ("place", "same", "halves"),
    [(Place.SACRUM, Place.HIP, ["detectors", "steps", "decoder"]), (Place.SHANK, Place.FOOT, ["limb", "ends"])],
)
def test_each_kind_of_place_is_compiled_once(started, place, same, halves):
    parts, _ = started
    for again in (place, place, same):
        warm.compile_once(again)
    assert sorted(parts) == sorted(halves)


def test_a_first_start_is_said_until_all_that_the_place_needs_is_there(started, capsys):
    (_jit.cache_folder() / "decoder.nbi").touch()  # some kernels are not all
    said = []
    for place in (Place.HIP, Place.FOOT):
        say_first_start({place})
        said.append("First start" in capsys.readouterr().err)
        warm.compile_once(place)
        say_first_start({place})
        said.append("First start" in capsys.readouterr().err)
    assert said == [True, False, True, False]


def test_what_failed_is_tried_again(started):
    parts, code = started
    code["code"] = 1
    warm.compile_once(Place.SACRUM)
    code["code"] = 0
    warm.compile_once(Place.SACRUM)
    warm.compile_once(Place.SACRUM)
    assert sorted(parts) == ["decoder", "detectors", "detectors", "steps", "steps"]  # the last one is for later


def test_what_is_compiled_ahead_is_waited_for(started, monkeypatch):
    parts, _ = started
    go, wait_for = threading.Event(), warm._wait_for

    def waiting(process):
        assert go.wait(10.0)
        return wait_for(process)

    monkeypatch.setattr(warm, "_wait_for", waiting)
    warm.compile_ahead(Place.SACRUM)
    while not warm._compiling.locked():
        pass
    session = threading.Thread(target=warm.compile_once, args=(Place.HIP,))
    session.start()
    go.set()
    session.join(10.0)
    assert warm.is_compiled(Place.HIP)
    assert sorted(parts) == ["decoder", "detectors", "steps"]
    warm.compile_ahead(Place.SACRUM)  # nothing to do
    assert len(parts) == 3


def test_a_cache_that_cannot_be_written_is_not_filled_twice(started, monkeypatch):
    parts, _ = started
    monkeypatch.setattr(warm, "_note_complete", lambda place: None)
    warm.compile_once(Place.SACRUM)
    warm.compile_once(Place.SACRUM)
    assert len(parts) == 3


def test_a_session_is_ready_even_if_nothing_can_be_started(started):
    parts, code = started
    code["code"] = 1
    warm.warm_up(Settings())
    warm.compile_once(Settings().place)
    assert len(parts) == 2


@pytest.mark.parametrize("what", ["detectors", "steps", "decoder", "limb", "ends"])
def test_a_part_can_be_compiled_by_itself(monkeypatch, what):
    monkeypatch.setattr(warm.gc, "disable", lambda: None)
    warm._main(what)


def test_a_kernel_for_other_kernels_says_so_when_it_is_called_from_python():
    with pytest.raises(TypeError, match="other kernels"):
        engine._source(0)


def test_what_few_sensors_need_is_not_compiled_before_one_is_opened(monkeypatch):
    asked = []
    monkeypatch.setattr(decode_join, "entry", lambda kernel, *_: asked.append(kernel) or kernel)
    warm._compile_decoders()
    assert asked == []
    make_decoder(get_profile("movesense"), {"sensors": 33})
    assert asked == [join.take_half]


FLOATS, SCALAR = np.zeros(20), 1.0
TABLE = np.zeros((9, 9))


@pytest.mark.parametrize(
    ("kernel", "like"),
    [
        (level.level, (TABLE, FLOATS, FLOATS, TABLE, 0, SCALAR)),
        (belief.take_votes, (np.zeros((2, 4, 4)), TABLE, FLOATS, 1, FLOATS, FLOATS)),
    ],
)
def test_a_process_that_only_compiles_makes_the_same_code(kernel, like):
    def code() -> str:
        anew = _jit._Kernel(kernel.py_func, targetoptions=dict(_jit._RULES))
        _jit.entry(anew, *like)
        (made,) = anew.overloads.values()
        # Each compilation has a number, and some texts with it are as long as it is.
        return re.sub(r"B\d+v\d+|\d+ x i8", "", made.library.get_llvm_str())

    usual = [code(), code()]
    before = dict(_compiling._PLAIN)
    with _compiling.compiling_only():
        assert [code(), code()] == usual
        assert all(getattr(_compiling._OWNERS[name], name) != old for name, old in before.items())
    assert all(getattr(_compiling._OWNERS[name], name) == old for name, old in before.items())


def test_a_numba_without_those_methods_compiles_as_it_is(monkeypatch):
    monkeypatch.setitem(sys.modules, "imu.kernels._compiling", None)
    with warm._quicker_numba():
        pass


def test_the_cache_in_use_is_the_last_to_go(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIDE_KERNEL_CACHE", str(tmp_path))
    used = _jit.cache_folder()
    for age in range(1, 20):
        other = tmp_path / f"of another version {age}"
        other.mkdir()
        os.utime(other, (1e9 + age, 1e9 + age))
    os.utime(used, (1e9, 1e9))  # nothing has been compiled for long
    assert _jit.cache_folder() == used
    left = {folder.name for folder in tmp_path.iterdir()}
    assert used.name in left
    assert len(left) == _jit._KEEP_CACHES
    assert "of another version 19" in left
