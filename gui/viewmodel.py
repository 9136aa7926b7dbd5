"""Numbers to what is shown: rounding, words, greyness, staleness. Pure Python, no Qt."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Final

from gui.banner import banner
from gui.cue import CueRun, verdict_words
from gui.history import History
from gui.history_words import MIN_STEPS, change_shown, usual_shown, usual_words
from gui.i18n import Texts
from gui.live_state import READ_LOW, WINDOW_STEPS, Frame, LiveState
from gui.numbers import NOTHING, clock, count, half_width, number
from gui.pelvis_words import PelvisWords
from gui.plot_words import live_plot
from gui.rows import LOSS_WARN_PCT, event_rows, sensor_rows, source_name, step_rows
from gui.scroll_back import ScrollBack
from gui.shown import (
    BarShown,
    CadenceShown,
    Chip,
    ContactShown,
    DifferenceShown,
    LineShown,
    LiveShown,
    LoadShown,
    SensorRow,
    Shown,
    StepRow,
)
from gui.spectrum_words import SpectrumWords
from gui.speed import speed_text
from gui.step_curves import StepCurves
from imu.types import ActivityKind, Estimate, LinkState, Place, Side, Step

MIN_PER_SIDE: Final = 10
FIRM_PCT: Final = 5.0
"""Grey until the 95 % half-width is below 5 % of the value (METRICS.md section 6). It says "collecting" only while more
steps can help, until the window is full; where the load drifts slowly the interval of 100 steps stays at 5 to 12 %, and
then the number stands there grey with that interval, said as it is."""
LINE_STEPS: Final = 50
TABLE_STEPS: Final = 12
OLD_S: Final = 2.0
NOTICE_S: Final = 6.0
_LIVE_STATES = {LinkState.STREAMING, LinkState.STALLED, LinkState.RECONNECTING}
_PELVIS = {Place.SACRUM, Place.HIP}
_NEVER = {"lateral_sensor", "one_leg_sensor"}  # reasons of a symmetry index that more steps will not remove


class LiveModel:
    """Turns the state of one session into what is painted, in the language of the moment.

    Parameters
    ----------
    texts : Texts
    place : Place
        On a foot or shank the load is named after the sensor, and left is not compared with right.
    """

    def __init__(self, texts: Texts, place: Place = Place.SACRUM) -> None:
        self.texts = texts
        self.state = LiveState(place)
        self.history: History | None = None
        self.cadence_target: tuple[float, float] | None = None
        self.target_pct: float | None = None
        self.own_spm: float | None = None
        self.sound = "off"
        self._notice: tuple[str, str, float] | None = None
        self.cue = CueRun()
        self.back = ScrollBack()
        self.curves = StepCurves()
        self.spectrum = SpectrumWords()
        self.pelvis = PelvisWords()
        self.cue_said = ""
        self.client_code = ""
        self.pains: list[int] = []
        self._rows_key: tuple[object, ...] = ()
        self._rows: tuple[StepRow, ...] = ()
        self._last: LiveShown | None = None
        self._cards: dict[str, Callable[[], Any]] = {
            "load": self._load,
            "difference": self._difference,
            "cadence": self._cadence,
            "line": self._line,
            "contact": self._contact,
            "sensor": self._sensor_rows,
            "events": lambda: event_rows(self.state.happenings, self.texts),
            "steps": self._step_rows,
            "curves": lambda: self.curves.shown(self.state, self.back, self.texts),
            "spectrum": lambda: self.spectrum.shown(self.state, self.back, self.texts),
            "pelvis": lambda: self.pelvis.shown(self.state.pelvis, self.texts),
        }

    def feed(self, frame: Frame) -> None:
        """Take one frame in."""
        self.state.feed(frame)

    def say(self, key: str, level: str) -> None:
        """Say a sentence of the catalogue for a moment: the answer to a key."""
        self._notice = (key, level, self.state.newest_s + NOTICE_S)

    def _noticed(self) -> Chip | None:
        if self._notice is None or self.state.status.state is not LinkState.STREAMING:
            return None
        key, level, until_s = self._notice
        return Chip(self.texts(key), level) if self.state.newest_s < until_s else None

    @property
    def cue_words(self) -> str:
        """What was said last about a cue (`next` or `verdict`), in the language of the moment."""
        if self.cue_said == "next":
            return self.texts("cue.next", told=self.texts(f"cue.told_{self.cue.told}"))
        result = self.cue.result
        return verdict_words(result, self.texts) if self.cue_said == "verdict" and result is not None else ""

    def view(self, wanted: Collection[str] | None = None) -> LiveShown:
        """Return what the window paints now.

        Parameters
        ----------
        wanted : collection of str, or None
            Fields of the cards that are painted next; while the run goes on the others stay what they were. None = all.
        """
        now = self._last
        running = self.state.status.state not in {LinkState.IDLE, LinkState.FINISHED, LinkState.FAILED}
        every = wanted is None or now is None or not running  # the last frame of a run leaves nothing old behind
        cards = {name: make() for name, make in self._cards.items() if every or name in (wanted or ())}
        if "sensor" in cards:
            cards["sensor_state"] = self._sensor_chip(cards["sensor"])
        moment: dict[str, Any] = {
            "bar": self._bar(),
            "source": source_name(self.state.status.source, self.texts),
            "banner": self._noticed() or banner(self.state, self.cue, self.cue_words, self.texts),
            "live": self._live_chip(),
            "running": running,
            "plot": live_plot(self.state, self.texts),
            "back": self.back.shown(self.state, self.texts),
            "near_live": self.back.chip(self.texts) or self._live_chip(),
        }
        self._last = LiveShown(**moment, **cards) if every or now is None else replace(now, **moment, **cards)
        return self._last

    # -- small helpers -----------------------------------------------------------------------------------------------

    def _num(self, value: float | None, decimals: int, *, plus: bool = False) -> str:
        return number(value, decimals, self.texts.language, plus=plus)

    def _half(self, value: float | None, decimals: int) -> str:
        return half_width(value, decimals, self.texts.language)

    def _window_word(self, used: int) -> str:
        """Say how many steps of the window are behind a number (some cannot be used: after a gap, clipped)."""
        n = self.state.numbers.n
        if not n:
            return self.texts("card.no_steps")
        return self.texts("card.window", n=n) if used == n else self.texts("card.window_part", k=used, n=n)

    def _shown(
        self, estimate: Estimate, decimals: int, unit_key: str, *, any_rate: bool = False, small: bool = False
    ) -> Shown:
        """One estimate: nothing below MIN_STEPS, grey while its interval is wide, or the data are old or too slow."""
        unit = self.texts(unit_key)
        if estimate.value is None or estimate.n < MIN_STEPS:
            note = self.texts("word.collecting", n=estimate.n, needed=MIN_STEPS) if self._running_now() else ""
            return Shown(NOTHING, unit, "", firm=False, note=note)
        limit = FIRM_PCT / 100.0 * abs(estimate.value)
        wide = estimate.half_width is None or estimate.half_width >= limit
        old = self._old_note() if any_rate else self._doubt()
        note = old or (self._wide_note(estimate.value, estimate.half_width, small=small) if wide else "")
        return Shown(
            self._num(estimate.value, decimals),
            unit,
            self._half(estimate.half_width, decimals),
            firm=not wide and not old,
            note=note,
        )

    def _wide_note(self, value: float | None, half: float | None, *, small: bool = False) -> str:
        """Say that the interval is wide: more steps help until the window is full, then it is what it is."""
        n = self.state.numbers.n
        if n < WINDOW_STEPS or half is None:
            return self.texts("word.wide_small" if small else "word.wide", n=n, of=WINDOW_STEPS)
        pct = half if value is None else 100.0 * half / abs(value)
        return self.texts("word.wide_full", pct=half_width(pct, 0, self.texts.language))

    def _running_now(self) -> bool:
        status = self.state.status
        return status.state in _LIVE_STATES and status.activity not in {ActivityKind.WALKING, ActivityKind.STANDING}

    def _old_note(self) -> str:
        """Words for numbers that no longer follow the runner; empty while they do, and in a finished run."""
        state = self.state
        if state.status.state not in _LIVE_STATES or not state.window:
            return ""
        age = state.now_s - state.window[-1].ic_s
        return self.texts("word.old", seconds=self._num(age, 0)) if age > OLD_S else ""

    def _doubt(self) -> str:
        """Words for numbers that are not to be relied on now: old, or of a sensor that is good for cadence only."""
        old = self._old_note()
        if old or not self.state.is_slow:
            return old
        return self.texts("word.slow", hz=self._num(self.state.status.nominal_rate_hz, 0))

    def _side_word(self, side: Side) -> str:
        return self.texts(f"word.{side.name.lower()}")

    # -- bar and banner ----------------------------------------------------------------------------------------------

    def _state_chip(self) -> Chip:
        status = self.state.status
        levels = {
            LinkState.STREAMING: "ok",
            LinkState.STALLED: "warn",
            LinkState.RECONNECTING: "warn",
            LinkState.FAILED: "err",
        }
        if status.state is LinkState.STREAMING and self.state.recent_loss_pct > LOSS_WARN_PCT:
            return Chip(self.texts("state.losing"), "warn")
        return Chip(self.texts(f"state.{status.state.value}"), levels.get(status.state, "info"))

    def _bar(self) -> BarShown:
        status, texts = self.state.status, self.texts
        facts = [texts(f"bar.sound_{self.sound}")] if self.sound != "off" else []
        if status.rate_hz is not None:
            facts.append(texts("bar.rate", rate=self._num(status.rate_hz, 0)))
        if status.received:
            facts.append(texts("bar.lost", pct=self._num(status.lost_pct, 1)))
        if self.state.delay_ms is not None:
            facts.append(texts("bar.delay", ms=self._num(self.state.delay_ms, 0)))
        recording = status.recording_path is not None and status.state in _LIVE_STATES
        return BarShown(
            source=self.client_code or source_name(self.state.status.source, self.texts),
            recording=recording,
            time=clock(status.elapsed_s),
            time_word=self._recording_word(recording),
            speed=speed_text(status.speed_mps, texts) if status.speed_mps is not None else texts("bar.speed_unknown"),
            speed_known=status.speed_mps is not None,
            state=self._state_chip(),
            facts=tuple(facts),
            clipped=texts("bar.clipped", n=count(status.clipped, texts.language)) if status.clipped else "",
        )

    def _recording_word(self, recording: bool) -> str:
        status = self.state.status
        if recording:
            return self.texts("bar.rec")
        known = status.state in _LIVE_STATES or status.state is LinkState.FINISHED
        return self.texts("bar.not_recorded") if known and status.recording_path is None else ""

    def _live_chip(self) -> Chip:
        state = self.state.status.state
        if state is LinkState.STREAMING:
            return Chip(self.texts("word.live"), "ok")
        if state in {LinkState.FINISHED, LinkState.FAILED}:
            return Chip(self.texts("word.ended"), "info")
        return Chip(self.texts("word.paused"), "info")

    # -- cards -------------------------------------------------------------------------------------------------------

    def _load(self) -> LoadShown:
        texts, numbers = self.texts, self.state.numbers
        newest = self._newest_with_load()
        side = Side.UNKNOWN if newest is None or self.state.side_uncertain else newest.side
        words, value = texts("card.newest"), self._shown(numbers.load, 2, "unit.g")
        return LoadShown(
            title=texts("card.load" if self.state.place in _PELVIS else "card.load_foot"),
            window=self._window_word(numbers.load.n),
            value=value,
            newest=self._num(newest.load_peak_g if newest else None, 2),
            newest_firm=not self._doubt(),
            newest_side=side,
            newest_words=f"{words}, {self._side_word(side)}" if side else words,
            change=change_shown(self.history, self.state, texts, firm=value.firm),
            newest_note=texts("word.flagged" if newest and newest.quality & READ_LOW else "card.newest_note"),
        )

    def _newest_with_load(self) -> Step | None:
        return next((s for s in reversed(self.state.window) if s.load_peak_g is not None), None)

    def _difference(self) -> DifferenceShown:
        texts, numbers = self.texts, self.state.numbers
        left, right, diff = numbers.load_left, numbers.load_right, numbers.difference
        title, pct = texts("card.difference"), texts("unit.pct")
        usual = usual_shown(self.history, self.state)
        base = DifferenceShown(
            title,
            left_word=texts("word.left"),
            right_word=texts("word.right"),
            usual=usual,
            verdict=usual_words(usual, texts),
        )
        if diff.reason in _NEVER:
            note = texts(f"word.{diff.reason}")
            return replace(base, value=Shown(NOTHING, pct, note=note), usual=None, verdict="")
        if self.state.side_uncertain:
            value = Shown(NOTHING, pct, note=texts("word.side_uncertain"))
            return replace(base, value=value)
        n_side = min(left.n, right.n)
        window = self._window_word(left.n + right.n)
        if diff.value is None or n_side < MIN_PER_SIDE:
            note = texts("word.collecting_sides", n=n_side, needed=MIN_PER_SIDE) if self._running_now() else ""
            return replace(base, window=window, value=Shown(NOTHING, pct, note=note))
        half = diff.half_width
        larger = bool(diff.larger_than_error)
        decimals = self._difference_decimals(diff.value, half, larger)
        wide = half is None or half >= FIRM_PCT
        old = self._doubt()
        return replace(
            base,
            window=window,
            value=Shown(
                self._num(diff.value, decimals, plus=True),
                pct,
                f"{self._half(half, decimals)}\u00a0{pct}" if half is not None else "",
                firm=not wide and not old,
                note=old or (self._wide_note(None, half) if wide else ""),
            ),
            left=self._shown(left, 2, "unit.g"),
            right=self._shown(right, 2, "unit.g"),
            at_pct=diff.value,
            half_pct=half,
            verdict=base.verdict or texts("word.larger" if larger else "word.not_larger"),
        )

    @staticmethod
    def _difference_decimals(value: float, half: float | None, larger: bool) -> int:
        """Whole percents, unless rounding would make the two numbers contradict the words under them."""
        if half is None:
            return 0
        for decimals in (1, 2) if half < 1.0 else (0, 1, 2):
            shown_half = math.ceil(round(half * 10**decimals, 6)) / 10**decimals
            if (round(abs(value), decimals) > shown_half) is larger:
                return decimals
        return 2

    def _cadence(self) -> CadenceShown:
        cadence = self.state.numbers.cadence_spm
        shown = self._shown(cadence, 0, "unit.per_min", any_rate=True, small=True)
        known = shown.value != NOTHING
        band, words, level = self.cadence_target, "", ""
        if band is not None and known and cadence.value is not None:
            low, high = band
            where = "below" if cadence.value < low else "above" if cadence.value > high else "in"
            words, level = self.texts(f"target.{where}"), "ok" if where == "in" else "info"
            if self.target_pct is not None:
                words = f"{words} · +{self._num(self.target_pct, 0)} %"
        return CadenceShown(
            self.texts("card.cadence"),
            shown,
            cadence.value if known else None,
            cadence.half_width if known else None,
            band,
            words,
            level,
        )

    def _line(self) -> LineShown:
        texts, line = self.texts, self.state.line_g
        title = texts("card.line")
        base = LineShown(title, slots=LINE_STEPS, under_word=texts("word.under"), over_word=texts("word.over"))
        if line is None:
            return replace(base, note=texts("word.no_line"))
        loads = [s.load_peak_g for s in self.state.window if s.load_peak_g is not None][-LINE_STEPS:]
        over = tuple(load > line for load in loads)
        if not loads:
            return replace(base, note=texts("card.no_steps"))
        return replace(
            base,
            value=str(len(over) - sum(over)),
            of=texts("word.of", n=len(over)),
            over=over,
            firm=not self._doubt(),
        )

    def _contact(self) -> ContactShown:
        texts = self.texts
        speed = "word.speed_known" if self.state.status.speed_mps is not None else "word.speed_unknown"
        shown = self._shown(self.state.numbers.contact_ms, 0, "unit.ms", small=True)
        if self.state.status.speed_mps is None:
            shown = replace(shown, firm=False)  # the speed is most of its accuracy
        return ContactShown(texts("card.contact"), shown, texts("word.estimate"), (texts(speed), shown.note))

    # -- near view ---------------------------------------------------------------------------------------------------

    def _sensor_rows(self) -> tuple[SensorRow, ...]:
        state = self.state
        sides = state.side_confidence if state.place in _PELVIS else None
        return sensor_rows(state.status, self.texts, state.delay_ms, frozen=state.newest_frozen, side_confidence=sides)

    def _sensor_chip(self, rows: tuple[SensorRow, ...]) -> Chip:
        if self.state.status.state is not LinkState.STREAMING:
            return self._state_chip()
        if any(row.level for row in rows):
            return Chip(self.texts("sensor.not_ok"), "warn")
        return Chip(self.texts("sensor.ok"), "ok")

    def _step_rows(self) -> tuple[StepRow, ...]:
        at = self.back.at_s
        key = (self.state.n_steps, self.texts.language, at)
        if key != self._rows_key:
            newest = [s for s in self.state.history if at is None or s.ic_s <= at][-TABLE_STEPS:]
            self._rows_key, self._rows = key, step_rows(newest, self.state.origin_s, self.texts)
        return self._rows
