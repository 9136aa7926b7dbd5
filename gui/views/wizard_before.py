"""First page of the wizard: who runs, what was agreed, pain now, shoe, and the list that the therapist reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.buildup import buildup_words
from gui.desk import Desk
from gui.look import Look
from gui.panels.recent import day_only
from gui.panels.said import card
from imu.api import checklist
from imu.types import Client, Consent, SessionRow, Shoe

CONSENT_VERSION: Final = "2026-11"
CONSENTS: Final = ("explained", "recording", "research")
_LONG: Final = {"consent_text", "on_file", "beside", "buildup"}
_SAID: Final = {"on_file", "beside", "buildup"}
"""Labels whose words depend on the client or come from the list."""
_CLOSE: Final = 2
"""Pixels between boxes to tick: the page needs no scrolling at 1366 x 768."""
PAIN_PLACES: Final = ("low_back", "hip", "knee", "shin", "achilles", "foot")


def unknown_spin(box: QAbstractSpinBox, name: str) -> None:
    """Give a number field its dash for "not known" and its accessible name."""
    box.setSpecialValueText("–")
    box.setAccessibleName(name)
    box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.UpDownArrows)
    box.lineEdit().setTextMargins(6, 0, 6, 0)  # the style sheet's padding does not reach the text here


def _words_key(key: str) -> str:
    """Key of the catalogue for a key of the list: it has the same name there."""
    return f"guidance.check.{key.rsplit('.', 1)[-1]}"


class BeforePage(QWidget):
    """Client, today, stop-and-check list; everything may be left open."""

    def __init__(self, look: Look, desk: Desk) -> None:
        super().__init__()
        self.look = look
        self.desk = desk
        self.known: dict[str, Client] = {}
        self.consent_on_file: Consent | None = None
        self.shoes: list[Shoe] = []
        self.sessions: list[SessionRow] = []
        self.labels: dict[str, QLabel] = {}
        self.code = QComboBox()
        self.code.setEditable(True)
        self.code.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.code.currentTextChanged.connect(self._client_changed)
        self.birth = QSpinBox()
        self.birth.setRange(1919, datetime.now().astimezone().year)
        self.mass = QDoubleSpinBox()
        self.mass.setRange(19.5, 250.0)
        self.mass.setSingleStep(0.5)
        self.mass.setDecimals(1)
        self.height_m = QDoubleSpinBox()
        self.height_m.setRange(0.99, 2.3)
        self.height_m.setSingleStep(0.01)
        self.pain = QSpinBox()
        self.pain.setRange(-1, 10)
        self.where = QComboBox()
        self.where.setEditable(True)
        self.shoe = QComboBox()
        self.shoe.setEditable(True)
        self.shoe.currentTextChanged.connect(self._shoe_changed)
        self.shoe_km = QDoubleSpinBox()
        self.shoe_km.setRange(-1.0, 9999.0)
        self.shoe_km.setSingleStep(10.0)
        self.shoe_km.setDecimals(0)
        self.consents = {name: QCheckBox() for name in CONSENTS}
        self.read = QCheckBox()
        self.items = {key: QCheckBox() for key in checklist.ITEMS}
        self._lay_out()

    def _label(self, name: str, *, head: bool = False) -> QLabel:
        label = QLabel()
        label.setWordWrap(name in _LONG)
        label.setProperty("head", head)
        self.labels[name] = label
        return label

    def _lay_out(self) -> None:
        self.beside = row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._client_card(), 1)
        right = QVBoxLayout()
        right.setSpacing(16)
        right.addWidget(self._consent_card())
        right.addWidget(self._check_card())
        row.addLayout(right, 1)
        column = QVBoxLayout(self)  # both sides end at one height, and what is left stays empty below them
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addStretch(1)

    def set_stacked(self, on: bool) -> None:
        """Put the cards under each other, or side by side."""
        self.beside.setDirection(QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight)

    def _client_card(self) -> QWidget:
        frame, column = card()
        column.addWidget(self._label("client", head=True))
        fields = QGridLayout()
        fields.setHorizontalSpacing(20)
        fields.setVerticalSpacing(12)
        rows = (
            ("code", self.code),
            ("birth", self.birth),
            ("mass", self.mass),
            ("height", self.height_m),
            ("shoe", self.shoe),
            ("shoe_km", self.shoe_km),
            ("pain", self.pain),
            ("where", self.where),
        )
        for i, (name, widget) in enumerate(rows):
            label = self._label(name)
            label.setBuddy(widget)
            fields.addWidget(label, i, 0)
            fields.addWidget(widget, i, 1)
        fields.setColumnStretch(1, 1)
        column.addLayout(fields)
        column.addWidget(self._label("buildup"))
        column.addStretch(1)
        return frame

    def _consent_card(self) -> QWidget:
        frame, column = card()
        column.setSpacing(_CLOSE)
        column.addWidget(self._label("consent", head=True))
        column.addWidget(self._label("consent_text"))
        for box in self.consents.values():
            column.addWidget(box)
        column.addWidget(self._label("on_file"))
        return frame

    def _check_card(self) -> QWidget:
        frame, column = card()
        column.setSpacing(_CLOSE)
        column.addWidget(self._label("check", head=True))
        for box in self.items.values():
            column.addWidget(box)
        column.addWidget(self._label("beside"))
        column.addWidget(self.read)
        column.addStretch(1)
        return frame

    # -- content -----------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Begin anew: nobody chosen, nothing ticked."""
        none: list[Client] = []
        clients = self.desk.ask(lambda lib: lib.clients(), none)
        self.known = {client.code: client for client in clients}
        self.code.clear()
        self.code.addItems(list(self.known))
        self.code.setCurrentText("")
        self.pain.setValue(self.pain.minimum())
        self.where.setCurrentText("")
        for box in (*self.consents.values(), *self.items.values(), self.read):
            box.setChecked(False)
        self._client_changed("")
        self.code.setFocus()

    def _client_changed(self, code: str) -> None:
        """Fill in what is known of a returning client."""
        client = self.known.get(code.strip())
        self.birth.setValue((client.birth_year if client else None) or self.birth.minimum())
        self.mass.setValue((client.body_mass_kg if client else None) or self.mass.minimum())
        self.height_m.setValue((client.body_height_m if client else None) or self.height_m.minimum())
        self.consent_on_file = None
        self.shoes = []
        self.sessions = []
        if client is not None:
            consents: list[Consent] = []
            shoes: list[Shoe] = []
            none: list[SessionRow] = []
            self.sessions = self.desk.ask(lambda lib: lib.sessions(client.id), none)
            consents = self.desk.ask(lambda lib: lib.consents(client.id), consents)
            self.consent_on_file = next((c for c in consents if c.withdrawn_utc is None), None)
            self.shoes = self.desk.ask(lambda lib: lib.shoes(client.id), shoes)
        self.shoe.clear()
        self.shoe.addItems([shoe.name for shoe in self.shoes])
        self.shoe.setCurrentIndex(0 if self.shoes else -1)
        self._shoe_changed(self.shoe.currentText())
        self._say_consent()

    def _shoe_changed(self, name: str) -> None:
        """Fill in the kilometres that were stated of a known shoe."""
        shoe = self._known_shoe(name)
        km = None if shoe is None else shoe.distance_km
        self.shoe_km.setValue(self.shoe_km.minimum() if km is None else km)

    def _known_shoe(self, name: str) -> Shoe | None:
        return next((shoe for shoe in self.shoes if shoe.name == name.strip()), None)

    def _say_consent(self) -> None:
        t, given = self.look.texts, self.consent_on_file
        words = ""
        if given is not None:
            kinds = ", ".join(t(f"wizard.consent_{kind}") for kind in given.kinds if kind in CONSENTS)
            day = day_only(given.given_utc)
            words = t("wizard.on_file", day=day, version=given.text_version, kinds=kinds)
        reminder = buildup_words(self.sessions, datetime.now().astimezone().date(), t)
        for name, said in (("on_file", words), ("buildup", reminder)):
            self.labels[name].setText(said)
            self.labels[name].setVisible(bool(said))

    def restyle(self) -> None:
        """Take over the language."""
        t = self.look.texts
        for name, label in self.labels.items():
            if name not in _SAID:
                label.setText(t(f"wizard.{name}"))
        self.labels["beside"].setText(t(_words_key(checklist.BESIDE)))
        for name, box in self.consents.items():
            box.setText(t(f"wizard.consent_{name}"))
        for key, box in self.items.items():
            box.setText(t(_words_key(key)))
        self.read.setText(t("wizard.read"))
        locale = QLocale(QLocale.Language.Dutch if t.language == "nl" else QLocale.Language.English)
        for spin, name in (
            (self.birth, "birth"),
            (self.mass, "mass"),
            (self.height_m, "height"),
            (self.shoe_km, "shoe_km"),
            (self.pain, "pain"),
        ):
            unknown_spin(spin, t(f"wizard.{name}"))
            spin.setLocale(locale)
        for combo, name in ((self.code, "code"), (self.where, "where"), (self.shoe, "shoe")):
            combo.setAccessibleName(t(f"wizard.{name}"))
        typed = self.where.currentText()
        self.where.clear()
        self.where.addItems([t(f"wizard.place_{name}") for name in PAIN_PLACES])
        self.where.setCurrentText(typed)
        self._say_consent()

    # -- answers -----------------------------------------------------------------------------------------------------

    @property
    def facts(self) -> dict[str, Any]:
        """Birth year, mass and height; None = left open."""

        def known(box: QSpinBox | QDoubleSpinBox) -> float | None:
            return None if box.value() <= box.minimum() else round(box.value(), 2)

        year = known(self.birth)
        return {
            "birth_year": None if year is None else int(year),
            "body_mass_kg": known(self.mass),
            "body_height_m": known(self.height_m),
        }

    @property
    def stated_km(self) -> float | None:
        """Kilometres that the shoe has run until now; None = left open."""
        return None if self.shoe_km.value() < 0.0 else self.shoe_km.value()

    @property
    def pain_now(self) -> int | None:
        """Score; None = not asked."""
        return None if self.pain.value() < 0 else self.pain.value()

    def answers(self) -> dict[str, Any]:
        """Return what was answered; None = skipped."""
        kinds = [name for name, box in self.consents.items() if box.isChecked()]
        on_file = self.consent_on_file is not None
        ticked = [key for key, box in self.items.items() if box.isChecked()]
        read = self.read.isChecked() or bool(ticked)
        return {
            "client": self.code.currentText().strip() or None,
            "body": {k: v for k, v in self.facts.items() if v is not None} or None,
            "consent": kinds or (["on_file"] if on_file else None),
            "pain_before": self.pain_now,
            "pain_place": self.where.currentText().strip() or None,
            "shoe": self.shoe.currentText().strip() or None,
            "checklist": {"version": checklist.VERSION, "ticked": ticked} if read else None,
        }

    def store(self) -> tuple[int | None, int | None]:
        """Keep client, consent and shoe in the library; return the ids of client and shoe.

        Raises
        ------
        ImuError
            The library refused: the sentence says why.
        """
        library, code = self.desk.library, self.code.currentText().strip()
        if library is None or not code:
            return None, None
        client = self.known.get(code)
        facts = self.facts
        if client is None:
            client = library.add_client(code, **facts)
        elif any(getattr(client, name) != value for name, value in facts.items() if value is not None):
            client = library.update_client(client.id, **{k: v for k, v in facts.items() if v is not None})
        self.known[code] = client
        kinds = [name for name, box in self.consents.items() if box.isChecked()]
        if kinds:
            library.add_consent(client.id, CONSENT_VERSION, self.look.texts("wizard.consent_text"), kinds)
        name = self.shoe.currentText().strip()
        if not name:
            return client.id, None
        shoe, km = self._known_shoe(name), self.stated_km
        if shoe is None:
            shoe = library.add_shoe(client.id, name, km)
        elif km is not None and km != shoe.distance_km:
            library.update_shoe(shoe.id, distance_km=km)
        return client.id, shoe.id
