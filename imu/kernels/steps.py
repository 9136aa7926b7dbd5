"""Detector rows become finished steps: activity, side, force and the numbers of each, as rows of one table.

One call per block that brought anything. Rows are taken in the order in which they were reported; at one sample steps
come before live events.
"""

from __future__ import annotations

import math

from imu.kernels import force, gate, sacral, side, walk
from imu.kernels._jit import inner, njit
from imu.kernels.force import interrupt, step_force
from imu.kernels.gate import due, release_all, release_before, take_running, take_walking
from imu.kernels.laterality import side_features
from imu.kernels.side import decide_side

# Row of a finished step: the fields of `imu.types.Step` in their order, NaN = unknown; then what only we need.
T_INDEX = 0
T_RUNNING = 1  # 1 running, 0 walking
T_SIDE = 2
T_CONFIDENCE = 3
T_IC = 4  # s
T_TC = 5
T_CONTACT = 6
T_FLIGHT = 7
T_STEP = 8
T_STRIDE = 9
T_DUTY = 10
T_LOAD = 11
T_LOAD_AT = 12
T_SHOCK = 13
T_FORCE = 14
T_IMPULSE = 15
T_QUALITY = 16
T_IC_LATENCY = 17
T_TC_LATENCY = 18
T_LOAD_LATENCY = 19
T_IC_INDEX = 20  # stream index of the contact
N_STEP = 21

# Row of a live event: the fields of `imu.types.LiveEvent` in their order.
N_EVENT = 6

# Bits of `imu.types.Quality`; the cache of compiled kernels sees this folder only, so they are written out here.
AFTER_GAP = 1
SATURATED = 2
NO_TOE_OFF = 4
EDGE = 8
WALKING = 16
SIDE_CORRECTED = 64
FROZEN = 128

# Parameters.
P_T0 = 0  # s
P_FS = 1
P_ONE_G = 2
P_ALWAYS = 3  # quality bits of every step
P_SPEED = 4  # m/s, force.NO_SPEED = unknown
P_LONGEST = 5  # s, two walking contacts further apart do not make a step
P_GATE = 6
P_SIDE = P_GATE + gate.N_PARAMS
P_FORCE = P_SIDE + side.N_PARAMS
N_PARAMS = P_FORCE + force.N_PARAMS

# State: what waits for its next contact, then the parts'.
F_SETTLED = 0  # walking contacts before this are not believed
F_SIDE = 1  # decision of the waiting step: side, confidence, against its own vote
F_CONFIDENCE = 2
F_AGAINST = 3
F_QUALITY = 4  # ... its quality bits so far
F_FRESH = 5  # quality bits of the next step: the first after a start or a gap
F_NEWEST_SIDE = 6  # of the newest accepted step
F_WAITING = 7  # accepted row
F_GATE = F_WAITING + gate.N_ACCEPTED
F_SIDES = F_GATE + gate.N_FSTATE
F_FORCE = F_SIDES + side.N_STATE
F_CANDIDATE = F_FORCE + force.N_STATE  # scratch
N_FSTATE = F_CANDIDATE + gate.N_CANDIDATE

# Counters; the gate's follow.
I_COUNT = 0  # steps given out
I_WAITING = 1
I_ROWS = 2  # rows of the table filled by this call
I_GATE = 3
N_ISTATE = I_GATE + gate.N_ISTATE

# What the call ends with.
GO_ON = 0
CLOSE = 1  # a loss: the waiting step has no next contact
END = 2  # end of the stream: what the gate holds is decided, too

_NAN = float("nan")


@inner
def _known(value):
    """Infinite becomes NaN."""
    return value if math.isfinite(value) else _NAN


@inner
def _running_row(row, next_ic, mean_is, vgrf, quality, params, step):
    """Numbers of a step of the running detector."""
    t0, dt, one_g = params[P_T0], 1.0 / params[P_FS], params[P_ONE_G]
    ic, tc, load_at = row[sacral.R_IC], row[sacral.R_TC], row[sacral.R_LOAD_AT]
    if tc >= next_ic:  # the unloading was not the end of this stance
        tc = _NAN
    contact = (tc - ic) * dt
    step_time = (next_ic - ic) * dt
    if not math.isfinite(contact):
        quality |= NO_TOE_OFF
    if not math.isfinite(step_time):
        quality |= EDGE
    fault = row[sacral.R_FAULT]
    if fault > 0.0:
        bits = int(fault)
        quality |= ((bits & 1) * SATURATED) | ((bits >> 1 & 1) * FROZEN) | ((bits >> 2 & 1) * AFTER_GAP)
    step[T_IC] = t0 + ic * dt
    step[T_TC] = _known(t0 + tc * dt)
    step[T_CONTACT] = _known(contact)
    step[T_FLIGHT] = _known((next_ic - tc) * dt)
    step[T_STEP] = _known(step_time)
    step[T_DUTY] = _known(contact / (2.0 * step_time))
    step[T_LOAD] = _known(row[sacral.R_LOAD] / one_g)
    step[T_LOAD_AT] = _known(t0 + load_at * dt)
    step[T_SHOCK] = _known(row[sacral.R_SHOCK] / one_g)
    step[T_FORCE] = vgrf
    step[T_IMPULSE] = _known(mean_is / one_g * step_time)
    step[T_IC_LATENCY] = _known((row[sacral.R_IC_REPORT] - ic) * dt)
    step[T_TC_LATENCY] = _known((row[sacral.R_TC_REPORT] - tc) * dt)
    step[T_LOAD_LATENCY] = _known((row[sacral.R_LOAD_REPORT] - load_at) * dt)
    return quality


@inner
def _contact_row(ic, next_ic, report, params, step):
    """Numbers of a step of which only the contact is known: a walking step, or a running one that was filled in."""
    dt = 1.0 / params[P_FS]
    step[T_IC] = params[P_T0] + ic * dt
    step[T_STEP] = _known((next_ic - ic) * dt)
    step[T_IC_LATENCY] = (report - ic) * dt


@inner
def _across_hole(ic, next_ic, holes):
    """Whether a step touches one of the newest losses."""
    touched = False
    for h in range(holes.shape[0]):
        touched = touched or (ic < holes[h, 1] and holes[h, 0] < next_ic)
    return touched


@inner
def _give_out(next_ic, params, f, i, holes, table):
    """Write the waiting step, whose next contact is known now, or NaN."""
    accepted = f[F_WAITING:F_GATE]
    candidate = accepted[gate.A_CANDIDATE :]
    row = candidate[gate.C_ROW :]
    running = accepted[gate.A_RUNNING]
    ic = candidate[gate.C_IC]
    quality = int(params[P_ALWAYS]) | int(f[F_QUALITY])
    if _across_hole(ic, next_ic, holes):
        quality |= AFTER_GAP
        if running > 0.0:
            next_ic = _NAN  # a running step does not reach across a loss
    if f[F_AGAINST] > 0.0:
        quality |= SIDE_CORRECTED
    step = table[min(i[I_ROWS], table.shape[0] - 1)]
    step[:] = _NAN
    step[T_INDEX], step[T_RUNNING], step[T_IC_INDEX] = i[I_COUNT], running, ic
    step[T_SIDE], step[T_CONFIDENCE] = f[F_SIDE], f[F_CONFIDENCE]
    forces = f[F_FORCE:F_CANDIDATE]
    if running == 0.0 or accepted[gate.A_FILLED] > 0.0:
        quality |= NO_TOE_OFF if running > 0.0 else WALKING
        if not math.isfinite(next_ic):
            quality |= EDGE
        _contact_row(ic, next_ic, candidate[gate.C_REPORT], params, step)
        interrupt(forces)
    else:
        mean_is = row[sacral.R_MEAN_IS]
        if next_ic != row[sacral.R_NEXT_IC]:  # a contact was filled in: the mean is over more than this step
            mean_is = _NAN
        vgrf = _NAN
        if math.isnan(next_ic) or row[sacral.R_FAULT] != 0.0:
            interrupt(forces)  # clipped, frozen or missing samples: its 5 Hz peak is not right
        else:
            active, mean = row[sacral.R_ACTIVE] / params[P_ONE_G], mean_is / params[P_ONE_G]
            step_time = (next_ic - ic) / params[P_FS]
            vgrf = step_force(active, mean, step_time, params[P_SPEED], params[P_FORCE:], forces)
        quality = _running_row(row, next_ic, mean_is, vgrf, quality, params, step)
    step[T_QUALITY] = quality
    i[I_ROWS] += 1
    i[I_COUNT] += 1
    i[I_WAITING] = 0
    if math.isnan(next_ic):
        f[F_FRESH] = int(f[F_FRESH]) | EDGE


@inner
def _close(ic, running, params, f, i, holes, table):
    """Give out the waiting step; `ic` and `running` are of the step after it."""
    if i[I_WAITING] == 0:
        return
    kind = f[F_WAITING + gate.A_RUNNING]
    near = ic - f[F_WAITING + gate.A_CANDIDATE + gate.C_IC] <= params[P_LONGEST] * params[P_FS]
    # A running step without a next contact of its own detector ended its bout, unless it was only filled in.
    own = kind == 0.0 or f[F_WAITING + gate.A_FILLED] > 0.0
    known = kind == running and near and own
    _give_out(ic if known else _NAN, params, f, i, holes, table)


@inner
def _accept(accepted, sig, params, f, i, sides, holes, table):
    """Decide the side of a step; give out the one that waited for it, and itself if it need not wait."""
    windows, belief, templates, votes = sides
    candidate = accepted[gate.A_CANDIDATE :]
    row = candidate[gate.C_ROW :]
    ic, running, next_ic = candidate[gate.C_IC], accepted[gate.A_RUNNING], accepted[gate.A_NEXT]
    walked = running == 0.0 or accepted[gate.A_FILLED] > 0.0
    _close(ic, running, params, f, i, holes, table)
    # Forward direction in the ring's (ml, pa) plane as it was known at the contact.
    forward_ml = row[walk.OUT_FORWARD_ML] if walked else row[sacral.R_FORWARD_ML]
    forward_pa = row[walk.OUT_FORWARD_PA] if walked else row[sacral.R_FORWARD_PA]
    kind = int(running)
    side_features(sig, ic, int(accepted[gate.A_DECIDED]), forward_ml, forward_pa, windows[kind], votes[0])
    ic_s = params[P_T0] + ic / params[P_FS]
    f[F_SIDE], f[F_CONFIDENCE], f[F_AGAINST] = decide_side(
        ic_s, running, votes[0], belief, templates, params[P_SIDE:P_FORCE], f[F_SIDES:F_FORCE], votes[1]
    )
    f[F_NEWEST_SIDE] = f[F_SIDE]
    f[F_QUALITY] = f[F_FRESH]
    f[F_FRESH] = 0.0
    for c in range(gate.N_ACCEPTED):
        f[F_WAITING + c] = accepted[c]
    if walked or math.isnan(next_ic):
        i[I_WAITING] = 1
    else:
        _give_out(next_ic, params, f, i, holes, table)


@inner
def _live(row, params, f, i, event):
    """Write a live event while the runner runs; a stray flight in walking is none of the runner's business."""
    report = row[sacral.L_REPORT]
    if not report - f[F_GATE + gate.F_RUN_IC] <= params[P_GATE + gate.P_WAIT]:
        return 0
    dt = 1.0 / params[P_FS]
    side_now = f[F_NEWEST_SIDE]
    event[0] = row[sacral.L_KIND]
    event[1] = i[I_COUNT] + i[I_WAITING]
    event[2] = params[P_T0] + row[sacral.L_INDEX] * dt
    event[3] = row[sacral.L_VALUE] / params[P_ONE_G]
    event[4] = 3.0 - side_now if side_now > 0.0 else 0.0  # the other foot
    event[5] = (report - row[sacral.L_INDEX]) * dt
    return 1


@njit
def conclude(
    sig,
    now,
    n_rows,
    n_walked,
    n_live,
    ending,
    rows,
    walked,
    live,
    params,
    f,
    i,
    queue,
    accepted,
    sides,
    holes,
    table,
    events,
):
    """Take everything that the detectors of a pelvis sensor reported up to, but not including, sample `now`.

    Parameters
    ----------
    sig : ndarray, shape (rows, 2 * capacity)
        Detector ring.
    now : int
    n_rows, n_walked, n_live : int
        Filled rows of `rows`, `walked` and `live`, each in the order of their reports.
    ending : int
        GO_ON, CLOSE or END.
    params, f, i : ndarray
        Parameters, state and counters, slots as named above.
    queue, accepted : ndarray
        Rows of the gate (N_QUEUE and MAX_ACCEPTED rows).
    sides : tuple of ndarray
        Windows (2, votes, N_WINDOW), belief (2, M, M), templates (2, N_TEMPLATE, votes), scratch (2, votes).
    holes : ndarray, shape (many, 2)
        Newest losses; unused rows inf, -inf.
    table : ndarray, shape (many, N_STEP)
        Finished steps.
    events : ndarray, shape (many, N_EVENT)

    Returns
    -------
    steps, events : int
        Rows written.
    due : float
        Another call is due once the stream has passed this sample, even if no detector reports anything.
    """
    gate_params, gate_f, gate_i = params[P_GATE:P_SIDE], f[F_GATE:F_SIDES], i[I_GATE:]
    candidate = f[F_CANDIDATE:]
    i[I_ROWS] = 0
    n_events = 0
    a, b, c = 0, 0, 0
    more = True
    while more:
        first = rows[a, sacral.R_STEP_REPORT] if a < n_rows else math.inf
        second = walked[b, walk.OUT_REPORT] if b < n_walked else math.inf
        third = live[c, sacral.L_REPORT] if c < n_live else math.inf
        report = min(first, second, third)
        more = report < math.inf
        if not more:
            report = float(now)
            release_before(report, gate_params, queue, gate_f, gate_i, accepted)
            if ending == END:
                release_all(report, gate_params, queue, gate_f, gate_i, accepted)
        elif first == report:
            row = rows[a]
            a += 1
            candidate[gate.C_IC], candidate[gate.C_REPORT] = row[sacral.R_IC], report
            candidate[gate.C_LOW] = row[sacral.R_FLIGHT_MIN] / params[P_ONE_G]
            candidate[gate.C_NEXT] = row[sacral.R_NEXT_IC]
            candidate[gate.C_AIRBORNE] = 0.0
            for k in range(sacral.N_ROW):
                candidate[gate.C_ROW + k] = row[k]
            take_running(candidate, gate_params, queue, gate_f, gate_i, accepted)
        elif second == report:
            row = walked[b]
            b += 1
            if row[walk.OUT_IC] < f[F_SETTLED]:
                continue
            candidate[gate.C_IC], candidate[gate.C_REPORT] = row[walk.OUT_IC], report
            candidate[gate.C_LOW], candidate[gate.C_NEXT] = row[walk.OUT_LOW_G], _NAN
            for k in range(walk.N_OUT):
                candidate[gate.C_ROW + k] = row[k]
            take_walking(candidate, gate_params, queue, gate_f, gate_i, accepted)
        else:
            n_events += _live(live[c], params, f, i, events[min(n_events, events.shape[0] - 1)])
            c += 1
            continue
        if more:
            release_before(report, gate_params, queue, gate_f, gate_i, accepted)
        for k in range(gate_i[gate.I_OUT]):
            _accept(accepted[k], sig, params, f, i, sides, holes, table)
        gate_i[gate.I_OUT] = 0
    if ending != GO_ON and i[I_WAITING] == 1:
        _give_out(_NAN, params, f, i, holes, table)
    return i[I_ROWS], n_events, due(gate_params, queue, gate_i)
