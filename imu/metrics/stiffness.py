"""Leg stiffness from contact and flight time, mass, height and speed (spring-mass model): a trend only."""

from __future__ import annotations

import math

from imu.constants import G_MPS2

LEG_SHARE = 0.53
"""Leg length over body height (Winter; used by Morin et al. 2005)."""


def leg_stiffness(
    contact_time_s: float, flight_time_s: float, speed_mps: float, body_mass_kg: float, body_height_m: float
) -> float | None:
    """Leg stiffness in kN/m (Morin et al. 2005, doi:10.1123/jab.21.2.167), the force taken as half a sine.

    F = m g (pi / 2) (tf / tc + 1); dy = F tc^2 / (m pi^2) - g tc^2 / 8 (how far the body sinks, taken as positive);
    dL = dy + L - sqrt(L^2 - (v tc / 2)^2) with L = 0.53 height; k = F / dL.

    Parameters
    ----------
    contact_time_s, flight_time_s, speed_mps, body_mass_kg, body_height_m : float

    Returns
    -------
    float or None
        None where the formula has no solution, or for an input that is not a positive number.
    """
    given = (contact_time_s, flight_time_s, speed_mps, body_mass_kg, body_height_m)
    if not all(math.isfinite(v) and v > 0.0 for v in given):
        return None
    force_n = body_mass_kg * G_MPS2 * 0.5 * math.pi * (flight_time_s / contact_time_s + 1.0)
    sink_m = force_n * contact_time_s**2 / (body_mass_kg * math.pi**2) - G_MPS2 * contact_time_s**2 / 8.0
    leg_m = LEG_SHARE * body_height_m
    half_way_m = 0.5 * speed_mps * contact_time_s
    if half_way_m >= leg_m:
        return None
    shorter_m = sink_m + leg_m - math.sqrt(leg_m**2 - half_way_m**2)
    return force_n / shorter_m / 1000.0 if shorter_m > 0.0 else None
