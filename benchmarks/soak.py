"""Hours of a session at accelerated time: does the window's memory stay flat, and its frame time steady?

QT_QPA_PLATFORM=offscreen python -m benchmarks.soak --hours 2

The real pipeline, pelvis filter, view model and painting; samples are put in by hand, half a second at a time, so that
every frame has new steps. What a thread and a radio add is not in it. Prints a line per ten minutes of the session and
ends with an error when memory grew by more than 20 MB after the first ten minutes, or the frames of the last ten
minutes took half as long again as those of the second ten (time of this thread).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks.hand_fed import HandFed
from benchmarks.memory import now_mb
from gui.app import make_window
from gui.preferences import MemoryPreferences

MOST_GROWTH_MB = 20.0
MOST_SLOWER = 1.5


@dataclass(frozen=True)
class Stretch:
    """One stretch of the session: when it ended, memory then, and the median frame in it."""

    minutes: float
    memory_mb: float
    frame_ms: float
    steps: int


def soak(hours: float, *, frame_s: float = 0.5, stretch_s: float = 600.0, size: tuple[int, int] = (1200, 800)):
    """Run the window for so long; views and cards change with each stretch.

    Parameters
    ----------
    hours : float
        Of session time.
    frame_s : float
        Session time between two frames.
    stretch_s : float
        Session time per line of the result.

    Returns
    -------
    list of Stretch
    """
    app = QApplication.instance() or QApplication(["soak"])
    session = HandFed()
    window = make_window(language="en", theme_name="dark", preferences=MemoryPreferences(), poll_ms=3_600_000)
    window.far.in_turn = window.near.in_turn = True
    window.resize(*size)
    window.show()
    window.open(lambda: session)  # type: ignore[arg-type,return-value]  # a stand-in
    making = window.bridge._making
    assert making is None or making.done.wait(60.0)
    cards = list(window.near.middle.cards)
    out = []
    steps = 0
    for part in range(round(hours * 3600.0 / stretch_s)):
        took = []
        for k in range(round(stretch_s / frame_s)):
            if k % 60 == 0:  # both views and every card have their share of each stretch
                window.set_view("far" if k // 60 % 2 else "near")
                window.near.middle.choose(cards[k // 120 % len(cards)])
            steps += session.advance(frame_s)
            start = time.thread_time()
            window.bridge.poll()
            app.processEvents()
            took.append(1e3 * (time.thread_time() - start))
        out.append(Stretch((part + 1) * stretch_s / 60.0, now_mb(), float(np.median(took)), steps))
        print(
            f"{out[-1].minutes:6.1f} min  {out[-1].memory_mb:7.1f} MB  {out[-1].frame_ms:5.1f} ms  {steps} steps",
            flush=True,
        )
    window.close()
    window.deleteLater()
    return out


def main(argv: list[str] | None = None) -> int:
    """Soak, judge, and return an exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hours", type=float, default=2.0)
    args = parser.parse_args(argv)
    found = soak(args.hours)
    grown = found[-1].memory_mb - found[0].memory_mb
    slower = found[-1].frame_ms / found[min(1, len(found) - 1)].frame_ms
    print(f"memory {grown:+.1f} MB after the first ten minutes, frames x {slower:.2f}")
    return int(grown > MOST_GROWTH_MB or slower > MOST_SLOWER)


if __name__ == "__main__":
    sys.exit(main())
