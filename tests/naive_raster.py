"""Curves as pixels, one pixel after the other."""

from __future__ import annotations

import itertools
import math

import numpy as np


def spans(x, y, *, scale_x, zero_x, scale_y, zero_y, columns, width=1.0, smooth=False):
    """First and last row of a curve in each column, and the rows that each end is spread over, all in pixels.

    None where the curve is not.
    """
    beside = (width - 1.0) / 2.0
    points = [
        (a * scale_x + zero_x, None if math.isnan(b) else b * scale_y + zero_y) for a, b in zip(x, y, strict=True)
    ]
    pieces = [((a, b), (a, b)) for a, b in points if b is not None]
    pieces += [(p, q) for p, q in itertools.pairwise(points) if p[1] is not None and q[1] is not None]
    seen = []
    for c in range(columns):
        left, right = c - beside, c + 1 + beside
        rows = []
        for (x0, y0), (x1, y1) in pieces:
            if x0 < right and x1 >= left:
                for at in (max(left, x0), min(right, x1)):
                    share = (at - x0) / (x1 - x0) if x1 > x0 else 0.0
                    rows.append(y0 if at == x0 else y1 if at == x1 else y0 + share * (y1 - y0))
                if x0 == x1:
                    rows += [y0, y1]
        seen.append((min(rows), max(rows)) if rows else None)
    out = []
    for c, rows in enumerate(seen):
        if rows is None:
            out.append(None)
            continue
        top, bottom = rows
        extent = bottom - top
        more = (math.hypot(width, extent) - extent) / 2.0
        fade_in = fade_out = 1.0
        if smooth:
            near = [r for r in (*seen[max(c - 1, 0) : c], *seen[c + 1 : c + 2]) if r is not None]
            higher, lower = (
                top - min((r[0] for r in near), default=top),
                max((r[1] for r in near), default=bottom) - bottom,
            )
            fade_in, fade_out = (min(max(beyond, 1.0), max(extent / width, 1.0)) for beyond in (higher, lower))
        out.append((top - more, bottom + more, fade_in, fade_out))
    return out


def paint(ground, spans_, colours):
    """Lay curves over a copy of the ground; spans in 1/256 of a pixel, as kernels have them."""
    out = np.array(ground, dtype=np.uint32)
    for curve, colour in zip(np.asarray(spans_).tolist(), colours, strict=True):
        for c, (begin, end, fade_in, fade_out) in enumerate(zip(*curve, strict=True)):
            if end <= begin:
                continue
            for r in range(len(out)):
                middle = 256 * r + 128
                below = min(max((middle - begin) / fade_in + 0.5, 0.0), 1.0)
                above = min(max((end - middle) / fade_out + 0.5, 0.0), 1.0)
                share = math.floor((below + above - 1.0) * 256 + 0.5)
                if share > 0:
                    under = int(out[r, c])
                    mixed = 0xFF000000
                    for shift in (0, 8, 16):
                        a, b = under >> shift & 0xFF, int(colour) >> shift & 0xFF
                        mixed |= (a * (256 - share) + b * share) // 256 << shift
                    out[r, c] = mixed
    return out
