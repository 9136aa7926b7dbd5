"""Peak vertical force of a step from the sensor's bounce; the formula and its source are in `imu.metrics.force`."""

from __future__ import annotations

import math

from imu.kernels._jit import njit

# Parameters.
P_TAU = 0  # s, memory of the mean over whole strides
P_CUTOFF = 1  # Hz
P_STEP_TIME = 2  # fitted range, low and high
P_BOUNCE = 4
P_SPEED = 6
P_USABLE = 8  # 0 = the model does not hold for this place
P_WITH_SPEED = 9  # intercept, per bounce, per speed
P_WITHOUT_SPEED = 12
N_PARAMS = 15

# State.
F_SUM = 0  # of the exponential window over strides
F_WEIGHT = 1
F_LAST_SUM = 2  # of the step before
F_LAST_TIME = 3
F_BOUNCE = 4  # of the step before; NaN = unknown
N_STATE = 5

NO_SPEED = -1.0  # stands for a speed that is not known

_NAN = float("nan")


@njit
def interrupt(state):
    """Tell of a gap or a stop: the next step does not follow the last one."""
    state[F_LAST_SUM] = 0.0
    state[F_LAST_TIME] = 0.0
    state[F_BOUNCE] = _NAN


@njit
def stride_mean(step_mean_g, step_time_s, params, state):
    """Add a step to the mean over whole strides; the mean in g so far, NaN before the first whole stride.

    Two neighbouring steps make a stride, so a left-right difference of single steps is not in it. The window is
    exponential, as long as the levelling remembers gravity (8 s, about 11 strides).
    """
    area = step_mean_g * step_time_s
    if not math.isfinite(area):
        state[F_LAST_SUM] = 0.0
        state[F_LAST_TIME] = 0.0
    else:
        if state[F_LAST_TIME] > 0.0:
            fade = math.exp(-step_time_s / params[P_TAU])
            state[F_SUM] = fade * state[F_SUM] + state[F_LAST_SUM] + area
            state[F_WEIGHT] = fade * state[F_WEIGHT] + state[F_LAST_TIME] + step_time_s
        state[F_LAST_SUM] = area
        state[F_LAST_TIME] = step_time_s
    return state[F_SUM] / state[F_WEIGHT] if state[F_WEIGHT] > 0.0 else _NAN


@njit
def bounce_of(active_peak_g, mean_is_g, step_time_s, params):
    """Bounce of the sensor in g; NaN outside the fitted range, and for an input that is not a number."""
    if not params[P_STEP_TIME] <= step_time_s <= params[P_STEP_TIME + 1]:
        return _NAN
    gain = 1.0 / math.sqrt(1.0 + math.pow(1.0 / (step_time_s * params[P_CUTOFF]), 4.0))
    bounce = (active_peak_g - mean_is_g) / gain
    return bounce if params[P_BOUNCE] <= bounce <= params[P_BOUNCE + 1] else _NAN


@njit
def estimate_of(bounce_g, stride_bounce_g, speed_mps, params):
    """Peak force in body weights; speed NO_SPEED = unknown; NaN outside the fitted range and for no number."""
    k = P_WITHOUT_SPEED
    speed = 0.0
    if speed_mps != NO_SPEED:
        if not params[P_SPEED] <= speed_mps <= params[P_SPEED + 1]:
            return _NAN
        k = P_WITH_SPEED
        speed = speed_mps
    force = params[k] + params[k + 1] * stride_bounce_g + (bounce_g - stride_bounce_g)
    force += params[k + 2] * speed
    return force if math.isfinite(force) else _NAN


@njit
def step_bounce(active_peak_g, step_mean_g, step_time_s, params, state):
    """Take a finished step; its bounce and that of its stride in g, NaN where unknown."""
    mean = stride_mean(step_mean_g, step_time_s, params, state)
    before = state[F_BOUNCE]
    bounce = bounce_of(active_peak_g, mean, step_time_s, params)
    state[F_BOUNCE] = bounce
    if math.isnan(before):
        return bounce, bounce
    return bounce, 0.5 * (before + bounce)


@njit
def step_force(active_peak_g, step_mean_g, step_time_s, speed_mps, params, state):
    """Peak force of a finished step in body weights, NaN where unknown; steps must come in order."""
    if params[P_USABLE] == 0.0:
        return _NAN
    bounce, stride = step_bounce(active_peak_g, step_mean_g, step_time_s, params, state)
    return estimate_of(bounce, stride, speed_mps, params)
