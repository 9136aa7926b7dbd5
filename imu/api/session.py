"""A live run as the user sees it: make, start, look, stop."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from imu.api.engine import Engine
from imu.api.files import read, tell_anchor
from imu.api.status import status_of
from imu.errors import ImuError
from imu.events.gesture import Gesture, KneeLiftDetector
from imu.metrics.summary import summarise
from imu.settings import Settings
from imu.types import (
    Anchor,
    FloatArray,
    FoundSensor,
    LineChange,
    LiveEvent,
    PelvisState,
    Place,
    Snapshot,
    Stance,
    Status,
    Step,
    StreamInfo,
)

if TYPE_CHECKING:
    from imu.acquisition.radio import Radio
    from imu.acquisition.simulator import Simulation, Truth
    from imu.acquisition.source import Source
    from imu.api.pelvis import PelvisWatch
    from imu.store.reader import StoredSession
    from imu.store.writer import LibraryTarget


class Session:
    """A live run: owns the acquisition thread; safe to poll from another thread.

    Made by `connect`, `simulate` or `replay`. Use it as a context manager, or call `start` and `stop`.

    Attributes
    ----------
    settings : Settings
    stream : StreamInfo
    """

    def __init__(
        self,
        source: Source,
        settings: Settings,
        *,
        name: str,
        out: str | Path | LibraryTarget | None = None,
        overwrite: bool = False,
        replay_speed: float | None = 1.0,
        swaps: Sequence[float] = (),
        speed_changes: Sequence[tuple[int, float | None]] = (),
        anchors: Sequence[Anchor] = (),
        lines: Sequence[LineChange] = (),
    ) -> None:
        self.stream: StreamInfo = source.info
        self._name = name
        self._out = Path(out) if isinstance(out, str) else out
        if isinstance(self._out, Path):
            from imu.store.writer import check_target

            check_target(self._out, overwrite=overwrite)
        self._replay_speed = replay_speed
        self._pelvis: PelvisWatch | None = None
        self._engine = Engine(
            source,
            settings,
            out=self._out,
            overwrite=overwrite,
            swaps=list(swaps),
            speed_changes=speed_changes,
            anchors=anchors,
            lines=lines,
        )

    @property
    def settings(self) -> Settings:
        """In force: what the user gave, then what the source suggests."""
        return self._engine.settings

    @property
    def _at_pelvis(self) -> bool:
        return self.settings.place in {Place.SACRUM, Place.HIP}

    @property
    def session_id(self) -> int | None:
        """Id in the library of what is being recorded; None until it has begun, and 1 in a file of its own."""
        return self._engine.session_id

    @property
    def keeps_in_library(self) -> bool:
        """Whether it is recorded into a library (and not into a file of its own, or not at all)."""
        return self._out is not None and not isinstance(self._out, Path)

    # -- making ------------------------------------------------------------------------------------------------------

    @classmethod
    def simulate(
        cls,
        simulation: Simulation | None = None,
        settings: Settings | None = None,
        *,
        out: str | Path | LibraryTarget | None = None,
        duration_s: float | None = None,
        calibrating: bool = False,
        realtime: bool = True,
        sensor: str | Sequence[str] | None = None,
        overwrite: bool = False,
    ) -> Session:
        """Make a session of a simulated runner, through bytes, profile and pipeline.

        Parameters
        ----------
        simulation : imu.acquisition.simulator.Simulation or None
        settings : Settings or None
            What it leaves open is filled from the simulation.
        out : path, or what `Library.record` returns, or None
            Session file to write, or the library to record into.
        duration_s : float or None
            None = until it is stopped.
        calibrating : bool
            The runner first does what a client is asked to: stands for 15 s and lifts the left knee three times.
        realtime : bool
            False = as fast as it goes.
        sensor : str, sequence of str, or None
            Profile of a virtual sensor that the runner wears, reached through a Bluetooth stack without a radio
            (extra `virtual`); several = one that measures movement, and those that join it (treadmill, heart_rate);
            None = no Bluetooth.
        overwrite : bool
            Whether `out` may replace a file.

        Raises
        ------
        StoreError
            `out` exists, or its folder does not.
        ImuError
            There is no such virtual sensor, several measure movement, or the extra is not installed.
        """
        from imu.acquisition.simulator import SimulatedSource, Simulation
        from imu.acquisition.source import Pacer

        simulation = simulation or Simulation()
        if calibrating:
            simulation = replace(simulation, standing_s=15.0, knee_lifts=3)
        speed = 1.0 if realtime else None
        source: Source
        if sensor is None:
            source = SimulatedSource(simulation, Pacer(speed), duration_s=duration_s)
        else:
            from imu.api.devices import virtual_sensors

            profiles = [sensor] if isinstance(sensor, str) else sensor
            source = virtual_sensors(profiles, simulation, duration_s=duration_s, realtime=realtime)
        settings = (settings or Settings()).with_suggestions(simulation.suggested())
        return cls(source, settings, name=source.info.name, out=out, overwrite=overwrite, replay_speed=speed)

    @classmethod
    def replay(
        cls, source: str | Path | StoredSession, settings: Settings | None = None, *, speed: float | None = 1.0
    ) -> Session:
        """Make a session that plays a recording through the pipeline; speed None = as fast as it goes.

        Parameters
        ----------
        source : path or StoredSession
            A file, or a session of the library as of `Library.stored`.
        settings : Settings or None
        speed : float or None

        Raises
        ------
        RecordingError
            As `read` and `analyze`.
        """
        from imu.acquisition.replay import BlockReplay, PacketReplay
        from imu.acquisition.source import Pacer
        from imu.exchange.check import check_recording
        from imu.exchange.stride import (
            LINES,
            is_imported,
            side_anchors,
            side_swaps,
            speed_changes,
            to_recording,
            wire_of,
        )
        from imu.store.reader import StoredSession, read_session

        stored = source if isinstance(source, StoredSession) else None
        path = stored.path if stored is not None else Path(str(source))
        if stored is None and path.suffix.lower() == ".stride":
            stored = read_session(path)
        recording = read(path) if stored is None else to_recording(stored)
        pacer = Pacer(speed)
        played: Source
        swaps: list[float] = []
        changes: list[tuple[int, float | None]] = []
        anchors: list[Anchor] = []
        if stored is None or is_imported(stored):
            played = BlockReplay(recording, pacer, paced=speed is not None)
        else:
            played = PacketReplay(stored.info, wire_of(stored), stored.packets, pacer)
        if stored is not None:
            swaps, changes, anchors = side_swaps(stored), speed_changes(stored), side_anchors(stored)
        check_recording(recording)
        settings = (settings or Settings()).with_suggestions(recording.suggested)
        return cls(
            played,
            settings,
            name=path.name,
            replay_speed=speed,
            swaps=swaps,
            speed_changes=changes,
            anchors=anchors,
            lines=recording.suggested.get(LINES, ()),
        )

    @classmethod
    def connect(
        cls,
        device: str | FoundSensor = "first",
        settings: Settings | None = None,
        *,
        profile: str | None = None,
        options: dict[str, int] | None = None,
        treadmill: str | FoundSensor | None = None,
        heart_rate: str | FoundSensor | None = None,
        out: str | Path | LibraryTarget | None = None,
        overwrite: bool = False,
        duration_s: float | None = None,
        scan_s: float = 8.0,
        radio: Radio | None = None,
    ) -> Session:
        """Find a sensor by Bluetooth and make a session of it; the link is opened by `start`.

        Blocks while it scans. Several sensors at once are several sessions: they share one Bluetooth thread.

        Parameters
        ----------
        device : str or FoundSensor
            "first" (the nearest known sensor), a name, part of one, an address, or what `imu.api.scan` has found.
        settings : Settings or None
        profile : str or None
            Firmware profile; None = the one that fits what the sensor advertises.
        options : dict or None
            Rate and ranges, by the names of the profile; None = its defaults.
        treadmill, heart_rate : str, FoundSensor or None
            A device that joins with speed and incline, or with the heart rate; as `device`.
        out : path, or what `Library.record` returns, or None
            Session file to write, or the library to record into.
        overwrite : bool
            Whether `out` may replace a file.
        duration_s : float or None
            Time after the first packet at which the session ends; None = when it is stopped.
        scan_s : float
            How long to look.
        radio : Radio or None
            Another radio than this computer's, for tests.

        Raises
        ------
        DeviceError
            No adapter, no permission, or no such sensor: the message says what to do.
        ProfileError
            No profile fits, or an option is wrong.
        StoreError
            `out` exists, or its folder does not.
        """
        from imu.api.devices import open_sensor

        if isinstance(out, (str, Path)):
            from imu.store.writer import check_target

            check_target(Path(out), overwrite=overwrite)
        joined = {k: v for k, v in (("treadmill", treadmill), ("heart_rate", heart_rate)) if v is not None}
        source = open_sensor(
            device,
            profile=profile,
            options=options,
            joined=joined,
            duration_s=duration_s,
            scan_s=scan_s,
            radio=radio,
        )
        return cls(source, settings or Settings(), name=source.info.name, out=out, overwrite=overwrite)

    # -- control -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the acquisition thread; returns at once. A second call does nothing."""
        self._engine.start()

    def stop(self) -> None:
        """Stop, flush the pipeline and close the file; idempotent."""
        self._engine.stop()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until the source has ended; False on time-out."""
        return self._engine.ended.wait(timeout_s)

    def on_step(self, callback: Callable[[Step], None]) -> None:
        """Call back for each finished step, in the acquisition thread: be quick."""
        self._engine.callbacks.append(callback)

    def set_speed(self, speed_mps: float | None) -> None:
        """Typed speed, valid from now on.

        Raises
        ------
        SettingsError
            Outside the range of speeds.
        """
        self._engine.set_speed(speed_mps)

    def share_context(self, other: Session) -> None:
        """Let what joins this sensor (treadmill, heart-rate belt) reach another session of the same run too.

        Speed, incline and heart rate then count for both and stand in both recordings, from the next reading on, each
        until it has ended: treadmill and belt stay linked as long as one of the two is. A second call does nothing.

        Parameters
        ----------
        other : Session
            Of another sensor on the same person; it needs no treadmill or belt of its own.
        """
        self._engine.joined.add(other._engine)

    def set_least_tilt(self, deg: float) -> None:
        """State the roll of the sensor that left-right differences reckon with at least, for the whole session.

        Parameters
        ----------
        deg : float
            For example 2 where nobody has looked how it hangs (`Settings.least_tilt_deg`); 0 = what is measured.

        Raises
        ------
        SettingsError
            Outside its range.
        """
        self._engine.set_least_tilt(deg)

    def set_line(self, line_g: float | None) -> None:
        """State the therapist's feedback line from now on: stored with its moment, and as it stood at the start.

        Parameters
        ----------
        line_g : float or None
            Load peak in g at or below which a step is in the line; None = there is no line.

        Raises
        ------
        SettingsError
            No load of a running step.
        """
        self._engine.set_line(line_g)

    def watch_lifts(self) -> bool:
        """Begin to look for the anchor gesture, the left knee lifted three times while standing; a second call anew.

        Returns
        -------
        bool
            False where it cannot be seen: no gyroscope, or the mounting is not stated.
        """
        mounting = self._engine.settings.mounting
        if mounting is None or self.stream.channels < 6 or not self._at_pelvis:
            return False
        with self._engine.lock:
            self._engine.lifts = KneeLiftDetector(self.stream.sampling_rate_hz, mounting)
        return True

    def lifts(self) -> Gesture | None:
        """Return what has been seen of the anchor gesture; None while nobody looks for it.

        Where `as_stated` is False the sensor is worn back to front: left and right of the steps after it are found so.
        """
        with self._engine.lock:
            return None if self._engine.lifts is None else self._engine.lifts.state

    def swap_sides(self) -> None:
        """Exchange left and right from the next step on; logged as a marker."""
        self._engine.mark("swap_sides", "")

    def mark(self, text: str = "") -> None:
        """Put a marker at the present moment."""
        self._engine.mark("mark", text)

    def __enter__(self) -> Session:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    # -- looking -----------------------------------------------------------------------------------------------------

    def steps(self, since: int = 0) -> Sequence[Step]:
        """Finished steps from index `since` on, by position."""
        with self._engine.lock:
            return tuple(self._engine.steps[since:])

    def drain_events(self) -> list[LiveEvent]:
        """Live events since the last call (bounded queue; what did not fit is counted in the status)."""
        engine = self._engine
        with engine.lock:
            events = list(engine.events)
            engine.events.clear()
        return events

    def snapshot(self, seconds: float) -> Snapshot:
        """Return a copy of the newest `seconds` of signal."""
        engine = self._engine
        with engine.lock:
            if engine.pipeline is not None:
                return engine.pipeline.snapshot(seconds)
        return Snapshot(np.empty(0), np.empty(0), np.empty(0))

    def stance(self, seconds: float = 4.0) -> Stance | None:
        """Tell how the sensor hangs, from the newest seconds; None until there are so many without a gap.

        From the first call on the anchor gesture is looked for too.
        """
        from imu.api.stance import stance_of

        with self._engine.lock:
            blocks = list(self._engine.recent)
            looking = self._engine.lifts is not None
        if not looking:
            looking = self.watch_lifts()
        stance = stance_of(blocks, self.stream.sampling_rate_hz, seconds, self.settings.mounting)
        seen = self.lifts()
        if stance is None or seen is None:
            return stance
        return stance._replace(
            lifts_watched=looking,
            lifts=seen.lifts,
            left_as_stated=seen.as_stated,
            side_confidence=seen.confidence,
        )

    def arrivals(self, after: float = -math.inf) -> FloatArray:
        """Return when packets arrived, on `time.perf_counter`, whose results are already in what this object shows.

        Ask before anything else, and stamp when the result has been painted: the difference is the software's part of
        the delay from sensor to screen. At most the newest 4096.
        """
        return self._engine.meter.arrivals(after)

    def pelvis(self) -> PelvisState:
        """Tell how the pelvis moves; call it often and from one thread: it follows the samples that came since.

        Costs about 0.1 ms for a packet; nothing is followed before the first call.
        """
        from imu.api.pelvis import PelvisWatch

        if self._pelvis is None:
            self._pelvis = PelvisWatch(self._engine, self.stream)
        return self._pelvis.look()

    def status(self) -> Status:
        """Return the status line now."""
        return status_of(self._engine, self.stream, self._name, out=self._out, replay_speed=self._replay_speed)

    def summary(self) -> dict[str, Any]:
        """Summary of the steps so far, as in `Analysis.summary`."""
        summary: dict[str, Any] = summarise(self.steps(), self.stream, self.settings)
        tell_anchor(summary, self._engine.anchors)
        return summary

    def truth(self) -> Truth:
        """Return what the simulated runner really did; ask when the session has stopped.

        Raises
        ------
        ImuError
            This session is not a simulation.
        """
        truth: Callable[[], Truth] | None = getattr(self._engine.source, "truth", None)
        if truth is None:
            raise ImuError("Only a simulated runner knows the truth.", hint="Use `stride demo`.")
        return truth()
