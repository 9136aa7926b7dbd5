"""Causal second-order sections; equal to scipy.signal.sosfilt, with the state in local scalars."""

from __future__ import annotations

from imu.kernels._jit import inner, njit


@njit
def biquad_row(sos, z, x, y):
    """Filter one row through one section (transposed direct form II); x and y may be the same array.

    Parameters
    ----------
    sos : ndarray, shape (6,)
        b0 b1 b2 1 a1 a2, as scipy.
    z : ndarray, shape (2,)
        State, updated in place.
    x, y : ndarray, shape (n,)
    """
    b0, b1, b2, a1, a2 = sos[0], sos[1], sos[2], sos[4], sos[5]
    z0, z1 = z[0], z[1]
    for i in range(x.shape[0]):
        value = x[i]
        out = b0 * value + z0
        z0 = b1 * value - a1 * out + z1
        z1 = b2 * value - a2 * out
        y[i] = out
    z[0] = z0
    z[1] = z1


@njit
def biquad_pair(sos_p, z_p, x_p, y_p, sos_q, z_q, x_q, y_q):
    """Filter two rows of one length, each through its own section, in one loop.

    A section waits for its own last output; two of them side by side fill that wait, in about the time of one.
    """
    b0, b1, b2, a1, a2 = sos_p[0], sos_p[1], sos_p[2], sos_p[4], sos_p[5]
    d0, d1, d2, c1, c2 = sos_q[0], sos_q[1], sos_q[2], sos_q[4], sos_q[5]
    p0, p1, q0, q1 = z_p[0], z_p[1], z_q[0], z_q[1]
    for i in range(x_p.shape[0]):
        p, q = x_p[i], x_q[i]
        u = b0 * p + p0
        v = d0 * q + q0
        p0 = b1 * p - a1 * u + p1
        q0 = d1 * q - c1 * v + q1
        p1 = b2 * p - a2 * u
        q1 = d2 * q - c2 * v
        y_p[i] = u
        y_q[i] = v
    z_p[0], z_p[1], z_q[0], z_q[1] = p0, p1, q0, q1


@inner
def _section(s, value, z0, z1):
    """One sample through one section: its output and its next state."""
    out = s[0] * value + z0
    return out, s[1] * value - s[4] * out + z1, s[2] * value - s[5] * out


@njit
def biquad_six(sos, z, x, y):
    """Filter three rows through six sections in one loop: the first through four of them, the others through one each.

    A section waits for its own last output four times as long as it computes; six side by side fill that wait.

    Parameters
    ----------
    sos : ndarray, shape (36,)
        Sections one after the other, each as in `biquad_row`.
    z : ndarray, shape (12,)
        States, updated in place.
    x : tuple of 3 ndarray, shape (n,)
    y : tuple of 6 ndarray, shape (n,)
        The rows of x, then the first three times more, each through its section.
    """
    s0, s1, s2, s3, s4, s5 = sos[0:6], sos[6:12], sos[12:18], sos[18:24], sos[24:30], sos[30:36]
    x0, x1, x2 = x
    y0, y1, y2, y3, y4, y5 = y
    a0, b0, c0, d0, e0, f0 = z[0], z[2], z[4], z[6], z[8], z[10]
    a1, b1, c1, d1, e1, f1 = z[1], z[3], z[5], z[7], z[9], z[11]
    for i in range(x0.shape[0]):
        p, q, r = x0[i], x1[i], x2[i]
        y0[i], a0, a1 = _section(s0, p, a0, a1)
        y1[i], b0, b1 = _section(s1, q, b0, b1)
        y2[i], c0, c1 = _section(s2, r, c0, c1)
        y3[i], d0, d1 = _section(s3, p, d0, d1)
        y4[i], e0, e1 = _section(s4, p, e0, e1)
        y5[i], f0, f1 = _section(s5, p, f0, f1)
    z[0], z[2], z[4], z[6], z[8], z[10] = a0, b0, c0, d0, e0, f0
    z[1], z[3], z[5], z[7], z[9], z[11] = a1, b1, c1, d1, e1, f1


@inner
def _cascade_pair(first, second, z_first, z_second, x, y):
    """Two rows through two sections in one loop (see `biquad_pair`); arrays of shape (2, ...), one row each."""
    b0, b1, b2, a1, a2 = first[0], first[1], first[2], first[4], first[5]
    d0, d1, d2, c1, c2 = second[0], second[1], second[2], second[4], second[5]
    p0, p1, q0, q1 = z_first[0, 0], z_first[0, 1], z_first[1, 0], z_first[1, 1]
    r0, r1, s0, s1 = z_second[0, 0], z_second[0, 1], z_second[1, 0], z_second[1, 1]
    for i in range(x.shape[1]):
        p, q = x[0, i], x[1, i]
        u = b0 * p + p0
        v = b0 * q + q0
        p0 = b1 * p - a1 * u + p1
        q0 = b1 * q - a1 * v + q1
        p1 = b2 * p - a2 * u
        q1 = b2 * q - a2 * v
        p = d0 * u + r0
        q = d0 * v + s0
        r0 = d1 * u - c1 * p + r1
        s0 = d1 * v - c1 * q + s1
        r1 = d2 * u - c2 * p
        s1 = d2 * v - c2 * q
        y[0, i] = p
        y[1, i] = q
    z_first[0, 0], z_first[0, 1], z_first[1, 0], z_first[1, 1] = p0, p1, q0, q1
    z_second[0, 0], z_second[0, 1], z_second[1, 0], z_second[1, 1] = r0, r1, s0, s1


@njit
def sos_rows(sos, zi, x, y):
    """Filter several channels through a cascade.

    Parameters
    ----------
    sos : ndarray, shape (sections, 6)
    zi : ndarray, shape (sections, channels, 2)
        State, updated in place.
    x, y : ndarray, shape (channels, n)
        y is written; it may be x.
    """
    channels, sections = x.shape[0], sos.shape[0]
    paired = channels - channels % 2
    for c in range(0, paired, 2):
        rows = slice(c, c + 2)
        if sections == 1:
            biquad_pair(sos[0], zi[0, c], x[c], y[c], sos[0], zi[0, c + 1], x[c + 1], y[c + 1])
            continue
        _cascade_pair(sos[0], sos[1], zi[0, rows], zi[1, rows], x[rows], y[rows])
        for s in range(2, sections - 1, 2):
            _cascade_pair(sos[s], sos[s + 1], zi[s, rows], zi[s + 1, rows], y[rows], y[rows])
        if sections % 2 == 1:
            last = sections - 1
            biquad_pair(sos[last], zi[last, c], y[c], y[c], sos[last], zi[last, c + 1], y[c + 1], y[c + 1])
    for c in range(paired, channels):
        biquad_row(sos[0], zi[0, c], x[c], y[c])
        for s in range(1, sections):
            biquad_row(sos[s], zi[s, c], y[c], y[c])


@njit
def settle(sos, value, z):
    """Set the state of one section as if `value` had stood there for ever (scipy's sosfilt_zi times value)."""
    b0, b1, b2, a1, a2 = sos[0], sos[1], sos[2], sos[4], sos[5]
    out = value * (b0 + b1 + b2) / (1.0 + a1 + a2)
    z[1] = b2 * value - a2 * out
    z[0] = b1 * value - a1 * out + z[1]
