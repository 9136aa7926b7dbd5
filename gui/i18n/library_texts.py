"""Sentences of the library, compare and trend pages, English and Dutch side by side."""

from __future__ import annotations

from typing import Final

LIBRARY_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "library.title": ("Sessions", "Sessies"),
    "library.search": (
        "Search code, shoe, surface, tag or note",
        "Zoek op code, schoen, ondergrond, label of notitie",
    ),
    "library.clients": ("Clients", "Cliënten"),
    "library.all": ("All sessions", "Alle sessies"),
    "library.client": ("{code} · {n} sessions · {last}", "{code} · {n} sessies · {last}"),
    "library.client_one": ("{code} · {n} session · {last}", "{code} · {n} sessie · {last}"),
    "library.client_none": ("{code} · no sessions yet", "{code} · nog geen sessies"),
    "library.all_tags": ("All tags", "Alle labels"),
    "library.tag_name": ("Show sessions with this tag only", "Toon alleen sessies met dit label"),
    "library.col_date": ("Date", "Datum"),
    "library.col_client": ("Client", "Cliënt"),
    "library.col_load": ("Load, g", "Belasting, g"),
    "library.col_cadence": ("Cadence", "Pasfreq."),
    "library.col_duration": ("Duration", "Duur"),
    "library.col_steps": ("Steps", "Stappen"),
    "library.col_shoe": ("Shoe", "Schoen"),
    "library.col_tags": ("Tags", "Labels"),
    "library.col_state": ("State", "Toestand"),
    "library.place_sacrum": ("sacrum", "heiligbeen"),
    "library.place_hip": ("hip", "heup"),
    "library.place_foot": ("foot", "voet"),
    "library.place_shank": ("shank", "onderbeen"),
    "library.unfinished": ("not finished", "niet afgerond"),
    "library.cut_off": ("was cut off", "was afgebroken"),
    "library.open": ("Open", "Openen"),
    "library.compare": ("Compare two", "Vergelijk twee"),
    "library.compare_name": (
        "Choose two sessions (Ctrl + click), then compare them",
        "Kies twee sessies (Ctrl + klik) en vergelijk ze",
    ),
    "library.trend": ("Trend", "Verloop"),
    "library.trend_name": ("Trend of this client over sessions", "Verloop van deze cliënt over sessies"),
    "library.whose_button": ("Whose…", "Van wie…"),
    "library.whose_title": ("Whose session is this?", "Van wie is deze sessie?"),
    "library.whose_ask": ("Code of the client:", "Code van de cliënt:"),
    "library.tags_button": ("Tags…", "Labels…"),
    "library.tags_ask": (
        "Tags of this session, separated by commas",
        "Labels van deze sessie, gescheiden door komma's",
    ),
    "library.import": ("Import…", "Importeren…"),
    "library.import_filter": (
        "Sessions and recordings (*.stride *.npz *.csv *.txt *.tsv *.dat *.json)",
        "Sessies en opnamen (*.stride *.npz *.csv *.txt *.tsv *.dat *.json)",
    ),
    "library.imported": ("Imported: {name}", "Geïmporteerd: {name}"),
    "library.new_client": ("New client…", "Nieuwe cliënt…"),
    "library.code": ("Code (no name)", "Code (geen naam)"),
    "library.birth_year": ("Birth year", "Geboortejaar"),
    "library.mass": ("Mass, kg", "Massa, kg"),
    "library.height": ("Height, m", "Lengte, m"),
    "library.save": ("Save", "Bewaar"),
    "library.col_more": ("More", "Verder"),
    "library.cancel": ("Cancel", "Annuleer"),
    "library.not_a_number": ("{field}: '{text}' is not a number.", "{field}: '{text}' is geen getal."),
    "library.empty": ("No sessions yet.", "Nog geen sessies."),
    "library.empty_do": (
        "Every run is kept from the moment a sensor connects. Start one on the start page, or import a session file.",
        "Elke loop wordt bewaard zodra een sensor verbindt. Begin op de startpagina, of importeer een sessiebestand.",
    ),
    "library.no_sessions": ("No sessions here yet.", "Hier zijn nog geen sessies."),
    "library.no_sessions_do": (
        "Choose a client on the start page and record, or import a session file.",
        "Kies een cliënt op de startpagina en neem op, of importeer een sessiebestand.",
    ),
    "library.client_empty": ("{code} has no sessions yet.", "{code} heeft nog geen sessies."),
    "library.client_empty_do": (
        "The next run recorded for this client appears here.",
        "De volgende loop die voor deze cliënt wordt opgenomen verschijnt hier.",
    ),
    "library.nothing_found": ("Nothing found for “{search}”.", "Niets gevonden voor “{search}”."),
    "library.nothing_found_do": (
        "Search looks at codes, shoes, surfaces, tags and notes. Clear the field to see all.",
        "Zoeken kijkt naar codes, schoenen, ondergronden, labels en notities. Maak het veld leeg om alles te zien.",
    ),
    "library.count": ("{n} sessions", "{n} sessies"),
    "library.count_one": ("{n} session", "{n} sessie"),
    "library.first_of": ("the newest {n}; search for older ones", "de nieuwste {n}; zoek voor oudere"),
    "library.unfinished_one": (
        "A recording was cut off. Everything up to its last second is kept.",
        "Een opname werd afgebroken. Alles tot de laatste seconde is bewaard.",
    ),
    "library.unfinished_more": (
        "{n} recordings were cut off. Everything up to their last second is kept.",
        "{n} opnamen werden afgebroken. Alles tot de laatste seconde is bewaard.",
    ),
    "erase.button": ("Erase client…", "Cliënt wissen…"),
    "erase.button_name": (
        "Erase this client and all sessions for good",
        "Wis deze cliënt en alle sessies voorgoed",
    ),
    "erase.title": ("Erase {code} for good?", "{code} voorgoed wissen?"),
    "erase.words": (
        "The client {code}, consents, shoes, notes and {n} sessions are erased from the library. Nobody can bring them "
        "back. Does the practice have to keep them? Then write them to a ZIP first (“Client as ZIP…”).",
        "De cliënt {code}, toestemmingen, schoenen, notities en {n} sessies worden uit de bibliotheek gewist. Niemand "
        "kan ze terughalen. Moet de praktijk ze bewaren? Schrijf ze dan eerst naar een ZIP (“Cliënt als ZIP…”).",
    ),
    "erase.words_one": (
        "The client {code}, consents, shoes, notes and 1 session are erased from the library. Nobody can bring them "
        "back. Does the practice have to keep them? Then write them to a ZIP first (“Client as ZIP…”).",
        "De cliënt {code}, toestemmingen, schoenen, notities en 1 sessie worden uit de bibliotheek gewist. Niemand "
        "kan ze terughalen. Moet de praktijk ze bewaren? Schrijf ze dan eerst naar een ZIP (“Cliënt als ZIP…”).",
    ),
    "erase.type": ("Type {code} to erase it:", "Typ {code} om te wissen:"),
    "erase.keep": ("Keep", "Bewaar"),
    "erase.go": ("Erase for good", "Wis voorgoed"),
    "erase.running": ("Erasing…", "Wissen…"),
    "erase.done": ("Erased: the client and {n} sessions.", "Gewist: de cliënt en {n} sessies."),
    "erase.done_one": ("Erased: the client and 1 session.", "Gewist: de cliënt en 1 sessie."),
    "erase.copies": (
        "Copies made before still hold it, yours to keep or delete: {paths}",
        "Eerdere kopieën bevatten het nog, aan u om te bewaren of te wissen: {paths}",
    ),
    "library.zip": ("Client as ZIP…", "Cliënt als ZIP…"),
    "library.zip_name": (
        "Everything of the chosen client as one ZIP: raw sessions, tables, reports",
        "Alles van de gekozen cliënt als één ZIP: ruwe sessies, tabellen, verslagen",
    ),
    "library.zip_filter": ("ZIP file (*.zip)", "ZIP-bestand (*.zip)"),
    "library.zip_stop": ("Stop export", "Export stoppen"),
    "library.zip_progress": ("Exporting session {k} of {n}…", "Sessie {k} van {n} wordt geëxporteerd…"),
    "library.zip_stopped": (
        "The export was stopped; no file was written.",
        "De export is gestopt; er is geen bestand geschreven.",
    ),
    "library.zip_part": (
        "Saved: {path}. Not all of it could be made; the .txt files in it say what and why.",
        "Opgeslagen: {path}. Niet alles kon worden gemaakt; de .txt-bestanden erin zeggen wat en waarom.",
    ),
    "library.finish": ("Finish now", "Nu afronden"),
    "library.finishing": ("Computing the steps…", "De stappen worden berekend…"),
    "library.back": ("Start page", "Startpagina"),
    "library.where": ("Kept in {path}", "Bewaard in {path}"),
    # trend
    "trend.page": ("{code}: trend", "{code}: verloop"),
    "trend.title": ("{metric} at {speed}", "{metric} bij {speed}"),
    "trend.note": (
        "bar = 95 % interval of the mean · hollow = measured in another way, not compared",
        "streep = 95 %-interval van het gemiddelde · open = anders gemeten, niet vergeleken",
    ),
    "trend.usual": ("usual range", "gebruikelijk bereik"),
    "trend.none": (
        "No session of this client at a known speed.",
        "Geen sessie van deze cliënt bij een bekende snelheid.",
    ),
    "trend.other_speed": ("other speed: {speed}", "andere snelheid: {speed}"),
    "trend.other_place": ("sensor worn elsewhere", "sensor op een andere plaats"),
    "trend.other_filter": ("other filter version: {version}", "andere filterversie: {version}"),
    "trend.sentence": (
        "{change} against the mean of {n} earlier sessions ({base}).",
        "{change} ten opzichte van het gemiddelde van {n} eerdere sessies ({base}).",
    ),
    "trend.sentence_one": (
        "{change} against the one earlier session ({base}).",
        "{change} ten opzichte van de ene eerdere sessie ({base}).",
    ),
    "trend.larger": ("Larger than the measurement error ({error}).", "Groter dan de meetfout ({error})."),
    "trend.not_larger": (
        "Not larger than the measurement error ({error}).",
        "Niet groter dan de meetfout ({error}).",
    ),
    "trend.no_baseline": (
        "There is no earlier session at this speed with the same sensor place and filters.",
        "Er is geen eerdere sessie bij deze snelheid met dezelfde sensorplaats en filters.",
    ),
    "trend.speed_missing": (
        "The speed is not known, so nothing can be compared.",
        "De snelheid is niet bekend, dus er is niets te vergelijken.",
    ),
    "trend.too_few": (
        "How much sessions differ is not known yet (three are needed): larger or not cannot be told.",
        "Hoeveel sessies verschillen is nog niet bekend (drie nodig): groter of niet is niet te zeggen.",
    ),
    "trend.points": ("points", "procentpunt"),
    "trend.choose_metric": ("Which number", "Welk getal"),
    "trend.choose_speed": ("At which speed", "Bij welke snelheid"),
    "trend.col_date": ("Date", "Datum"),
    "trend.col_value": ("Value, {unit}", "Waarde, {unit}"),
    "trend.col_steps": ("Steps", "Stappen"),
    "trend.col_why": ("Not compared because", "Niet vergeleken omdat"),
    "trend.sessions": ("Sessions", "Sessies"),
    # compare
    "compare.page": ("Compare", "Vergelijken"),
    "compare.first": ("First", "Eerste"),
    "compare.second": ("Second", "Tweede"),
    "compare.option": ("{date} · {speed} · {n} steps", "{date} · {speed} · {n} stappen"),
    "compare.option_block": (
        "{date} · {speed} · block {start}–{end}",
        "{date} · {speed} · blok {start}–{end}",
    ),
    "compare.table": ("Second minus first", "Tweede min eerste"),
    "compare.col_number": ("Number", "Getal"),
    "compare.col_change": ("Difference", "Verschil"),
    "compare.col_error": ("Measurement error", "Meetfout"),
    "compare.col_verdict": ("Verdict", "Oordeel"),
    "compare.larger": ("larger than the error", "groter dan de fout"),
    "compare.not_larger": ("not larger than the error", "niet groter dan de fout"),
    "compare.undecided": ("cannot be told", "niet te zeggen"),
    "compare.too_few": ("too few steps", "te weinig stappen"),
    "compare.chart": ("Difference in percent", "Verschil in procent"),
    "compare.chart_note": ("bar = 95 % measurement error", "streep = 95 %-meetfout"),
    "compare.not_same": (
        "{a} and {b} are not the same speed (within 0.3 km/h): choose two of one speed. Load and times change with "
        "speed.",
        "{a} en {b} zijn niet dezelfde snelheid (binnen 0,3 km/u): kies er twee van één snelheid. Belasting en tijden "
        "veranderen met de snelheid.",
    ),
    "compare.no_speed": (
        "The speed is not known: it cannot be told whether these two may be compared.",
        "De snelheid is niet bekend: of deze twee te vergelijken zijn is niet te zeggen.",
    ),
    "compare.other_place": (
        "The sensor was worn at two places: these numbers cannot be compared.",
        "De sensor zat op twee plaatsen: deze getallen zijn niet te vergelijken.",
    ),
    "compare.other_filter": (
        "The numbers come from two filter versions: compute the older session anew first.",
        "De getallen komen uit twee filterversies: laat de oudere sessie eerst opnieuw berekenen.",
    ),
    "compare.same_choice": ("Choose two different blocks.", "Kies twee verschillende blokken."),
    "compare.only_one": (
        "Nothing to compare with yet: this is one stretch at one speed, and the first session of this client.",
        "Nog niets om mee te vergelijken: dit is één stuk op één snelheid, en de eerste sessie van deze cliënt.",
    ),
    "compare.nothing": (
        "This session has no running steps to compare.",
        "Deze sessie heeft geen loopstappen om te vergelijken.",
    ),
    "compare.one_session": (
        "Two stretches of one session: the sensor stayed where it was.",
        "Twee stukken van één sessie: de sensor bleef zitten.",
    ),
    "compare.two_sessions_one": (
        "Two sessions: the error holds how much sessions of one person differ (known from 1 person here).",
        "Twee sessies: de fout bevat hoeveel sessies van één persoon verschillen (hier bekend van 1 persoon).",
    ),
    "compare.two_sessions": (
        "Two sessions: the error holds how much sessions of one person differ ({n} people here).",
        "Twee sessies: de fout bevat hoeveel sessies van één persoon verschillen (hier {n} personen).",
    ),
    "compare.two_unknown": (
        "Two sessions: how much sessions of one person differ is not known here yet, so larger or not cannot be told.",
        "Twee sessies: hoeveel sessies van één persoon verschillen is hier nog niet bekend; groter of niet is niet te "
        "zeggen.",
    ),
}
