"""Takes a recording of another program into the library: what its columns mean, with a preview of what comes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.look import Look
from gui.numbers import clock, number
from gui.review.warnings import translated
from gui.review.words import whole
from gui.speed import typed_mps, unit_word
from gui.views.import_columns import ColumnChoices
from gui.views.session_data import fill, plain_table
from gui.views.session_style import sheet
from imu import api
from imu.api import Library
from imu.errors import ImuError
from imu.types import LogPreview, Place, SessionRow

_WAIT_MS: Final = 250
OWN: Final = (".stride",)
"""Files that say everything themselves."""
ARRAYS: Final = (".npz",)


def take_in(
    parent: QWidget, look: Look, library: Library, path: Path, client_id: int | None = None
) -> SessionRow | None:
    """Take a recording into the library, asking what it does not say itself; None = the user changed his mind.

    Raises
    ------
    ImuError
        It is no recording at all, or it cannot be taken in.
    """
    if path.suffix.lower() in OWN:
        return library.import_session(path)
    preview = None if path.suffix.lower() in ARRAYS else api.preview_log(path)
    dialog = ImportDialog(look, library, path, preview, client_id, parent)
    dialog.exec()
    return dialog.row


class ImportDialog(QDialog):
    """What each column means, where the sensor was, how fast and whose; below it what comes out.

    Attributes
    ----------
    row : SessionRow or None
        The session that it became.
    """

    def __init__(
        self,
        look: Look,
        library: Library,
        path: Path,
        preview: LogPreview | None,
        client_id: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.look, self.library, self.path, self.preview = look, library, path, preview
        self.row: SessionRow | None = None
        t = look.texts
        self.setWindowTitle(t("import.title", name=path.name))
        self.setStyleSheet(sheet(look, 0.9 * look.zoom))
        self.resize(1080, 760)
        box = QVBoxLayout(self)
        named = preview is None or not preview.names
        maker = "" if preview is None else preview.kind
        words = t("import.arrays") if named else t("import.maker", maker=maker) if maker else t("import.table")
        intro = QLabel(words)
        intro.setWordWrap(True)
        box.addWidget(intro)
        self.rows = plain_table()
        self.columns: ColumnChoices | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.look_again)
        if preview is not None and not named:
            self.columns = ColumnChoices(t, preview.names, preview.mapping, self._changed)
            box.addWidget(self.columns)
            self.rows.setAccessibleName(t("import.rows"))
            box.addWidget(self.rows, 1)
        self.place, self.speed, self.client = QComboBox(), QLineEdit(), QComboBox()
        self._facts(box, client_id)
        self.said = QPlainTextEdit()
        self.said.setReadOnly(True)
        self.said.setTabChangesFocus(True)
        self.said.setMaximumHeight(150)
        box.addWidget(self.said)
        buttons = QDialogButtonBox()
        self.take_button: QPushButton = buttons.addButton(t("import.take"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.take_button.setDefault(True)
        buttons.addButton(t("library.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.take)
        buttons.rejected.connect(self.reject)
        box.addWidget(buttons)
        self._show()

    def _facts(self, box: QVBoxLayout, client_id: int | None) -> None:
        t = self.look.texts
        form = QFormLayout()
        self.place.addItem(t("import.place_open"), None)
        for place in Place:
            self.place.addItem(t(f"library.place_{place.value}"), place)
        self.client.addItem(t("import.no_client"), None)
        for client in self.library.clients():
            self.client.addItem(client.code, client.id)
        self.client.setCurrentIndex(max(self.client.findData(client_id), 0))
        for key, field in (("place", self.place), ("speed", self.speed), ("client", self.client)):
            label = QLabel(t(f"import.{key}", unit=unit_word(t)))
            label.setBuddy(field)
            field.setAccessibleName(label.text())
            form.addRow(label, field)
        box.addLayout(form)

    # -- preview -----------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.take_button.setEnabled(False)
        self._timer.start()

    def look_again(self) -> None:
        """Read the file as it is understood now."""
        assert self.columns is not None
        self._timer.stop()
        try:
            mapping = self.columns.mapping()
        except ValueError as error:
            self._say(str(error), ok=False)
            self._fill()
            return
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            self.preview = api.preview_log(self.path, mapping)
        except ImuError as error:
            self._say(str(error), ok=False)
            return
        finally:
            QApplication.restoreOverrideCursor()
        self._show()

    def _show(self) -> None:
        t, seen = self.look.texts, self.preview
        self._fill()
        if seen is None:
            self._say("", ok=True)
            return
        if seen.problems:
            lines = [t("import.fails")]
            for problem in seen.problems:
                hint = "" if "--" in problem.hint else problem.hint  # options of the command line are boxes here
                lines.append(" ".join(part for part in (translated(problem.text, t), translated(hint, t)) if part))
            self._say("\n".join(lines), ok=False)
            return
        fits = t(
            "import.fits",
            n=whole(seen.n_samples),
            time=clock(seen.duration_s or 0.0),
            rate=number(seen.sampling_rate_hz, 1, t.language),
            missing=whole(seen.n_missing),
            size=number(seen.acc_size_g, 2, t.language),
        )
        self._say("\n".join((fits, *(translated(note, t) for note in seen.notes))), ok=True)

    def _fill(self) -> None:
        """Show the first rows; a cell that is wrong is marked, and said in words below."""
        if self.columns is None or self.preview is None:
            return
        seen = self.preview
        fill(self.rows, self.columns.heads(), [row[: len(seen.names)] for row in seen.rows])
        for problem in seen.problems:
            if problem.line is None or problem.column is None:
                continue
            item = self.rows.item(problem.line - seen.first_line, problem.column - 1)
            if item is not None:
                face = item.font()
                face.setBold(True)
                item.setFont(face)
                item.setForeground(QColor(self.look.tokens.err))
                item.setText(f"\u25b6 {item.text()}")
                item.setToolTip(problem.text)
        self.rows.resizeColumnsToContents()

    def _say(self, text: str, *, ok: bool) -> None:
        self.said.setPlainText(text)
        self.said.setVisible(bool(text))
        self.take_button.setEnabled(ok)

    # -- taking in ---------------------------------------------------------------------------------------------------

    def _typed(self) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        if self.place.currentData() is not None:
            typed["place"] = self.place.currentData()
        text = self.speed.text().strip()
        if text:
            try:
                typed["speed_mps"] = typed_mps(text, self.look.texts)
            except ValueError:
                raise ValueError(self.look.texts("import.not_a_number", text=text)) from None
        return typed

    def take(self) -> None:
        """Take it in; what is wrong is said and the dialog stays."""
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            mapping = None if self.columns is None else self.columns.mapping()
            self.row = api.import_to_library(
                self.library, self.path, self._typed(), client_id=self.client.currentData(), columns=mapping
            )
        except (ValueError, ImuError) as error:
            self._say(str(error), ok=True)
            return
        finally:
            QApplication.restoreOverrideCursor()
        self.accept()
