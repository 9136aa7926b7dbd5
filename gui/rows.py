"""Rows of the near view in words: sensor, events, steps. Pure Python, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gui.cue import verdict_words
from gui.failure import code_words
from gui.i18n import Texts
from gui.live_state import SIDE_CONFIDENCE, Happening
from gui.numbers import NOTHING, clock, count, number
from gui.shown import EventRow, SensorRow, StepRow
from gui.speed import speed_text
from imu.types import LinkState, Status, Step

LOSS_WARN_PCT: Final = 2.0
BATTERY_WARN_PCT: Final = 15.0
DELAY_WARN_MS: Final = 150.0
"""From packet to screen: beyond this the mark of a step is no longer there before the next contact."""
_SLOW: Final = 0.95
"""A measured rate below this share of the promised one is pointed out."""
_SIMULATED: Final = "simulated runner"
_ICONS: Final = {
    "mark": "flag",
    "swap": "swap",
    "no_data": "gap",
    "no_data_more": "gap",
    "stalled": "gap",
    "reconnecting": "gap",
    "clipped": "warn",
    "failed": "warn",
    "side": "warn",
    "frozen": "warn",
    "worn_upside_down": "warn",
    "worn_back_to_front": "warn",
    "sensor_slipped": "warn",
    "line": "line",
    "line_off": "line",
    "note": "flag",
    "pain": "flag",
    "cue_on": "dot",
    "cue_off": "dot",
    "verdict": "dot",
}


def source_name(source: str, texts: Texts) -> str:
    """Return the name of a source: the engine's own are translated, those of sensors and files are not."""
    return texts("source.simulated") if source == _SIMULATED else source


def sensor_rows(
    status: Status,
    texts: Texts,
    delay_ms: float | None = None,
    *,
    frozen: bool = False,
    side_confidence: float | None = None,
) -> tuple[SensorRow, ...]:
    """Say rate, loss, clipping, battery and delay, each with what it stands against, and what else is amiss."""
    language = texts.language
    rate, nominal, battery = status.rate_hz, status.nominal_rate_hz, status.battery_pct
    slow = rate is not None and nominal is not None and rate < _SLOW * nominal and status.state is LinkState.STREAMING
    clock_off = status.clock is not None and status.clock.is_off
    rate = status.clock.rate_hz if status.clock is not None and clock_off else rate
    low = battery is not None and battery < BATTERY_WARN_PCT
    lost_note = ""
    if status.received:
        lost, total = count(status.lost, language), count(status.lost + status.received, language)
        lost_note = texts("sensor.lost_note", lost=lost, total=total)

    def row(name: str, value: str, note: str, warn: bool = False) -> SensorRow:
        return SensorRow(texts(f"sensor.{name}"), value, note, "warn" if warn else "")

    rows = [
        row(
            "rate",
            NOTHING if rate is None else texts("bar.rate", rate=number(rate, 1, language)),
            ""
            if nominal is None
            else texts("sensor.rate_off" if clock_off else "sensor.rate_note", nominal=number(nominal, 0, language)),
            slow or clock_off,
        ),
        row(
            "lost",
            f"{number(status.lost_pct if status.received else None, 1, language)} %",
            lost_note,
            status.lost_pct > LOSS_WARN_PCT,
        ),
        row("clipped", count(status.clipped, language), texts("sensor.clipped_note"), status.clipped > 0),
        row(
            "battery",
            NOTHING if battery is None else f"{number(battery, 0, language)} %",
            texts("sensor.battery_none") if battery is None else "",
            low,
        ),
        row(
            "delay",
            NOTHING if delay_ms is None else f"{number(delay_ms, 0, language)} ms",
            texts("sensor.delay_note")
            if status.loop_lag_ms is None
            else texts("sensor.delay_note_lag", ms=number(status.loop_lag_ms, 0, language)),
            delay_ms is not None and delay_ms > DELAY_WARN_MS,
        ),
    ]
    rows += [row("unreached", name, texts("sensor.unreached_note"), True) for name in status.unreached]
    rows += [row("worn", texts(f"sensor.{w}"), texts(f"sensor.{w}_note"), True) for w in status.worn.warnings]
    if frozen:
        rows.append(row("frozen", texts("sensor.frozen_value"), texts("sensor.frozen_note"), True))
    if side_confidence is not None:
        anchor = status.worn.anchor
        anchored = "" if anchor is None else number(anchor.confidence, 2, language)
        note = texts("sensor.sides_anchored", p=anchored) if anchor is not None else texts("sensor.sides_free")
        sure = number(100.0 * side_confidence, 0, language)
        rows.append(row("sides", f"{sure} %", note, side_confidence < SIDE_CONFIDENCE))
    if status.worn.least_tilt_deg > 0.0:
        deg = number(status.worn.least_tilt_deg, 1, language)
        rows.append(row("tilt", f"± {deg}°", texts("sensor.tilt_note")))
    if status.gyroscope is False:
        rows.append(row("gyroscope", texts("sensor.gyroscope_none"), texts("sensor.gyroscope_note")))
    if status.decode_errors:
        rows.append(row("errors", count(status.decode_errors, language), texts("sensor.errors_note"), True))
    return tuple(rows)


def event_rows(happenings: Sequence[Happening], texts: Texts) -> tuple[EventRow, ...]:
    """Say what happened, newest first, in the language of the moment."""
    rows = []
    for happening in reversed(happenings):
        values = dict(happening.values)
        for name in ("seconds", "value"):
            if name in values:
                values[name] = number(values[name], 2, texts.language)
        if "p" in values:
            values["p"] = number(values["p"], 2, texts.language)
        if "speed" in values:
            values["speed"] = speed_text(values["speed"], texts)
        if "sound" in values:
            values["sound"] = texts(f"sound.mode_{values['sound']}")
        if "told" in values:
            values["told"] = texts(f"cue.told_{values['told']}")
        if "source" in values:
            values["source"] = source_name(values["source"], texts)
        if "pages" in values:
            values["pages"] = ", ".join(texts(f"wizard.step_{name}") for name in values["pages"])
        if happening.kind == "verdict":
            values["words"] = verdict_words(values["result"], texts)
        if happening.kind == "failed":
            values["detail"] = code_words(values["code"], values["detail"], texts)
        text = texts(f"event.{happening.kind}", **values)
        rows.append(EventRow(clock(happening.time_s), _ICONS.get(happening.kind, "dot"), text))
    return tuple(rows)


def step_rows(steps: Sequence[Step], origin_s: float, texts: Texts) -> tuple[StepRow, ...]:
    """List steps, newest first; times since the first sample."""
    language = texts.language

    def ms(value: float | None) -> str:
        return number(None if value is None else 1000.0 * value, 0, language)

    def row(step: Step) -> StepRow:
        since = max(step.ic_s - origin_s, 0.0)
        tenth = number(int(since * 10) % 10 / 10, 1, language)[1:]
        return StepRow(
            clock(since) + tenth,
            step.side,
            texts(f"word.{step.side.name.lower()}"),
            (
                number(step.load_peak_g, 2, language),
                number(step.shock_peak_g, 2, language),
                ms(step.contact_time_s),
                ms(step.flight_time_s),
                ms(step.step_time_s),
            ),
            ", ".join(texts(f"quality.{word}") for word in step.quality.words()),
        )

    return tuple(row(step) for step in reversed(steps))
