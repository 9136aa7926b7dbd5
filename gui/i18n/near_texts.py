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
    "middle.pelvis": ("Pelvis", "Bekken"),
    "middle.pelvis_name": (
        "How the pelvis moves within a stride, key 3",
        "Hoe het bekken binnen een pas beweegt, toets 3",
    ),
    "middle.pair": ("Two", "Twee"),
    "middle.pair_name": ("Two sensors side by side, key 4", "Twee sensoren naast elkaar, toets 4"),
    "help.middle": (
        "near view: steps, spectrum, pelvis, two sensors",
        "dichtbij: stappen, spectrum, bekken, twee sensoren",
    ),
    # tables beside the plots
    "help.tables": ("the steps of the plot as a table beside it", "de stappen van de grafiek als tabel ernaast"),
    "help.data": ("a plot's numbers: copy, save", "getallen van een grafiek: kopieer, bewaar"),
    "plot.data_name": ("{title}: numbers and picture, copy or save", "{title}: getallen en beeld, kopieer of bewaar"),
    "plot.ago": ("s ago", "s terug"),
    "plot.side": ("side", "kant"),
    "plot.load": ("load g", "belasting g"),
    "plot.line": ("line", "lijn"),
    "plot.contact": ("contact* ms", "contact in ms*"),
    "plot.table": ("{title}, as a table, newest first", "{title}, als tabel, nieuwste bovenaan"),
    # spectrum of the newest seconds
    "spectrum.title": ("Spectrum of the vertical acceleration", "Spectrum van de verticale versnelling"),
    "spectrum.note": ("newest {seconds} s without gaps", "nieuwste {seconds} s zonder gaten"),
    "spectrum.wait": ("Needs 2 s of signal without a gap", "Heeft 2 s signaal zonder gat nodig"),
    "spectrum.axis": ("g²/Hz over frequency in Hz", "g²/Hz over frequentie in Hz"),
    "spectrum.step": ("steps {hz} Hz", "stappen {hz} Hz"),
    "spectrum.band": ("Hz", "Hz"),
    "spectrum.rms": ("rms g", "rms g"),
    "spectrum.share": ("share %", "deel %"),
    # the pelvis within a stride
    "pelvis.title": ("Pelvis within a stride", "Bekken binnen een schrede"),
    "pelvis.note": (
        "mean of {n} strides, band ± 1 SD · angles of the sensor; the skin under it moves too",
        "gemiddelde van {n} schreden, band ± 1 SD · hoeken van de sensor; ook de huid eronder beweegt",
    ),
    "pelvis.note_side": (
        "mean of {n} strides, band ± 1 SD · side uncertain: 0 % is a contact of one foot",
        "gemiddelde van {n} schreden, band ± 1 SD · kant onzeker: 0 % is een contact van één voet",
    ),
    "pelvis.table": ("degrees over a stride, as a table", "graden binnen een schrede, als tabel"),
    "pelvis.tilt": ("Tilt", "Kanteling"),
    "pelvis.lean": ("Obliquity", "Zijkanteling"),
    "pelvis.rotation": ("Rotation", "Draaiing"),
    "pelvis.tilt_sign": ("forward +", "voorwaarts +"),
    "pelvis.lean_sign": ("right down +", "rechts omlaag +"),
    "pelvis.rotation_sign": ("right forward +", "rechts naar voren +"),
    "pelvis.range": ("range of motion", "bewegingsuitslag"),
    "pelvis.mean": ("mean {mean}° {half}", "gemiddeld {mean}° {half}"),
    "pelvis.no_mean": ("about its own mean", "rond het eigen gemiddelde"),
    "pelvis.collecting": ("collecting: {n} of {needed} strides", "verzamelt: {n} van {needed} schreden"),
    "pelvis.collecting_hint": (
        "Needs running with known steps and no gap; the first 5 s and those after a gap do not count.",
        "Vraagt hardlopen met bekende stappen en zonder gat; de eerste 5 s en die na een gat tellen niet mee.",
    ),
    "pelvis.not_pelvis": ("Needs a sensor at the sacrum", "Vraagt een sensor op het heiligbeen"),
    "pelvis.not_pelvis_hint": (
        "This one is worn elsewhere: its angles are not those of the pelvis.",
        "Deze wordt elders gedragen: zijn hoeken zijn niet die van het bekken.",
    ),
    "pelvis.no_gyroscope": ("This sensor has no gyroscope", "Deze sensor heeft geen gyroscoop"),
    "pelvis.no_gyroscope_hint": (
        "In running, acceleration alone does not tell how the pelvis is turned.",
        "Bij hardlopen zegt versnelling alleen niet hoe het bekken gedraaid is.",
    ),
    "pelvis.no_mounting": ("How the sensor is worn is not known", "Hoe de sensor gedragen wordt is niet bekend"),
    "pelvis.no_mounting_hint": (
        "State its mounting: which of its axes points up, right and forward.",
        "Geef de montage op: welke as omhoog, naar rechts en naar voren wijst.",
    ),
    "pelvis.no_filter": ("The orientation filter is not installed", "Het oriëntatiefilter is niet geïnstalleerd"),
    "pelvis.no_filter_hint": (
        'Install it and start again: pip install "stride-impact[angles]"',
        'Installeer het en begin opnieuw: pip install "stride-impact[angles]"',
    ),
    # two sensors
    "pair.title": ("Two sensors", "Twee sensoren"),
    "pair.add": ("Add a second sensor", "Voeg een tweede sensor toe"),
    "pair.remove": ("Remove", "Verwijder"),
    "pair.remove_name": ("Remove the second sensor", "Verwijder de tweede sensor"),
    "pair.empty": ("One sensor is worn", "Er wordt één sensor gedragen"),
    "pair.hint": (
        "A second one at a shank tells how much of its shock does not reach the sacrum; "
        "two on the feet show both legs.",
        "Een tweede op een onderbeen zegt hoeveel van de schok daar het heiligbeen niet bereikt; "
        "twee op de voeten tonen beide benen.",
    ),
    "pair.hip": ("hip", "heup"),
    "pair.foot": ("foot", "voet"),
    "pair.shank": ("shank", "onderbeen"),
    "pair.row_sensor": ("sensor", "sensor"),
    "pair.row_link": ("link", "verbinding"),
    "pair.row_shock": ("shock g", "schok g"),
    "pair.row_load": ("load g", "belasting g"),
    "pair.row_contact": ("contact ms (estimate)", "contact ms (schatting)"),
    "pair.row_cadence": ("steps/min", "passen/min"),
    "pair.attenuation": ("Shock attenuation {pct} % {half}", "Schokdemping {pct} % {half}"),
    "pair.attenuation_note": (
        "100 (1 − shock at sacrum / shock at shank), mean of {n} contacts · clocks fit to {ms} ms",
        "100 (1 − schok heiligbeen / schok onderbeen), gemiddelde van {n} contacten · klokken passen op {ms} ms",
    ),
    "pair.collecting": ("Shock attenuation: collecting contacts", "Schokdemping: contacten verzamelen"),
    "pair.no_clock": (
        "Sensors out of step: contacts cannot be paired",
        "Sensoren lopen niet gelijk: contacten niet te koppelen",
    ),
    "pair.no_clock_note": (
        "Needs 8 contacts that both have seen, within 20 ms of each other.",
        "Vraagt 8 contacten die beide hebben gezien, binnen 20 ms van elkaar.",
    ),
    "pair.hip_note": (
        "No amplitude difference left/right: a sensor on one hip sees the near leg stronger",
        "Geen links-rechtsverschil van de hoogte: een sensor op één heup ziet het nabije been sterker",
    ),
    "pair.each": ("Each sensor by itself, side by side", "Elke sensor op zichzelf, naast elkaar"),
    "pair.two_mounts": (
        "A difference also holds how each one sits; times of two feet need one clock and are not compared.",
        "Een verschil bevat ook hoe elk zit; tijden van twee voeten vragen één klok en worden niet vergeleken.",
    ),
    "pair.which": ("Which sensor", "Welke sensor"),
    "pair.search": ("Search again", "Zoek opnieuw"),
    "pair.begin": ("Connect", "Verbind"),
    "pair.cancel": ("Cancel", "Annuleer"),
    "pair.kept": (
        "It is recorded as a session of its own, beside the first.",
        "Hij wordt als eigen sessie opgenomen, naast de eerste.",
    ),
    "event.second_on": ("second sensor: {place}", "tweede sensor: {place}"),
    "event.second_off": ("second sensor removed", "tweede sensor verwijderd"),
}
