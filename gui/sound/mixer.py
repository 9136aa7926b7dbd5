"""Clicks and tones as audio frames: plain numbers, made for whoever asks for them. No Qt, no device, no clock."""

from __future__ import annotations

import threading
from typing import Final

import numpy as np
import numpy.typing as npt

from imu.api import Beats
from imu.types import Side

RATE_HZ: Final = 48_000
_CLICK_HZ: Final = 1_000.0
_CLICK_S: Final = 0.03
_TONE_S: Final = 0.12
_LOUD: Final = 0.35
_PAN: Final = {Side.LEFT: (1.0, 0.25), Side.RIGHT: (0.25, 1.0), Side.UNKNOWN: (0.7, 0.7)}
"""Left and right ear: a tone comes from the side of its step, and is heard in both."""

Frames = npt.NDArray[np.int16]
Wave = npt.NDArray[np.float64]


def _sine(hz: float, seconds: float) -> Wave:
    """Return a tone that swells and fades without a crack."""
    n = round(seconds * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    return np.asarray(_LOUD * np.sin(2.0 * np.pi * hz * t) * np.sin(np.pi * np.arange(n) / n) ** 2)


class Mixer:
    """Mixes the metronome and the tones of the steps; `render` may be asked from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._beats = Beats(RATE_HZ)
        click = _sine(_CLICK_HZ, _CLICK_S)
        self._click = np.column_stack((click, click))
        self._ahead: Wave = np.zeros((0, 2))

    def set_tempo(self, per_min: float | None) -> None:
        """Beat so many times a minute; None = no metronome."""
        with self._lock:
            self._beats.set_tempo(per_min)

    def tone(self, hz: float, side: Side) -> None:
        """Sound a tone from now on, from the side of the step."""
        wave = _sine(hz, _TONE_S)
        with self._lock:
            self._add(0, np.column_stack([gain * wave for gain in _PAN[side]]))

    def _add(self, at: int, wave: Wave) -> None:
        end = at + len(wave)
        if end > len(self._ahead):
            self._ahead = np.concatenate((self._ahead, np.zeros((end - len(self._ahead), 2))))
        self._ahead[at:end] += wave

    def render(self, frames: int) -> Frames:
        """Return the next frames.

        Returns
        -------
        ndarray of int16, shape (frames, 2)
            Left and right.
        """
        with self._lock:
            for at in self._beats.within(frames):
                self._add(at, self._click)
            out = np.zeros((frames, 2))
            n = min(frames, len(self._ahead))
            out[:n] = self._ahead[:n]
            self._ahead = self._ahead[n:]
        return (np.clip(out, -1.0, 1.0) * 32767.0).astype(np.int16)
