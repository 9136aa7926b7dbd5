"""Peak vertical ground reaction force from the vertical acceleration of the sacrum: one formula, two fitted numbers.

    F = c0 + b A_stride + (A - A_stride) + c v      in body weights,      A = (a - m) / |H(1/T)|      in g

a is the peak of the vertical specific force low-passed at 5 Hz (the cut-off of Day et al. 2021), m its mean over whole
strides, T the step time, |H| the gain of that low-pass at the step frequency: A is how far the sensor bounces about its
own mean in this step, with what the filter took off the fundamental given back. A_stride is the mean of A over this
step and the one before, v the speed. In words: of the sensor's bounce the whole body makes the share b, legs and arms
add something with speed; between the two steps of one stride, where nothing but the leg changes, the body's force
changes as the sensor's (share 1: not fitted). Cadence and body mass were tried and add nothing.

Personal calibration: over whole strides the mean vertical force is one body weight, whoever runs, so m should be 1 g;
what it is more or less (offset of the sensor, tilt, clipped flight) is in a as well and is taken off.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from imu.kernels import force as kernel
from imu.types import FloatArray, Place

DATA_FILE = "force_model.toml"

STRIDE_MEMORY_S = 8.0
"""Memory of the sensor's mean over whole strides, as long as the levelling remembers gravity (about 11 strides)."""


@dataclass(frozen=True, slots=True)
class Coefficients:
    """One fitted formula.

    Attributes
    ----------
    intercept_bw, per_bounce_bw_g, per_speed_bw_s_m : float
        c0, b and c of the module's formula.
    half_width_95_bw : float
        Half-width of the 95 % interval for a person whom the model has not seen; mostly a constant of the person, so
        that it hardly shrinks with more steps and cancels in a comparison of a person with himself.
    """

    intercept_bw: float
    per_bounce_bw_g: float
    per_speed_bw_s_m: float
    half_width_95_bw: float


@dataclass(frozen=True, slots=True)
class ForceModel:
    """Peak vertical ground reaction force (active peak) in body weights; see the module for the formula.

    Attributes
    ----------
    name, version : str
        Shown with every value.
    cutoff_hz : float
        Low-pass (second-order Butterworth) behind the active peak.
    with_speed, without_speed : Coefficients
    places : tuple of str
        Sensor places for which it was fitted.
    step_time_s, bounce_g, speed_mps : tuple of float
        Fitted range, low and high: outside it there is no value.
    """

    name: str
    version: str
    cutoff_hz: float
    with_speed: Coefficients
    without_speed: Coefficients
    places: tuple[str, ...]
    step_time_s: tuple[float, float]
    bounce_g: tuple[float, float]
    speed_mps: tuple[float, float]

    def holds_for(self, place: Place) -> bool:
        """Whether the model may be used for a sensor at this place."""
        return place.value in self.places

    def coefficients(self, speed_mps: float | None) -> Coefficients:
        """Coefficients for a known or an unknown speed."""
        return self.without_speed if speed_mps is None else self.with_speed

    def bounce(self, active_peak_g: float, mean_is_g: float, step_time_s: float) -> float:
        """Bounce A of the sensor in g: 5 Hz peak above the stride mean, over the filter's gain at the step frequency.

        The gain of a second-order Butterworth low-pass is 1 / sqrt(1 + (f / cutoff)^4).

        Parameters
        ----------
        active_peak_g : float
            Peak of the 5 Hz vertical specific force in stance, in g.
        mean_is_g : float
            Mean vertical specific force over whole strides, in g (`imu.kernels.force.stride_mean`).
        step_time_s : float

        Returns
        -------
        float
            NaN outside the fitted range, and for an input that is not a number.
        """
        return float(kernel.bounce_of(active_peak_g, mean_is_g, step_time_s, self.packed()))

    def estimate(self, bounce_g: float, stride_bounce_g: float, speed_mps: float | None = None) -> float | None:
        """Estimate the peak vertical force of one step.

        Parameters
        ----------
        bounce_g : float
            Bounce of this step.
        stride_bounce_g : float
            Mean bounce of this step and the one before.
        speed_mps : float or None
            None = unknown: the interval is then wider.

        Returns
        -------
        float or None
            Body weights. None outside the fitted range of speeds, and for an input that is not a number.
        """
        speed = kernel.NO_SPEED if speed_mps is None else speed_mps
        return _value(kernel.estimate_of(bounce_g, stride_bounce_g, speed, self.packed()))

    def packed(self, place: Place | None = None) -> FloatArray:
        """Turn the model into the kernel's array; not usable where it does not hold."""
        out = np.zeros(kernel.N_PARAMS)
        out[kernel.P_TAU] = STRIDE_MEMORY_S
        out[kernel.P_CUTOFF] = self.cutoff_hz
        out[kernel.P_USABLE] = float(place is None or self.holds_for(place))
        for slot, bounds in (
            (kernel.P_STEP_TIME, self.step_time_s),
            (kernel.P_BOUNCE, self.bounce_g),
            (kernel.P_SPEED, self.speed_mps),
        ):
            out[slot : slot + 2] = bounds
        for slot, k in ((kernel.P_WITH_SPEED, self.with_speed), (kernel.P_WITHOUT_SPEED, self.without_speed)):
            out[slot : slot + 3] = k.intercept_bw, k.per_bounce_bw_g, k.per_speed_bw_s_m
        return out


def start(state: FloatArray) -> None:
    """Set the kernel's state as it is before the first step."""
    state[:] = 0.0
    state[kernel.F_BOUNCE] = math.nan


def _value(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


class ForceEstimator:
    """Force model with the running stride mean of one stream: what the pipeline calls once per step.

    Parameters
    ----------
    place : Place
        Where the model does not hold, every estimate is None.
    model : ForceModel or None
        None = the shipped one.
    """

    def __init__(self, place: Place, model: ForceModel | None = None) -> None:
        self.model = model or shipped_model()
        self._params = self.model.packed(place)
        self._state: FloatArray = np.zeros(kernel.N_STATE)
        start(self._state)

    def push(
        self, active_peak_g: float, step_mean_g: float, step_time_s: float, speed_mps: float | None = None
    ) -> float | None:
        """Estimate the peak force of a finished step, in body weights; steps must come in order.

        Parameters
        ----------
        active_peak_g : float
            NaN = unknown.
        step_mean_g : float
            Mean vertical specific force from contact to next contact, in g; NaN where there is no next contact.
        step_time_s : float
            NaN where there is no next contact.
        speed_mps : float or None

        Returns
        -------
        float or None
            None before the first whole stride, outside the fitted range, or where the place is not the model's.
        """
        speed = kernel.NO_SPEED if speed_mps is None else speed_mps
        return _value(
            kernel.step_force(active_peak_g, step_mean_g, step_time_s, speed, self._params, self._state),
        )

    def bounce(self, active_peak_g: float, step_mean_g: float, step_time_s: float) -> tuple[float, float]:
        """Take a finished step; return its bounce and that of its stride in g, NaN where unknown.

        Parameters as in `push`, which starts with this.
        """
        found: tuple[float, float] = kernel.step_bounce(
            active_peak_g, step_mean_g, step_time_s, self._params, self._state
        )
        return found

    def interrupt(self) -> None:
        """Tell of a gap or a stop: the next step does not follow the last one."""
        kernel.interrupt(self._state)


def read_model(document: dict[str, Any]) -> ForceModel:
    """Make the model from its data file's contents."""
    fitted = document["range"]

    def pair(name: str) -> tuple[float, float]:
        low, high = fitted[name]
        return float(low), float(high)

    return ForceModel(
        name=str(document["name"]),
        version=str(document["version"]),
        cutoff_hz=float(document["cutoff_hz"]),
        with_speed=Coefficients(**document["with_speed"]),
        without_speed=Coefficients(**document["without_speed"]),
        places=tuple(document["places"]),
        step_time_s=pair("step_time_s"),
        bounce_g=pair("bounce_g"),
        speed_mps=pair("speed_mps"),
    )


@lru_cache(maxsize=1)
def shipped_model() -> ForceModel:
    """Return the model of `force_model.toml`."""
    text = resources.files("imu.metrics").joinpath(DATA_FILE).read_text(encoding="utf-8")
    return read_model(tomllib.loads(text))
