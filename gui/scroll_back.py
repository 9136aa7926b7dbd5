"""The paused near view: a stretch of the past held still, while the run and its recording go on. No Qt."""

from __future__ import annotations

from typing import Final

from gui.i18n import Texts
from gui.live_state import LiveState
from gui.numbers import clock
from gui.plot_words import past_plot
from gui.shown import BackShown, Chip, PlotShown
from imu.constants import HISTORY_S
from imu.types import LinkState, Snapshot

VIEW_SECONDS: Final = 5.0
"""Width of the trace."""
_OVER = {LinkState.FINISHED, LinkState.FAILED}


class ScrollBack:
    """Where the near view stands.

    Attributes
    ----------
    at_s : float or None
        Time of its right edge on the recording's clock; None = it follows the run.
    """

    def __init__(self) -> None:
        self.at_s: float | None = None
        self.held: Snapshot | None = None
        self._plot_key: tuple[object, ...] = ()
        self._plot: PlotShown | None = None

    @property
    def paused(self) -> bool:
        """Whether the view stands still."""
        return self.at_s is not None

    def go(self, at_s: float, snapshot: Snapshot) -> None:
        """Stand still at a time, as near to it as the signal at hand allows.

        Parameters
        ----------
        at_s : float
        snapshot : Snapshot
            All signal at hand; an empty one leaves the view where it is.
        """
        if len(snapshot.t_s) < 2:
            return
        oldest, newest = float(snapshot.t_s[0]), float(snapshot.t_s[-1])
        self.held = snapshot
        self.at_s = max(min(at_s, newest), min(oldest + VIEW_SECONDS, newest))

    def follow(self) -> None:
        """Follow the run again."""
        self.at_s = self.held = None

    # -- in words ----------------------------------------------------------------------------------------------------

    def chip(self, texts: Texts) -> Chip | None:
        """Return the word for a view that stands still."""
        return Chip(texts("back.paused"), "info") if self.paused else None

    def shown(self, state: LiveState, texts: Texts) -> BackShown:
        """Say where the view is; the stretch is made anew only when it changes."""
        reach = max(min(state.status.elapsed_s, HISTORY_S) - VIEW_SECONDS, 0.0)
        if self.at_s is None or self.held is None:
            return BackShown(reach_s=reach)
        key = (self.at_s, id(self.held), state.n_steps, len(state.marks), state.line_g, texts.language)
        if key != self._plot_key:
            self._plot_key = key
            self._plot = past_plot(state, texts, self.held, self.at_s, VIEW_SECONDS)
        ago = max(state.newest_s - self.at_s, 0.0)
        words = [texts("back.paused"), texts("back.ago", time=clock(ago))]
        if state.status.state not in _OVER:
            words.append(texts("back.goes_on"))
        return BackShown(" · ".join(words), reach, ago, self._plot)
