"""From the start page through the wizard to the live view, and what the wizard asked into the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from gui.history import history_of
from gui.numbers import clock
from gui.sources import Nearby, Plan
from gui.views.confirm import ConfirmDialog
from gui.views.import_dialog import ARRAYS, OWN, take_in
from imu.errors import ImuError
from imu.types import LinkState, SessionRow

if TYPE_CHECKING:
    from gui.views.window import Window

_ENDED: Final = {LinkState.FINISHED, LinkState.FAILED}


class Beginning(QObject):
    """Leads a window into a session."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.plan: Plan | None = None

    def begin(self, sensor: Nearby | None) -> None:
        """Prepare a session, with the sensor that was chosen."""
        if self.window.sources.begin is not None:
            self.window.wizard.enter(sensor)
            self.window.show_page(self.window.wizard)
            self.window.wizard.before.code.setFocus()

    def ask_recording(self) -> None:
        """Let the user choose a recording and play it."""
        t = self.window.look.texts
        path, _ = QFileDialog.getOpenFileName(self.window, t("start.open_title"), "", t("start.open_filter"))
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Play a recording; one of another program is taken into the library first, and shown."""
        window = self.window
        library = window.desk.library
        if path.suffix.lower() in {*OWN, *ARRAYS} or library is None:
            window.open(window.sources.replay(path))
            return
        try:
            row = take_in(window, window.look, library, path)
        except ImuError as error:
            window.desk.problem = error
            window.go_start()
            return
        if row is not None:
            window.show_session(row.id)

    def start_plan(self, plan: Plan) -> None:
        """Open the link to the sensor of a plan; recording begins."""
        window = self.window
        make, library = window.sources.begin, window.desk.library
        if make is None:
            return
        self.plan = plan
        if plan.sensor is not None:
            window.preferences.put("sensor", plan.sensor.address)
        window.new_model()
        window.model.client_code = plan.client_code
        window.model.pains = [] if plan.pain is None else [plan.pain]
        client_id = plan.client_id
        if client_id is not None:
            none: list[SessionRow] = []
            window.model.history = history_of(window.desk.ask(lambda lib: lib.sessions(client_id), none))
        window.bridge.open(lambda: make(plan, library), window.line_g)

    def done(self) -> None:
        """Go from the wizard to the live view."""
        self._store_answers()
        self.window.bridge.set_least_tilt(self.window.wizard.least_tilt_deg)
        skipped = self.window.wizard.skipped_pages()
        if skipped:
            self.window.model.state.noted("skipped", pages=skipped)
        self.window.show_run()

    def leave(self) -> None:
        """Go from the wizard back to the start page; where that ends a recording, ask first."""
        if not self.may_end("leave.go"):
            return
        if self.recording:
            self._store_answers()
        self.window.go_start()

    @property
    def recording(self) -> bool:
        """Whether something is being recorded."""
        session = self.window.bridge.session
        status = None if session is None else session.status()
        return status is not None and status.recording_path is not None and status.state not in _ENDED

    def may_end(self, go: str) -> bool:
        """Ask whether a recording may end, where there is one; `go` = key of the words on the button."""
        window, session = self.window, self.window.bridge.session
        if session is None or not self.recording:
            return True
        t, time = window.look.texts, clock(session.status().elapsed_s)
        words = t("leave.words_kept" if session.keeps_in_library else "leave.words", time=time)
        return bool(ConfirmDialog(window.look, t("leave.title"), words, t("leave.stay"), t(go), window).exec())

    def _store_answers(self) -> None:
        """Keep what the wizard asked with the session; what was skipped is kept as skipped."""
        desk, session_id, plan = self.window.desk, self.window.bridge.kept_session_id, self.plan
        self.plan = None
        if session_id is None or plan is None:
            return
        answers = self.window.wizard.answers()
        desk.ask(lambda lib: lib.set_wizard(session_id, answers), None)
        if plan.pain is not None:
            score, place = plan.pain, plan.pain_place
            desk.ask(lambda lib: lib.add_pain(session_id, "before", score, place), None)
