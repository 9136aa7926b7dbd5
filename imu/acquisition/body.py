"""The simulated runner's pelvis: from contacts to the specific force and angular rate at the sensor, body frame.

Vertical: the force of all feet over body mass, which is the acceleration of the centre of mass, plus the pelvis' motion
against it: a bounce (the sensor reads below zero in flight), a jolt at the impact with its rebound, and soft tissue
under the sensor that rings at 6 to 11 Hz. None of the three leaves a net velocity, so the mean over whole
strides stays 1 g. Fore-aft: braking, propulsion and the same ringing; without net impulse but for a change of speed.
Medio-lateral and rotation: opposite for left and right, so they repeat per stride. Sizes: `imu.acquisition.person`.

Running (Novacheck 1998, doi 10.1016/S0966-6362(97)00038-6): in early stance the pelvis drops towards the swinging leg
and comes back in late stance, so the roll rate about the forward axis is negative, then positive, in a right stance;
the swinging leg's side is furthest forward in the middle of stance, so the turn about the vertical reverses there. The
sensor is thrown sideways after contact, as the pelvis markers of a runner on a force treadmill were.
Walking: shapes and signs are those of low-back recordings with true sides (Mobilise-D example data): the stance leg
pushes the body to the other side, the pelvis turns with the swinging leg until after contact, and rolls three half
turns per step. It tilts twice per stride.
The rotations are read by the gyroscope; only the belt's slow sway also turns the accelerometer.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from imu.acquisition.contact import Contact, bump
from imu.acquisition.lift import add_lifts
from imu.acquisition.person import Person
from imu.acquisition.turns import TURN_S, Turns
from imu.constants import G_MPS2
from imu.types import ActivityKind, FloatArray, Side

TAIL_S: Final = 0.8
"""A contact moves the pelvis until so long after it began."""

_SOFT_TAU_S: Final = 0.030
_LATERAL_G: Final = 0.10
_IMPACT_EXPONENT: Final = 0.8
"""The jolt grows more slowly than the impact (A: 1.3 g at 0.9 BW, 2.5 g at 2.1 BW)."""
_FORE_AFT_LEAD: Final = 0.7
"""Braking tops that much sooner after contact than the impact (A: 22 to 30 ms against 33 to 45 ms)."""
_FORE_AFT_HALF: Final = 0.5
_BRAKE_CENTRE: Final = 0.13
_BRAKE_HALF: Final = 0.13
_PUSH_CENTRE: Final = 0.57
_PUSH_HALF: Final = 0.43
_BOUNCE_HALF: Final = 0.34
"""Half length of the bounce about mid-flight, in steps (J: below zero for 100 ms of 341)."""
_FORE_AFT_BOUNCE_HALF: Final = 0.25
_ROLL_DPS: Final = 50.0
_YAW_DPS: Final = 60.0
_TILT_DPS: Final = 40.0
_TILT_RING_DPS: Final = 150.0
_ROLL_RING_DPS: Final = 60.0
"""Rings after contact (E: 50 to 150 deg/s forward and back, 20 to 80 sideways)."""
_WALK_FORE_AFT_G: Final = 0.15
_WALK_LATERAL_G: Final = 0.10
_WALK_ROLL_DPS: Final = 15.0
_WALK_ROLL_PHASE: Final = 0.6
_WALK_YAW_DPS: Final = 20.0
_WALK_TILT_DPS: Final = 10.0
_WALK_HARDNESS: Final = 0.2
_SETTLE_S: Final = 0.2


def ring(t: FloatArray, frequency_hz: float, tau_s: float = _SOFT_TAU_S) -> FloatArray:
    """Damped ringing that starts smoothly at 0 and has no net integral: the derivative of q^2 exp(-q) sin(wt) / w.

    Its largest swing is about 0.5.
    """
    s = np.maximum(t, 0.0)
    q = s / tau_s
    w = 2.0 * np.pi * frequency_hz
    fade = np.exp(-q)
    return np.asarray((2.0 * q - q * q) * fade * np.sin(w * s) / (w * tau_s) + q * q * fade * np.cos(w * s))


def jolt(t: FloatArray, centre: float, half: float, rebound: float) -> FloatArray:
    """Bump of height 1 followed by a longer, flatter one the other way, so that no net velocity is left."""
    back = bump(t, centre + 0.5 * half + 0.6 * rebound, rebound)
    return np.asarray(bump(t, centre, half) - half / rebound * back)


def hat(x: FloatArray) -> FloatArray:
    """Second derivative of -(1 - x^2)^4, scaled to 1 in the middle: a trough's acceleration, no net velocity or way."""
    y = np.minimum(x * x, 1.0)
    return np.asarray((1.0 - y) ** 2 * (1.0 - 7.0 * y))


class Pelvis:
    """Renders the six body-frame channels at given times.

    Parameters
    ----------
    person : Person
    first_ic_s : float
        Feet stand still before.
    turns : Turns
    lateral_offset_m : float
        Distance of the sensor to the right of the spine (0 = sacrum).
    knee_lifts : int
        Of the left knee, while standing.
    """

    def __init__(
        self, person: Person, *, first_ic_s: float, turns: Turns, lateral_offset_m: float, knee_lifts: int = 0
    ) -> None:
        self._person = person
        self._first_ic_s = first_ic_s
        self._turns = turns
        self._offset_m = lateral_offset_m
        self._knee_lifts = knee_lifts

    def render(self, t: FloatArray, contacts: list[Contact], stand_again_s: float) -> FloatArray:
        """Return specific force up, right, forward (m/s2) and rate about up, right, forward (deg/s), shape (n, 6).

        `contacts` are all that move the pelvis during `t`; feet stand still after `stand_again_s`.
        """
        out = np.zeros((len(t), 6))
        standing = 0.5 * (1.0 + np.cos(np.pi * np.clip((t - self._first_ic_s) / _SETTLE_S, 0.0, 1.0)))
        standing += 0.5 * (1.0 + np.cos(np.pi * np.clip((stand_again_s - t) / _SETTLE_S, 0.0, 1.0)))
        out[:, 0] += standing + 0.004 * np.sin(2.0 * np.pi * 0.4 * t)  # nobody stands perfectly still
        for contact in contacts:
            a, b = np.searchsorted(t, (contact.ic_s, max(contact.ic_s + TAIL_S, contact.next_ic_s)))
            if a < b:
                self._add(contact, t[a:b], out[a:b])
        self._turn(contacts, t, out)
        add_lifts(t, self._knee_lifts, out)
        self._sway(t, 1.0 - np.minimum(standing, 1.0), out)
        out[:, :3] *= G_MPS2
        return out

    def _add(self, contact: Contact, t: FloatArray, out: FloatArray) -> None:
        since = t - contact.ic_s
        u = np.clip(since / contact.contact_time_s, 0.0, 1.0)
        phase = np.clip(since / (contact.next_ic_s - contact.ic_s), 0.0, 1.0)
        sign = 1.0 if contact.side is Side.RIGHT else -1.0
        out[:, 0] += contact.force_bw(t)
        if contact.activity is ActivityKind.WALKING:
            self._walk(sign, since, u, phase, out)
        else:
            self._run(contact, sign, since, u, phase, out)

    def _walk(self, sign: float, since: FloatArray, u: FloatArray, phase: FloatArray, out: FloatArray) -> None:
        up, right, forward, yaw, tilt, roll = out.T
        who = self._person
        on = (phase > 0.0) & (phase < 1.0)
        up += who.soft_g * _WALK_HARDNESS * ring(since, who.soft_hz)
        right -= sign * _WALK_LATERAL_G * np.sin(np.pi * phase)
        forward -= _WALK_FORE_AFT_G * np.sin(2.0 * np.pi * u)
        roll -= np.where(
            on, who.roll_factor * sign * _WALK_ROLL_DPS * np.sin(3.0 * np.pi * phase - _WALK_ROLL_PHASE), 0.0
        )
        yaw += np.where(on, who.yaw_factor * sign * _WALK_YAW_DPS * np.cos(np.pi * phase), 0.0)
        tilt += who.tilt_factor * _WALK_TILT_DPS * np.sin(2.0 * np.pi * phase)

    def _run(
        self, contact: Contact, sign: float, since: FloatArray, u: FloatArray, phase: FloatArray, out: FloatArray
    ) -> None:
        up, right, forward, yaw, tilt, roll = out.T
        who = self._person
        length = contact.contact_time_s
        step = contact.next_ic_s - contact.ic_s
        flight = max(0.0, step - length)
        from_middle = (since - length - 0.5 * flight) / step
        hardness = 0.4 + 0.6 * contact.impact_bw
        soft = contact.looseness * hardness * ring(since, who.soft_hz)
        sideways = contact.looseness * hardness * ring(since, who.lateral_hz)

        # The bounce was measured at flights of 0.08 to 0.1 s; without flight there is none.
        bounce = contact.looseness * min(1.0, flight / 0.08)
        up -= bounce * who.bounce_g * hat(from_middle / _BOUNCE_HALF)
        up += who.soft_g * soft
        if contact.impact_bw > 0.0:
            size = who.transient_g * contact.impact_bw**_IMPACT_EXPONENT
            centre, half = contact.impact_centre_s, who.transient_half_s
            up += size * jolt(since, centre, half, who.rebound_half_s)
            size *= who.fore_aft_transient
            forward -= size * jolt(since, _FORE_AFT_LEAD * centre, _FORE_AFT_HALF * half, who.rebound_half_s)

        right += sign * _LATERAL_G * np.sin(np.pi * u)
        right += sign * who.lateral_g * sideways

        push = who.push_g_per_mps * contact.speed_mps
        area = push * _PUSH_HALF * length
        forward += push * bump(u, _PUSH_CENTRE, _PUSH_HALF)
        forward -= who.brake_share * area / (_BRAKE_HALF * length) * bump(u, _BRAKE_CENTRE, _BRAKE_HALF)
        forward -= (1.0 - who.brake_share) * area / (0.3 * step) * bump(from_middle, 0.0, 0.3)
        forward -= bounce * who.fore_aft_bounce_g * hat(from_middle / _FORE_AFT_BOUNCE_HALF)
        if contact.gain_mps:
            forward += contact.gain_mps / G_MPS2 / (0.5 * length) * bump(u, 0.5, 0.5)

        roll -= who.roll_factor * sign * _ROLL_DPS * np.sin(2.0 * np.pi * u)
        roll += sign * _ROLL_RING_DPS * sideways
        on = (phase > 0.0) & (phase < 1.0)
        turn = np.sin(np.pi * (phase - 0.5 * length / step))
        yaw += np.where(on, who.yaw_factor * sign * _YAW_DPS * turn, 0.0)
        tilt += who.tilt_factor * (_TILT_DPS * np.sin(2.0 * np.pi * phase) + _TILT_RING_DPS * soft)
        if self._offset_m:
            # A point beside the spine is carried up and down by the roll: a = -alpha * r for r to the right.
            turning = (since > 0.0) & (since < length)
            alpha = -np.radians(who.roll_factor * sign * _ROLL_DPS) * 2.0 * np.pi / length * np.cos(2.0 * np.pi * u)
            up -= np.where(turning, alpha, 0.0) * self._offset_m / G_MPS2

    def _turn(self, contacts: list[Contact], t: FloatArray, out: FloatArray) -> None:
        """Half a turn about the vertical, leaning into it so that nothing pulls sideways."""
        middle, direction = self._turns.near(float(t[len(t) // 2]))
        if not contacts or abs(t[len(t) // 2] - middle) > TURN_S:
            return
        rate = math.pi / (0.5 * TURN_S) * bump(t - middle, 0.0, 0.5 * TURN_S)  # rad/s, half a turn in all
        speed = np.interp(t, [c.ic_s for c in contacts], [c.speed_mps for c in contacts])
        out[:, 0] += np.sqrt(1.0 + (speed * rate / G_MPS2) ** 2) - 1.0
        out[:, 3] += direction * np.degrees(rate)

    def _sway(self, t: FloatArray, size: FloatArray, out: FloatArray) -> None:
        """Turn the sensor slowly about the forward and the right axis, while the person moves."""
        who = self._person
        amplitude = np.radians(who.wobble_deg) * size  # two sines of half the variance each
        for axis, (first, second) in ((5, (0, 1)), (4, (2, 3))):
            angle, rate = np.zeros(len(t)), np.zeros(len(t))
            for k in (first, second):
                w = 2.0 * np.pi * who.wobble_hz[k]
                angle += amplitude * np.sin(w * t + who.wobble_phase[k])
                rate += amplitude * w * np.cos(w * t + who.wobble_phase[k])
            up = out[:, 0].copy()
            if axis == 5:  # about forward: the sensor's up leans to the right
                out[:, 0], out[:, 1] = up * np.cos(angle) + out[:, 1] * np.sin(angle), _turned(out[:, 1], up, angle)
            else:  # about right: the sensor's forward leans up
                out[:, 0], out[:, 2] = up * np.cos(angle) - out[:, 2] * np.sin(angle), _turned(out[:, 2], up, -angle)
            out[:, axis] += np.degrees(rate)


def _turned(across: FloatArray, up: FloatArray, angle: FloatArray) -> FloatArray:
    return np.asarray(across * np.cos(angle) - up * np.sin(angle))
