"""Sentences of the session wizard and of the list that the therapist reads, English and Dutch side by side."""

from __future__ import annotations

from typing import Final

WIZARD_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "wizard.title": ("New session", "Nieuwe sessie"),
    "wizard.step_before": ("Client", "Cliënt"),
    "wizard.step_sensor": ("Sensor and speed", "Sensor en snelheid"),
    "wizard.step_calibrate": ("Stand still", "Stilstaan"),
    "wizard.back": ("Back", "Terug"),
    "wizard.cancel": ("Start page", "Startpagina"),
    "wizard.skip": ("Skip this page", "Sla deze pagina over"),
    "wizard.next": ("Next", "Verder"),
    "wizard.connect": ("Connect", "Verbind"),
    "wizard.start": ("Start the run", "Start de loop"),
    "wizard.client": ("Client and today", "Cliënt en vandaag"),
    "wizard.code": ("Code, not the name", "Code, niet de naam"),
    "wizard.birth": ("Year of birth", "Geboortejaar"),
    "wizard.mass": ("Mass, kg", "Gewicht, kg"),
    "wizard.height": ("Height, m", "Lengte, m"),
    "wizard.shoe": ("Shoe", "Schoen"),
    "wizard.shoe_km": ("Shoe has run, km", "Schoen heeft gelopen, km"),
    "wizard.pain": ("Pain now, 0 to 10", "Pijn nu, 0 tot 10"),
    "wizard.where": ("Where", "Waar"),
    "wizard.place_low_back": ("low back", "onderrug"),
    "wizard.place_hip": ("hip", "heup"),
    "wizard.place_knee": ("knee", "knie"),
    "wizard.place_shin": ("shin", "scheen"),
    "wizard.place_achilles": ("Achilles tendon", "achillespees"),
    "wizard.place_foot": ("foot", "voet"),
    "wizard.buildup": (
        "Longest run recorded here in 30 days: {km} km ({day}). Reminder, not a limit: 10 % more is {limit} km.",
        "Langste hier opgenomen loop in 30 dagen: {km} km ({day}). Geheugensteun, geen grens: 10 % meer is {limit} km.",
    ),
    "wizard.consent": ("Consent", "Toestemming"),
    "wizard.consent_text": (
        "A sensor on the body measures movement while running. The recording stays on this computer, under a code "
        "without a name. It can be seen, exported and erased at any time on request.",
        "Een sensor op het lichaam meet beweging tijdens het hardlopen. De opname blijft op deze computer, onder een "
        "code zonder naam. U kunt haar op elk moment laten inzien, exporteren en wissen.",
    ),
    "wizard.consent_explained": ("explained", "uitgelegd"),
    "wizard.consent_recording": ("recording agreed", "akkoord met opnemen"),
    "wizard.consent_research": ("research use agreed", "akkoord met gebruik voor onderzoek"),
    "wizard.on_file": (
        "On file since {day}, text {version}: {kinds}",
        "Vastgelegd op {day}, tekst {version}: {kinds}",
    ),
    "wizard.check": ("Stop-and-check list", "Stop-en-controleerlijst"),
    "wizard.read": ("Read together; nothing else applies", "Samen gelezen; verder niets van toepassing"),
    "guidance.check.stabbing_or_rising_pain": ("stabbing or rising pain", "stekende of toenemende pijn"),
    "guidance.check.into_buttock_leg_or_foot": (
        "pain into buttock, leg or foot",
        "uitstraling naar bil, been of voet",
    ),
    "guidance.check.weakness_or_numbness": ("weakness or numbness", "krachtverlies of doof gevoel"),
    "guidance.check.no_relief_after_three_days": (
        "no relief after three days of rest",
        "geen verlichting na drie dagen rust",
    ),
    "guidance.check.saddle_numbness_bladder_bowel": (
        "numb saddle area, bladder or bowel change",
        "doof rijbroekgebied, verandering van blaas of ontlasting",
    ),
    "guidance.check.fever_weight_loss_cancer_fall": (
        "fever, weight loss, earlier cancer, recent fall",
        "koorts, gewichtsverlies, eerder kanker, recente val",
    ),
    "guidance.check.beside": (
        "If anything is ticked: do not start; follow your guideline (KNGF B.1.3) or contact the GP. "
        "The program computes nothing from this list.",
        "Is er iets aangevinkt: begin niet; volg uw richtlijn (KNGF B.1.3) of neem contact op met de huisarts. "
        "Het programma berekent niets uit deze lijst.",
    ),
    "wizard.sensor": ("Which sensor", "Welke sensor"),
    "wizard.searching": ("Searching for sensors…", "Sensoren zoeken…"),
    "wizard.no_search": ("No sensor can be searched for here.", "Hier kan niet naar sensoren worden gezocht."),
    "wizard.place": ("Where it is worn", "Waar hij zit"),
    "wizard.place_note": (
        "Sacrum: between the two dimples, belt tight, under the shirt.",
        "Heiligbeen: tussen de twee kuiltjes, band strak, onder het shirt.",
    ),
    "wizard.at_sacrum": ("sacrum", "heiligbeen"),
    "wizard.at_hip_left": ("left hip", "linkerheup"),
    "wizard.at_hip_right": ("right hip", "rechterheup"),
    "wizard.at_foot_left": ("left foot", "linkervoet"),
    "wizard.at_foot_right": ("right foot", "rechtervoet"),
    "wizard.at_shank_left": ("left shank", "linkeronderbeen"),
    "wizard.at_shank_right": ("right shank", "rechteronderbeen"),
    "wizard.speed": ("Speed", "Snelheid"),
    "wizard.speed_note": (
        "Known speed makes contact time and comparisons better. It can be changed while running: − and +.",
        "Een bekende snelheid maakt contacttijd en vergelijkingen beter. Tijdens het lopen aan te passen: − en +.",
    ),
    "wizard.speed_typed": ("Belt speed, {unit}", "Bandsnelheid, {unit}"),
    "wizard.treadmill": ("Treadmill by Bluetooth", "Loopband via Bluetooth"),
    "wizard.no_treadmill": ("none: the typed speed counts", "geen: de getypte snelheid telt"),
    "wizard.link": ("Sensor", "Sensor"),
    "wizard.stand": ("Stand still for 4 s", "Sta 4 s stil"),
    "wizard.stand_note": (
        "Feet apart, arms hanging, look ahead. More than 2° of roll fakes a difference between left and right.",
        "Voeten uit elkaar, armen los, kijk vooruit. Meer dan 2° scheefstand geeft een schijnverschil tussen links en "
        "rechts.",
    ),
    "wizard.stand_wait": ("waiting for 4 s of standing still…", "wachten op 4 s stilstaan…"),
    "wizard.again": ("Measure again", "Meet opnieuw"),
    "wizard.tilt": ("tilt forward {tilt}° · roll {roll}°", "kanteling voorwaarts {tilt}° · scheefstand {roll}°"),
    "wizard.noise": ("movement {g} g", "beweging {g} g"),
    "wizard.roll_ok": ("straight enough (2° or less)", "recht genoeg (2° of minder)"),
    "wizard.roll_too_much": (
        "more than 2°: straighten the belt and measure again",
        "meer dan 2°: zet de band recht en meet opnieuw",
    ),
    "wizard.no_axes": (
        "Standing still. How it hangs cannot be told: the axes of this sensor are not known.",
        "Stilstaan gezien. Hoe hij hangt is niet te zeggen: de assen van deze sensor zijn niet bekend.",
    ),
    "wizard.lift": ("Left and right", "Links en rechts"),
    "wizard.lift_note": (
        "Stand still, then lift the LEFT knee three times: that tells which way is left, also when the sensor sits "
        "back to front. Look at the runner afterwards: if left and right are exchanged, press L or R.",
        "Sta stil en til dan drie keer de LINKERknie op: dat zegt waar links is, ook als de sensor achterstevoren zit. "
        "Kijk daarna naar de loper: zijn links en rechts verwisseld, druk dan op L of R.",
    ),
    "wizard.lifts": ("{n} of 3 lifts seen", "{n} van 3 keer gezien"),
    "wizard.lifts_blind": (
        "Cannot be seen: the sensor has no gyroscope, or its axes are not known",
        "Niet te zien: de sensor heeft geen gyroscoop, of zijn assen zijn onbekend",
    ),
    "wizard.left_is_left": (
        "Seen three times: left is left (confidence {p})",
        "Drie keer gezien: links is links (zekerheid {p})",
    ),
    "wizard.back_to_front": (
        "Seen three times: the sensor sits back to front; left and right are taken so (confidence {p})",
        "Drie keer gezien: de sensor zit achterstevoren; links en rechts worden zo genomen (zekerheid {p})",
    ),
    "wizard.swap": ("Swap left and right", "Wissel links en rechts"),
    "leave.title": ("End the recording?", "Opname beëindigen?"),
    "leave.words": (
        "The sensor has been recording for {time}; leaving ends that. What was recorded stays in its file.",
        "De sensor neemt al {time} op; weggaan beëindigt dat. Wat is opgenomen, blijft in zijn bestand.",
    ),
    "leave.words_kept": (
        "The sensor has been recording for {time}; leaving ends that. What was recorded is kept: it is the newest "
        "session under “All sessions”.",
        "De sensor neemt al {time} op; weggaan beëindigt dat. Wat is opgenomen, blijft bewaard: het is de nieuwste "
        "sessie onder “Alle sessies”.",
    ),
    "leave.stay": ("Stay here", "Blijf hier"),
    "leave.go": ("End and go to the start page", "Beëindig en ga naar de startpagina"),
    "leave.close": ("End and close", "Beëindig en sluit"),
    "wizard.swapped": ("swapped from here on", "gewisseld vanaf hier"),
}
