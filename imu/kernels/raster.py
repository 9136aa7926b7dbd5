"""Curves as pixels: which rows of each pixel column a curve covers, and these rows over a ground, tile by tile.

Rows are counted downwards in 1/256 of a pixel (`PIXEL`), so that painting is done in whole numbers.
"""

from __future__ import annotations

import math

import numpy as np

from imu.kernels._jit import njit

PIXEL = 256

X_SCALE, X_ZERO, Y_SCALE, Y_ZERO, WIDTH, SMOOTH = range(6)
"""Fields of `place`: column and row of a point (x * scale + zero), line width in pixels, and 1 for a smooth line."""
N_PLACE = 6

BEGIN, END, FADE_IN, FADE_OUT = range(4)
"""Rows of `spans`: between which rows a column is covered, and over how many each end is spread."""
N_SPAN = 4

_FAR = 30000.0
"""No picture is so high: rows further outside are as good as this one."""


@njit
def curve_spans(x, y, place, edges, spans):
    """Lay a curve through pixel columns.

    A column shows what a line of the given width does within it: from the lowest to the highest value of the curve
    over as much of x as the line is wide, and beyond both so far that the line is equally wide at any slope.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Points in rising x, joined by straight lines; NaN in y is a hole. A point between holes is a dot.
    place : ndarray, shape (N_PLACE,)
    edges : ndarray, shape (2, columns)
        Room to work in.
    spans : ndarray of int32, shape (N_SPAN, columns)
        Receives BEGIN, END (half-open; equal where the curve is not), FADE_IN and FADE_OUT: one row, or as many as the
        curve goes on beyond this end in the next column if it is to be smooth. So a peak does not fade.
    """
    n, columns = len(x), edges.shape[1]
    x_scale, x_zero, y_scale, y_zero = place[X_SCALE], place[X_ZERO], place[Y_SCALE], place[Y_ZERO]
    width = place[WIDTH]
    beside = 0.5 * (width - 1.0)  # a column looks so far to either side
    top, bottom = edges[0], edges[1]
    for c in range(columns):
        top[c], bottom[c] = math.inf, -math.inf
    x0, y0, joined = 0.0, 0.0, False
    for k in range(n):
        if math.isnan(y[k]):
            joined = False
            continue
        x1 = x[k] * x_scale + x_zero
        y1 = min(max(y[k] * y_scale + y_zero, -_FAR), _FAR)
        if not joined:
            x0, y0, joined = x1, y1, True
        first, last = max(math.floor(x0 - beside), 0), min(math.floor(x1 + beside), columns - 1)
        slope = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
        for c in range(first, last + 1):
            left, right = max(c - beside, x0), min(c + 1 + beside, x1)
            a = y0 if left == x0 else y0 + (left - x0) * slope
            b = y1 if right == x1 else y0 + (right - x0) * slope
            top[c] = min(top[c], a, b)
            bottom[c] = max(bottom[c], a, b)
        x0, y0 = x1, y1
    for c in range(columns):
        extent = bottom[c] - top[c]
        if extent < 0.0:
            spans[BEGIN, c], spans[END, c], spans[FADE_IN, c], spans[FADE_OUT, c] = 0, 0, PIXEL, PIXEL
            continue
        more = 0.5 * (math.sqrt(width * width + extent * extent) - extent)
        spans[BEGIN, c] = math.floor((top[c] - more) * PIXEL + 0.5)
        spans[END, c] = math.floor((bottom[c] + more) * PIXEL + 0.5)
        fade_in, fade_out = 1.0, 1.0
        if place[SMOOTH] > 0.0:
            before, after = max(c - 1, 0), min(c + 1, columns - 1)
            most = max(extent / width, 1.0)
            fade_in = min(max(top[c] - min(top[before], top[after]), 1.0), most)
            fade_out = min(max(max(bottom[before], bottom[after]) - bottom[c], 1.0), most)
        spans[FADE_IN, c] = math.floor(fade_in * PIXEL + 0.5)
        spans[FADE_OUT, c] = math.floor(fade_out * PIXEL + 0.5)


@njit
def paint_tile(picture, ground, beside, top, left, rows, columns, spans, colours, tile):
    """Paint a part of a ground, and the curves over it in their order.

    Parameters
    ----------
    picture : ndarray of uint32, shape (height, width)
        0xffRRGGBB; the ground is a part of it.
    ground : ndarray of int64, shape (rows of the ground,)
        The row of the picture that each row of the ground looks like: of equal rows the same one, so that a few stay at
        hand instead of all being fetched from memory.
    beside : int
        Column of the picture where the ground begins.
    top, left, rows, columns : int
        The part, counted from where the ground begins, at most as large as the tile.
    spans : ndarray of int32, shape (curves, N_SPAN, width)
        From `curve_spans`.
    colours : ndarray of int64, shape (curves,)
        0xffRRGGBB.
    tile : ndarray of uint32
        Receives the part in its upper left corner.
    """
    for r in range(rows):
        source, target = picture[ground[top + r], beside + left : beside + left + columns], tile[r, :columns]
        for c in range(columns):
            target[c] = source[c]
    above, height = top * PIXEL, rows * PIXEL
    for k in range(len(colours)):
        colour = colours[k]
        begins = spans[k, BEGIN, left : left + columns]
        ends = spans[k, END, left : left + columns]
        fades_in = spans[k, FADE_IN, left : left + columns]
        fades_out = spans[k, FADE_OUT, left : left + columns]
        for c in range(columns):
            begin, end, fade_in, fade_out = begins[c] - above, ends[c] - above, fades_in[c], fades_out[c]
            half_in, half_out = fade_in >> 1, fade_out >> 1
            if end <= begin or begin - half_in >= height or end + half_out <= 0:
                continue
            column = tile[:, c]
            # rows whose middle lies within the ends, and of those the rows that are covered altogether
            first, last = max((begin - half_in + 128) >> 8, 0), min((end + half_out + 127) >> 8, rows)
            whole, rest = (begin + half_in + 127) >> 8, (end - half_out + 128) >> 8
            for r in range(first, last):
                if whole <= r < rest:
                    column[r] = colour
                    continue
                middle = r * PIXEL + PIXEL // 2
                after_begin = min((middle - begin) / fade_in + 0.5, 1.0)
                before_end = min((end - middle) / fade_out + 0.5, 1.0)
                share = math.floor((after_begin + before_end - 1.0) * PIXEL + 0.5)
                if share > 0:
                    under, other = np.int64(column[r]), PIXEL - share
                    red_blue = ((under & 0xFF00FF) * other + (colour & 0xFF00FF) * share) >> 8 & 0xFF00FF
                    green = ((under & 0x00FF00) * other + (colour & 0x00FF00) * share) >> 8 & 0x00FF00
                    column[r] = 0xFF000000 | red_blue | green
