"""The Qt that is installed does not eat references to None (PySide6 6.12.0 does so on Python 3.11, and then aborts)."""

from __future__ import annotations

import sys

import pytest


def test_setters_leave_the_references_to_none_alone() -> None:
    core = pytest.importorskip("PySide6.QtCore")
    item = core.QObject()
    item.setObjectName("warm")
    before = sys.getrefcount(None)
    for _ in range(2000):
        item.setObjectName("name")
        item.setProperty("x", 1.0)
    assert abs(sys.getrefcount(None) - before) < 500  # immortal (constant) from Python 3.12 on
