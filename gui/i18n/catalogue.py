"""Every sentence of the dashboard, English and Dutch side by side, so that neither can lag behind the other.

A plain table instead of .ts/.qm files: it works from a fresh clone without a build step, the type checker sees it,
and a test compares the placeholders of both columns. Words follow the glossary: load, steps, feedback line; no words
about health, injury or safety. The Dutch addresses the reader as `u`.
"""

from __future__ import annotations

from typing import Final

from gui.i18n.import_texts import IMPORT_TEXTS
from gui.i18n.library_texts import LIBRARY_TEXTS
from gui.i18n.live_texts import LIVE_TEXTS
from gui.i18n.near_texts import NEAR_TEXTS
from gui.i18n.report_texts import REPORT_TEXTS
from gui.i18n.review_texts import REVIEW_TEXTS
from gui.i18n.sound_texts import SOUND_TEXTS
from gui.i18n.state_texts import STATE_TEXTS
from gui.i18n.warning_texts import WARNING_TEXTS
from gui.i18n.wizard_texts import WIZARD_TEXTS

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # window and bars
    "app.title": ("Stride-impact", "Stride-impact"),
    "app.purpose": (
        "Measures and displays movement of the pelvis or foot during running, for training, education and research. "
        "It does not diagnose, treat, predict or monitor disease, and is not a medical device.",
        "Meet en toont beweging van het bekken of de voet tijdens hardlopen, voor training, onderwijs en onderzoek. "
        "Het stelt geen diagnose, behandelt, voorspelt of bewaakt geen ziekte en is geen medisch hulpmiddel.",
    ),
    "bar.rec": ("REC", "REC"),
    "bar.not_recorded": ("not saved", "niet opgeslagen"),
    "bar.speed_unknown": ("speed not set", "snelheid onbekend"),
    "bar.rate": ("{rate} Hz", "{rate} Hz"),
    "bar.lost": ("lost {pct} %", "kwijt {pct} %"),
    "bar.delay": ("delay {ms} ms", "vertraging {ms} ms"),
    "bar.clipped": ("clipped {n}", "afgekapt {n}"),
    "bar.far": ("Far", "Veraf"),
    "bar.near": ("Near", "Dichtbij"),
    "bar.far_name": (
        "Far view: large numbers, readable from 3 metres",
        "Beeld van veraf: grote cijfers, leesbaar op 3 meter",
    ),
    "bar.near_name": ("Near view: signal, steps and sensor", "Beeld van dichtbij: signaal, stappen en sensor"),
    "bar.theme_name": ("Light or dark", "Licht of donker"),
    "bar.language_name": ("Language: {language}", "Taal: {language}"),
    "bar.unit_name": (
        "Speed in {unit}; change to {other} (U)",
        "Snelheid in {unit}; wissel naar {other} (U)",
    ),
    "bar.text": ("Aa {pct} %", "Aa {pct} %"),
    "bar.text_name": (
        "Text size: {size}; make it larger (Ctrl +) or smaller (Ctrl \u2212)",
        "Tekstgrootte: {size}; maak groter (Ctrl +) of kleiner (Ctrl \u2212)",
    ),
    "bar.help_name": ("Help", "Hulp"),
    # states of the link
    "state.idle": ("not connected", "niet verbonden"),
    "state.preparing": ("preparing", "voorbereiden"),
    "state.connecting": ("connecting", "verbinden"),
    "state.streaming": ("receiving", "ontvangt"),
    "state.stalled": ("no data", "geen gegevens"),
    "state.reconnecting": ("reconnecting", "opnieuw verbinden"),
    "state.finished": ("finished", "afgelopen"),
    "state.failed": ("failed", "mislukt"),
    "state.losing": ("data lost", "gegevens kwijt"),
    # banners: what is going on, in words
    "banner.preparing": (
        "Preparing, {seconds} s. The very first start takes longer: the analysis is compiled once.",
        "Voorbereiden, {seconds} s. De allereerste keer duurt langer: de analyse wordt één keer gecompileerd.",
    ),
    "banner.connecting": ("Connecting to {source}", "Verbinden met {source}"),
    "banner.no_data": ("No data for {seconds} s", "Geen gegevens sinds {seconds} s"),
    "banner.unread": (
        "{n} packets came, none could be read: the profile does not fit this sensor",
        "{n} pakketten ontvangen, geen enkel leesbaar: het profiel past niet bij deze sensor",
    ),
    "banner.reconnecting": (
        "Connection lost, trying again · no data for {seconds} s",
        "Verbinding verbroken, nieuwe poging · geen gegevens sinds {seconds} s",
    ),
    "banner.failed": ("Stopped: {detail}", "Gestopt: {detail}"),
    "banner.finished": ("Finished · {time} · {n} steps", "Afgelopen · {time} · {n} stappen"),
    "banner.walking": ("Walking: no running numbers", "Wandelen: geen loopcijfers"),
    "banner.standing": ("Standing: no steps", "Staan: geen stappen"),
    "banner.side": (
        "Side uncertain: left and right are not shown",
        "Kant onzeker: links en rechts worden niet getoond",
    ),
    "banner.clipped": (
        "Clipped: the sensor's range is too small, peaks read too low",
        "Afgekapt: het bereik van de sensor is te klein, pieken lezen te laag",
    ),
    "banner.loss": ("No data during {seconds} of the last {of} s", "Geen gegevens in {seconds} van de laatste {of} s"),
    # sources that the program names itself
    "source.simulated": ("simulated runner", "gesimuleerde loper"),
    # cards
    "card.load": ("Load at the pelvis", "Belasting bij het bekken"),
    "card.load_foot": ("Load at the sensor", "Belasting bij de sensor"),
    "card.window": ("last {n} steps", "laatste {n} stappen"),
    "card.window_part": ("{k} of the last {n} steps", "{k} van de laatste {n} stappen"),
    "card.no_steps": ("no running steps", "geen loopstappen"),
    "card.newest": ("newest step", "nieuwste stap"),
    "card.newest_note": (
        "peak of the vertical acceleration, low-pass 10 Hz",
        "piek van de verticale versnelling, laagdoorlaat 10 Hz",
    ),
    "card.each_step": ("Each step, last {n} s", "Elke stap, laatste {n} s"),
    "card.difference": ("Left–right difference", "Links-rechtsverschil"),
    "card.cadence": ("Cadence", "Pasfrequentie"),
    "card.line": ("Steps under the line", "Stappen onder de lijn"),
    "card.contact": ("Contact time", "Grondcontacttijd"),
    "card.trace": ("Vertical acceleration at the pelvis", "Verticale versnelling bij het bekken"),
    "card.trace_note": ("last {n} s · gravity included", "laatste {n} s · inclusief zwaartekracht"),
    "card.steps": ("Steps", "Stappen"),
    "card.newest_first": ("newest first", "nieuwste bovenaan"),
    "card.sensor": ("Sensor", "Sensor"),
    "card.events": ("Events", "Gebeurtenissen"),
    # words beside numbers
    "word.left": ("left", "links"),
    "word.right": ("right", "rechts"),
    "word.unknown": ("side unknown", "kant onbekend"),
    "word.of": ("of {n}", "van {n}"),
    "word.under": ("under", "onder"),
    "word.over": ("over", "boven"),
    "word.estimate": ("estimate", "schatting"),
    "word.flagged": ("reads too low", "leest te laag"),
    "word.speed_known": ("speed known", "snelheid bekend"),
    "word.speed_unknown": ("speed not known", "snelheid onbekend"),
    "word.step_to_step": ("± step to step", "± van stap tot stap"),
    "word.spread": ("± 95 %, from step to step", "± 95 %, van stap tot stap"),
    "word.now": ("now", "nu"),
    "word.standing": ("standing", "staan"),
    "word.feedback": ("feedback", "feedback-"),
    "word.line": ("line", "lijn"),
    "word.drag": ("drag to set", "instellen"),
    "word.no_line": ("No feedback line set", "Geen feedbacklijn gezet"),
    "word.collecting": ("collecting… {n} of {needed} steps", "verzamelen… {n} van {needed} stappen"),
    "word.collecting_sides": (
        "collecting… {n} of {needed} per side",
        "verzamelen… {n} van {needed} per kant",
    ),
    "word.wide": ("collecting… {n} of {of} steps", "verzamelen… {n} van {of} stappen"),
    "word.wide_full": ("interval stays wide: {pct} %", "interval blijft ruim: {pct} %"),
    "word.old": ("last value, {seconds} s old", "laatste waarde, {seconds} s oud"),
    "word.larger": ("larger than its interval", "groter dan het interval"),
    "word.not_larger": ("not larger than its interval", "niet groter dan het interval"),
    "word.side_uncertain": ("side uncertain", "kant onzeker"),
    "word.no_data": ("no data", "geen gegevens"),
    "word.no_data_s": ("no data {seconds} s", "geen gegevens {seconds} s"),
    "word.no_data_more": ("no data, more than {seconds} s", "geen gegevens, meer dan {seconds} s"),
    "word.raw": ("raw", "ruw"),
    "word.lowpass": ("10 Hz low-pass", "laagdoorlaat 10 Hz"),
    "word.toe_off": ("toe-off", "afzet"),
    "word.initial_contact": ("initial contact", "eerste contact"),
    "word.contact_lane": ("contact, ms (estimate)", "contact, ms (schatting)"),
    "word.lane_left": ("L", "L"),
    "word.lane_right": ("R", "R"),
    "word.live": ("LIVE", "LIVE"),
    "word.ended": ("ENDED", "EINDE"),
    "word.paused": ("WAITING", "WACHT"),
    "word.mark": ("mark {n}", "markering {n}"),
    "unit.g": ("g", "g"),
    "unit.ms": ("ms", "ms"),
    "unit.per_min": ("/min", "/min"),
    "unit.pct": ("%", "%"),
    "unit.seconds": ("{n} s", "{n} s"),
    # step table
    "table.time": ("time", "tijd"),
    "table.side": ("side", "kant"),
    "table.load": ("load g", "belasting g"),
    "table.shock": ("shock g", "schok g"),
    "table.contact": ("contact* ms", "contact* ms"),
    "table.flight": ("flight* ms", "zweef* ms"),
    "table.step": ("step ms", "stap ms"),
    "table.note": ("note", "opmerking"),
    "table.footnote": ("* estimate", "* schatting"),
    "table.empty": ("No steps yet", "Nog geen stappen"),
    "quality.after_gap": ("after a gap", "na een gat"),
    "quality.saturated": ("clipped", "afgekapt"),
    "quality.no_toe_off": ("no toe-off", "geen afzet"),
    "quality.edge": ("first or last", "eerste of laatste"),
    "quality.walking": ("walking", "wandelen"),
    "quality.slow_rate": ("slow sensor", "trage sensor"),
    "quality.side_corrected": ("side corrected", "kant hersteld"),
    "quality.frozen": ("frozen sample", "vaste meetwaarde"),
    # sensor card
    "sensor.rate": ("Rate", "Frequentie"),
    "sensor.rate_note": ("of {nominal} Hz", "van {nominal} Hz"),
    "sensor.rate_off": ("not {nominal} Hz: times are wrong", "niet {nominal} Hz: tijden kloppen niet"),
    "sensor.lost": ("Lost", "Kwijt"),
    "sensor.lost_note": ("{lost} of {total} samples", "{lost} van {total} meetwaarden"),
    "sensor.clipped": ("Clipped", "Afgekapt"),
    "sensor.clipped_note": ("samples at the range limit", "meetwaarden aan de grens"),
    "sensor.battery": ("Battery", "Batterij"),
    "sensor.battery_none": ("not reported", "niet gemeld"),
    "sensor.delay": ("Delay", "Vertraging"),
    "sensor.delay_note_lag": (
        "packet to screen; radio at most {ms} ms late",
        "van pakket tot scherm; radio hooguit {ms} ms te laat",
    ),
    "sensor.delay_note": ("packet to screen, 95 % of packets", "van pakket tot scherm, 95 % van pakketten"),
    "sensor.errors": ("Unreadable", "Onleesbaar"),
    "sensor.errors_note": ("packets", "pakketten"),
    "sensor.ok": ("all in range", "alles binnen bereik"),
    "sensor.not_ok": ("look here", "let hierop"),
    # events
    "event.no_data": ("no data {seconds} s, not filled in", "geen gegevens {seconds} s, niet ingevuld"),
    "event.no_data_more": (
        "no data, more than {seconds} s, not filled in",
        "geen gegevens, meer dan {seconds} s, niet ingevuld",
    ),
    "event.clipped": ("clipped: {n} samples", "afgekapt: {n} meetwaarden"),
    "event.mark": ("mark {n}", "markering {n}"),
    "event.swap": ("sides swapped from here", "kanten gewisseld vanaf hier"),
    "event.speed": ("speed {speed}", "snelheid {speed}"),
    "event.speed_none": ("speed not set", "snelheid onbekend"),
    "event.walking": ("walking, no running numbers", "wandelen, geen loopcijfers"),
    "event.running": ("running", "hardlopen"),
    "event.standing": ("standing", "staan"),
    "event.started": ("started: {source}", "gestart: {source}"),
    "event.stalled": ("no data coming in", "er komen geen gegevens binnen"),
    "event.reconnecting": ("connection lost, trying again", "verbinding verbroken, nieuwe poging"),
    "event.back": ("data are coming in again", "er komen weer gegevens binnen"),
    "event.finished": ("finished", "afgelopen"),
    "event.failed": ("stopped: {detail}", "gestopt: {detail}"),
    "event.side": ("side uncertain", "kant onzeker"),
    "event.line": ("feedback line {value} g", "feedbacklijn {value} g"),
    "event.line_off": ("feedback line off", "feedbacklijn uit"),
    "event.none": ("Nothing yet", "Nog niets"),
    # footer keys
    "key.space": ("Space", "Spatie"),
    "key.mark": ("mark", "markering"),
    "key.swap": ("swap sides", "wissel kanten"),
    "key.speed": ("speed", "snelheid"),
    "key.view": ("far / near", "veraf / dichtbij"),
    "key.stop": ("Stop", "Stop"),
    "key.again": ("New run", "Nieuwe loop"),
    "key.stop_name": ("Stop this run", "Stop deze loop"),
    "key.again_name": ("Back to the start page for a new run", "Terug naar de startpagina voor een nieuwe loop"),
    # feedback line, accessible
    "line.name": (
        "Feedback line in g; arrow up and down move it, Delete removes it",
        "Feedbacklijn in g; pijl omhoog en omlaag verplaatsen hem, Delete haalt hem weg",
    ),
    # speed dialog
    "speed.title": ("Belt speed", "Bandsnelheid"),
    "speed.label": ("Speed of the belt in {unit}", "Snelheid van de band in {unit}"),
    "speed.unit_kmh": ("km/h", "km/u"),
    "speed.unit_pace": ("min/km", "min/km"),
    "speed.set": ("Set", "Zet"),
    "speed.unset": ("Not known", "Onbekend"),
    # start page
    "start.title": ("Ready when you are.", "Klaar om te beginnen."),
    "start.subtitle": (
        "Put the sensor on the sacrum, between the dimples, belt tight.",
        "Plaats de sensor op het heiligbeen, tussen de kuiltjes, band strak.",
    ),
    "start.demo": ("Demo runner", "Demoloper"),
    "start.demo_text": (
        "A simulated runner, live, through the same analysis as a sensor. No sensor needed.",
        "Een gesimuleerde loper, live, door dezelfde analyse als een sensor. Geen sensor nodig.",
    ),
    "start.demo_button": ("Start demo", "Start demo"),
    "start.open": ("Open recording", "Opname openen"),
    "start.open_text": (
        "Play a recording as if it were live (.stride, .npz), or import a table of another program.",
        "Speel een opname af alsof die live is (.stride, .npz), of importeer een tabel van een ander programma.",
    ),
    "start.open_button": ("Open file…", "Open bestand…"),
    "start.open_title": ("Open a recording", "Open een opname"),
    "start.open_filter": (
        "Recordings (*.stride *.npz *.csv *.txt *.tsv *.dat *.json)",
        "Opnamen (*.stride *.npz *.csv *.txt *.tsv *.dat *.json)",
    ),
    "start.look": ("What you will see", "Wat u te zien krijgt"),
    "start.look_load": (
        "Load at the pelvis: the peak of each step, in g at the sensor. Not a force.",
        "Belasting bij het bekken: de piek van elke stap, in g bij de sensor. Geen kracht.",
    ),
    "start.look_interval": (
        "± beside a number: 95 % interval from step to step. Grey until it is small enough.",
        "± naast een getal: 95%-interval van stap tot stap. Grijs tot het klein genoeg is.",
    ),
    "start.look_side": (
        "Left is blue and points left, right is orange and points right.",
        "Links is blauw en wijst naar links, rechts is oranje en wijst naar rechts.",
    ),
    "start.look_gap": (
        "Missing data stay missing: hatched, with the seconds. Nothing is filled in.",
        "Ontbrekende gegevens blijven leeg: gearceerd, met de seconden. Er wordt niets ingevuld.",
    ),
    "start.keys": ("Keys", "Toetsen"),
    "start.esc": ("never stops a run", "stopt nooit een loop"),
    "start.local": (
        "All data stay on this computer · no account, no telemetry",
        "Alle gegevens blijven op deze computer · geen account, geen telemetrie",
    ),
    "start.version": ("version {version}", "versie {version}"),
    # help
    "help.title": ("Keys and meaning", "Toetsen en betekenis"),
    "help.close": ("Close", "Sluiten"),
    "help.space": ("put a mark at this moment", "zet een markering op dit moment"),
    "help.swap": ("swap left and right from the next step on", "wissel links en rechts vanaf de volgende stap"),
    "help.speed": ("belt speed 0.1 km/h down or up", "bandsnelheid 0,1 km/u omlaag of omhoog"),
    "help.pace": ("belt 5 s per km slower or faster", "band 5 s per km langzamer of sneller"),
    "help.speed_type": ("type the belt speed", "typ de bandsnelheid"),
    "help.view": ("far view or near view", "beeld van veraf of dichtbij"),
    "help.theme": ("light or dark", "licht of donker"),
    "help.unit": ("speed in km/h or as pace in min/km", "snelheid in km/u of als tempo in min/km"),
    "help.text": ("text larger, smaller or as it was", "tekst groter, kleiner of zoals hij was"),
    "help.text_scroll": ("large text: move the page", "grote tekst: verschuif de pagina"),
    "help.demo": ("start page: demo runner", "startpagina: demoloper"),
    "help.open": ("start page: open a recording", "startpagina: open een opname"),
    "help.f1": ("this page", "deze pagina"),
    "help.full": ("full screen", "volledig scherm"),
    "help.esc": (
        "leave full screen; never stops a run",
        "verlaat volledig scherm; stopt nooit een loop",
    ),
    "help.load": (
        "Load: highest vertical acceleration of a step after a 10 Hz low-pass, gravity included (standing = 1 g).",
        "Belasting: hoogste verticale versnelling van een stap na laagdoorlaat 10 Hz, met zwaartekracht (staan = 1 g).",
    ),
    "help.interval": (
        "±: 95 % interval of the mean from step-to-step variation, rounded up. "
        "It does not hold the sensor's own error.",
        "±: 95%-interval van het gemiddelde uit de variatie van stap tot stap, naar boven afgerond. "
        "De fout van de sensor zelf zit er niet in.",
    ),
    "help.difference": (
        "Left–right difference: 200 (R − L) / (R + L) of the load; + means right is larger.",
        "Links-rechtsverschil: 200 (R − L) / (R + L) van de belasting; + betekent dat rechts groter is.",
    ),
    "help.contact": (
        "Contact time is an estimate from the pelvis; compare it with yourself at the same speed.",
        "Grondcontacttijd is een schatting vanaf het bekken; vergelijk hem met uzelf bij dezelfde snelheid.",
    ),
    "help.flagged": (
        "Hollow step: after a gap or clipped, its peak may read too low. Grey diamond: side unknown.",
        "Holle stap: na een gat of afgekapt, de piek kan te laag zijn. Grijze ruit: kant onbekend.",
    ),
    **IMPORT_TEXTS,
    **LIBRARY_TEXTS,
    **LIVE_TEXTS,
    **NEAR_TEXTS,
    **REPORT_TEXTS,
    **REVIEW_TEXTS,
    **SOUND_TEXTS,
    **WARNING_TEXTS,
    **STATE_TEXTS,
    **WIZARD_TEXTS,
}
