"""The anchor gesture: the left knee lifted three times while standing tells which way is left.

Who lifts the left knee stands on the right leg: the pelvis moves over it and its left side rises, so it rolls to the
right and comes back. Three such rolls of one direction, one after the other in quiet standing, are the gesture; the
sideways movement at their beginning is a second witness. That it is the left knee is the person's word. The signs come
from mechanics, no recording with a reference holds this gesture: so two witnesses that agree give 0.97 and one alone
0.9, never more, and if they disagree nothing is said.

Works sample by sample, so it does not depend on how the stream is cut. Needs a gyroscope and a stated mounting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imu.constants import G_MPS2
from imu.frames import parse_mounting
from imu.types import FloatArray


@dataclass(frozen=True, slots=True)
class GestureSettings:
    """What a lift looks like.

    Attributes
    ----------
    lift_deg, back_deg : float
        A lift begins when the roll exceeds the first and ends when it is below the second.
    shortest_s, longest_s : float
        Of a lift, above `lift_deg`.
    apart_s : float
        Lifts further apart do not belong together.
    shift_mps : float
        Slower movement to the side is no witness.
    lifts : int
        That make the gesture.
    memory_s, drift_s, shift_s : float
        Memory of gravity and gyroscope offset; of the roll angle, which the accelerometer corrects; of the sideways
        speed.
    quiet_dps, quiet_s : float
        Roll rate (memory `quiet_s`) below which the pelvis is at rest.
    restless_mps2 : float
        Vertical acceleration (memory 0.5 s, root mean square) above which nobody stands.
    settle_s : float
        Quiet needed first, for gravity and offset.
    """

    lift_deg: float = 1.5
    back_deg: float = 0.8
    shortest_s: float = 0.15
    longest_s: float = 2.5
    apart_s: float = 4.0
    shift_mps: float = 0.03
    lifts: int = 3
    memory_s: float = 4.0
    drift_s: float = 2.0
    shift_s: float = 1.0
    quiet_dps: float = 2.0
    quiet_s: float = 0.1
    restless_mps2: float = 1.5
    settle_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Gesture:
    """What has been seen.

    Attributes
    ----------
    lifts : int
        Lifts in a row so far, at most the number that makes the gesture.
    done : bool
        Whether the gesture is complete.
    as_stated : bool or None
        True: left is where the stated mounting says. False: the sensor is worn back to front, left and right must be
        exchanged. None: not complete, or the witnesses disagree.
    confidence : float
        0.97 with both witnesses, 0.9 with one, else 0.5.
    """

    lifts: int
    done: bool
    as_stated: bool | None
    confidence: float


class KneeLiftDetector:
    """Watches a stream for the gesture.

    Parameters
    ----------
    fs : float
        Samples per second.
    mounting : str
        See `imu.frames`.
    settings : GestureSettings

    Notes
    -----
    Latency: a lift counts when the knee comes down again.
    """

    def __init__(self, fs: float, mounting: str, settings: GestureSettings | None = None) -> None:
        self.settings = settings or GestureSettings()
        self._dt = 1.0 / fs
        self._matrix = parse_mounting(mounting)
        self.reset()

    def reset(self) -> None:
        """Forget everything: a gap, or the person asks to try again."""
        self._seen_s = 0.0
        self._up = [0.0, 0.0, 0.0]
        self._offset = [0.0, 0.0, 0.0]
        self._power = 0.0
        self._roll = self._speed = self._rate = 0.0
        self._above_s = 0.0
        self._sign = 0.0
        self._witness = 0.0
        self._since_s = math.inf
        self._found: list[tuple[float, float]] = []  # sign of the roll and of the sideways movement

    def push(self, samples: FloatArray) -> Gesture:
        """Take a block in the sensor's frame, shape (n, 6), m/s2 and deg/s; return what has been seen.

        Samples that are not numbers restart the watch; a block without a gyroscope never sees anything.
        """
        if samples.shape[1] >= 6:
            acc, gyr = samples[:, :3] @ self._matrix.T, samples[:, 3:6] @ self._matrix.T
            for row in np.hstack([acc, gyr]).tolist():
                self._take(row)
        return self.state

    @property
    def state(self) -> Gesture:
        """What has been seen so far."""
        wanted = self.settings.lifts
        if len(self._found) < wanted:
            return Gesture(len(self._found), False, None, 0.5)
        roll = self._found[0][0]
        witnesses = [shift for _, shift in self._found]
        if any(shift == -roll for shift in witnesses):
            return Gesture(wanted, True, None, 0.5)
        return Gesture(wanted, True, roll > 0.0, 0.97 if all(witnesses) else 0.9)

    def _take(self, row: list[float]) -> None:
        s, dt = self.settings, self._dt
        if len(self._found) >= s.lifts:
            return
        if not all(math.isfinite(v) for v in row):
            self.reset()
            return
        self._seen_s = min(self._seen_s + dt, s.memory_s)
        share = dt / self._seen_s
        if self._seen_s < s.settle_s or self._is_quiet:  # while the pelvis moves, gravity and offset are not learnt
            for k in range(3):
                self._up[k] += share * (row[k] - self._up[k])
                self._offset[k] += share * (row[k + 3] - self._offset[k])
        right, rate, vertical = self._project(row)
        self._rate += dt / s.quiet_s * (rate - self._rate)
        self._power += dt / 0.5 * ((vertical - G_MPS2) ** 2 - self._power)
        if self._power > s.restless_mps2**2:
            self.reset()
            return
        if self._seen_s < s.settle_s:
            return
        lean = math.degrees(math.asin(max(-1.0, min(1.0, -right / G_MPS2))))  # true at rest, right in the mean
        self._roll += dt * (rate - (self._roll - lean) / s.drift_s)
        memory_s = s.quiet_s if self._is_quiet else s.shift_s
        self._speed += dt * (right + G_MPS2 * math.sin(math.radians(self._roll)) - self._speed / memory_s)
        self._follow()

    @property
    def _is_quiet(self) -> bool:
        return self._above_s == 0.0 and abs(self._rate) < self.settings.quiet_dps

    def _project(self, row: list[float]) -> tuple[float, float, float]:
        """Acceleration to the right, roll rate and vertical acceleration, levelled by gravity."""
        u0, u1, u2 = self._up
        norm = math.sqrt(u0 * u0 + u1 * u1 + u2 * u2) or 1.0
        u0, u1, u2 = u0 / norm, u1 / norm, u2 / norm
        # Forward: the stated axis without its vertical part. Right: forward x up.
        f0, f1, f2 = -u2 * u0, -u2 * u1, 1.0 - u2 * u2
        norm = math.sqrt(f0 * f0 + f1 * f1 + f2 * f2) or 1.0
        f0, f1, f2 = f0 / norm, f1 / norm, f2 / norm
        r0, r1, r2 = f1 * u2 - f2 * u1, f2 * u0 - f0 * u2, f0 * u1 - f1 * u0
        a0, a1, a2, w0, w1, w2 = row
        w0, w1, w2 = w0 - self._offset[0], w1 - self._offset[1], w2 - self._offset[2]
        return a0 * r0 + a1 * r1 + a2 * r2, w0 * f0 + w1 * f1 + w2 * f2, a0 * u0 + a1 * u1 + a2 * u2

    def _follow(self) -> None:
        """Count a lift when it is over."""
        s, dt = self.settings, self._dt
        self._since_s += dt
        if self._since_s > s.apart_s and self._above_s == 0.0:
            self._found = []
        if self._above_s == 0.0:
            if abs(self._roll) > s.lift_deg:
                self._above_s = dt
                self._sign = math.copysign(1.0, self._roll)
                moving = self._speed if abs(self._speed) > s.shift_mps else 0.0
                self._witness = math.copysign(1.0, moving) if moving else 0.0
            return
        self._above_s += dt
        if abs(self._roll) > s.back_deg and self._roll * self._sign > 0.0:
            if self._above_s > s.longest_s:  # leans, and stays so
                self._roll = 0.0
                self._above_s, self._found = 0.0, []
            return
        if self._above_s >= s.shortest_s:
            if self._found and self._found[-1][0] != self._sign:
                self._found = []
            self._found.append((self._sign, self._witness))
            self._since_s = 0.0
        self._above_s = 0.0
