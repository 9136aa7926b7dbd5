"""Session files as recordings: the stored packets through the firmware profile that is stored with them."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from imu.acquisition.decode import Decoder
from imu.acquisition.source import WireFormat
from imu.errors import DecodeError, ImuError, RecordingError
from imu.exchange.imported import PREFIX, blocks_of, notes_of
from imu.store.decoded import Decoded
from imu.store.reader import StoredSession, read_session
from imu.store.stated import stated_lines, stated_tilt
from imu.types import Anchor, Recording, SampleBlock

ANCHOR_MARKER = "side_anchor"
"""Kind of the marker that holds an `Anchor` as JSON."""


SIDE_SWAPS = "side_swaps_s"
"""Key of `Recording.suggested`: times from which left and right were exchanged by hand."""

SPEED_CHANGES = "speed_changes"
"""Key of `Recording.suggested`: (sample index, speed in m/s or None) typed while it ran; a block begins at each."""


ANCHORS = "side_anchors"
"""Key of `Recording.suggested`: list of `Anchor`, what knee lifts have shown; a block begins at each."""

LINES = "line_changes"
"""Key of `Recording.suggested`: list of `LineChange`, the feedback line as it was set while it ran."""

CUTS = "cuts_s"
"""Key of `Recording.suggested`: stretches (start, end) in seconds whose steps do not count."""


def read_stride(path: str | Path) -> Recording:
    """Read a session file, with the edits made since.

    Raises
    ------
    RecordingError
        Missing, empty, damaged, locked, of a newer version, or without a packet that can be decoded.
    """
    return to_recording(read_session(path))


def wire_of(stored: StoredSession) -> WireFormat:
    """How the stored packets are read."""
    return WireFormat(stored.profile_name, stored.profile_text, stored.options)


def side_swaps(stored: StoredSession, *, as_recorded: bool = False) -> list[float]:
    """Return the times at which left and right were exchanged by hand."""
    markers = stored.recorded_markers if as_recorded else stored.markers
    return [m.time_s for m in markers if m.kind == "swap_sides"]


def speed_changes(stored: StoredSession, *, as_recorded: bool = False) -> list[tuple[int, float | None]]:
    """Return the speeds that were typed, each with the sample from which it counts."""
    info = stored.info
    return [
        (round((m.time_s - info.t0_s) * info.sampling_rate_hz), float(m.value) if m.value else None)
        for m in (stored.recorded_markers if as_recorded else stored.markers)
        if m.kind == "speed"
    ]


def side_anchors(stored: StoredSession) -> list[Anchor]:
    """Return what knee lifts have shown of how the sensor is worn."""
    info = stored.info
    out = []
    for marker in stored.markers:
        if marker.kind == ANCHOR_MARKER:
            said = json.loads(marker.value)
            index = round((marker.time_s - info.t0_s) * info.sampling_rate_hz)
            out.append(Anchor(index, bool(said["as_stated"]), float(said["confidence"])))
    return out


def to_recording(stored: StoredSession, *, as_recorded: bool = False) -> Recording:
    """Decode the packets exactly as it was done live; neighbouring blocks become one.

    Parameters
    ----------
    stored : StoredSession
    as_recorded : bool
        Without the edits that were made after the run.
    """
    info, clock = stored.info, None
    if is_imported(stored):
        blocks, said = _imported(stored)
    else:
        blocks, decoder = _decoded(stored)
        said, clock = decoder_warnings(decoder), decoder.clock
        info = replace(info, acc_range_g=decoder.info.acc_range_g or info.acc_range_g)  # some sensors say it when asked
    warnings = [*stored.warnings, *said]
    suggested = dict(stored.settings)
    if swaps := side_swaps(stored, as_recorded=as_recorded):
        suggested[SIDE_SWAPS] = swaps
    if stored.cuts and not as_recorded:
        suggested[CUTS] = list(stored.cuts)
    changes = speed_changes(stored, as_recorded=as_recorded)
    if changes:
        suggested[SPEED_CHANGES] = changes
    suggested |= stated_tilt(stored)
    if lines := stated_lines(stored.markers):
        suggested[LINES] = list(lines)
    anchors = side_anchors(stored)
    if anchors:
        suggested[ANCHORS] = anchors
    cuts = {index for index, _ in changes} | {anchor.sample_index for anchor in anchors}
    return Recording(info, _merged(blocks, cuts), suggested, str(stored.path), tuple(warnings), clock)


def is_imported(stored: StoredSession) -> bool:
    """Whether a session holds the samples of a log instead of a sensor's packets."""
    return stored.profile_name.startswith(PREFIX)


def _imported(stored: StoredSession) -> tuple[list[SampleBlock], list[str]]:
    try:
        return blocks_of(stored.packets), notes_of(stored.profile_text)
    except (ValueError, LookupError, TypeError) as error:
        raise RecordingError(
            f"{stored.path} holds no samples that can be read ({error}).", hint="Import the log again."
        ) from None


def _decoded(stored: StoredSession) -> tuple[list[SampleBlock], Decoder]:
    decoder = wire_of(stored).decoder(stored.info.sampling_rate_hz)
    blocks: list[SampleBlock] = []
    for packet in stored.packets:
        try:
            blocks += decoder.push(packet)
        except DecodeError:
            continue  # counted by the decoder
        except ImuError as error:
            raise RecordingError(f"{stored.path}: {error.message}", hint=error.hint) from None
    blocks += decoder.flush()
    if not blocks:
        raise RecordingError(
            f"{stored.path} holds no packet that its firmware profile ({stored.profile_name}) can decode.",
            hint="`stride analyze FILE --profile NAME` reads it with another one; `stride profiles list` shows all.",
        )
    return blocks, decoder


def decoder_warnings(decoder: Decoder) -> list[str]:
    """Say what a decoder met: packets that did not decode, a clock that is off."""
    warnings = []
    if decoder.errors:
        warnings.append(f"{decoder.errors} packets could not be decoded and count as missing.")
    if beyond := decoder.flags.get("out_of_range"):
        warnings.append(f"{beyond} packets hold values beyond what the sensor can measure; these values were left out.")
    if decoder.clock.is_off:
        warnings.append(decoder.clock.warning)
    elif note := decoder.clock.note:
        warnings.append(note)
    return warnings


def decoded_of(stored: StoredSession, recording: Recording) -> Decoded:
    """Return what is kept of a recording that `to_recording` made of a session."""
    return Decoded(
        start_index=recording.blocks[0].start_index,
        stop_index=recording.blocks[-1].stop_index,
        n_samples=recording.n_samples,
        gaps=recording.gaps,
        warnings=recording.warnings[len(stored.warnings) :],
        clock=recording.clock,
    )


def _merged(blocks: list[SampleBlock], cuts: set[int]) -> tuple[SampleBlock, ...]:
    """Join blocks that follow each other without a gap, except at the samples in `cuts`."""
    starts = [i for i, block in enumerate(blocks) if i == 0 or block.gap_before or block.start_index in cuts]
    return tuple(
        SampleBlock(
            blocks[first].start_index,
            np.concatenate([block.samples for block in blocks[first:last]]),
            blocks[first].gap_before,
        )
        for first, last in pairwise([*starts, len(blocks)])
    )
