"""What is to be known about a recording, English and Dutch side by side.

The English of `recorded.*` is what `imu` writes into a recording; the names in braces stand for its numbers.
"""

from __future__ import annotations

from typing import Final

WARNING_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "warnings.title": ("To be known about this recording", "Goed om te weten over deze opname"),
    "warnings.all": ("All {n}", "Alle {n}"),
    "warnings.what": ("What", "Wat"),
    "worn.worn_upside_down": (
        "The sensor was worn upside down, against its stated axes.",
        "De sensor zat ondersteboven, tegen de opgegeven assen in.",
    ),
    "worn.worn_back_to_front": (
        "The sensor was worn back to front, against its axes as stated: sides may be exchanged.",
        "De sensor zat achterstevoren, tegen de opgegeven assen in: links en rechts kunnen verwisseld zijn.",
    ),
    "worn.sensor_slipped": (
        "The sensor turned by {deg}° during the run: compare its peaks with care.",
        "De sensor is tijdens de loop {deg}° gedraaid: vergelijk de pieken met voorzichtigheid.",
    ),
    "warnings.old_version": (
        "Computed by an older version (filters {old}; now {now}): compare it with newer sessions after computing anew.",
        "Berekend door een oudere versie (filters {old}; nu {now}): bereken opnieuw vóór een vergelijking.",
    ),
    "warnings.anew": ("Compute anew", "Bereken opnieuw"),
    "warnings.anew_name": (
        "Compute the steps anew with this version; the old ones are kept",
        "Bereken de stappen opnieuw met deze versie; de oude blijven bewaard",
    ),
    "warnings.clipped": (
        "Clipped: {n} running steps reached the limit of the sensor (±{range} g); their peaks may read too low.",
        "Afgekapt: {n} loopstappen bereikten de grens van de sensor (±{range} g); hun pieken kunnen te laag zijn.",
    ),
    "warnings.clipped_no_range": (
        "Clipped: {n} running steps reached the limit of the sensor; their peaks may read too low.",
        "Afgekapt: {n} loopstappen bereikten de grens van de sensor; hun pieken kunnen te laag zijn.",
    ),
    "warnings.frozen": (
        "In {n} running steps the sensor repeated the same reading; their numbers may be wrong.",
        "In {n} loopstappen herhaalde de sensor dezelfde meetwaarde; hun getallen kunnen onjuist zijn.",
    ),
    "warnings.lost": (
        "{pct} % of the data is missing ({seconds} s in {n} gaps); nothing was filled in.",
        "{pct} % van de gegevens ontbreekt ({seconds} s in {n} gaten); er is niets ingevuld.",
    ),
    "warnings.side_unknown": (
        "The side is not known for {n} of {all} running steps.",
        "Van {n} van de {all} loopstappen is de kant niet bekend.",
    ),
    "recorded.no_date": (
        "It is not stated when this was recorded: date and time are those of its file.",
        "Er staat niet in wanneer dit is opgenomen: datum en tijd zijn die van het bestand.",
    ),
    "recorded.place_assumed": (
        "Where the sensor was worn is not stated: {place} is assumed.",
        "Er staat niet in waar de sensor zat: {place} is aangenomen.",
    ),
    "recorded.cut_off": (
        "This recording was cut off; everything up to its last second is here.",
        "Deze opname is afgebroken; alles tot de laatste seconde is er.",
    ),
    "recorded.clock": (
        "The sensor samples at {rate} Hz and not at the {set} Hz it was set to: times and cadence are wrong in that "
        "proportion.",
        "De sensor meet met {rate} Hz en niet met de ingestelde {set} Hz: tijden en pasfrequentie kloppen in die "
        "verhouding niet.",
    ),
    "recorded.times_short": (
        "The sensor sampled at {rate} Hz and times are computed with {set} Hz: they are {pct} % too short.",
        "De sensor mat met {rate} Hz en tijden zijn berekend met {set} Hz: ze zijn {pct} % te kort.",
    ),
    "recorded.times_long": (
        "The sensor sampled at {rate} Hz and times are computed with {set} Hz: they are {pct} % too long.",
        "De sensor mat met {rate} Hz en tijden zijn berekend met {set} Hz: ze zijn {pct} % te lang.",
    ),
    "warnings.skipped": ("Skipped before the run: {pages}.", "Overgeslagen vóór de loop: {pages}."),
    "recorded.speed_stale": (
        "The speed was changed after the run: contact time and force still stand for the old one.",
        "De snelheid is na de loop gewijzigd: grondcontacttijd en kracht horen nog bij de oude.",
    ),
    "recorded.steps_damaged": (
        "The stored steps are damaged; they are computed anew from the packets.",
        "De opgeslagen stappen zijn beschadigd; ze zijn opnieuw berekend uit de pakketten.",
    ),
    "recorded.undecodable": (
        "{n} packets could not be decoded and count as missing.",
        "{n} pakketten waren niet te lezen en tellen als ontbrekend.",
    ),
    "recorded.beyond_range": (
        "{n} packets hold values beyond what the sensor can measure; these values were left out.",
        "{n} pakketten bevatten waarden die de sensor niet kan meten; die waarden zijn weggelaten.",
    ),
    "recorded.second_damaged": (
        "1 second of this recording cannot be read (damaged) and count as missing samples.",
        "1 seconde van deze opname is niet te lezen (beschadigd) en telt als ontbrekend.",
    ),
    "recorded.seconds_damaged": (
        "{n} seconds of this recording cannot be read (damaged) and count as missing samples.",
        "{n} seconden van deze opname zijn niet te lezen (beschadigd) en tellen als ontbrekend.",
    ),
    "recorded.damaged_after": (
        "The file is damaged after second {n}: what follows could not be read and is missing.",
        "Het bestand is beschadigd na seconde {n}: wat volgt was niet te lezen en ontbreekt.",
    ),
    "recorded.no_beginning": (
        "The beginning cannot be read (damaged): times count from the first second that can.",
        "Het begin is niet te lezen (beschadigd): de tijd telt vanaf de eerste leesbare seconde.",
    ),
    "recorded.backwards": (
        "Time stamps run backwards ({n} times); the order of the samples is believed.",
        "Tijdstempels lopen terug ({n} keer); de volgorde van de metingen is aangehouden.",
    ),
    "recorded.no_stamps": (
        "No time stamps: samples were numbered at the stated {rate} Hz, so losses cannot be seen.",
        "Geen tijdstempels: de metingen zijn geteld met de opgegeven {rate} Hz, dus verlies is niet te zien.",
    ),
    "recorded.gyr_length": (
        "The gyroscope has {n} rows for {acc} of acceleration and was left out.",
        "De gyroscoop heeft {n} rijen tegen {acc} van de versnelling en is weggelaten.",
    ),
    "recorded.gyr_few": (
        "The gyroscope has too few readings and was left out.",
        "De gyroscoop heeft te weinig metingen en is weggelaten.",
    ),
    "recorded.rows_missing": (
        "{n} rows without a reading ({pct} %) are treated as gaps.",
        "{n} rijen zonder meetwaarde ({pct} %) tellen als gaten.",
    ),
    "recorded.no_meta": (
        "The header (meta) is not JSON text and was ignored: name place and mounting yourself.",
        "De kop (meta) is geen JSON-tekst en is genegeerd: geef plaats en montage zelf op.",
    ),
    "recorded.place_unsaid": (
        "'{sensor}' does not say where the sensor is worn: name the place yourself.",
        "'{sensor}' zegt niet waar de sensor zit: geef de plaats zelf op.",
    ),
    "recorded.place_unknown": (
        "The stated placement '{place}' is not known here: name the place yourself.",
        "De opgegeven plaats '{place}' is hier niet bekend: geef de plaats zelf op.",
    ),
    "recorded.left_handed": (
        "The axes in the header are left-handed, which no sensor is: the mounting was left open.",
        "De assen in de kop zijn linkshandig, wat geen sensor is: de montage is opengelaten.",
    ),
    "recorded.mirrored": (
        "The axes in the header are left-handed: {axis} was negated, so that right is positive.",
        "De assen in de kop zijn linkshandig: {axis} is omgekeerd, zodat rechts positief is.",
    ),
    "recorded.wrong_way_up": (
        "The header says that {axis} points {way}, but gravity reads {g} g there; gravity is believed.",
        "De kop noemt {axis} '{way}', maar de zwaartekracht geeft daar {g} g; de zwaartekracht is aangehouden.",
    ),
    "recorded.gyr_unit": (
        "The unit of angular rate is not stated: degrees per second are assumed (see --gyr-unit).",
        "De eenheid van de draaisnelheid is niet opgegeven: graden per seconde aangenomen (zie --gyr-unit).",
    ),
    "recorded.cell": (
        "{file}: line {line}, column {column} ({name}): '{cell}' is not a number.",
        "{file}: regel {line}, kolom {column} ({name}): '{cell}' is geen getal.",
    ),
    "recorded.cell_hint": (
        "Look at that line; export the file again if it is damaged.",
        "Bekijk die regel; exporteer het bestand opnieuw als het beschadigd is.",
    ),
    "recorded.columns_unnamed": (
        "{file} holds no columns that are named as acceleration x, y, z (it has: {names}).",
        "{file} heeft geen kolommen die versnelling x, y, z heten (wel: {names}).",
    ),
    "recorded.no_time": (
        "{file} has no column of time (it has: {names}).",
        "{file} heeft geen kolom met tijd (wel: {names}).",
    ),
    "recorded.columns_rate_time": (
        "Acceleration from {columns}; angular rate from {rate}; time from {time}.",
        "Versnelling uit {columns}; draaisnelheid uit {rate}; tijd uit {time}.",
    ),
    "recorded.columns_rate": (
        "Acceleration from {columns}; angular rate from {rate}.",
        "Versnelling uit {columns}; draaisnelheid uit {rate}.",
    ),
    "recorded.columns_time": (
        "Acceleration from {columns}; time from {time}.",
        "Versnelling uit {columns}; tijd uit {time}.",
    ),
    "recorded.columns": (
        "Acceleration from {columns}.",
        "Versnelling uit {columns}.",
    ),
    "recorded.log_of": ("Read as a log of {maker}.", "Gelezen als logbestand van {maker}."),
    "recorded.decoded_again": (
        "Decoded again from its packets as {profile}.",
        "Opnieuw gelezen uit de pakketten als {profile}.",
    ),
}
