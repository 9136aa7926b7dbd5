"""Sentences about sound, English and Dutch side by side."""

from __future__ import annotations

from typing import Final

SOUND_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "bar.sound_line": ("tone", "toon"),
    "bar.sound_beat": ("metronome", "metronoom"),
    "bar.sound_both": ("tone, metronome", "toon, metronoom"),
    "sound.off": ("Sound off", "Geluid uit"),
    "sound.line": (
        "A tone for each step above the line: the higher, the further · A goes on to the metronome",
        "Een toon bij elke stap boven de lijn: hoe hoger, hoe verder · A gaat door naar de metronoom",
    ),
    "sound.beat": (
        "Metronome at the cadence target · K changes it",
        "Metronoom op de doelpasfrequentie · K wijzigt die",
    ),
    "sound.both": (
        "Tone above the line, and metronome · A switches off",
        "Toon boven de lijn, en metronoom · A zet uit",
    ),
    "sound.no_target": (
        "The metronome begins with a cadence target: run for a moment, then press K",
        "De metronoom begint met een doelpasfrequentie: loop even, druk dan op K",
    ),
    "sound.not_installed": (
        'No sound: QtMultimedia is missing. pip install "stride-impact[audio]", then start again',
        'Geen geluid: QtMultimedia ontbreekt. pip install "stride-impact[audio]" en start opnieuw',
    ),
    "sound.not_loaded": (
        "No sound: QtMultimedia cannot be loaded. stride doctor says what it lacks",
        "Geen geluid: QtMultimedia is niet te laden. stride doctor zegt wat eraan ontbreekt",
    ),
    "sound.no_device": (
        "No sound: no loudspeaker or headphones found. Connect one and press A again",
        "Geen geluid: geen luidspreker of koptelefoon gevonden. Sluit er een aan en druk weer op A",
    ),
    "sound.mode_off": ("off", "uit"),
    "sound.mode_line": ("tone above the line", "toon boven de lijn"),
    "sound.mode_beat": ("metronome", "metronoom"),
    "sound.mode_both": ("tone above the line, metronome", "toon boven de lijn, metronoom"),
    "event.sound": ("sound: {sound}", "geluid: {sound}"),
    "runner.listen": ("Listen", "Luister"),
    "help.sound": (
        "sound: tone above the line, metronome, both, off",
        "geluid: toon boven de lijn, metronoom, beide, uit",
    ),
}
