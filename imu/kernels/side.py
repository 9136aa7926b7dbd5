"""Left or right: the belief carried from step to step, and what is decided for each (see `imu.events.laterality`)."""

from __future__ import annotations

import math

from imu.kernels import belief as b
from imu.kernels._jit import inner, njit
from imu.kernels.belief import take_votes, tell_side, turn_sides
from imu.kernels.gate import median_of, remember

# Parameters; those of the belief come first.
P_UNKNOWN = b.N_PARAMS
P_SLIP = P_UNKNOWN + 1
P_LONG_STEP = P_UNKNOWN + 2  # steps
P_LONGEST = P_UNKNOWN + 3  # s
P_RUNNING_STEP = P_UNKNOWN + 4  # s
N_PARAMS = P_UNKNOWN + 5

TWO_STEPS = 1.6
"""An interval of so many usual running steps cannot be one step: it would be slower than any run."""

# State.
F_LAST_S = 0  # time of the last step's contact; NaN = none
F_LAST_RUNNING = 1  # 1 = it was a running step
F_ANCHOR = 2  # side stated for the next step: 0 none, 1 left, 2 right
F_N = 3
F_INTERVALS = 4  # of single steps, newest last
N_INTERVALS = 5
F_SCRATCH = F_INTERVALS + N_INTERVALS
N_STATE = F_SCRATCH + N_INTERVALS


@inner
def _alternate(ic_s, running, belief, params, state):
    """Carry the belief over to the next step: as many changes of side as steps fit into the interval."""
    last_s = state[F_LAST_S]
    if not math.isnan(last_s):
        interval = ic_s - last_s
        n = int(state[F_N])
        usual = min(interval, params[P_LONGEST])
        if n > 0:
            ordered = state[F_SCRATCH:]
            for k in range(n):
                ordered[k] = state[F_INTERVALS + k]
            usual = median_of(ordered, n)
        elif running > 0.0 and interval > TWO_STEPS * params[P_RUNNING_STEP]:
            usual = params[P_RUNNING_STEP]  # a contact was missed before there was an interval to compare with
        ratio = interval / usual
        steps = round(ratio)
        # Steps of the other gait have another length: how many fit into a long interval is not known then.
        changed = running != state[F_LAST_RUNNING] and ratio > 1.5
        if ratio > params[P_LONG_STEP] or changed:
            turn_sides(belief, False, 0.5)
        else:
            off = 2.0 * abs(ratio - steps)  # 1 = as well one step more or less
            slip = params[P_SLIP] + (0.5 - params[P_SLIP]) * math.pow(off, 4.0)
            turn_sides(belief, steps % 2 == 1, min(0.5, slip))
        single = interval / max(1, steps)
        if single < params[P_LONGEST]:
            state[F_N] = remember(state[F_INTERVALS:F_SCRATCH], n, single)
    state[F_LAST_S] = ic_s
    state[F_LAST_RUNNING] = running


@njit
def decide_side(ic_s, running, features, belief, templates, params, state, scratch):
    """Decide the side of the next step.

    Parameters
    ----------
    ic_s : float
        Time of its contact, later than the last one's.
    running : float
        1 = a running step, 0 = a walking step.
    features : ndarray, shape (votes,)
        NaN = no vote.
    belief : ndarray, shape (2, M, M)
    templates : ndarray, shape (2, N_TEMPLATE, votes)
        Walking, running.
    params, state : ndarray
        Slots as named above.
    scratch : ndarray, shape (votes,)

    Returns
    -------
    side : float
        0 unknown, 1 left, 2 right.
    confidence : float
        Probability of the likelier side.
    against : float
        1 = the step's own votes said the opposite.
    """
    _alternate(ic_s, running, belief, params, state)
    if state[F_ANCHOR] > 0.0:
        wrong, right = params[P_SLIP], 1.0 - params[P_SLIP]
        if state[F_ANCHOR] == 2.0:
            tell_side(belief, wrong, right)
        else:
            tell_side(belief, right, wrong)
        state[F_ANCHOR] = 0.0
    template = templates[1] if running > 0.0 else templates[0]
    p, vote = take_votes(belief, template, features, 2 if running > 0.0 else 1, params, scratch)
    confidence = min(1.0, max(p, 1.0 - p))
    if confidence < params[P_UNKNOWN]:
        return 0.0, confidence, 0.0
    if p > 0.5:
        return 2.0, confidence, 1.0 if vote < 0.0 else 0.0
    return 1.0, confidence, 1.0 if vote > 0.0 else 0.0
