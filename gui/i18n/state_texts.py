"""Sentences about what is the matter with the sensor during a run, English and Dutch side by side."""

from __future__ import annotations

from typing import Final

STATE_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "banner.belt_stopped": (
        "Belt stopped: no steps, the recording goes on",
        "Band staat stil: geen stappen, de opname gaat door",
    ),
    "word.wide_small": ("{n} of {of} steps", "{n} van {of} stappen"),
    "word.slow": ("only cadence is reliable at {hz} Hz", "bij {hz} Hz is alleen pasfrequentie betrouwbaar"),
    "banner.worn_upside_down": (
        "The sensor is worn upside down: turn it round, then measure anew",
        "De sensor zit ondersteboven: draai hem om en meet opnieuw",
    ),
    "banner.worn_back_to_front": (
        "The sensor is worn back to front: left and right may be exchanged. Turn it, or press L",
        "De sensor zit achterstevoren: links en rechts kunnen verwisseld zijn. Draai hem om, of druk op L",
    ),
    "banner.sensor_slipped": (
        "The sensor has turned since the start: tighten the belt, compare peaks with care",
        "De sensor is gedraaid sinds het begin: trek de band aan, vergelijk pieken met zorg",
    ),
    "banner.frozen": (
        "The sensor repeats the same reading: these steps may be wrong. Switch it off and on",
        "De sensor herhaalt dezelfde meetwaarde: deze stappen kunnen fout zijn. Zet hem uit en aan",
    ),
    "banner.no_gyroscope": (
        "Sensor without gyroscope: left and right are less certain, no pelvis angles",
        "Sensor zonder gyroscoop: links en rechts zijn minder zeker, geen bekkenhoeken",
    ),
    "event.anchor_as_stated": (
        "left knee lifted three times: left is left (confidence {p})",
        "linkerknie drie keer opgetild: links is links (zekerheid {p})",
    ),
    "event.anchor_turned": (
        "left knee lifted three times: worn back to front, left and right taken so (confidence {p})",
        "linkerknie drie keer opgetild: achterstevoren gedragen, links en rechts zo genomen (zekerheid {p})",
    ),
    "sensor.tilt": ("Roll", "Scheefstand"),
    "sensor.tilt_note": ("reckoned with in left–right ±", "telt mee in ± links-rechts"),
    "sensor.sides": ("Left/right", "Links/rechts"),
    "sensor.sides_anchored": ("sure; knee lift: {p}", "zeker; knie opgetild: {p}"),
    "sensor.sides_free": ("sure; knee not lifted", "zeker; knie niet opgetild"),
    "event.worn_upside_down": ("worn upside down", "ondersteboven gedragen"),
    "event.worn_back_to_front": ("worn back to front", "achterstevoren gedragen"),
    "event.sensor_slipped": ("the sensor has turned", "de sensor is gedraaid"),
    "event.frozen": ("the sensor repeats a reading", "de sensor herhaalt een meetwaarde"),
    "sensor.worn": ("Worn", "Draagwijze"),
    "sensor.worn_upside_down": ("upside down", "ondersteboven"),
    "sensor.worn_upside_down_note": ("against its axes as set", "tegen de ingestelde assen in"),
    "sensor.worn_back_to_front": ("back to front", "achterstevoren"),
    "sensor.worn_back_to_front_note": ("against its axes as set", "tegen de ingestelde assen in"),
    "sensor.sensor_slipped": ("turned", "gedraaid"),
    "sensor.sensor_slipped_note": ("over 10° since the start", "meer dan 10° sinds het begin"),
    "event.unreached": ("{name} not reached", "{name} niet bereikt"),
    "sensor.unreached": ("Not reached", "Niet bereikt"),
    "sensor.unreached_note": ("tried every half minute", "elke halve minuut opnieuw"),
    "sensor.frozen": ("Readings", "Meetwaarden"),
    "sensor.frozen_value": ("repeated", "herhaald"),
    "sensor.frozen_note": ("in the newest steps", "in de nieuwste stappen"),
    "sensor.gyroscope": ("Gyroscope", "Gyroscoop"),
    "sensor.gyroscope_none": ("none", "geen"),
    "sensor.gyroscope_note": ("sides less certain", "kanten minder zeker"),
}
