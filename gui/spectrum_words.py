"""The spectrum of the newest seconds, and the same in bands of 5 Hz as a table. No Qt."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from gui.i18n import Texts
from gui.live_state import LiveState
from gui.numbers import NOTHING, number
from gui.scroll_back import ScrollBack
from gui.shown import SpectrumShown
from imu.api import Spectrum, vertical_spectrum
from imu.constants import S_PER_MIN
from imu.types import Snapshot

SPECTRUM_SECONDS: Final = 10.0
_EVERY_S: Final = 0.5
"""Made anew so often: it changes slowly."""
_BAND_HZ: Final = 5
_BANDS: Final = tuple(range(0, 50, _BAND_HZ))


def _cut(snapshot: Snapshot, end_s: float) -> Snapshot:
    first, stop = np.searchsorted(snapshot.t_s, (end_s - SPECTRUM_SECONDS, end_s + 1e-9)).tolist()
    return Snapshot(*(column[first:stop] for column in snapshot))


def spectrum_of(snapshot: Snapshot, end_s: float) -> Spectrum | None:
    """Return the spectrum of the 10 s before a time; None where no 2 s of them are whole."""
    cut = _cut(snapshot, end_s)
    if len(cut.t_s) < 2:
        return None
    rate = (len(cut.t_s) - 1) / float(cut.t_s[-1] - cut.t_s[0])
    return vertical_spectrum(cut.acc_is_g, rate)


class SpectrumWords:
    """Makes what the card shows, twice a second, and when the view has moved."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._shown = SpectrumShown()

    def shown(self, state: LiveState, back: ScrollBack, texts: Texts) -> SpectrumShown:
        """Return the spectrum up to now, or up to where the view stands still."""
        at = state.newest_s if back.at_s is None else back.at_s
        key = (math.floor(at / _EVERY_S), back.at_s, texts.language)
        if key != self._key:
            self._key = key
            self._shown = self._fresh(state, back, texts, at)
        return self._shown

    def _fresh(self, state: LiveState, back: ScrollBack, texts: Texts, at: float) -> SpectrumShown:
        spectrum = spectrum_of(state.snapshot if back.held is None else back.held, at)
        language = texts.language
        rate = state.numbers.cadence_spm.value
        step_hz = None if rate is None or back.paused else rate / S_PER_MIN
        remark = texts("spectrum.wait")
        if spectrum is not None:
            seconds = number((spectrum.windows + 1.0), 0, language)
            remark = texts("spectrum.note", seconds=seconds)
        return SpectrumShown(
            title=texts("spectrum.title"),
            note=remark,
            axis=texts("spectrum.axis"),
            step=texts("spectrum.step", hz=number(step_hz, 1, language)) if step_hz is not None else "",
            step_hz=step_hz,
            empty="" if spectrum is not None else remark,
            frequency_hz=None if spectrum is None else spectrum.frequency_hz,
            density_g2_hz=None if spectrum is None else spectrum.density_g2_hz,
            heads=(texts("spectrum.band"), texts("spectrum.rms"), texts("spectrum.share")),
            rows=_rows(spectrum, language),
        )


def _rows(spectrum: Spectrum | None, language: str) -> tuple[tuple[str, ...], ...]:
    names = [f"{low}\u2013{low + _BAND_HZ}" for low in _BANDS]
    if spectrum is None:
        return tuple((name, NOTHING, NOTHING) for name in names)
    top = float(spectrum.frequency_hz[-1])
    sizes = [spectrum.rms_g(low, low + _BAND_HZ) if low < top else math.nan for low in _BANDS]
    total = math.fsum(size * size for size in sizes if not math.isnan(size))
    rows = []
    for name, size in zip(names, sizes, strict=True):
        known = not math.isnan(size)
        share = 100.0 * size * size / total if known and total > 0.0 else None
        rows.append((name, number(size if known else None, 3, language), number(share, 1, language)))
    return tuple(rows)
