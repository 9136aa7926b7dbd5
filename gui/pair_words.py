"""Two sensors side by side in words. No Qt."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from gui.i18n import Texts
from gui.live_state import Frame, LiveState
from gui.numbers import NOTHING, half_width, number
from gui.rows import source_name
from gui.shown import PairShown
from imu.api import Pair, pair
from imu.settings import Settings
from imu.types import Estimate, FloatArray, Place, Side, Snapshot

TRACE_SECONDS: Final = 5.0
_SIDED: Final = {Place.HIP, Place.FOOT, Place.SHANK}


class PairClock:
    """What arrivals say of two clocks: the middle of the newest looks, as a single packet may be late.

    Parameters
    ----------
    most : int
        Newest looks that count.
    now : callable
        The host's clock.
    """

    def __init__(self, most: int = 150, now: Callable[[], float] = time.perf_counter) -> None:
        self._ahead: list[float | None] = [None, None]
        self._seen: deque[float] = deque(maxlen=most)
        self._now = now

    def look(self, which: int, frame: Frame) -> None:
        """Note how far a sensor's clock is ahead of the host's; 0 = the first sensor, which completes a look."""
        stale_s, t = frame.status.stale_s, frame.snapshot.t_s
        if stale_s is None or not len(t):
            return
        self._ahead[which] = float(t[-1]) - (self._now() - stale_s)
        first, second = self._ahead
        if which == 0 and first is not None and second is not None:
            self._seen.append(second - first)

    @property
    def rough_s(self) -> float | None:
        """Clock of the second minus clock of the first."""
        return sorted(self._seen)[len(self._seen) // 2] if self._seen else None


def place_words(settings: Settings, texts: Texts) -> str:
    """Say where a sensor is worn."""
    side = settings.sensor_side
    name = settings.place.value
    if settings.place in _SIDED and side is not Side.UNKNOWN:
        name = f"{name}_{side.name.lower()}"
    elif settings.place in _SIDED:
        return texts(f"pair.{name}")
    return texts(f"wizard.at_{name}")


def trace_of(snapshot: Snapshot) -> tuple[FloatArray, FloatArray]:
    """Return the newest seconds: time before the newest sample, and g."""
    if not len(snapshot.t_s):
        return snapshot.t_s, snapshot.acc_is_g
    now = float(snapshot.t_s[-1])
    first = int(snapshot.t_s.searchsorted(now - TRACE_SECONDS))
    return snapshot.t_s[first:] - now, snapshot.acc_is_g[first:]


class PairWords:
    """Makes what the card shows; the numbers anew only when a step has come."""

    def __init__(self) -> None:
        self._key: tuple[int, int] = (-1, -1)
        self._numbers: Pair | None = None

    def shown(
        self, states: tuple[LiveState, LiveState], settings: tuple[Settings, Settings], clock: PairClock, texts: Texts
    ) -> PairShown:
        """Say both sensors, column by column, and what they say together."""
        key = (states[0].n_steps, states[1].n_steps)
        if key != self._key or self._numbers is None:
            self._key = key
            first, second = states
            self._numbers = pair(first.window, settings[0].place, second.window, settings[1].place, clock.rough_s)
        words = tuple(place_words(w, texts) for w in settings)
        columns = [_column(*sensor, texts) for sensor in zip(states, self._numbers.shock_g, strict=True)]
        names = ("sensor", "link", "shock", "load", "contact", "cadence")
        rows = tuple(
            (texts(f"pair.row_{name}"), a, b) for name, a, b in zip(names, columns[0], columns[1], strict=True)
        )
        together, note = _together(self._numbers, settings, texts)
        return PairShown(
            title=texts("pair.title"),
            heads=("", *words),
            rows=rows,
            together=together,
            note=note,
            traces=tuple(trace_of(s.snapshot) for s in states),
            trace_words=words,
            seconds=TRACE_SECONDS,
        )


def _estimate(value: Estimate, decimals: int, language: str) -> str:
    if value.value is None:
        return NOTHING
    return f"{number(value.value, decimals, language)} {half_width(value.half_width, decimals, language)}".rstrip()


def _column(state: LiveState, shock: Estimate, texts: Texts) -> Sequence[str]:
    status, numbers, language = state.status, state.numbers, texts.language
    link = [texts(f"state.{status.state.value}")]
    if status.rate_hz is not None:
        link.append(texts("bar.rate", rate=number(status.rate_hz, 0, language)))
    if status.received:
        link.append(texts("bar.lost", pct=number(status.lost_pct, 1, language)))
    return (
        source_name(status.source, texts) or NOTHING,
        " · ".join(link),
        _estimate(shock, 2, language),
        _estimate(numbers.load, 2, language),
        _estimate(numbers.contact_ms, 0, language),
        _estimate(numbers.cadence_spm, 0, language),
    )


def _together(numbers: Pair, settings: tuple[Settings, Settings], texts: Texts) -> tuple[str, str]:
    """Return the one number of both with its interval, and what has to be known about it."""
    places = {s.place for s in settings}
    if places == {Place.SHANK, Place.SACRUM}:
        found = numbers.attenuation_pct
        if numbers.clock is None:
            return texts("pair.no_clock"), texts("pair.no_clock_note")
        if found is None or found.value is None or found.half_width is None:
            return texts("pair.collecting"), ""
        value, half = number(found.value, 0, texts.language), half_width(found.half_width, 0, texts.language)
        spread = number(1000.0 * numbers.clock.spread_s, 0, texts.language)
        return (
            texts("pair.attenuation", pct=value, half=half),
            texts("pair.attenuation_note", n=found.n, ms=spread),
        )
    if Place.HIP in places:
        return texts("pair.hip_note"), texts("pair.two_mounts")
    return texts("pair.each"), texts("pair.two_mounts")
