"""Places in the arrays of the foot and shank detector: parameters, state, output rows."""

from __future__ import annotations

# Parameters (imu.events.foot turns seconds into samples).
P_ON_FOOT = 0
P_BAND = 1  # b0 b1 b2 a1 a2
P_SMOOTH = 6  # b0 b1 a1
P_PUSH = 9  # b0 b1 b2 a1 a2
P_CONFIRM = 14
P_SEARCH = 15
P_LEAD = 16
P_SWING_START = 17
P_SWING_END = 18
P_FIRST_REFRACTORY = 19
P_STANCE_MIN = 20
P_RUN_CONTACT = 21
P_TC_LAG_RUN = 22
P_TC_LAG_WALK = 23
P_GIVE_UP = 24
P_SHOCK = 25
P_LONGEST_STRIDE = 26
P_RISE = 27
P_RATIO = 28
P_MIN_IMPACT = 29
P_RUN_SWING = 30
P_REFRACTORY = 31
P_HOLD = 32
P_PUSH_MIN = 33
P_PUSH_FALL = 34
P_ONE_G = 35
P_SURE = 36
P_FIRST_STRIDE = 37
P_TURN_START = 38
P_TURN_END = 39
P_SETTLE = 40
P_RUN_PUSH = 41
P_MEMORY = 42
N_PARAMS = 43

# Integer state.
I_SEEN = 0  # samples since the start or the newest gap
I_RISING = 1  # 1 = the hump's top has not been confirmed yet
I_TOP = 2  # sample of its highest value
I_PENDING = 3  # 1 = a contact waits for its toe-off
I_CONTACT = 4  # sample of the hump's top of the newest contact, pending or final
I_FINAL = 5  # same of the newest final contact
I_COUNT = 6  # contacts since the last reset, pending one included
I_RUN = 7  # 1 = the newest final contact was running
I_FOUND = 8  # 1 = toe-off of the pending contact is known
I_PUSH_AT = 9  # sample of the push-off's highest value
I_STRONG = 10  # sample of the hump's top of the newest strong contact
I_LOST = 11  # samples lost since the newest contact
N_ISTATE = 12

# Float state.
F_LAST = 0  # 0-2: newest finite acceleration
F_BAND = 3  # 3-8: band-pass states
F_SMOOTH = 9
F_PUSH = 10  # 10-11: push filter states
F_SHAKE = 12  # smoothed band, newest
F_HUMP = 13  # its highest value since it last rose
F_SLOW = 14  # push signal, newest
F_SLOW_BEFORE = 15
F_TYPICAL = 16  # typical score; 0 = unknown
F_STRIDE = 17  # typical stride in samples; 0 = unknown
F_SCORE = 18  # the pending contact: score,
F_IC = 19  # time,
F_SWING = 20  # swing before it (foot),
F_TC = 21  # toe-off,
F_PUSH_HIGH = 22  # highest push signal since,
F_PUSH_LOW = 23  # lowest before it,
F_PUSH_LEFT = 24  # neighbours of the highest
F_PUSH_RIGHT = 25
F_STRIDES = 26  # 26-27: the two newest strides before the typical one was taken
F_SWING_TYPICAL = 28
F_IC_REPORT = 29
F_RING = 30  # the band's magnitude, newest N_RING samples
N_RING = 512
N_FSTATE = F_RING + N_RING

# Output row (one per contact).
R_IC = 0
R_TC = 1
R_PEAK_AT = 2
R_SHOCK = 3  # m/s2
R_RUNNING = 4
R_REPORT = 5
R_FLAGS = 6
R_IC_REPORT = 7  # sample at which the contact was first known
N_ROW = 8
FLAG_SATURATED = 1
FLAG_FROZEN = 2
FLAG_NO_TOE_OFF = 4
