"""A session of an older version: said, computed anew when asked for, the old steps kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from library_tools import short_run

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.views.session_page import SessionPage
from imu.api import Library
from imu.constants import FILTER_VERSION


@pytest.mark.parametrize(("language", "words"), [("en", "older version (filters 2020.1"), ("nl", "oudere versie")])
def test_computing_anew_is_offered_and_keeps_what_was(qtbot, tmp_path: Path, language: str, words: str) -> None:
    path = tmp_path / "library.stride-library"
    with Library.open(path) as library:
        row = short_run(library)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE session SET filter_version = '2020.1'")
        connection.commit()
    with Library.open(path) as library:
        page = SessionPage(library, row.id, Look(theme.LIGHT, theme.load_fonts(), Texts(language)))
        qtbot.addWidget(page)
        page.resize(1280, 720)
        page.show()
        assert words in page.strip.sentences[0]
        assert page.strip.anew.isVisible()
        assert page.strip.anew.accessibleName()
        page.strip.anew.click()
        assert page.run.provenance.filter_version == FILTER_VERSION
        assert not any(words in sentence for sentence in page.strip.sentences)
        assert not page.strip.anew.isVisible()
        assert any(edit.what == "computed anew" for edit in library.edits(row.id))
    with closing(sqlite3.connect(path)) as connection:
        (kept,) = connection.execute("SELECT count(*) FROM step").fetchone()
    assert kept == row.n_steps


def test_a_session_of_this_version_has_nothing_to_compute_anew(qtbot, tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.stride-library") as library:
        page = SessionPage(library, short_run(library).id, Look(theme.LIGHT, theme.load_fonts(), Texts("en")))
        qtbot.addWidget(page)
        page.show()
        assert not page.strip.anew.isVisible()
        library.add_marker(page.session_id, 5.0, "speed", "3.1")
        page.reload()
        assert page.strip.anew.isVisible()  # the speed was changed after the run


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, ""),
        ({"client": "K-1", "pain_before": None, "place": "sacrum", "speed": None, "standing": {"roll_deg": 1.0}}, ""),
        (
            {"client": None, "pain_before": None, "place": "sacrum", "speed": None, "standing": None},
            "Overgeslagen vóór de loop: Cliënt, Stilstaan.",
        ),
    ],
)
def test_the_session_page_says_which_steps_of_the_wizard_were_skipped(qtbot, tmp_path: Path, answers, said) -> None:
    with Library.open(tmp_path / "library.stride-library") as library:
        row = short_run(library)
        library.set_wizard(row.id, answers)
        page = SessionPage(library, row.id, Look(theme.LIGHT, theme.load_fonts(), Texts("nl")))
        qtbot.addWidget(page)
        assert [s for s in page.strip.sentences if s.startswith("Overgeslagen")] == ([said] if said else [])
