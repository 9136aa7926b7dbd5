"""The footer of a run: what can be done now, as keys that can also be clicked; whether it goes on; its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from typing_extensions import override

from gui.look import Look
from gui.paint import Canvas, font
from gui.panels.bars import Strip
from gui.panels.buttons import Button
from gui.shown import Chip

FOOT_HEIGHT: Final = 80.0
KEYS: Final = {
    "mark": "",
    "cue": "C",
    "pain": "P",
    "note": "M",
    "target": "K",
    "swap": "L/R",
    "speed": "\u2212/+",
    "runner": "F11",
}
"""Name of each button and what stands on its cap; the space bar has a word of each language."""


@dataclass(frozen=True, slots=True)
class FootShown:
    """What the footer says.

    Attributes
    ----------
    live : Chip
    running : bool
    pain : str
        Scores of this session, the first and the newest; empty = none.
    target : str
        Cadence target above the runner's own; empty = none.
    told : str
        Words of the next cue, or of the one that is on.
    """

    live: Chip
    running: bool
    pain: str = ""
    target: str = ""
    told: str = ""


class Footer(Strip):
    """Keys that can also be clicked (the window connects `keys`); state of the run and its one button on the right.

    Keys for which large text leaves no room are folded behind a button; as keys they act all the same.

    Signals
    -------
    ended
    """

    ended = Signal()

    def __init__(self, look: Look) -> None:
        self._arranging = False
        super().__init__(look, FOOT_HEIGHT, line_at_top=True)
        self.shown = FootShown(Chip("", "info"), running=False)
        self.keys = {name: self.add(Button(look, "key")) for name in KEYS}
        self.more = self.add(Button(look, "word"))  # unfolds what large text leaves no room for
        self.more.clicked.connect(lambda _=False: self.arrange())
        self.end = self.add(Button(look, "outline"), right=True)
        self.end.clicked.connect(lambda _=False: self.ended.emit())
        self.restyle()

    @property
    def live(self) -> Chip:
        """Whether what is seen is what happens."""
        return self.shown.live

    @property
    def running(self) -> bool:
        """Whether the run goes on."""
        return self.shown.running

    @override
    def arrange(self) -> None:
        """Lay the keys out; large text takes one line from the view above, and the others where they are asked for."""
        if self._arranging:  # a change of height on the way
            return
        self._arranging = True
        keys = list(self.keys.values())
        for key in keys:
            key.setVisible(True)
        self.more.setVisible(False)
        super().arrange()
        line = round(self.design_height * self.scale)
        if self.height() > line:
            self.more.setVisible(True)
            super().arrange()
        while keys and self.height() > line and not self.more.isChecked():
            keys.pop().setVisible(False)
            super().arrange()
        self._arranging = False

    def restyle(self) -> None:
        """Take over colours and language."""
        texts, shown = self.look.texts, self.shown
        said = {"pain": shown.pain, "target": shown.target}
        for name, button in self.keys.items():
            cap = KEYS[name] or texts("key.space")
            words = " ".join(word for word in (texts(f"key.{name}"), said.get(name, "")) if word)
            told = {"told": shown.told} if name == "cue" else {}
            spoken = " ".join(word for word in (texts(f"key.{name}_name", **told), said.get(name, "")) if word)
            button.set_words(words, f"{spoken} ({cap})", cap=cap)
            button.setEnabled(shown.running or name == "runner")
        self.more.set_words(texts("key.more"), texts("key.more_name"))
        which = "stop" if shown.running else "again"
        self.end.set_words(texts(f"key.{which}"), texts(f"key.{which}_name"))
        self.arrange()
        self.update()

    def set_shown(self, shown: FootShown) -> None:
        """Show the state of the run."""
        if shown != self.shown:
            self.shown = shown
            self.restyle()

    @override
    def chip_room(self) -> float:
        if not self.live.text:
            return 0.0
        return (
            font(self.look.family, round(24 * self.scale), True)[1].horizontalAdvance(self.live.text) / self.scale + 84
        )

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        tokens = self.look.tokens
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        right = self.end.x() / self.scale - 20
        y = (self.end.y() + self.end.height() / 2.0) / self.scale
        width = canvas.width_of(self.live.text, 24, bold=True) + 64
        is_live = self.live.level == "ok"
        if self.live.text:
            canvas.box(right - width, y - 22, width, 44, fill=tokens.accbg if is_live else tokens.sub, radius=4)
            ink = tokens.acc if is_live else tokens.ink2
            if is_live:
                canvas.box(right - width + 18, y - 6, 13, 13, fill=ink, radius=6.5)
            else:
                canvas.box(right - width + 18, y - 6, 13, 13, edge=ink, edge_width=2.0)
            canvas.text(right - width + 44, y + 9, self.live.text, 24, ink, bold=True)
        painter.end()
