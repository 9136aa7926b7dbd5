"""Tab in the order in which a page is read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_through(around: QWidget, widgets: Sequence[QWidget]) -> None:
    """Let Tab reach widgets one after the other, right after what comes before the widget around them.

    In the order in which they are made they would come after everything that was made before.
    """
    policy = around.focusPolicy()
    around.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # nothing is put behind a widget without focus
    for before, widget in pairwise([around, *widgets]):
        QWidget.setTabOrder(before, widget)
    around.setFocusPolicy(policy)
