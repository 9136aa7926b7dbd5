"""The page of one finished session: whole run at a glance, minutes, left and right, numbers, edits, report."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.look import Look
from gui.numbers import clock
from gui.paint import Canvas, font
from gui.panels.buttons import Button
from gui.review.blocks import blocks_of, by_speed, minutes_of
from gui.review.cues import belongs_to_cue, cues_of, mark_words
from gui.review.explained import Shown, numbers_of
from gui.review.history import History, Past
from gui.review.overview import overview_of, renamed
from gui.review.run import Mark, Run, Span
from gui.review.signal import Signal as SignalOfRun
from gui.review.stored import of_stored
from gui.review.usual import with_usual
from gui.review.warnings import is_outdated, warnings_of
from gui.review.words import date_words, rate_words, whole
from gui.tab_order import tab_through
from gui.views.cue_card import CueCard
from gui.views.explain_card import ExplainCard
from gui.views.growing import GrowingPage
from gui.views.session_cards import MinutesCard, OverviewCard, SidesCard
from gui.views.session_dialogs import REMOVE, SAVE, MarkDialog
from gui.views.session_files import RunFiles
from gui.views.session_layout import BAR, SessionLayout
from gui.views.session_numbers import NumbersCard
from gui.views.session_pain import PainLater
from gui.views.session_signal import HistoryReader, SignalReader
from gui.views.session_warnings import WarningStrip
from imu import api
from imu.api import Library
from imu.errors import ImuError


class SessionPage(GrowingPage):
    """One session of a library, or a run at hand that cannot be changed.

    Parameters
    ----------
    library : Library or None
        None: `run` is given.
    session_id : int
    look : Look or None
        Shared colours and language; None = its own.
    run : Run or None

    Signals
    -------
    back
    compare_asked : int
        Session id.
    trend_asked : int
        Client id.

    Raises
    ------
    ImuError
        There is no such session, or it is too damaged to be read.
    """

    back = Signal()
    compare_asked = Signal(int)
    trend_asked = Signal(int)

    def __init__(
        self,
        library: Library | None,
        session_id: int,
        look: Look | None = None,
        run: Run | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look or Look(), parent)
        self.library, self.session_id = library, session_id
        self.lay = SessionLayout(self)
        self.run = run if run is not None else self._read()
        self.said = ""
        self._compute()
        self.signal: SignalOfRun | None = None
        self.reader = SignalReader(self)
        self.reader.ready.connect(self._take_signal)
        self.past: tuple[Past, History] | None = None
        self.earlier = HistoryReader(self)
        self.earlier.ready.connect(self.show_past)
        self.files = RunFiles(self)
        self.strip = WarningStrip(self.look, self)
        self.strip.anew_asked.connect(lambda: self._change(lambda lib: lib.recompute(self.session_id)))
        self.card = OverviewCard(self.look, self._overview, self)
        self.minutes = MinutesCard(self.look, self)
        self.sides = SidesCard(self.look, self)
        self.cue = CueCard(self.look, self)
        self.numbers = NumbersCard(self.look, self)
        self.explain = ExplainCard(self.look, self)
        self.back_button = self._button("outline", self.back.emit)
        self.trend_button = self._button("outline", self._ask_trend)
        self.compare_button = self._button("outline", lambda: self.compare_asked.emit(self.session_id))
        self.log_button = self._button("outline", self.files.open_log)
        self.export_button = self._button("outline", self.files.export_steps)
        self.pain = PainLater(self)
        self.report_button = self._button("filled", self.files.ask_report)
        bar = (self.back_button, self.trend_button, self.compare_button, self.pain.button, self.log_button)
        tab_through(self, (*bar, self.export_button, self.report_button))
        self.plot = self.card.plot
        self.plot.moved.connect(self._follow_selection)
        self.plot.mark_opened.connect(self.edit_mark)
        self.card.mark_asked.connect(self.add_mark)
        self.card.cut_asked.connect(self.leave_out)
        self.card.restore_asked.connect(self.put_back)
        self.card.swap_asked.connect(self.swap_sides)
        self.minutes.minute_chosen.connect(lambda span: self.plot.set_view(*span))
        self.numbers.block_chosen.connect(self._choose_block)
        self.numbers.explained.connect(self.explain.show_number)
        for card in (self.card, self.minutes, self.sides, self.cue):
            card.explained.connect(self._explain)
        self.explain.closed.connect(lambda: self._explain(None))
        self._position = 0
        self._selected: Span | None = None
        self.restyle()
        self.reader.read(self.run, self.speeds)
        self.earlier.read(self.library, session_id)

    # -- content -----------------------------------------------------------------------------------------------------

    @property
    def can_edit(self) -> bool:
        """Whether changes can be kept."""
        return self.library is not None and not self.library.read_only

    def _read(self) -> Run:
        if self.library is None:
            raise ValueError("a session page needs a library or a run")
        library, session_id = self.library, self.session_id
        return of_stored(library.session(session_id), lambda: library.recording(session_id))

    def _compute(self) -> None:
        """Work out, once per state of the run, what does not hang on colours and language."""
        blocks = blocks_of(self.run)
        self.speeds = self._of_steps = by_speed(self.run, blocks)
        self._minutes = minutes_of(self.run, blocks)
        self._n_running = len(self.run.running)
        self._cues = cues_of(self.run)
        self._overview = overview_of(self.run, self.look.texts, blocks)
        self._spoken = self.look.texts.spoken

    def reload(self) -> None:
        """Read the session again after a change; the stretch in view and the cursor stay."""
        if self.library is not None:
            self.run = self._read()
        self._compute()
        self.signal = None
        self.refresh()
        self.reader.read(self.run, self.speeds)
        if self.past is None or self.past[0].filter_version != self.run.provenance.filter_version:
            self.earlier.read(self.library, self.session_id)

    def _client_id(self) -> int | None:
        return None if self.library is None else self.library.session_row(self.session_id).client_id

    def _ask_trend(self) -> None:
        client_id = self._client_id()
        if client_id is not None:
            self.trend_asked.emit(client_id)

    def _take_signal(self, found: SignalOfRun) -> None:
        self.signal = found
        self.refresh()

    def show_past(self, found: tuple[Past, History]) -> None:
        """Show the usual ranges that follow from the client's earlier sessions."""
        self.past = found
        self.refresh()

    def refresh(self) -> None:
        """Show the run as it is now."""
        t = self.look.texts
        self.speeds = self._of_steps if self.signal is None else self.signal.speeds
        if self._spoken != t.spoken:
            self._overview, self._spoken = renamed(self._overview, self.run, t), t.spoken
        sentences = warnings_of(self.run, None if self.signal is None else self.signal.whole, t)
        self.strip.set_sentences(sentences, outdated=self.can_edit and is_outdated(self.run))
        self.plot.set_shown(self._overview)
        self.card.set_words(self.run.settings.place, can_edit=self.can_edit)
        self.minutes.set_content(self.run, self._minutes)
        self.sides.set_content(self.speeds, self.past)
        self.cue.set_tests(self._cues)
        self._show_numbers()
        self._place()

    def restyle(self) -> None:
        """Take over colours and language."""
        t = self.look.texts
        self.back_button.set_words(t("review.back"), t("review.back_name"))
        self.trend_button.set_words(t("review.trend"))
        self.compare_button.set_words(t("review.compare"))
        self.log_button.set_words(t("review.edits_button"), t("review.edits"))
        self.export_button.set_words(t("review.export"))
        self.report_button.set_words(t("review.report"))
        self.pain.restyle()
        for button in (self.compare_button, self.log_button):
            button.setVisible(self.library is not None)
        self.trend_button.setVisible(self._client_id() is not None)
        self.refresh()
        self.setAccessibleName(" ".join(self._heading()))
        self._place()

    def _heading(self) -> tuple[str, str, str]:
        t, facts = self.look.texts, self.run.facts
        client = self.run.title or t("review.no_client")
        date = t("review.session", date=date_words(self.run, t))
        rest = f"{clock(self.run.duration_s)} · {t('report.running_steps', n=whole(self._n_running))}"
        pain = {when: facts.get(f"pain_{when}", "–") for when in ("before", "during", "after")}
        if set(pain.values()) != {"–"}:
            rest += " · " + t("review.pain", **pain)
        return client, date, f"{rest} · {rate_words(self.run, t)}"

    def _show_numbers(self) -> None:
        selected = self._selected
        steps = [s for s in self.run.running if selected is not None and selected.start_s <= s.ic_s <= selected.end_s]
        count = None if selected is None else len(steps)
        last = len(self.speeds) - (count is None)
        self._position = min(self._position, max(last, 0))
        self.numbers.set_blocks(self.speeds, count, self._position)
        movement = None
        if self._position < len(self.speeds):
            summary, movement = self.speeds[self._position].summary, self.speeds[self._position].movement
        else:
            summary = api.summarise(steps, self.run.stream, self.run.settings)
        place, t = self.run.settings.place, self.look.texts
        shown = numbers_of(summary, movement, place, t) if self.run.running else []  # no steps: no reasons either
        if self._position < len(self.speeds):
            shown = with_usual(shown, self.past, self.speeds[self._position], place, t)
        self.numbers.set_numbers(shown)

    def _explain(self, shown: Shown | None) -> None:
        """Explain a number of another card than that of the numbers."""
        self.numbers.choose("")
        self.explain.show_number(shown)

    def _choose_block(self, position: int) -> None:
        self._position = position
        self._show_numbers()

    def _follow_selection(self) -> None:
        if self.plot.selection == self._selected:
            return
        self._selected = self.plot.selection
        self._position = len(self.speeds) if self._selected is not None else 0
        self._show_numbers()

    # -- edits -------------------------------------------------------------------------------------------------------

    def _change(self, action: Callable[[Library], object]) -> None:
        """Change the session in the library, then show it as it is; a refusal is said, nothing is lost."""
        if self.library is None:
            return
        try:
            action(self.library)
        except ImuError as error:
            self.say(self.look.texts("review.failed", detail=str(error)))
            return
        self.say("")
        self.reload()

    def say(self, text: str) -> None:
        """Show a sentence under the heading."""
        self.said = text
        self.update()

    def add_mark(self) -> None:
        """Ask for a text and put a mark at the cursor."""
        at = self.plot.cursor_s
        if at is None:
            return
        dialog = MarkDialog(self.look, clock(at - self.run.start_s), "", removable=False, parent=self)
        dialog.exec()
        if dialog.outcome == SAVE:
            self._change(lambda lib: lib.add_marker(self.session_id, at, "mark", dialog.text))

    def edit_mark(self, mark: Mark) -> None:
        """Change the text of a mark or take it away."""
        mark_id = mark.id
        if not self.can_edit or mark_id is None:
            return
        fixed = mark.kind == "swap_sides" or belongs_to_cue(mark)
        text = self.look.texts("event.swap") if mark.kind == "swap_sides" else mark_words(mark, self.look.texts)
        dialog = MarkDialog(self.look, clock(mark.time_s - self.run.start_s), text, removable=True, parent=self)
        dialog.field.setReadOnly(fixed)
        dialog.exec()
        if dialog.outcome == REMOVE:
            self._change(lambda lib: lib.remove_marker(self.session_id, mark_id))
        elif dialog.outcome == SAVE and not fixed:
            self._change(lambda lib: lib.edit_marker(self.session_id, mark_id, value=dialog.text))

    def leave_out(self) -> None:
        """Leave the selected stretch out of every number."""
        selected = self.plot.selection
        if selected is not None:
            self.plot.set_cursor(selected.start_s)
            self._change(lambda lib: lib.cut(self.session_id, selected.start_s, selected.end_s))

    def put_back(self) -> None:
        """Count the stretch at the cursor again."""
        at = self.plot.cursor_s

        def uncut(library: Library) -> None:
            for cut in library.cuts(self.session_id):
                if at is not None and cut.start_s <= at <= cut.stop_s:
                    library.uncut(self.session_id, cut.id)

        self._change(uncut)

    def swap_sides(self) -> None:
        """Swap left and right in the selection, else from the cursor on."""
        selected, at = self.plot.selection, self.plot.cursor_s
        if selected is not None:
            self._change(lambda lib: lib.swap_sides(self.session_id, selected.start_s, selected.end_s))
        elif at is not None:
            self._change(lambda lib: lib.swap_sides(self.session_id, at))

    # -- layout ------------------------------------------------------------------------------------------------------

    def _button(self, kind: str, action: Callable[[], object]) -> Button:
        made = Button(self.look, kind, parent=self)
        made.clicked.connect(lambda _=False: action())
        return made

    @property
    def has_cues(self) -> bool:
        """Whether there is a cue test to show."""
        return bool(self._cues)

    def tall(self, width: float) -> float:
        """Return the height of the stacked page in design units."""
        return self.lay.tall(width)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        self.lay.place()

    def _said_words(self) -> str:
        _, date, rest = self._heading()
        return self.said or f"{date} · {rest}"

    def heading_height(self, width: float) -> float:
        """Height of the words under the client's code, in design units, where text has grown."""
        metrics = font(self.look.family, round(20 * self.scale), False)[1]
        room = QRectF(0.0, 0.0, width * self.scale, 10_000.0)
        return metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._said_words()).height() / self.scale

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, s = self.look.tokens, self.scale
        painter.fillRect(self.rect(), tokens.bg)
        canvas = Canvas(painter, s, tokens, self.look.family)
        width = self.width() / s
        bar = self.lay.bar_height(width) if self.stacked else BAR
        canvas.box(0, 0, width, bar, fill=tokens.panel)
        canvas.line(0, bar, width, bar, tokens.line, 1.0)
        client, date, rest = self._heading()
        if self.stacked:
            self.lay.paint_heading(canvas, client, self._said_words())
            painter.end()
            return
        self.lay.paint_bar(canvas, client, date, self.said or rest)
        canvas.hint_at(self)
        painter.end()
