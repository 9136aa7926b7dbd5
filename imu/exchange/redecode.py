"""A session decoded again: its stored packets through another profile, or with other options than were noted.

The packets are stored as they arrived, so a wrong profile or a wrong rate costs nothing but this second reading. What
was typed during the run (swapped sides, speeds) and cut out since was timed on the samples as they were counted then.
It keeps its place among the packets, not its number of seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from imu.acquisition.decode import Decoder
from imu.acquisition.profiles import choose_options, get_profile, get_profile_text, parse_profile
from imu.acquisition.source import WireFormat
from imu.errors import DecodeError, RecordingError
from imu.exchange.stride import is_imported, to_recording, wire_of
from imu.store.reader import StoredSession, read_session
from imu.types import ClockReport, FloatArray, RawPacket, Recording


def read_again(
    source: str | Path | StoredSession,
    profile: str | None = None,
    options: dict[str, int] | None = None,
    *,
    measured_rate: bool = False,
) -> Recording:
    """Read a session file with another profile or other options; nothing in the file is changed.

    Parameters
    ----------
    source : path or StoredSession
        A session file (.stride), or a session of the library.
    profile : str or None
        Name of a profile; its defaults count, as `options` changes them. None = the one that is stored in the file.
    options : dict or None
        What the device was set to; without `profile`, the stored options count for the rest.
    measured_rate : bool
        Compute times with the rate that the arrivals of the packets show, over the whole session, instead of the one
        that the device was set to.

    Returns
    -------
    Recording
        At the rate of those options, or at the measured one; its last warning says with what it was read.

    Raises
    ------
    ProfileError
        There is no such profile or option, or the value is not possible.
    RecordingError
        As `read_stride`; or no packet can be decoded in this way; or the session is too short to measure its rate.
    """
    stored = source if isinstance(source, StoredSession) else read_session(source)
    if is_imported(stored):
        raise RecordingError(
            f"{stored.path} holds the samples of a log, no packets that a profile could decode.",
            hint="Leave out --profile, --set and --measured-rate.",
        )
    wire = _wire(stored, profile, options or {})
    same_rate = profile is None and "rate_hz" not in (options or {})
    rate_hz = stored.info.sampling_rate_hz if same_rate else None
    at = ""
    if measured_rate:
        clock = _measured(wire.decoder(rate_hz), stored)
        rate_hz = clock.rate_hz
        at = f"; times at the measured {clock.rate_hz:.5g} Hz (± {clock.rate_error_hz:.1g})"
    info = replace(
        wire.decoder(rate_hz).info,
        t0_s=stored.info.t0_s,
        name=stored.info.name,
    )
    again = replace(
        stored, info=info, profile_name=wire.profile_name, profile_text=wire.profile_text, options=wire.options
    )
    if stored.markers or stored.recorded_markers or stored.cuts:
        move = _mover(stored, again)
        again = replace(
            again,
            markers=tuple(replace(m, time_s=move(m.time_s)) for m in stored.markers),
            recorded_markers=tuple(replace(m, time_s=move(m.time_s)) for m in stored.recorded_markers),
            cuts=tuple((move(start_s), move(stop_s)) for start_s, stop_s in stored.cuts),
        )
    recording = to_recording(again)
    chosen = ", ".join(f"{key} = {value}" for key, value in wire.options.items()) or "no options"
    return replace(
        recording,
        warnings=(*recording.warnings, f"Decoded again from its packets as {wire.profile_name}: {chosen}{at}."),
    )


def _wire(stored: StoredSession, profile: str | None, options: dict[str, int]) -> WireFormat:
    if profile is None:
        chosen = choose_options(parse_profile(stored.profile_text), {**stored.options, **options})
        return WireFormat(stored.profile_name, stored.profile_text, chosen)
    read_by = get_profile(profile)
    if read_by.kind == "context":
        raise RecordingError(
            f"The profile {profile} holds no acceleration.", hint="`stride profiles list` shows which sensors do."
        )
    return WireFormat(read_by.name, get_profile_text(profile), choose_options(read_by, options))


def _measured(decoder: Decoder, stored: StoredSession) -> ClockReport:
    """Return what the arrivals of all packets say of the rate."""
    _counted(decoder, stored.packets)
    clock = decoder.clock
    if clock.rate_hz is None:
        raise RecordingError(
            f"{stored.path} is too short to measure the sensor's rate.",
            hint="It takes some seconds of packets; leave out --measured-rate.",
        )
    return clock


def _mover(stored: StoredSession, again: StoredSession) -> Callable[[float], float]:
    """Return what turns a time of the stored samples into one of the samples as they are counted now."""
    before = _counted(wire_of(stored).decoder(stored.info.sampling_rate_hz), stored.packets)
    now = _counted(wire_of(again).decoder(again.info.sampling_rate_hz), again.packets)
    before, first = np.unique(before, return_index=True)
    now = now[first]

    def move(time_s: float) -> float:
        index = (time_s - stored.info.t0_s) * stored.info.sampling_rate_hz
        return again.info.t0_s + float(np.interp(index, before, now)) / again.info.sampling_rate_hz

    return move


def _counted(decoder: Decoder, packets: tuple[RawPacket, ...]) -> FloatArray:
    """Return the samples counted before the first packet and after each, missing ones too; shape (n + 1,)."""
    counted = np.zeros(len(packets) + 1)
    stop = 0
    for i, packet in enumerate(packets, 1):
        try:
            blocks = decoder.push(packet)
        except DecodeError:
            blocks = []
        if blocks:
            stop = blocks[-1].stop_index
        counted[i] = stop
    return counted
