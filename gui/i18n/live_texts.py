"""Sentences of the start page, the wizard, the runner window and the cue test, English and Dutch side by side."""

from __future__ import annotations

from typing import Final

LIVE_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # what went wrong, by the code of the error; the English window shows the engine's own, more precise sentence
    "error.unexpected": (
        "Something unexpected went wrong; the log has the details.",
        "Er ging iets onverwachts mis; de details staan in het logboek.",
    ),
    "error.imu": ("This could not be done.", "Dit kon niet worden uitgevoerd."),
    "error.settings": (
        "A setting is outside its range. Check the number and its unit.",
        "Een instelling valt buiten het bereik. Controleer het getal en de eenheid.",
    ),
    "error.recording": (
        "This recording cannot be read, or does not hold what the analysis needs.",
        "Deze opname kan niet worden gelezen, of bevat niet wat de analyse nodig heeft.",
    ),
    "error.store": (
        "The file or library cannot be read or written. Check that no other program uses it, and its permissions.",
        "Het bestand of de bibliotheek kan niet worden gelezen of geschreven. "
        "Controleer of een ander programma het gebruikt, en de rechten.",
    ),
    "error.store_full": (
        "The disk is full. What was recorded before is kept; free some space and start again.",
        "De schijf is vol. Wat al was opgenomen blijft bewaard; maak ruimte en begin opnieuw.",
    ),
    "error.profile": (
        "The description of this sensor is unknown or wrong.",
        "De beschrijving van deze sensor is onbekend of klopt niet.",
    ),
    "error.decode": (
        "The sensor sends packets that cannot be read.",
        "De sensor stuurt pakketten die niet te lezen zijn.",
    ),
    "error.device": (
        "The sensor cannot be used. Switch it off and on, then try again.",
        "De sensor kan niet worden gebruikt. Zet hem uit en aan en probeer opnieuw.",
    ),
    "error.device_not_found": (
        "The sensor was not found: it sleeps or is out of reach. Move it or press its button, and bring it near.",
        "De sensor is niet gevonden: hij slaapt of is te ver weg. "
        "Beweeg hem of druk op de knop, en houd hem dichterbij.",
    ),
    "error.device_no_adapter": (
        "No Bluetooth adapter can be reached. Plug one in or switch Bluetooth on.",
        "Er is geen Bluetooth-adapter bereikbaar. Sluit er een aan of zet Bluetooth aan.",
    ),
    "error.device_busy": (
        "Another program or phone holds the sensor. Close the maker's app and try again.",
        "Een ander programma of een telefoon houdt de sensor bezet. Sluit de app van de fabrikant en probeer opnieuw.",
    ),
    "error.device_busy_here": (
        "This computer is connected to the sensor already: another program, or the system itself. Close that program, "
        "or disconnect the sensor in the Bluetooth settings, and try again.",
        "Deze computer is al met de sensor verbonden: via een ander programma of via het systeem zelf. Sluit dat "
        "programma, of verbreek de verbinding in de Bluetooth-instellingen, en probeer opnieuw.",
    ),
    "error.device_busy_search": (
        "Another program searches with the same Bluetooth adapter. Wait some seconds, or close the system's Bluetooth "
        "settings, and try again.",
        "Een ander programma zoekt met dezelfde Bluetooth-adapter. Wacht enkele seconden, of sluit de "
        "Bluetooth-instellingen van het systeem, en probeer opnieuw.",
    ),
    "error.device_lost": (
        "The connection to the sensor was lost. Bring it nearer and start again.",
        "De verbinding met de sensor is verbroken. Houd hem dichterbij en begin opnieuw.",
    ),
    "error.device_permission": (
        "The operating system does not let this program use Bluetooth. Allow it in the system's settings.",
        "Het besturingssysteem staat Bluetooth voor dit programma niet toe. Sta het toe in de systeeminstellingen.",
    ),
    "error.device_wrong": (
        "This is not the sensor it should be, or it refuses what it is told. Choose another one.",
        "Dit is niet de bedoelde sensor, of hij weigert wat hem wordt gevraagd. Kies een andere.",
    ),
    # sensors nearby
    "sensors.title": ("Sensors nearby", "Sensoren in de buurt"),
    "sensors.begin": ("New session", "Nieuwe sessie"),
    "sensors.begin_with": ("Connect and calibrate", "Verbinden en kalibreren"),
    "sensors.again": ("Search again", "Zoek opnieuw"),
    "sensors.searching": ("searching", "zoeken"),
    "sensors.found_none": ("none found", "geen gevonden"),
    "sensors.adapter_ok": ("Bluetooth ok", "Bluetooth in orde"),
    "sensors.no_bluetooth": ("no Bluetooth", "geen Bluetooth"),
    "sensors.none_here": ("without sensor", "zonder sensor"),
    "sensors.none_here_note": (
        "No sensor can be reached from here. Watch the demo runner, or open a recording.",
        "Vanaf hier is geen sensor bereikbaar. Bekijk de demoloper, of open een opname.",
    ),
    "sensors.wake": (
        "No sensor seen yet. Wake it: move it, or press its button. A sensor that a phone holds is not seen.",
        "Nog geen sensor gezien. Maak hem wakker: beweeg hem of druk op de knop. "
        "Een sensor die een telefoon bezet houdt, is niet te zien.",
    ),
    "sensors.held": (
        "connected here already: close the other program, or disconnect it in the Bluetooth settings",
        "hier al verbonden: sluit het andere programma, of verbreek de verbinding in de Bluetooth-instellingen",
    ),
    "sensors.last_used": ("used last time", "vorige keer gebruikt"),
    "sensors.charge_now": ("just now", "zojuist"),
    "sensors.charge_minute": ("{n} min ago", "{n} min geleden"),
    "sensors.charge_hour": ("{n} h ago", "{n} uur geleden"),
    "sensors.charge_day": ("1 day ago", "1 dag geleden"),
    "sensors.charge_days": ("{n} days ago", "{n} dagen geleden"),
    "sensors.simulated": ("Simulated runner", "Gesimuleerde loper"),
    "sensors.simulated_note": (
        "to practise with: no sensor needed, the session is kept like any other",
        "om mee te oefenen: geen sensor nodig, de sessie wordt gewoon bewaard",
    ),
    "sensors.signal_1": ("weak", "zwak"),
    "sensors.signal_2": ("fair", "matig"),
    "sensors.signal_3": ("good", "goed"),
    "sensors.signal_4": ("strong", "sterk"),
    # recent sessions and notices
    "recent.title": ("Recent sessions", "Recente sessies"),
    "recent.all": ("All sessions", "Alle sessies"),
    "recent.count": ("{n} of {total} sessions", "{n} van {total} sessies"),
    "recent.client": ("Client", "Cliënt"),
    "recent.day": ("Day", "Dag"),
    "recent.load": ("Load", "Belasting"),
    "recent.steps": ("Each step", "Elke stap"),
    "recent.range": ("{low} to {high} g", "{low} tot {high} g"),
    "recent.steps_note": (
        "Load of steps from start to end, {range}; left and right as triangles, the same height for every session",
        "Belasting van stappen van begin tot eind, {range}; links en rechts als driehoek, "
        "voor elke sessie dezelfde hoogte",
    ),
    "recent.find": ("Find client code", "Zoek cliëntcode"),
    "recent.found_none": (
        "No session of a client whose code holds “{code}”. Clear the field to see all.",
        "Geen sessie van een cliënt met “{code}” in de code. Maak het veld leeg om alles te zien.",
    ),
    "help.find": ("start page: find a client's sessions", "startpagina: zoek sessies van een cliënt"),
    "recent.duration": ("Time", "Duur"),
    "recent.nobody": ("no code", "geen code"),
    "notice.look": ("Look", "Bekijk"),
    "notice.recovered": (
        "The session of {code}, {day}, was cut off. It is recovered up to its last second: {time}.",
        "De sessie van {code}, {day}, werd afgebroken. Ze is hersteld tot de laatste seconde: {time}.",
    ),
    "notice.library": ("Sessions are not kept now: {why}", "Sessies worden nu niet bewaard: {why}"),
    "start.local_at": (
        "All data stay on this computer: {path} · {free} GB free · no account, no telemetry",
        "Alle gegevens blijven op deze computer: {path} · {free} GB vrij · geen account, geen telemetrie",
    ),
    # footer: on the buttons, and what a screen reader and the tool tip say
    "key.cue": ("cue", "aanwijzing"),
    "key.pain": ("pain", "pijn"),
    "key.note": ("note", "notitie"),
    "key.target": ("target", "doel"),
    "key.runner": ("runner", "loper"),
    "key.mark_name": ("Put a mark at this moment", "Zet een markering bij dit moment"),
    "key.cue_name": (
        "Cue test with “{told}”: begin, end, verdict; W chooses other words",
        "Test van de aanwijzing “{told}”: begin, einde, uitslag; W kiest andere woorden",
    ),
    "key.pain_name": ("Pain score of now", "Pijnscore van nu"),
    "key.note_name": ("Note at this moment", "Notitie bij dit moment"),
    "key.target_name": (
        "Cadence target 5 or 10 % above own, or none",
        "Doelpasfrequentie 5 of 10 % boven eigen, of geen",
    ),
    "key.swap_name": ("Swap left and right from now on", "Wissel links en rechts vanaf nu"),
    "key.speed_name": ("Type the speed of the belt", "Typ de snelheid van de band"),
    "key.runner_name": (
        "Window for the runner, on the second screen",
        "Venster voor de loper, op het tweede scherm",
    ),
    # change against the client's own sessions
    "change.below": ("below own baseline", "onder eigen basis"),
    "change.above": ("above own baseline", "boven eigen basis"),
    "change.same": (
        "from own baseline: within the error",
        "van eigen basis: binnen de fout",
    ),
    "change.undecided": (
        "from own baseline, error not known yet",
        "van eigen basis, fout nog onbekend",
    ),
    "change.baseline": (
        "baseline {g} g at {speed} · sessions: {n}",
        "basis {g} g bij {speed} · sessies: {n}",
    ),
    "change.too_few_sessions": ("± of the steps alone", "± alleen van de stappen"),
    "change.no_baseline": (
        "no earlier session at this speed to compare with",
        "geen eerdere sessie bij deze snelheid om mee te vergelijken",
    ),
    "change.speed_missing": (
        "set the speed to compare with earlier sessions",
        "stel de snelheid in om te vergelijken met eerdere sessies",
    ),
    "word.usual": ("usual {low} to {high} %", "gebruikelijk {low} tot {high} %"),
    "word.lateral_sensor": (
        "a sensor on one hip sees the near leg stronger",
        "een sensor op één heup ziet het nabije been sterker",
    ),
    "word.one_leg_sensor": ("this sensor sees one leg only", "deze sensor ziet maar één been"),
    "target.in": ("in target", "in doel"),
    "target.below": ("below target", "onder doel"),
    "target.above": ("above target", "boven doel"),
    # cue test
    "cue.now_cue": ("Cue “{told}” {time} · C ends it", "Aanwijzing “{told}” {time} · C stopt de aanwijzing"),
    "cue.now_back": (
        "Back without “{told}”, {time} to go · C asks for the verdict now",
        "Terug zonder “{told}”, nog {time} · C vraagt nu om de uitslag",
    ),
    "cue.works": (
        "{pct} % ({error} %) with this cue; came back without it. Larger than the measurement error.",
        "{pct} % ({error} %) met deze aanwijzing; zonder kwam het terug. Groter dan de meetfout.",
    ),
    "cue.other_way": (
        "{pct} % ({error} %) with this cue: more load, not less; came back without it.",
        "{pct} % ({error} %) met deze aanwijzing: meer belasting, niet minder; zonder kwam het terug.",
    ),
    "cue.no_clear_difference": (
        "No clear difference with this cue: {pct} % ({error} %).",
        "Geen duidelijk verschil met deze aanwijzing: {pct} % ({error} %).",
    ),
    "cue.did_not_come_back": (
        "{pct} % ({error} %) with this cue, but it did not come back without it: not decided.",
        "{pct} % ({error} %) met deze aanwijzing, maar zonder kwam het niet terug: niet beslist.",
    ),
    "cue.reason_speed_changed": (
        "No verdict on the cue: the speed changed between the blocks.",
        "Geen uitslag over de aanwijzing: de snelheid veranderde tussen de blokken.",
    ),
    "cue.reason_too_few_steps": (
        "No verdict on the cue: a block has fewer than 40 steps after its first 15 s.",
        "Geen uitslag over de aanwijzing: een blok heeft minder dan 40 stappen na de eerste 15 s.",
    ),
    "cue.told_softer": ("land softer", "land zachter"),
    "cue.told_quick": ("shorter, quicker steps", "kortere, snellere passen"),
    "cue.told_quiet": ("run quietly", "loop stil"),
    "cue.told_tall": ("run tall", "loop groot"),
    "cue.next": ("Next cue: {told} · W chooses, C begins", "Volgende aanwijzing: {told} · W kiest, C begint"),
    "help.words": ("choose the words of the cue", "kies de woorden van de aanwijzing"),
    "event.cue_on": ("cue: {told}", "aanwijzing: {told}"),
    "event.cue_off": ("cue ends: {told}", "einde aanwijzing: {told}"),
    "event.verdict": ("cue: {words}", "aanwijzing: {words}"),
    "event.pain": ("pain {n}", "pijn {n}"),
    "event.note": ("note: {text}", "notitie: {text}"),
    "event.skipped": ("skipped before the run: {pages}", "overgeslagen vóór de loop: {pages}"),
    "dialog.cancel": ("Cancel", "Annuleer"),
    "pain.title": ("Pain now", "Pijn nu"),
    "pain.label": ("0 = none, 10 = the worst there is", "0 = geen, 10 = de ergste die er is"),
    "pain.score": ("Pain {n}", "Pijn {n}"),
    "note.title": ("Note", "Notitie"),
    "note.label": ("Note at this moment", "Notitie bij dit moment"),
    "note.keep": ("Keep", "Bewaar"),
    "help.cue": ("cue test: begin, end, verdict", "test van een aanwijzing: begin, einde, uitslag"),
    "help.pain": ("pain score of now", "pijnscore van nu"),
    "help.note": ("note at this moment", "notitie bij dit moment"),
    "help.target": ("cadence target 5 or 10 % above own, or none", "doelpasfrequentie 5 of 10 % boven eigen, of geen"),
    "banner.battery": ("Battery low: {pct} %", "Batterij bijna leeg: {pct} %"),
    "banner.slow": (
        "Sensor at {hz} Hz: cadence is reliable, peaks read too low",
        "Sensor op {hz} Hz: pasfrequentie is betrouwbaar, pieken lezen te laag",
    ),
    "banner.rate_off": (
        "Sensor samples at {hz} Hz, set to {nominal} Hz: times and cadence are wrong",
        "Sensor meet op {hz} Hz, ingesteld op {nominal} Hz: tijden en pasfrequentie kloppen niet",
    ),
    # steps laid over each other
    "curves.title": ("Steps overlaid", "Stappen over elkaar"),
    "curves.note": ("newest {n} per side", "nieuwste {n} per kant"),
    "curves.key": ("bold: mean · table: mean ± 1 SD, g", "vet: gemiddelde · tabel: gemiddelde ± 1 SD, g"),
    "curves.axis": ("from contact to next contact", "van contact tot volgend contact"),
    "curves.percent": ("at %", "op %"),
    "curves.side": ("{side} ({n})", "{side} ({n})"),
    # scrolling back in the near view
    "back.paused": ("PAUSED", "GEPAUZEERD"),
    "back.ago": ("{time} back", "{time} terug"),
    "back.goes_on": ("the run goes on", "de loop gaat door"),
    "back.pause": ("pause view", "pauzeer beeld"),
    "back.follow": ("follow again", "volg weer"),
    "back.live": ("to now", "naar nu"),
    "back.live_name": ("Back to what happens now", "Terug naar wat nu gebeurt"),
    "back.slider": ("Scroll back through the run", "Terugbladeren door de loop"),
    "back.following": ("follows the run", "volgt de loop"),
    "help.hold": ("near view: pause the view, never the recording", "dichtbij: pauzeer het beeld, nooit de opname"),
    "help.scroll": ("near view: 5 s back or forward", "dichtbij: 5 s terug of vooruit"),
    "help.ends": ("near view: as far back as kept, or live", "dichtbij: zo ver terug als bewaard, of live"),
    # runner window
    "runner.title": ("Runner", "Loper"),
    "runner.quiet": ("quiet", "stil"),
    "runner.in": ("quiet", "stil"),
    "runner.over": ("quieter, quicker", "stiller, sneller"),
    "runner.count": ("{n} of {of}", "{n} van {of}"),
    "runner.wait": ("Starts when you run", "Begint zodra u loopt"),
    "runner.by_feel": ("Now by feel", "Nu op gevoel"),
    "runner.off": ("Feedback off", "Feedback uit"),
    "runner.build_up": (
        "Lower here can mean more work for calf and Achilles — build up slowly.",
        "Lager hier kan meer werk voor kuit en achillespees betekenen — bouw rustig op.",
    ),
    "runner.keys": (
        "B bar, ball, off · F fade: {pct} % of the steps · Esc closes this window, the recording goes on",
        "B balk, bal, uit · F afbouwen: {pct} % van de stappen · Esc sluit dit venster, de opname gaat door",
    ),
    "help.runner": ("window for the runner, on the second screen", "venster voor de loper, op het tweede scherm"),
}
