"""The only object that holds a Session: a timer polls it and hands out plain frames; commands go the other way.

A session is made in a plain thread, because the first import of the engine may compile kernels; everything else
happens in the GUI thread, which only ever copies (the engine's lock is held for a copy).
"""

from __future__ import annotations

import logging
import threading

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from gui.live_state import PLOT_SECONDS, Frame
from gui.screen_delay import ScreenDelay
from gui.sources import MakeSession
from imu.api import Session
from imu.constants import HISTORY_S
from imu.errors import ImuError
from imu.settings import Settings
from imu.types import LinkState, Place, Snapshot, Stance, Status

logger = logging.getLogger(__name__)

POLL_MS = 33
EMPTY = Snapshot(np.empty(0), np.empty(0), np.empty(0))
_PREPARING_EVERY = 4
"""Of so many polls one is shown while there is nothing to see but that something moves."""
_ENDED = {LinkState.FINISHED, LinkState.FAILED}


class _Making:
    """A session on its way: made in a thread, fetched or abandoned by the GUI."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self._lock = threading.Lock()
        self._result: Session | Exception | None = None
        self._abandoned = False

    def work(self, make: MakeSession, line_g: float | None) -> None:
        """Make and start; runs in the thread. The line is told before the first sample, to be stored with it."""
        result: Session | Exception
        try:
            result = make()
            result.set_line(line_g)
            result.start()
        except Exception as error:  # shown to the user by poll(); anything else would leave an empty window
            result = error
        with self._lock:
            self._result = result
            unwanted = self._abandoned
        if unwanted and not isinstance(result, Exception):
            result.stop()
        self.done.set()

    def take(self) -> Session | Exception | None:
        """Return what came out; None = still at work."""
        with self._lock:
            return self._result

    def abandon(self) -> None:
        """Nobody wants it any more."""
        with self._lock:
            self._abandoned = True
            result = self._result
        if result is not None and not isinstance(result, Exception):
            result.stop()


class Bridge(QObject):
    """Polls one session at a time.

    Signals
    -------
    frame : Frame
        About 30 times a second while a session is open (less often while it is only being prepared), and once after
        its end.
    ended
        The session was stopped or let go by the window (not: it ended by itself).
    marked : str
        A marker was put, with this text.
    """

    frame = Signal(object)
    ended = Signal()
    marked = Signal(str)

    def __init__(self, parent: QObject | None = None, *, poll_ms: int = POLL_MS) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._making: _Making | None = None
        self._seen = 0
        self._line_g: float | None = None
        self._moved_line = False
        self.delay = ScreenDelay()
        self._waiting = QElapsedTimer()
        self._prepared = 0
        self.poll_ms = poll_ms
        self._timer = QTimer(self)
        self._timer.setInterval(poll_ms)
        self._timer.timeout.connect(self.poll)

    @property
    def session(self) -> Session | None:
        """The open session."""
        return self._session

    @property
    def settings(self) -> Settings:
        """Settings of the open session."""
        return Settings() if self._session is None else self._session.settings

    @property
    def place(self) -> Place:
        """Where the sensor of the open session is worn."""
        return Place.SACRUM if self._session is None else self._session.settings.place

    @property
    def kept_session_id(self) -> int | None:
        """Id in the library of what is or was recorded; None where nothing is kept there."""
        session = self._session
        return session.session_id if session is not None and session.keeps_in_library else None

    def open(self, make: MakeSession, line_g: float | None = None) -> None:
        """Make and start a session; an earlier one is closed first.

        Parameters
        ----------
        make : callable
            Called in a thread.
        line_g : float or None
            Feedback line to begin with.
        """
        self.close()
        self._making = making = _Making()
        self._moved_line = False
        threading.Thread(target=making.work, args=(make, line_g), name="make-session", daemon=True).start()
        self._waiting.start()
        self._prepared = 0
        self._emit_preparing()
        self._timer.start()

    def poll(self) -> None:
        """Fetch what is new and hand it out."""
        if self._session is None and not self._take_made():
            if self._making is not None and self._is_worth_showing():
                self._emit_preparing()
            return
        session = self._session
        if session is None:
            return
        # status first: a session that has ended then surely has all its steps in this very frame
        status = session.status()
        if status.state is LinkState.PREPARING and not self._is_worth_showing():
            return
        self.delay.took(session.arrivals(self.delay.newest))  # before what they brought is fetched
        steps = session.steps(self._seen)
        self._seen += len(steps)
        snapshot, events = session.snapshot(PLOT_SECONDS), session.drain_events()
        waited_s = self._waiting.elapsed() / 1000.0
        delay_ms = None if status.state in _ENDED else self.delay.p95_ms()
        frame = Frame(status, snapshot, steps, events, waited_s, session.pelvis(), delay_ms)
        if status.state in _ENDED:
            self._timer.stop()
        self.frame.emit(frame)

    def was_painted(self) -> None:
        """Everything handed out so far stands on the screen now."""
        self.delay.painted()

    def was_hidden(self) -> None:
        """Forget what was handed out: nobody could see it, so it says nothing about the delay."""
        self.delay.forget()

    def _is_worth_showing(self) -> bool:
        """Whether a frame that only says that something is being prepared is due: painting would slow that down."""
        self._prepared += 1
        return self._prepared % _PREPARING_EVERY == 1

    def _emit_preparing(self) -> None:
        waited_s = self._waiting.elapsed() / 1000.0
        self.frame.emit(Frame(Status(LinkState.PREPARING), EMPTY, (), (), waited_s))

    def _take_made(self) -> bool:
        made = None if self._making is None else self._making.take()
        if made is None:
            return False
        self._making = None
        if isinstance(made, Exception):
            self._timer.stop()
            if not isinstance(made, ImuError):
                logger.error("the session could not be made", exc_info=made)
            detail = str(made) if isinstance(made, ImuError) else f"{type(made).__name__}: {made}"
            code = made.code if isinstance(made, ImuError) else "unexpected"
            self.frame.emit(Frame(Status(LinkState.FAILED, detail=detail, code=code), EMPTY, (), ()))
            return False
        self._session = made
        self._seen = 0
        self.delay = ScreenDelay()
        if self._moved_line:  # while it was being made
            made.set_line(self._line_g)
        return True

    def look_back(self) -> Snapshot:
        """Return a copy of the signal as far back as it is at hand."""
        return EMPTY if self._session is None else self._session.snapshot(HISTORY_S)

    def stance(self) -> Stance | None:
        """Tell how the sensor hangs; None while that is not known."""
        return None if self._session is None else self._session.stance()

    # -- commands ----------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the session and show its last state."""
        if self._session is not None:
            self._session.stop()
            self.poll()
            self.ended.emit()

    def close(self) -> None:
        """Stop and let go of the session; one that is still being made is stopped as soon as it exists."""
        self._timer.stop()
        if self._making is not None:
            self._making.abandon()
            self._making = None
        session, self._session = self._session, None
        self._seen = 0
        if session is not None:
            session.stop()
            self.ended.emit()

    def mark(self, text: str) -> None:
        """Put a marker at the present moment."""
        if self._session is not None:
            self._session.mark(text)
            self.marked.emit(text)

    def swap_sides(self) -> None:
        """Exchange left and right from the next step on."""
        if self._session is not None:
            self._session.swap_sides()

    def set_least_tilt(self, deg: float) -> None:
        """Let the left-right difference reckon with so much roll."""
        if self._session is not None:
            self._session.set_least_tilt(deg)

    def set_speed(self, speed_mps: float | None) -> None:
        """Typed speed, valid from now on."""
        if self._session is not None:
            self._session.set_speed(speed_mps)

    def set_line(self, line_g: float | None) -> None:
        """State the feedback line from now on; also of a session that is still being made."""
        self._line_g, self._moved_line = line_g, True
        if self._session is not None:
            self._session.set_line(line_g)
