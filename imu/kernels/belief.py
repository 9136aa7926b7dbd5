"""Belief about the side of a step: joint probability of the side and of what each vote means in this person.

The state is `belief`, shape (2, M, M): left or right, then the meaning of the walking votes and of the running votes.
A meaning is a number whose bit k says that vote k means the opposite of what it means in most people (M = 2 ** votes).
"""

from __future__ import annotations

import math

from imu.kernels._jit import njit

# Rows of a template, one column per vote.
T_MIDDLE = 0
T_VARIANCE = 1
T_EFFECT = 2  # distance of left and right from the middle, in units of the spread
T_SEEN = 3
T_WEIGHT = 4
T_Z = 5  # scratch: distance of this step's vote from the middle, in units of the spread
T_ODDS = 6  # scratch: what it says for RIGHT in most people (log-odds)
N_TEMPLATE = 7

# Parameters.
P_CAUTION = 0
P_VOTE_LIMIT = 1
P_MIDDLE_STEPS = 2
P_SPREAD_STEPS = 3
P_FLOOR = 4  # no case is ever excluded
N_PARAMS = 5


@njit
def meaning_sign(meaning, k):
    """+1 when vote k means what it means in most people, -1 when the opposite."""
    return -1.0 if (meaning >> k) & 1 else 1.0


@njit
def turn_sides(belief, swap, slip):
    """Carry the belief to the next step: the other foot if `swap`, with a chance `slip` that it is not so."""
    size = belief.shape[1]
    stay = slip if swap else 1.0 - slip
    for a in range(size):
        for b in range(size):
            left, right = belief[0, a, b], belief[1, a, b]
            belief[0, a, b] = stay * left + (1.0 - stay) * right
            belief[1, a, b] = stay * right + (1.0 - stay) * left


@njit
def tell_side(belief, left, right):
    """Take in what is known of the side from elsewhere, as likelihoods."""
    size = belief.shape[1]
    for a in range(size):
        for b in range(size):
            belief[0, a, b] *= left
            belief[1, a, b] *= right


@njit
def take_votes(belief, template, features, axis, params, lean):
    """Take in a step's votes and learn from them.

    Parameters
    ----------
    belief : ndarray, shape (2, M, M)
    template : ndarray, shape (N_TEMPLATE, votes)
        At most three votes; of the step's activity.
    features : ndarray, shape (votes,)
        NaN = no vote.
    axis : int
        1 = walking votes, 2 = running votes.
    params : ndarray
    lean : ndarray, shape (votes,)
        Scratch.

    Returns
    -------
    right : float
        Probability that the foot on the ground is the right one.
    vote : float
        What the votes of this step say for RIGHT, as they are believed to be meant (log-odds).
    """
    size = belief.shape[1]
    votes = template.shape[1]
    total = 0.0
    for k in range(votes):
        z = (features[k] - template[T_MIDDLE, k]) / math.sqrt(template[T_VARIANCE, k])
        odds = 2.0 * params[P_CAUTION] * template[T_EFFECT, k] * z
        template[T_Z, k] = z
        template[T_ODDS, k] = min(params[P_VOTE_LIMIT], max(-params[P_VOTE_LIMIT], odds))
    for meaning in range(size):
        said = 0.0
        for k in range(votes):
            if not math.isnan(features[k]):
                said += meaning_sign(meaning, k) * template[T_ODDS, k]
        left, right = math.exp(-0.5 * said), math.exp(0.5 * said)
        for other in range(size):
            a, b = (meaning, other) if axis == 1 else (other, meaning)
            belief[0, a, b] *= left
            belief[1, a, b] *= right
            total += belief[0, a, b] + belief[1, a, b]
    floored = 0.0
    for s in range(2):
        for a in range(size):
            for b in range(size):
                p = max(belief[s, a, b] / total, params[P_FLOOR])
                belief[s, a, b] = p
                floored += p
    p_right = 0.0
    # The three votes side by side: each sum waits for its own last addition only.
    lean0 = lean1 = lean2 = meant0 = meant1 = meant2 = 0.0
    for a in range(size):
        for b in range(size):
            meaning = a if axis == 1 else b
            belief[0, a, b] /= floored
            belief[1, a, b] /= floored
            left, right = belief[0, a, b], belief[1, a, b]
            p_right += right
            apart, both = right - left, left + right
            sign0, sign1, sign2 = meaning_sign(meaning, 0), meaning_sign(meaning, 1), meaning_sign(meaning, 2)
            lean0 += apart * sign0
            lean1 += apart * sign1
            lean2 += apart * sign2
            meant0 += both * sign0
            meant1 += both * sign1
            meant2 += both * sign2
    vote = 0.0
    for k in range(votes):
        x = features[k]
        if math.isnan(x):
            continue
        z = template[T_Z, k]
        lean[k] = lean0 if k == 0 else (lean1 if k == 1 else lean2)
        meant = meant0 if k == 0 else (meant1 if k == 1 else meant2)
        vote += meant * template[T_EFFECT, k] * z
        sure = abs(lean[k])
        template[T_WEIGHT, k] += sure
        effect = template[T_EFFECT, k] + (lean[k] * z - sure * template[T_EFFECT, k]) / template[T_WEIGHT, k]
        template[T_EFFECT, k] = max(0.0, effect)
        template[T_SEEN, k] += 1.0
        template[T_MIDDLE, k] += (x - template[T_MIDDLE, k]) / min(template[T_SEEN, k], params[P_MIDDLE_STEPS])
        off = x - template[T_MIDDLE, k]
        memory = min(template[T_SEEN, k], params[P_SPREAD_STEPS])
        template[T_VARIANCE, k] += (off * off - template[T_VARIANCE, k]) / memory
    return p_right, vote
