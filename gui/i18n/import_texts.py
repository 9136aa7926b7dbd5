"""Sentences of the dialog that takes in a recording of another program, English and Dutch side by side."""

from __future__ import annotations

from typing import Final

IMPORT_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "import.title": ("Import {name}", "{name} importeren"),
    "import.table": (
        "A table. Say which column is what; the first rows stand below.",
        "Een tabel. Geef aan welke kolom wat is; de eerste rijen staan hieronder.",
    ),
    "import.maker": (
        "A file of {maker}. Its columns are known; change them where that is wrong.",
        "Een bestand van {maker}. De kolommen zijn bekend; wijzig ze waar dat niet klopt.",
    ),
    "import.arrays": (
        "This file names its own values; only what it cannot know is asked.",
        "Dit bestand benoemt zelf zijn waarden; alleen wat het niet kan weten wordt gevraagd.",
    ),
    "import.rows": ("First rows of the file", "Eerste rijen van het bestand"),
    "import.acc": ("Acceleration x, y, z", "Versnelling x, y, z"),
    "import.gyr": ("Angular rate x, y, z", "Draaisnelheid x, y, z"),
    "import.time": ("Time", "Tijd"),
    "import.rate": ("Samples per second", "Metingen per seconde"),
    "import.rate_hint": ("only without a column of time", "alleen zonder kolom met tijd"),
    "import.axis": ("{what}, axis {axis}", "{what}, as {axis}"),
    "import.unit": ("{what}: unit", "{what}: eenheid"),
    "import.no_column": ("not in this file", "niet in dit bestand"),
    "import.unit_told": ("unit: from the data", "eenheid: uit de gegevens"),
    "import.place": ("Where the sensor was worn", "Waar de sensor zat"),
    "import.place_open": ("as the file says", "zoals het bestand zegt"),
    "import.speed": ("Speed in {unit} (empty = not known)", "Snelheid in {unit} (leeg = onbekend)"),
    "import.client": ("Client", "Cliënt"),
    "import.no_client": ("no client", "geen cliënt"),
    "import.fits": (
        "It can be read: {n} samples in {time} at {rate} Hz, {missing} missing. At rest or on average the "
        "acceleration is {size} g (1 is right).",
        "Het is leesbaar: {n} metingen in {time} met {rate} Hz, {missing} ontbreken. Gemiddeld is de versnelling "
        "{size} g (1 is goed).",
    ),
    "import.fails": ("It cannot be read yet:", "Het is nog niet leesbaar:"),
    "import.three": (
        "Choose three different columns of acceleration.",
        "Kies drie verschillende kolommen met versnelling.",
    ),
    "import.three_gyr": (
        "Choose three different columns of angular rate, or none.",
        "Kies drie verschillende kolommen met draaisnelheid, of geen.",
    ),
    "import.not_a_number": ("'{text}' is not a number.", "'{text}' is geen getal."),
    "import.take": ("Take it into the library", "Neem op in de bibliotheek"),
    "import.acc_short": ("acc. {axis}", "versn. {axis}"),
    "import.gyr_short": ("rate {axis}", "draai {axis}"),
}
