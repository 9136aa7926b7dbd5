"""What a header says in words about place, side and axes, turned into settings: liberal in wording, never guessing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from imu.types import Place, Side

_PLACES: tuple[tuple[Place, str], ...] = (
    (Place.HIP, r"\bhips?\b|\biliac|trochanter"),
    (Place.SHANK, r"\bl?r?shank|\btibia|\bshins?\b|\bankle|\blower leg"),
    (Place.FOOT, r"\bfoot\b|\bfeet\b|\bshoes?\b|\binstep|\bheel|\blace"),
    (
        Place.SACRUM,
        r"sacrum|sacral|\blow(?:er)? ?back|lowback|lumbar|\bl[345]\b|\bwaist|\bbelt|\bpsis\b|\bpelvi[sc]|\bs1\b",
    ),
)

_VERTICAL = (
    r"\bv\b|\bvert|superior|inferior|\bcranial|\bcaudal|\bup\b|\bupwards?\b|\bdown\b|\bdownwards?\b|longitudinal"
)
_LATERAL = r"medio-? ?lateral|mediolateral|\bml\b|\blateral|\bleft|\bright"
_FORE_AFT = (
    r"antero-? ?posterior|anteroposterior|\bap\b|\banterior|\bposterior|\bfore\b|forwards?\b|backwards?\b|fore-?aft"
)


class AxisWord(NamedTuple):
    """One column's meaning: role 'is', 'ml', 'pa' or '' and sign +1, -1 or 0 (unknown) along up, right, forward."""

    role: str
    sign: int


def read_place(text: str) -> tuple[Place | None, Side]:
    """Place and side of the main sensor from a free text such as "left hip, elastic belt (main); second sensor ...".

    A waist or belt sensor is at the sacrum unless a side is named; then it sits on the hip. The side is given only
    where it is stated for the main sensor.
    """
    main = _main_clause(text.lower())
    found = [(m.start(), place) for place, pattern in _PLACES if (m := re.search(pattern, main))]
    if not found:
        return None, Side.UNKNOWN
    place = Place.HIP if any(p is Place.HIP for _, p in found) else min(found)[1]
    side = _side_word(main)
    if place is Place.SACRUM and side is not Side.UNKNOWN:
        place = Place.HIP
    return place, side


def read_sensor_name(name: str) -> tuple[Place | None, Side]:
    """Place and side from the prefix of a further sensor's arrays: lshank, rfoot, left, right_foot, hip ..."""
    text = name.lower().replace("_", " ").strip()
    side = _side_word(text)
    if m := re.fullmatch(r"([lr]) ?(shank|foot|shoe|tibia|ankle|hip)", text):
        side = Side.LEFT if m[1] == "l" else Side.RIGHT
        text = m[2]
    if text in {"left", "right"}:
        return Place.FOOT, side
    place, stated = read_place(text)
    return place, side if side is not Side.UNKNOWN else stated


def stated_side(name: str, placement: str) -> Side:
    """Side that a placement text states for a further sensor: "second sensor (foot_*) ... the left shoe"."""
    clauses = re.split(r";", placement.lower())
    return _side_word(" ".join(c for c in clauses if f"{name.lower()}_" in c))


def read_axes(texts: Sequence[str]) -> list[AxisWord]:
    """Meaning of each column of `acc_axes`.

    The third of three columns is found by exclusion when the other two are named. A sign is given only where the
    text states one: "up", "to the left", "forwards", "gravity reads about -1 g".
    """
    words = [_axis(str(text).lower()) for text in texts]
    roles = [w.role for w in words]
    for role in ("is", "ml", "pa"):
        if roles.count(role) > 1:  # contradiction: nothing is known of that role
            words = [AxisWord("", 0) if w.role == role else w for w in words]
    named = {w.role for w in words if w.role}
    if len(words) == 3 and len(named) == 2:
        missing = ({"is", "ml", "pa"} - named).pop()
        words = [w if w.role else AxisWord(missing, 0) for w in words]
    return words


def mounting_of(words: Sequence[AxisWord]) -> tuple[str | None, dict[str, str], str]:
    """Mounting string, hints, and the column to negate.

    Returns
    -------
    mounting : str or None
        Three signed axes for up, right, forward, such as "+x-y+z"; None unless vertical and fore-aft (or lateral)
        have a sign. The sign of the third axis follows from right-handedness.
    hints : dict
        Role to axis, "+x" or, where the sign is unknown, "x".
    mirrored : str
        Axis letter whose column must be negated because the three stated signs are left-handed (computed signals,
        not a sensor); else "".
    """
    hints = {w.role: ("", "+", "-")[w.sign] + "xyz"[i] for i, w in enumerate(words) if w.role and i < 3}
    if len(hints) < 3:
        return None, hints, ""
    axis = {role: "xyz".index(hints[role][-1]) for role in hints}
    sign = {role: {"+": 1, "-": -1}.get(hints[role][0], 0) for role in hints}
    parity = 1 if (axis["is"], axis["ml"], axis["pa"]) in {(0, 1, 2), (1, 2, 0), (2, 0, 1)} else -1
    unknown = [role for role in ("is", "ml", "pa") if sign[role] == 0]
    mirrored = ""
    if len(unknown) > 1 or "is" in unknown:
        return None, hints, ""
    if len(unknown) == 1:
        sign[unknown[0]] = 1
        sign[unknown[0]] = parity * sign["is"] * sign["ml"] * sign["pa"]
    elif parity * sign["is"] * sign["ml"] * sign["pa"] < 0:
        mirrored = "xyz"[axis["ml"]]
        sign["ml"] = -sign["ml"]
    mounting = "".join(("+" if sign[r] > 0 else "-") + "xyz"[axis[r]] for r in ("is", "ml", "pa"))
    return mounting, hints, mirrored


def _main_clause(text: str) -> str:
    """Part of a placement text that speaks of the main sensor."""
    clauses = [c for c in re.split(r";|\bsecond sensor|\bfurther sensor", text) if c.strip()]
    marked = [c for c in clauses if "(main" in c]
    clause = marked[0] if marked else (clauses[0] if clauses else "")
    if "(main" in clause:
        head = clause.split("(main")[0]
        clause = head if any(re.search(p, head) for _, p in _PLACES) else clause
    return clause


def _side_word(text: str) -> Side:
    left, right = re.search(r"\bleft\b", text), re.search(r"\bright\b", text)
    if bool(left) == bool(right):
        return Side.UNKNOWN
    return Side.LEFT if left else Side.RIGHT


def _axis(text: str) -> AxisWord:
    gravity = re.search(r"([+-]) ?\d*\.?\d+ ?(?:g\b|m/s)", text)
    fore_aft = re.search(_FORE_AFT, text)
    lateral = re.search(_LATERAL, text)
    vertical = re.search(_VERTICAL, text)
    doubtful = bool(re.search(r"flipped|device axis|unknown|not published", text))
    if vertical or (gravity and not fore_aft and not lateral):
        sign = 0
        if gravity:
            sign = 1 if gravity[1] == "+" else -1
        elif re.search(r"\bdown|inferior|caudal", text):
            sign = -1
        elif re.search(r"\bup|superior|cranial", text):
            sign = 1
        return AxisWord("is", sign)
    if lateral and not fore_aft:
        left, right = re.search(r"\bleft", text), re.search(r"\bright", text)
        return AxisWord("ml", 0 if doubtful or bool(left) == bool(right) else (-1 if left else 1))
    if fore_aft:
        front = re.search(r"\banterior|forward", text)
        back = re.search(r"(?<!antero-)(?<!antero)(?<!antero )posterior|backward", text)
        return AxisWord("pa", 0 if doubtful or bool(front) == bool(back) else (1 if front else -1))
    return AxisWord("", 0)
