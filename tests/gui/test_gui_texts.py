"""The catalogue is complete in both languages, and nothing is shown that does not come from it."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import gui
from gui.i18n import LANGUAGES, Texts, system_language
from gui.i18n.catalogue import TEXTS

SOURCES = [p for p in Path(gui.__file__).parent.rglob("*.py") if "i18n" not in p.parts]
SAME_IN_BOTH = {
    "app.title", "bar.rec", "bar.rate", "bar.text", "unit.g", "unit.ms", "unit.per_min", "unit.pct",
    "unit.seconds", "card.sensor", "wizard.link", "word.lane_left", "word.lane_right", "word.live", "key.stop",
    "start.demo_button", "table.contact", "review.filter", "curves.side", "report.points", "unit.cm", "unit.kn_m",
    "middle.spectrum", "spectrum.band", "spectrum.rms", "pair.row_sensor", "speed.unit_pace",
}  # fmt: skip
MUST_NOT_BE_SAID = (
    "injur", "overload", "unsafe", "abnormal", "patholog", "healthy", "disc load", "good leg", "bad leg",
    "blessure", "overbelast", "onveilig", "afwijkend", "gezond", "goed been", "slecht been",
)  # fmt: skip


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_the_same(key: str) -> None:
    english, dutch = TEXTS[key]
    assert english.strip()
    assert dutch.strip()
    assert placeholders(english) == placeholders(dutch)
    assert (english == dutch) == (key in SAME_IN_BOTH)


def test_words_about_health_are_not_used() -> None:
    for key, pair in TEXTS.items():
        for text in pair:
            assert not [w for w in MUST_NOT_BE_SAID if w in text.lower()], key


def test_the_intended_purpose_is_said_in_full() -> None:
    english, dutch = TEXTS["app.purpose"]
    assert english.endswith("does not diagnose, treat, predict or monitor disease, and is not a medical device.")
    assert "geen medisch hulpmiddel" in dutch


def literal_keys(tree: ast.AST) -> set[str]:
    """Every string in the source that looks like a key, f-strings as patterns."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(re.escape(node.value))
        elif isinstance(node, ast.JoinedStr):
            found.add("".join(re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"\w+" for v in node.values))
    return {f for f in found if re.fullmatch(r"[a-z]+\\\.[\w\\.+]*[a-z0-9+]", f)}


def test_every_key_is_used_and_every_key_used_exists() -> None:
    patterns = set().union(*(literal_keys(ast.parse(p.read_text(encoding="utf-8"))) for p in SOURCES))
    with_parts = [re.compile(p) for p in patterns if r"\w+" in p]
    unused = [k for k in TEXTS if re.escape(k) not in patterns and not any(p.fullmatch(k) for p in with_parts)]
    assert unused == []
    groups = {key.split(".")[0] for key in TEXTS if "." in key}
    fixed = {p.replace("\\.", ".") for p in patterns if re.fullmatch(r"[a-z]+\\\.[a-z_0-9]+", p)}
    wanted = {p for p in fixed if p.split(".")[0] in groups}
    assert wanted - set(TEXTS) == set()


SHOWN_BY = {"setText", "setWindowTitle", "setToolTip", "QLabel", "addButton", "set_words", "setAccessibleName", "text"}
ALLOWED_LITERALS = {"F1", "2", "±", "–", "g", ""}


def test_no_sentence_is_written_outside_the_catalogue() -> None:
    offences = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in SHOWN_BY:
                continue
            for arg in node.args:
                literal = isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                if literal and arg.value not in ALLOWED_LITERALS and re.search("[A-Za-z]{2}", arg.value):
                    offences.append(f"{path.name}:{node.lineno} {arg.value!r}")
    assert offences == []


def test_an_unknown_language_is_english_and_an_unknown_key_is_an_error() -> None:
    assert Texts("fr")("key.mark") == "mark"
    assert Texts("nl")("key.mark") == "markering"
    with pytest.raises(KeyError):
        Texts()("no.such.key")
    with pytest.raises(KeyError):
        Texts()("word.mark", wrong=1)


@pytest.mark.parametrize(("locale", "language"), [("nl_NL", "nl"), ("nl_BE", "nl"), ("en_GB", "en"), ("C", "en")])
def test_language_of_the_system(locale: str, language: str) -> None:
    assert system_language(locale) == language
    assert language in LANGUAGES
