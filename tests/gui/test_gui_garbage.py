"""Widgets are freed in the window's thread, whoever allocates."""

from __future__ import annotations

import gc
import threading

from gui.garbage import GarbageInThisThread


class Remains:
    """Garbage that only the collector frees, and that tells in which thread."""

    def __init__(self, freed_in: list[str]) -> None:
        self.me = self
        self.freed_in = freed_in

    def __del__(self) -> None:
        self.freed_in.append(threading.current_thread().name)


def allocate() -> None:
    for _ in range(200_000):
        pair: list[object] = []
        pair.append(pair)


def allocate_elsewhere() -> None:
    thread = threading.Thread(target=allocate, name="acquisition")
    thread.start()
    thread.join()


def test_another_thread_would_free_them(qapp):
    gc.enable()
    gc.collect()
    freed: list[str] = []
    Remains(freed)
    allocate_elsewhere()
    gc.disable()
    assert freed == ["acquisition"]


def test_the_windows_thread_frees_them(qapp):
    freed: list[str] = []
    garbage = GarbageInThisThread()
    Remains(freed)
    allocate_elsewhere()
    assert freed == []
    garbage.collect()
    assert freed == [threading.current_thread().name]
    garbage.stop()


def test_a_timer_collects(qapp, qtbot):
    freed: list[str] = []
    garbage = GarbageInThisThread()
    Remains(freed)
    allocate_elsewhere()
    qtbot.waitUntil(lambda: bool(freed), timeout=5000)
    garbage.stop()


def test_stopping_leaves_python_as_it_was(qapp):
    gc.enable()
    garbage = GarbageInThisThread()
    assert not gc.isenabled()
    garbage.stop()
    assert gc.isenabled()
    gc.disable()
    garbage = GarbageInThisThread()
    garbage.stop()
    assert not gc.isenabled()
