"""Sentences of the near view's further cards, English and Dutch side by side."""

from __future__ import annotations

from typing import Final

NEAR_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # which card stands in the middle
    "middle.steps": ("Steps", "Stappen"),
    "middle.spectrum": ("Spectrum", "Spectrum"),
    "middle.steps_name": ("Table of the newest steps, key 1", "Tabel van de nieuwste stappen, toets 1"),
    "middle.spectrum_name": (
        "Spectrum of the vertical acceleration, key 2",
        "Spectrum van de verticale versnelling, toets 2",
    ),
    "help.middle": ("near view: steps, spectrum", "dichtbij: stappen, spectrum"),
    # spectrum of the newest seconds
    "spectrum.title": ("Spectrum of the vertical acceleration", "Spectrum van de verticale versnelling"),
    "spectrum.note": ("newest {seconds} s without gaps", "nieuwste {seconds} s zonder gaten"),
    "spectrum.wait": ("Needs 2 s of signal without a gap", "Heeft 2 s signaal zonder gat nodig"),
    "spectrum.axis": ("g²/Hz over frequency in Hz", "g²/Hz over frequentie in Hz"),
    "spectrum.step": ("steps {hz} Hz", "stappen {hz} Hz"),
    "spectrum.band": ("Hz", "Hz"),
    "spectrum.rms": ("rms g", "rms g"),
    "spectrum.share": ("share %", "deel %"),
}
