"""Live sessions in the terminal: a line per step as it comes, what happens to the link, a summary at the end."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from imu.cli.machine import say_first_start
from imu.cli.steps_table import heading, legend_lines, step_line, summary_lines
from imu.cli.text import number, speed_words
from imu.errors import ImuError
from imu.types import Analysis, LinkState, Place, Status, StreamInfo

if TYPE_CHECKING:
    from imu import api
    from imu.settings import Settings

_POLL_S: Final = 0.1
_TROUBLE: Final = frozenset({LinkState.RECONNECTING, LinkState.STALLED})


@dataclass
class Watched:
    """One session in the terminal.

    Attributes
    ----------
    session : Session
    label : str
        Put before each of its lines; empty where there is one session only.
    linked : bool
        A sensor, whose link is told about.
    advise : bool
        A person wears it, who is told what to do first.
    speed_unit : str or None
        `min/km` for pace; else km/h.
    """

    session: api.Session
    label: str = ""
    linked: bool = False
    advise: bool = False
    speed_unit: str | None = None
    _shown: int = 0
    _told: set[str] = field(default_factory=set)
    _state: LinkState = LinkState.IDLE

    @property
    def who(self) -> str:
        """Name for sentences."""
        return self.label or self.session.stream.name or "the sensor"

    def news(self) -> Iterator[str]:
        """Return lines for the steps since the last call, and what is to be known as soon as it is known."""
        for step in self.session.steps(self._shown):
            self._shown += 1
            yield f"{self.label:<{_LABEL}}{step_line(step)}" if self.label else step_line(step)
        clock = self.session.status().clock
        if clock is not None and clock.is_off and "clock" not in self._told:
            self._told.add("clock")
            yield f"note: {self.label}{': ' if self.label else ''}{clock.warning}"

    def link_news(self) -> Iterator[str]:
        """Return sentences where the link has changed since the last call."""
        status = self.session.status()
        before, self._state = self._state, status.state
        if not self.linked or before is status.state:
            return
        if status.state is LinkState.STREAMING:
            if before in _TROUBLE:
                yield f"{self.who}: the stream is back; {status.lost} samples lost so far ({status.lost_pct:.1f} %)."
            elif "streaming" not in self._told:
                yield f"{self.who}: streaming{_facts(status)}. Ctrl-C ends it."
                yield from self._advice(status) if self.advise else ()
            self._told.add("streaming")
        elif status.state is LinkState.FINISHED and status.received and "streaming" not in self._told:
            yield f"{self.who}: streamed{_facts(status)}."  # it was over before anybody looked
        elif status.state is LinkState.FAILED and not self.label:
            return  # the command ends with it
        elif status.detail and (status.state in {LinkState.CONNECTING, LinkState.FAILED, *_TROUBLE}):
            yield status.detail if self.who in status.detail else f"{self.who}: {status.detail}"

    def _advice(self, status: Status) -> Iterator[str]:
        """Say at the start what left and right need."""
        if self.session.settings.place in {Place.FOOT, Place.SHANK} or not status.gyroscope:
            return
        if self.session.settings.mounting is None:
            yield "note: left and right need --mounting: which axes point up, right and forward."
        else:
            yield "Stand still for five seconds before you set off: left and right are known from there."


_LABEL: Final = 14


def watch(watched: Sequence[Watched]) -> None:
    """Run sessions until they end or Ctrl-C does; both end them cleanly, and what was recorded is kept."""
    say_first_start({w.session.settings.place for w in watched})
    labelled = any(w.label for w in watched)
    typer.echo(f"{'sensor':<{_LABEL}}{heading()}" if labelled else heading())
    try:
        with _ended_by_signal(), _status_line(watched):
            for w in watched:
                w.session.start()
            waiting = list(watched)
            while waiting:
                waiting = [w for w in waiting if not w.session.wait(_POLL_S / len(waiting))]
                for w in watched:
                    _say(w)
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
    finally:
        stop_all([w.session for w in watched])
        for w in watched:
            drop_if_empty(w.session)
    for w in watched:
        _say(w)


def drop_if_empty(session: api.Session) -> None:
    """Take away the session file into which nothing came: the next try may have its name."""
    status = session.status()
    path = status.recording_path
    if path is not None and not session.keeps_in_library and not status.received and not status.decode_errors:
        Path(path).unlink(missing_ok=True)


def stop_all(sessions: Sequence[api.Session]) -> None:
    """Stop them side by side: each may have to tell its sensor; a second Ctrl-C does not cut that short."""
    before = signal.getsignal(signal.SIGINT)
    in_main = threading.current_thread() is threading.main_thread()
    if in_main:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        threads = [threading.Thread(target=s.stop) for s in sessions[1:]]
        for thread in threads:
            thread.start()
        sessions[0].stop()
        for thread in threads:
            thread.join()
    finally:
        if in_main:
            signal.signal(signal.SIGINT, before)


def print_summary(session: api.Session, settings: Settings, *, legend: bool = True, said: Collection[str] = ()) -> None:
    """Print what a session came to; warnings that were `said` before it are not said again."""
    status = session.status()
    result = Analysis(tuple(session.steps()), (), session.summary(), StreamInfo(status.rate_hz or 1.0))
    for line in (*summary_lines(result, settings), *(legend_lines(settings.place) if legend else ())):
        typer.echo(line)
    if status.lost:
        typer.echo(f"  lost on the way: {status.lost} samples ({status.lost_pct:.1f} %)")
    if status.reconnects:
        times = "once" if status.reconnects == 1 else f"{status.reconnects} times"
        typer.echo(f"  the link was lost and came back {times}; steps beside a gap are marked")
    if status.decode_errors:
        typer.echo(f"  not decoded: {status.decode_errors} packets; they are kept as they came")
    for warning in (w for w in status.warnings if w not in said):
        typer.echo(f"note: {warning}")


def print_run(session: api.Session, settings: Settings, *, linked: bool = False) -> None:
    """Run one session in the terminal; `linked` = tell what its link does.

    Raises
    ------
    ImuError
        It failed.
    """
    watch([Watched(session, linked=linked)])
    refuse_failed(session)
    print_summary(session, settings)


def print_steps(session: api.Session, settings: Settings) -> None:
    """Print what a session that has ended holds.

    Raises
    ------
    ImuError
        It failed.
    """
    typer.echo(heading())
    for step in session.steps():
        typer.echo(step_line(step))
    refuse_failed(session)
    print_summary(session, settings)


def refuse_failed(session: api.Session) -> None:
    """Raise what a session ended with.

    Raises
    ------
    ImuError
        It failed.
    """
    status = session.status()
    if status.state is LinkState.FAILED:
        raise ImuError(status.detail or "The session failed.", hint="")


def status_text(status: Status, speed_unit: str | None = None) -> str:
    """Write a sensor's status in one line, with the speed in km/h or as pace."""
    parts = [status.state.value]
    if status.rate_hz is not None:
        parts.append(f"{status.rate_hz:.0f} Hz")
    parts.append(f"{int(status.elapsed_s) // 60}:{int(status.elapsed_s) % 60:02d}")
    parts.append(f"lost {status.lost_pct:.1f} %")
    if status.speed_mps is not None:
        parts.append(speed_words(status.speed_mps, speed_unit))
    for value, digits, unit in (
        (status.battery_pct, 0, "% battery"),
        (status.rssi_dbm, 0, "dBm"),
        (status.loop_lag_ms, 0, "ms loop lag"),
        (status.incline_pct, 1, "% incline"),
        (status.heart_rate_bpm, 0, "beats/min"),
    ):
        if value is not None:
            parts.append(f"{number(value, digits)} {unit}")
    return " · ".join(parts)


def _say(w: Watched) -> None:
    for line in w.link_news():
        typer.echo(line, err=True)
    for line in w.news():
        typer.echo(line)


def _facts(status: Status) -> str:
    facts = [f" at {status.nominal_rate_hz:g} Hz" if status.nominal_rate_hz else ""]
    facts += [f"battery {status.battery_pct:.0f} %"] if status.battery_pct is not None else []
    facts += [f"firmware {status.firmware}"] if status.firmware else []
    return ", ".join(facts)


@contextlib.contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Let a polite kill end a recording as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGTERM"):
        yield
        return

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _status_line(watched: Sequence[Watched]) -> Iterator[None]:
    """Keep a line per linked sensor under the steps, in a terminal."""
    linked = [w for w in watched if w.linked]
    if not linked or not sys.stdout.isatty():
        yield
        return
    from rich.live import Live
    from rich.text import Text

    from imu.cli.text import console

    def picture() -> Text:
        lines = [f"{w.who}: {status_text(w.session.status(), w.speed_unit)}" for w in linked]
        return Text("\n".join(lines), style="reverse", no_wrap=True, overflow="ellipsis")

    with Live(console=console(), get_renderable=picture, refresh_per_second=4, transient=True):
        yield
