"""Sentences of the report, English and Dutch side by side."""

from __future__ import annotations

from typing import Final

REPORT_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "report.title": ("Running session report", "Verslag hardloopsessie"),
    "report.no_date": ("date not known", "datum onbekend"),
    "report.place_sacrum": ("sensor at the sacrum", "sensor heiligbeen"),
    "report.place_hip": ("sensor at the hip", "sensor heup"),
    "report.place_foot": ("sensor at the foot", "sensor voet"),
    "report.place_shank": ("sensor at the shank", "sensor onderbeen"),
    "report.rate_measured": ("{rate} Hz ({measured} measured)", "{rate} Hz ({measured} gemeten)"),
    "report.lost": ("lost {pct} %", "verlies {pct} %"),
    "report.tilt": ("tilt {deg}°", "scheefstand {deg}°"),
    "report.running_steps": ("{n} running steps", "{n} loopstappen"),
    "report.duration": ("duration {time}", "duur {time}"),
    "report.surface": ("surface: {text}", "ondergrond: {text}"),
    "report.shoe": ("shoe: {text}", "schoen: {text}"),
    "report.one_line": ("In one sentence", "In één zin"),
    "report.load_pelvis": ("load at the pelvis", "belasting bij het bekken"),
    "report.load_sensor": ("load at the sensor", "belasting bij de sensor"),
    "report.sentence": (
        "At {speed} the {what} was {value} g.",
        "Bij {speed} was de {what} {value} g.",
    ),
    "report.sentence_no_speed": (
        "The {what} was {value} g; the speed is not known.",
        "De {what} was {value} g; de snelheid is niet bekend.",
    ),
    "report.first_time": (
        "There is no earlier session to compare with.",
        "Er is geen eerdere sessie om mee te vergelijken.",
    ),
    "report.speed_needed": (
        "Without the speed it cannot be compared with another session.",
        "Zonder snelheid is het niet te vergelijken met een andere sessie.",
    ),
    "report.sentence_cadence": (
        "You took {cadence} steps per minute ({interval}).",
        "U zette {cadence} stappen per minuut ({interval}).",
    ),
    "report.sentence_sides": (
        "The load was {pct} % higher on the {side} ({interval} percentage points): larger than the interval.",
        "De belasting was {side} {pct} % hoger ({interval} procentpunt): groter dan het interval.",
    ),
    "report.sentence_sides_equal": (
        "Left and right did not differ by more than the interval ({side} {pct} % higher, {interval} points).",
        "Links en rechts verschilden niet meer dan het interval ({side} {pct} % hoger, {interval} procentpunt).",
    ),
    "report.sentence_sides_unknown": (
        "Left and right are not compared: {why}.",
        "Links en rechts zijn niet vergeleken: {why}.",
    ),
    "report.side_left": ("left", "links"),
    "report.side_right": ("right", "rechts"),
    "report.why_side": ("the side of the steps is not known", "de kant van de stappen is niet bekend"),
    "report.why_few": ("there are too few steps", "er zijn te weinig stappen"),
    "report.why_one_leg": ("the sensor sees one leg only", "de sensor ziet maar één been"),
    "report.why_lateral": (
        "a sensor on one hip sees the near leg stronger",
        "een sensor op één heup ziet het nabije been sterker",
    ),
    "report.how_to_read": (
        "± says how precisely this mean is known from the steps of this run.",
        "± zegt hoe precies dit gemiddelde bekend is uit de stappen van deze loop.",
    ),
    "report.per_speed": ("Per speed", "Per snelheid"),
    "report.speed_unknown": ("Speed not known", "Snelheid onbekend"),
    "report.steps": ("{n} steps", "{n} stappen"),
    "report.settling": ("first 15 s of each block left out", "eerste 15 s van elk blok weggelaten"),
    "report.not_settled": (
        "short block: its first 15 s are counted too",
        "kort blok: de eerste 15 s tellen ook mee",
    ),
    "report.col_today": ("today", "vandaag"),
    "report.col_left": ("left", "links"),
    "report.col_right": ("right", "rechts"),
    "report.col_difference": ("difference", "verschil"),
    "report.col_usual": ("usual range", "gebruikelijk bereik"),
    "report.col_change": ("change", "verandering"),
    "report.col_error": ("error", "meetfout"),
    "report.no_history": (
        "Usual range, change and measurement error are left out: there is no earlier session at the same speed.",
        "Gebruikelijk bereik, verandering en meetfout ontbreken: er is geen eerdere sessie bij dezelfde snelheid.",
    ),
    "report.bold_note": (
        "Change against the earlier sessions at this speed; bold = larger than the measurement error between sessions.",
        "Verandering ten opzichte van eerdere sessies bij deze snelheid; vet = groter dan de meetfout tussen sessies.",
    ),
    "report.more_rows": (
        "{n} more speeds are not on this page; the table of steps (CSV) holds them.",
        "Nog {n} snelheden staan niet op deze pagina; de tabel met stappen (CSV) bevat ze.",
    ),
    "report.load_peak_g": ("Load at the pelvis", "Belasting bij het bekken"),
    "report.load_peak_sensor_g": ("Load at the sensor", "Belasting bij de sensor"),
    "report.shock_peak_g": ("Shock (peak after contact)", "Schok (piek na contact)"),
    "report.vgrf_peak_bw": ("Peak vertical force *", "Verticale piekkracht *"),
    "report.cadence_spm": ("Cadence", "Pasfrequentie"),
    "report.contact_time_s": ("Contact time *", "Grondcontacttijd *"),
    "report.flight_time_s": ("Flight time *", "Zweeftijd *"),
    "report.step_time_s": ("Step time", "Staptijd"),
    "report.vertical_oscillation_m": ("Vertical movement *", "Verticale beweging *"),
    "report.step_regularity": ("Regularity of steps (1 = all alike)", "Regelmaat stappen (1 = alle gelijk)"),
    "report.stride_regularity": ("Regularity of strides (1 = all alike)", "Regelmaat schreden (1 = alle gelijk)"),
    "report.leg_stiffness_kn_m": ("Leg stiffness, trend only *", "Beenstijfheid, alleen trend *"),
    "unit.cm": ("cm", "cm"),
    "unit.kn_m": ("kN/m", "kN/m"),
    "report.unit_bw": ("BW", "LG"),
    "report.load_per_minute": ("Load per minute", "Belasting per minuut"),
    "report.minutes_note": ("minute · bar = 95 % interval", "minuut · streep = 95 %-interval"),
    "report.sides_title": ("Left–right difference", "Links-rechtsverschil"),
    "report.sides_note": ("% · bar = 95 % interval", "% · streep = 95 %-interval"),
    "report.sides_load": ("Load", "Belasting"),
    "report.sides_contact": ("Contact time *", "Grondcontacttijd *"),
    "report.sides_step": ("Step time", "Staptijd"),
    "report.speed_short_unknown": ("speed ?", "snelheid ?"),
    "report.cue": ("Cue tried", "Geprobeerde aanwijzing"),
    "report.events": ("During the run", "Tijdens de loop"),
    "report.event_none": (
        "No gaps of half a second or more, no marks.",
        "Geen gaten van een halve seconde of langer, geen markeringen.",
    ),
    "report.event_gap": ("no data {seconds} s, not filled in", "geen gegevens {seconds} s, niet ingevuld"),
    "report.event_mark": ("mark", "markering"),
    "report.event_mark_text": ("mark: {text}", "markering: {text}"),
    "report.event_note": ("note: {text}", "notitie: {text}"),
    "report.event_swap": (
        "left and right swapped by hand from here",
        "links en rechts met de hand gewisseld vanaf hier",
    ),
    "report.event_cut": ("left out by hand until {end}", "met de hand weggelaten tot {end}"),
    "report.event_more": ("and {n} more", "en nog {n}"),
    "report.pain": ("Pain (0 – 10)", "Pijn (0 – 10)"),
    "report.pain_note": ("as told by the runner", "opgegeven door de loper"),
    "report.pain_before": ("before", "voor"),
    "report.pain_during": ("during", "tijdens"),
    "report.pain_after": ("after", "na"),
    "report.pain_morning": ("next morning", "volgende ochtend"),
    "report.pain_advice": (
        "If it gets worse, radiates, or you feel weakness: stop and ask your therapist.",
        "Wordt het erger, straalt het uit of voelt u zwakte: stop en vraag uw fysiotherapeut.",
    ),
    "report.copy": ("Copy", "Exemplaar"),
    "report.practice": ("Practice · therapist", "Praktijk · therapeut"),
    "report.plan_hint": (
        "One line each, at most {n}. Left empty, the page has lines to write on.",
        "Eén regel per punt, hoogstens {n}. Leeg: de pagina krijgt regels om op te schrijven.",
    ),
    "report.save": ("Save report…", "Bewaar verslag…"),
    "report.plan": ("Plan until next time", "Plan tot de volgende keer"),
    "report.method": ("How was this measured?", "Hoe is dit gemeten?"),
    "report.method_load": (
        "Load = mean peak per step of the vertical acceleration at the {place}, gravity included, low-pass {load} Hz. "
        "Shock = peak in the first 60 ms after contact, low-pass {shock} Hz. Both in g at the sensor: not a force.",
        "Belasting = gemiddelde piek per stap van de verticale versnelling bij {place}, met zwaartekracht, "
        "laagdoorlaat {load} Hz. Schok = piek in de eerste 60 ms na contact, laagdoorlaat {shock} Hz. Beide in g bij "
        "de sensor: geen kracht.",
    ),
    "report.method_place_sacrum": ("sacrum", "het heiligbeen"),
    "report.method_place_hip": ("hip", "de heup"),
    "report.method_place_foot": ("foot", "de voet"),
    "report.method_place_shank": ("shank", "het onderbeen"),
    "report.method_interval": (
        "± = 95 % interval of the mean, from the variation from step to step, rounded up; the error of the sensor "
        "itself is not in it. Difference = 200 (R − L) / (R + L); + means right is larger.",
        "± = 95 %-interval van het gemiddelde, uit de variatie van stap tot stap, naar boven afgerond; de fout van de "
        "sensor zelf zit er niet in. Verschil = 200 (R − L) / (R + L); + betekent dat rechts groter is.",
    ),
    "report.method_gaps": (
        "Missing data ({seconds} s) are not filled in.",
        "Ontbrekende gegevens ({seconds} s) zijn niet ingevuld.",
    ),
    "report.method_no_gaps": ("No data are missing.", "Er ontbreken geen gegevens."),
    "report.method_estimate": (
        "* Estimated from the sensor.",
        "* Geschat uit de sensor.",
    ),
    "report.method_force": (
        "Peak force in body weights (BW) by the model {model}; ± is its error for one person (95 %).",
        "Piekkracht in lichaamsgewichten (LG) volgens het model {model}; ± is de fout ervan voor één persoon (95 %).",
    ),
    "report.method_settings": (
        "Settings: mass {mass}, height {height}, sensor axes {mounting}, contacts low-pass {detection} Hz.",
        "Instellingen: massa {mass}, lengte {height}, sensorassen {mounting}, contacten laagdoorlaat {detection} Hz.",
    ),
    "report.unknown": ("not known", "onbekend"),
    "report.mounting_found": ("from gravity", "uit de zwaartekracht"),
    "report.method_versions": (
        "Filter version {filter} · program {program} · {file} · SHA-256 {hash}",
        "Filterversie {filter} · programma {program} · {file} · SHA-256 {hash}",
    ),
    "report.purpose": (
        "Measures and displays movement of the pelvis or foot during running, for training, education and research. "
        "Not a medical device; not a diagnosis.",
        "Meet en toont beweging van bekken of voet tijdens hardlopen, voor training, onderwijs en onderzoek. "
        "Geen medisch hulpmiddel; stelt geen diagnose.",
    ),
    "report.foot_client": ("Copy for the runner", "Exemplaar voor de loper"),
    "report.foot_record": ("Copy for the record", "Exemplaar voor het dossier"),
    "report.data_table": ("Numbers of this chart", "Getallen van deze grafiek"),
    "report.minute": ("minute", "minuut"),
    "report.interval_word": ("95 % interval", "95 %-interval"),
}
