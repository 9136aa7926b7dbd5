"""What goes wrong with a worn sensor, done to a recording on purpose: turned, resampled, noisy, with packets lost."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from imu.constants import G_MPS2
from imu.types import FloatArray, Recording, SampleBlock

Disturb = Callable[[Recording, np.random.Generator], Recording]

PACKET = 8
"""Samples that are lost together, as one notification of a sensor at 100 to 200 Hz carries."""


def _dense(recording: Recording) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """All samples on one grid from index 0 of the first block; lost ones are NaN and marked False."""
    first = recording.blocks[0].start_index
    whole = np.full((recording.blocks[-1].stop_index - first, recording.blocks[0].samples.shape[1]), np.nan)
    present = np.zeros(len(whole), dtype=bool)
    for block in recording.blocks:
        at = slice(block.start_index - first, block.stop_index - first)
        whole[at], present[at] = block.samples, True
    return whole, present


def _with_samples(
    recording: Recording, whole: FloatArray, present: npt.NDArray[np.bool_], first: int, rate_hz: float
) -> Recording:
    """Cut a grid into blocks again wherever samples are missing."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], present.astype(np.int8), [0]))))
    blocks, last = [], None
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        gap = 0 if last is None else int(a) - last
        blocks.append(SampleBlock(first + int(a), np.ascontiguousarray(whole[a:b]), gap))
        last = int(b)
    return replace(recording, blocks=tuple(blocks), stream=replace(recording.stream, sampling_rate_hz=rate_hz))


def turned(recording: Recording, rotation: FloatArray) -> Recording:
    """Rotate acceleration and angular rate; an axis that was not measured counts as 0 there."""
    blocks = []
    for block in recording.blocks:
        samples = np.array(block.samples)
        for at in range(0, samples.shape[1], 3):
            part = samples[:, at : at + 3]
            unmeasured = np.isnan(part).all(axis=0)
            if unmeasured.all():
                continue
            samples[:, at : at + 3] = np.where(unmeasured, 0.0, part) @ rotation.T
        blocks.append(block._replace(samples=samples))
    return replace(recording, blocks=tuple(blocks))


def about(axis: FloatArray, angle_deg: float) -> FloatArray:
    """Rotation matrix about a unit axis (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = math.radians(angle_deg)
    turn = np.eye(3) + math.sin(angle) * cross + (1.0 - math.cos(angle)) * cross @ cross
    return np.asarray(turn, dtype=np.float64)


def _level_axis(recording: Recording, rng: np.random.Generator) -> FloatArray:
    """Return a random axis at right angles to the mean acceleration, which stands for the vertical."""
    up = np.nan_to_num(np.concatenate([b.acc for b in recording.blocks])).mean(axis=0)
    across = np.cross(up, rng.normal(size=3))
    return np.asarray(across / np.linalg.norm(across), dtype=np.float64)


def any_mounting(recording: Recording, rng: np.random.Generator) -> Recording:
    """Turn at random and forget what the header says of the axes."""
    q, r = np.linalg.qr(rng.normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    q[:, 0] *= np.linalg.det(q)
    unknown = {k: v for k, v in recording.suggested.items() if k not in {"mounting", "up_axis", "axis_hints"}}
    return turned(replace(recording, suggested=unknown), q)


def tilted(angle_deg: float) -> Disturb:
    """Turn about a random level axis; the header keeps saying what it said. 180 degrees = upside down."""
    return lambda recording, rng: turned(recording, about(_level_axis(recording, rng), angle_deg))


def resampled(rate_hz: float) -> Disturb:
    """Resample band-limited (linear-phase FIR); gaps stay gaps, one sample wider at each end."""

    def do(recording: Recording, rng: np.random.Generator) -> Recording:
        from scipy import signal

        fs = recording.stream.sampling_rate_hz
        ratio = Fraction(rate_hz / fs).limit_denominator(500)
        if ratio == 1:
            return recording
        whole, present = _dense(recording)
        measured = ~np.isnan(whole[present]).all(axis=0)
        index = np.arange(len(whole))
        filled = np.zeros((len(whole), int(measured.sum())))
        for k, column in enumerate(np.flatnonzero(measured)):
            known = ~np.isnan(whole[:, column])
            filled[:, k] = np.interp(index, index[known], whole[known, column])
        fine = signal.resample_poly(filled, ratio.numerator, ratio.denominator, axis=0, padtype="line")
        out = np.full((len(fine), whole.shape[1]), np.nan)
        out[:, measured] = fine
        at = np.arange(len(fine)) / float(ratio)
        below = np.clip(np.floor(at).astype(int), 0, len(present) - 1)
        above = np.clip(np.ceil(at).astype(int), 0, len(present) - 1)
        first = recording.blocks[0].start_index
        made = _with_samples(recording, out, present[below] & present[above], 0, fs * float(ratio))
        return replace(made, stream=replace(made.stream, t0_s=recording.stream.time_s(first)))

    return do


def noisy(sd_g: float) -> Disturb:
    """White noise on every measured axis of the acceleration."""

    def do(recording: Recording, rng: np.random.Generator) -> Recording:
        blocks = []
        for block in recording.blocks:
            samples = np.array(block.samples)
            samples[:, :3] += rng.normal(0.0, sd_g * G_MPS2, (block.n, 3))
            blocks.append(block._replace(samples=samples))
        return replace(recording, blocks=tuple(blocks))

    return do


def lossy(share: float) -> Disturb:
    """Lose whole packets at random, independently; what was lost already stays lost."""

    def do(recording: Recording, rng: np.random.Generator) -> Recording:
        whole, present = _dense(recording)
        kept = rng.random(len(whole) // PACKET + 1) >= share
        kept[0] = True  # a stream starts with its first packet that arrived
        present &= np.repeat(kept, PACKET)[: len(whole)]
        first = recording.blocks[0].start_index
        return _with_samples(recording, whole, present, first, recording.stream.sampling_rate_hz)

    return do


DISTURBANCES: dict[str, Disturb] = {
    "as recorded": lambda recording, rng: recording,
    "turned at random, mounting unknown": any_mounting,
    "tilted 5°": tilted(5.0),
    "tilted 10°": tilted(10.0),
    "tilted 20°": tilted(20.0),
    "upside down": tilted(180.0),
    "resampled to 100 Hz": resampled(100.0),
    "resampled to 200 Hz": resampled(200.0),
    "resampled to 400 Hz": resampled(400.0),
    "noise 0.05 g": noisy(0.05),
    "noise 0.1 g": noisy(0.1),
    "noise 0.3 g": noisy(0.3),
    "1 % of packets lost": lossy(0.01),
    "5 % of packets lost": lossy(0.05),
    "10 % of packets lost": lossy(0.10),
}
