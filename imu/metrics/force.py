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

from imu.metrics.stride_mean import StrideMean
from imu.types import Place

DATA_FILE = "force_model.toml"


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
            Mean vertical specific force over whole strides, in g (`StrideMean`).
        step_time_s : float

        Returns
        -------
        float
            NaN outside the fitted range, and for an input that is not a number.
        """
        if not self.step_time_s[0] <= step_time_s <= self.step_time_s[1]:
            return math.nan
        gain = 1.0 / math.sqrt(1.0 + (1.0 / (step_time_s * self.cutoff_hz)) ** 4)
        bounce = (active_peak_g - mean_is_g) / gain
        return bounce if self.bounce_g[0] <= bounce <= self.bounce_g[1] else math.nan

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
        if speed_mps is not None and not self.speed_mps[0] <= speed_mps <= self.speed_mps[1]:
            return None
        k = self.coefficients(speed_mps)
        force = k.intercept_bw + k.per_bounce_bw_g * stride_bounce_g + (bounce_g - stride_bounce_g)
        force += k.per_speed_bw_s_m * (speed_mps or 0.0)
        return force if math.isfinite(force) else None


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
        self._usable = self.model.holds_for(place)
        self._mean = StrideMean()
        self._bounce = math.nan  # of the step before

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
        if not self._usable:
            return None
        bounce, stride_bounce = self.bounce(active_peak_g, step_mean_g, step_time_s)
        return self.model.estimate(bounce, stride_bounce, speed_mps)

    def bounce(self, active_peak_g: float, step_mean_g: float, step_time_s: float) -> tuple[float, float]:
        """Take a finished step; return its bounce and that of its stride in g, NaN where unknown.

        Parameters as in `push`, which calls this.
        """
        mean = self._mean.push(step_mean_g, step_time_s)
        before = self._bounce
        self._bounce = math.nan if mean is None else self.model.bounce(active_peak_g, mean, step_time_s)
        if math.isnan(before):
            return self._bounce, self._bounce
        return self._bounce, 0.5 * (before + self._bounce)

    def interrupt(self) -> None:
        """Tell of a gap or a stop: the next step does not follow the last one."""
        self._mean.interrupt()
        self._bounce = math.nan


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
