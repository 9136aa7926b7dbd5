"""What the runner hears: the pitch of the tone above the line, and the beats of the metronome. Rules only, no sound."""

from __future__ import annotations

import math

LINE_HZ = 440.0
"""The tone of a step that lies just above the line."""

OCTAVE_G = 1.0
"""So many g above the line double the pitch: a choice, to be tried with runners; no source says how much is best."""

MOST_HZ = 1760.0


def tone_hz(excess_g: float | None) -> float | None:
    """Return the pitch of the tone for a load so far above the line; None = silence, in the line or not known."""
    if excess_g is None or not excess_g > 0.0:
        return None
    return min(LINE_HZ * math.pow(2.0, excess_g / OCTAVE_G), MOST_HZ)


class Beats:
    """Where in a stream of audio frames the metronome beats, exact to the frame however the stream is cut.

    Parameters
    ----------
    rate_hz : int
        Frames per second.
    """

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._at = 0
        self._origin = math.nan
        self._beaten = 0
        self._interval = math.nan

    def set_tempo(self, per_min: float | None) -> None:
        """Beat so many times a minute from here on; None = silence. A tempo that stays keeps its beat.

        Raises
        ------
        ValueError
            A tempo that is not above zero.
        """
        if per_min is None:
            self._origin = self._interval = math.nan
            return
        if not per_min > 0.0:
            raise ValueError(per_min)
        interval = 60.0 * self.rate_hz / per_min
        if interval != self._interval:
            due = self._origin + self._beaten * self._interval
            # the beat that was coming stays where it was, unless the new tempo has one before it
            self._origin = min(due, self._at + interval) if math.isfinite(due) else float(self._at)
            self._beaten, self._interval = 0, interval

    def within(self, frames: int) -> list[int]:
        """Take the next frames of the stream and return at which of them a beat begins."""
        end = self._at + frames
        found = []
        while self._origin + self._beaten * self._interval < end:  # False while there is no tempo
            found.append(max(math.ceil(self._origin + self._beaten * self._interval) - self._at, 0))
            self._beaten += 1
        if found and found[-1] == frames:  # rounded up to the first frame after these
            found.pop()
            self._beaten -= 1
        self._at = end
        return found
