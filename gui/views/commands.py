"""What can be done while a run goes on: mark, swap, speed, line, cue test, pain, note, cadence target, sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from gui.numbers import number
from gui.panels.footer import FootShown
from gui.shown import LiveShown
from gui.speed import stepped_kmh
from gui.views.back_commands import BackCommands
from gui.views.dialogs import NoteDialog, PainDialog, SpeedDialog
from gui.views.second_sensor import SecondSensor
from gui.views.sound_commands import SoundCommands
from gui.views.table_commands import TableCommands
from imu.api import cadence_band
from imu.constants import MPS_PER_KMH

if TYPE_CHECKING:
    from gui.views.window import Window

TARGETS_PCT: Final = (None, 5.0, 10.0)
"""The cadence target lies so much above the runner's own, one after the other; None = no target."""


class RunCommands(QObject):
    """Acts on the run of a window; does nothing while there is none."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.back = BackCommands(window)
        self.second = SecondSensor(window)
        self.tables = TableCommands(window)
        self.sound = SoundCommands(window)
        actions: dict[str, Callable[[], None]] = {
            "mark": self.mark,
            "cue": self.cue,
            "pain": self.ask_pain,
            "note": self.ask_note,
            "target": self.toggle_target,
            "swap": self.swap_sides,
            "speed": self.ask_speed,
            "runner": window.toggle_runner,
        }
        for name, action in actions.items():
            window.footer.keys[name].clicked.connect(lambda _=False, a=action: a())

    @property
    def running(self) -> bool:
        """Whether there is a run to act on."""
        window = self.window
        return window.in_run and window.bridge.session is not None and window.footer.running

    def foot(self, shown: LiveShown) -> FootShown:
        """Say what the footer shows of this moment."""
        model, t = self.window.model, self.window.look.texts
        pains = model.pains[:1] + model.pains[1:][-1:]
        return FootShown(
            shown.live if self.window.view_name == "far" else shown.near_live,
            shown.running,
            pain="\u2192".join(number(n, 0, t.language) for n in pains),
            target="" if model.target_pct is None else f"{number(model.target_pct, 0, t.language, plus=True)} %",
            told=t(f"cue.told_{model.cue.told}"),
        )

    def mark(self) -> None:
        """Put a mark at this moment."""
        if self.running:
            number = self.window.model.state.marked()
            self.window.bridge.mark(str(number))
            self.window.refresh()

    def swap_sides(self, *, anywhere: bool = False) -> None:
        """Exchange left and right from the next step on."""
        if self.running or (anywhere and self.window.bridge.session is not None):
            self.window.bridge.swap_sides()
            self.window.model.state.swapped()
            self.window.refresh()

    def change_speed(self, steps: int) -> None:
        """Move the belt speed; an unknown speed is asked for first."""
        if not self.running:
            return
        speed = self.window.model.state.status.speed_mps
        if speed is None:
            self.ask_speed()
        else:
            kmh = stepped_kmh(speed / MPS_PER_KMH, steps, self.window.look.texts.speed_unit)
            self.window.bridge.set_speed(kmh * MPS_PER_KMH)

    def ask_speed(self) -> None:
        """Let the user type the belt speed."""
        if not self.running:
            return
        dialog = SpeedDialog(self.window.look, self.window.model.state.status.speed_mps, self.window)
        if dialog.exec():
            self.window.bridge.set_speed(dialog.speed_mps)

    def set_line(self, value_g: float | None) -> None:
        """Move or remove the feedback line; it is stored with the run."""
        self.window.line_g = value_g
        self.window.bridge.set_line(value_g)
        self.window.model.state.set_line(value_g)
        self.window.preferences.put("line_g", "" if value_g is None else f"{value_g:.2f}")
        self.window.refresh()

    # -- cue test ----------------------------------------------------------------------------------------------------

    def cue(self) -> None:
        """Begin the cue, end it, or ask for the verdict before the time."""
        if not self.running:
            return
        model = self.window.model
        state = model.state
        phase = model.cue.press(state.newest_s, state.status.speed_mps, tuple(state.history))
        model.cue_said = ""
        if phase == "verdict":
            self._say_verdict()
        else:
            kind = "cue_on" if phase == "cue" else "cue_off"
            state.noted(kind, told=model.cue.told)
            t = self.window.look.texts
            self.window.bridge.mark(t(f"event.{kind}", told=t(f"cue.told_{model.cue.told}")))
        self.window.refresh()

    def next_cue(self) -> None:
        """Choose other words for the next cue; they are said in the banner and remembered."""
        if self.running and self.window.model.cue.phase == "off":
            model = self.window.model
            model.cue.next_cue()
            self.window.preferences.put("cue", model.cue.told)
            model.cue_said = "next"
            self.window.refresh()

    def each_frame(self) -> None:
        """Sound the newest steps; give the verdict when the block after the cue is long enough."""
        self.sound.each_frame()
        model = self.window.model
        state = model.state
        if model.cue.settle(state.newest_s, state.status.speed_mps, tuple(state.history)):
            self._say_verdict()

    def _say_verdict(self) -> None:
        model = self.window.model
        result = model.cue.result
        if result is not None:
            model.cue_said = "verdict"
            model.state.noted("verdict", result=result)
            self.window.bridge.mark(self.window.look.texts("event.verdict", words=model.cue_words))

    # -- diary -------------------------------------------------------------------------------------------------------

    def ask_pain(self) -> None:
        """Let the user enter a pain score; kept with the session."""
        if not self.running:
            return
        dialog = PainDialog(self.window.look, self.window)
        if dialog.exec() and dialog.score is not None:
            self.enter_pain(dialog.score)

    def enter_pain(self, score: int) -> None:
        """Keep a pain score of now."""
        session_id = self.window.bridge.kept_session_id
        if session_id is not None:
            self.window.desk.ask(lambda lib: lib.add_pain(session_id, "during", score), None)
        else:
            self.window.bridge.mark(f"pain {score}")
        self.window.model.pains.append(score)
        self.window.model.state.noted("pain", n=score)
        self.window.refresh()

    def ask_note(self) -> None:
        """Let the user type a note; the moment is that of the key, not of the last letter."""
        if not self.running:
            return
        at = self.window.model.state.now_s
        dialog = NoteDialog(self.window.look, self.window)
        text = dialog.line.text().strip() if dialog.exec() else ""
        if text:
            self.window.model.state.noted("note", time_s=at, text=text)
            self.window.bridge.mark(text)
            self.window.refresh()

    def toggle_target(self) -> None:
        """Set the cadence target 5, then 10 % above the runner's own of the first press, then remove it."""
        if not self.running:
            return
        model = self.window.model
        if model.target_pct is None:
            model.own_spm = model.state.numbers.cadence_spm.value
        if model.own_spm is not None:
            model.target_pct = TARGETS_PCT[(TARGETS_PCT.index(model.target_pct) + 1) % len(TARGETS_PCT)]
        pct, own = model.target_pct, model.own_spm
        model.cadence_target = None if pct is None or own is None else cadence_band(own, pct)
        self.window.refresh()
