"""The simulated runner's pelvis: from contacts to the specific force and angular rate at the sensor, body frame.

Vertical: the force of all feet over body mass, the impact transient delayed and widened on its way up the leg, plus
soft tissue ringing after each contact (8 to 15 Hz, damped) that leaves no net velocity. Fore-aft: braking, then
propulsion, without net impulse. Medio-lateral and rotation: opposite for left and right, so they repeat per stride.

Running (Novacheck 1998, doi 10.1016/S0966-6362(97)00038-6): in early stance the pelvis drops towards the swinging leg
and comes back in late stance, so the roll rate about the forward axis is negative, then positive, in a right stance;
the swinging leg's side is furthest forward in the middle of stance, so the turn about the vertical reverses there. The
sensor is thrown sideways after contact, as the pelvis markers of a runner on a force treadmill were.
Walking: shapes and signs are those of low-back recordings with true sides (Mobilise-D example data): the stance leg
pushes the body to the other side, the pelvis turns with the swinging leg until after contact, and rolls three half
turns per step. It tilts twice per stride.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from imu.acquisition.gait import IMPACT_CENTRE_S, IMPACT_HALF_S, Contact, bump
from imu.constants import G_MPS2
from imu.types import ActivityKind, FloatArray, Side

TAIL_S: Final = 0.6
"""A contact shakes the pelvis for so long after it began."""

_TRANSMISSION_DELAY_S: Final = 0.008
_PELVIS_IMPACT_HALF_S: Final = 0.028
"""The transient reaches the pelvis later and wider, with the same impulse: the leg is a low-pass."""
_RING_TAU_S: Final = 0.030
_VERTICAL_RING_G: Final = 0.5
_LATERAL_RING_G: Final = 0.35
_LATERAL_G: Final = 0.10
_PROPULSION_G_PER_MPS: Final = 0.10
_BRAKE_CENTRE: Final = 0.13
_BRAKE_HALF: Final = 0.13
_PROPULSION_CENTRE: Final = 0.62
_PROPULSION_HALF: Final = 0.38
_ROLL_DPS: Final = 50.0
_YAW_DPS: Final = 60.0
_TILT_DPS: Final = 40.0
_WALK_FORE_AFT_G: Final = 0.15
_WALK_LATERAL_G: Final = 0.10
_WALK_ROLL_DPS: Final = 15.0
_WALK_ROLL_PHASE: Final = 0.6
_WALK_YAW_DPS: Final = 20.0
_WALK_TILT_DPS: Final = 10.0
_SETTLE_S: Final = 0.2


def ring(t: FloatArray, frequency_hz: float) -> FloatArray:
    """Damped ringing that starts smoothly at 0 and has no net integral: the derivative of q^2 exp(-q) sin(wt) / w."""
    s = np.maximum(t, 0.0)
    q = s / _RING_TAU_S
    w = 2.0 * np.pi * frequency_hz
    fade = np.exp(-q)
    return np.asarray((2.0 * q - q * q) * fade * np.sin(w * s) / (w * _RING_TAU_S) + q * q * fade * np.cos(w * s))


class Pelvis:
    """Renders the six body-frame channels at given times.

    Parameters
    ----------
    vertical_ring_hz, lateral_ring_hz : float
        Of this person's soft tissue.
    first_ic_s, stand_again_s : float
        Feet stand still before the first and after the second.
    lateral_offset_m : float
        Distance of the sensor to the right of the spine (0 = sacrum).
    """

    def __init__(
        self,
        *,
        vertical_ring_hz: float,
        lateral_ring_hz: float,
        first_ic_s: float,
        lateral_offset_m: float,
    ) -> None:
        self._vertical_ring_hz = vertical_ring_hz
        self._lateral_ring_hz = lateral_ring_hz
        self._first_ic_s = first_ic_s
        self._offset_m = lateral_offset_m

    def render(self, t: FloatArray, contacts: list[Contact], stand_again_s: float) -> FloatArray:
        """Return specific force (m/s2) up, right, forward and angular rate (deg/s) about the same, shape (n, 6)."""
        out = np.zeros((len(t), 6))
        up, right, forward, yaw, tilt, roll = out.T
        up += 0.5 * (1.0 + np.cos(np.pi * np.clip((t - self._first_ic_s) / _SETTLE_S, 0.0, 1.0)))
        up += 0.5 * (1.0 + np.cos(np.pi * np.clip((stand_again_s - t) / _SETTLE_S, 0.0, 1.0)))
        up += 0.004 * np.sin(2.0 * np.pi * 0.4 * t)  # nobody stands perfectly still
        for contact in contacts:
            self._add(contact, t, up, right, forward, yaw, tilt, roll)
        out[:, :3] *= G_MPS2
        return out

    def _add(
        self,
        contact: Contact,
        t: FloatArray,
        up: FloatArray,
        right: FloatArray,
        forward: FloatArray,
        yaw: FloatArray,
        tilt: FloatArray,
        roll: FloatArray,
    ) -> None:
        walking = contact.activity is ActivityKind.WALKING
        sign = 1.0 if contact.side is Side.RIGHT else -1.0
        since = t - contact.ic_s
        length = contact.contact_time_s
        u = np.clip(since / length, 0.0, 1.0)
        step = contact.next_ic_s - contact.ic_s
        phase = np.clip(since / step, 0.0, 1.0)
        # The sensor feels the force without the foot's own transient, and the transient as the leg passes it on.
        up += contact.force_bw(t)
        if contact.impact_bw:
            up -= contact.impact_bw * bump(since, IMPACT_CENTRE_S, IMPACT_HALF_S)
            arrived = bump(since, IMPACT_CENTRE_S + _TRANSMISSION_DELAY_S, _PELVIS_IMPACT_HALF_S)
            up += contact.impact_bw * IMPACT_HALF_S / _PELVIS_IMPACT_HALF_S * arrived
        hardness = 0.2 if walking else 0.4 + 0.6 * contact.impact_bw
        up += _VERTICAL_RING_G * hardness * ring(since, self._vertical_ring_hz)
        on = (phase > 0.0) & (phase < 1.0)
        if walking:
            right -= sign * _WALK_LATERAL_G * np.sin(np.pi * phase)
            forward -= _WALK_FORE_AFT_G * np.sin(2.0 * np.pi * u)
            roll -= np.where(on, sign * _WALK_ROLL_DPS * np.sin(3.0 * np.pi * phase - _WALK_ROLL_PHASE), 0.0)
            yaw += np.where(on, sign * _WALK_YAW_DPS * np.cos(np.pi * phase), 0.0)
            tilt += _WALK_TILT_DPS * np.sin(2.0 * np.pi * phase)
        else:
            right += sign * _LATERAL_G * np.sin(np.pi * u)
            right += sign * _LATERAL_RING_G * ring(since, self._lateral_ring_hz)
            roll -= sign * _ROLL_DPS * np.sin(2.0 * np.pi * u)
            middle = 0.5 * length / step
            yaw += np.where(on, sign * _YAW_DPS * np.sin(np.pi * (phase - middle)), 0.0)
            tilt += _TILT_DPS * np.sin(2.0 * np.pi * phase)
            push = _PROPULSION_G_PER_MPS * contact.speed_mps
            forward += push * bump(u, _PROPULSION_CENTRE, _PROPULSION_HALF)
            forward -= push * _PROPULSION_HALF / _BRAKE_HALF * bump(u, _BRAKE_CENTRE, _BRAKE_HALF)
        if self._offset_m and not walking:
            # A point beside the spine is carried up and down by the roll: a = -alpha * r for r to the right.
            turning = (since > 0.0) & (since < length)
            alpha = -np.radians(sign * _ROLL_DPS) * 2.0 * np.pi / length * np.cos(2.0 * np.pi * u)
            up -= np.where(turning, alpha, 0.0) * self._offset_m / G_MPS2
