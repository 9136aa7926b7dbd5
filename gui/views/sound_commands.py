"""Sound during a run: key A goes from off to tone, metronome and both; what it does or lacks is said in the banner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from gui.sound.output import QtOutput
from gui.sound.run_sound import NoSoundError, RunSound

if TYPE_CHECKING:
    from gui.views.window import Window


class SoundCommands(QObject):
    """Switches the sound of a window's run, and feeds it."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.sound = RunSound(QtOutput)
        self._key = QShortcut(QKeySequence("A"), window)
        self._key.setAutoRepeat(False)
        self._key.activated.connect(self.next_mode)
        window.pages.currentChanged.connect(lambda _index: self._key.setEnabled(window.in_run))
        self._key.setEnabled(window.in_run)
        window.bridge.ended.connect(self.close)

    def next_mode(self) -> None:
        """Change what sounds; it is an event of the run, since feedback changes what is measured."""
        window = self.window
        if not window.commands.running:
            return
        model = window.model
        try:
            mode = self.sound.next_mode()
        except NoSoundError as error:
            model.say(f"sound.{error.reason}", "warn")
            window.refresh()
            return
        model.sound = mode
        if mode in {"beat", "both"} and model.cadence_target is None:
            window.commands.toggle_target()
        waits = mode in {"beat", "both"} and model.cadence_target is None
        model.say("sound.no_target" if waits else f"sound.{mode}", "info")
        model.state.noted("sound", sound=mode)
        t = window.look.texts
        window.bridge.mark(t("event.sound", sound=t(f"sound.mode_{mode}")))
        window.refresh()

    def each_frame(self) -> None:
        """Sound the newest steps."""
        window = self.window
        runner = window.runner
        if runner is not None:
            runner.sounding = self.sound.mode != "off"
        band = window.model.cadence_target
        target = None if band is None else (band[0] + band[1]) / 2.0
        self.sound.take(window.model.state, 1.0 if runner is None else runner.share, target)

    def close(self) -> None:
        """Be silent: the run has ended."""
        self.sound.close()
        self.window.model.sound = "off"
