"""What sounds during a run: a tone for each step above the line, a metronome at the cadence target. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from gui.live_state import LiveState
from gui.sound.mixer import Mixer
from imu.api import excess_g, gives_feedback, tone_hz
from imu.types import ActivityKind, LinkState

MODES: Final = ("off", "line", "beat", "both")
_STILL: Final = {ActivityKind.WALKING, ActivityKind.STANDING}


class Output(Protocol):
    """Something that sounds."""

    def stop(self) -> None:
        """Be silent and let go of the device."""


class NoSoundError(Exception):
    """Nothing can be heard here.

    Attributes
    ----------
    reason : str
        `not_installed`, `not_loaded` or `no_device`: names of sentences in the catalogue.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


OpenOutput = Callable[[Mixer], Output]


class RunSound:
    """Off until it is switched on, and off again after the run.

    Parameters
    ----------
    open_output : callable
        Opens the loudspeaker; may raise NoSoundError.
    """

    def __init__(self, open_output: OpenOutput) -> None:
        self.mode = MODES[0]
        self.mixer = Mixer()
        self._open = open_output
        self._output: Output | None = None
        self._heard = -1

    def next_mode(self) -> str:
        """Go to the next of `MODES` and return it.

        Raises
        ------
        NoSoundError
            Nothing can be heard here; it stays off.
        """
        mode = MODES[(MODES.index(self.mode) + 1) % len(MODES)]
        if self._output is None:
            self.mixer = Mixer()
            self._output = self._open(self.mixer)
            self._heard = -1
        if mode == "off":
            self.close()
        self.mode = mode
        return mode

    def close(self) -> None:
        """Be silent."""
        self.mode = MODES[0]
        output, self._output = self._output, None
        if output is not None:
            output.stop()

    def take(self, state: LiveState, share: float, target_spm: float | None) -> None:
        """Sound what the newest steps call for.

        Parameters
        ----------
        state : LiveState
        share : float
            Share of the steps with feedback, 0 to 1.
        target_spm : float or None
            Cadence target; None = no metronome.
        """
        if self.mode == "off":
            return
        status = state.status
        runs = status.state is LinkState.STREAMING and status.activity not in _STILL and not state.silence_s > 0.0
        self.mixer.set_tempo(target_spm if runs and self.mode in {"beat", "both"} else None)
        newest = state.window[-1] if state.window else None
        if newest is None or newest.index <= self._heard:
            return
        first, self._heard = self._heard < 0, newest.index
        if first or not runs or self.mode == "beat" or state.line_g is None:
            return  # the steps before it was switched on are past
        hz = tone_hz(excess_g(state.window, state.line_g))
        if hz is not None and gives_feedback(newest.index, share):
            self.mixer.tone(hz, newest.side)
