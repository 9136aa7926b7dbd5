"""Dialog of the library page: a new client."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.look import Look
from gui.views.dialogs import heading
from gui.views.session_style import sheet
from imu.api import Library
from imu.errors import ImuError
from imu.types import Client


class ClientDialog(QDialog):
    """Code and body facts of a new client; what is left open stays not known.

    Attributes
    ----------
    client : Client or None
        As it was added.
    """

    def __init__(self, look: Look, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.library = look, library
        self.client: Client | None = None
        t = look.texts
        self.setStyleSheet(sheet(look, 0.95 * look.zoom))
        self.setMinimumWidth(440)
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 24, 28, 20)
        box.setSpacing(14)
        heading(box, self, t("library.new_client").removesuffix("…"), look)
        form = QFormLayout()
        self.fields: dict[str, QLineEdit] = {}
        for name in ("code", "birth_year", "mass", "height"):
            field = QLineEdit()
            label = QLabel(t(f"library.{name}"))
            label.setBuddy(field)
            field.setAccessibleName(label.text())
            form.addRow(label, field)
            self.fields[name] = field
        box.addLayout(form)
        self.said = QLabel("")
        self.said.setWordWrap(True)
        box.addWidget(self.said)
        buttons = QDialogButtonBox()
        buttons.addButton(t("library.save"), QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.addButton(t("library.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.save)
        buttons.rejected.connect(self.reject)
        box.addWidget(buttons)

    def save(self) -> None:
        """Add the client; what is wrong is said and the dialog stays."""
        try:
            year, mass, height = (self._number(name) for name in ("birth_year", "mass", "height"))
            self.client = self.library.add_client(
                self.fields["code"].text(),
                birth_year=None if year is None else int(year),
                body_mass_kg=mass,
                body_height_m=height,
            )
        except (ValueError, ImuError) as error:
            self.said.setText(str(error))
            return
        self.accept()

    def _number(self, name: str) -> float | None:
        """Return the number in a field, decimal comma or point; None where it is empty."""
        text = self.fields[name].text().strip()
        if not text:
            return None
        try:
            return float(text.replace(",", "."))
        except ValueError:
            t = self.look.texts
            raise ValueError(t("library.not_a_number", field=t(f"library.{name}"), text=text)) from None
