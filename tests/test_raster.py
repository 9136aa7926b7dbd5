"""Curves as pixels: the kernels against slow twins, and what a curve must look like."""

from __future__ import annotations

import math

import naive_raster
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.api import TILE_COLUMNS, TILE_ROWS, CurveRaster
from imu.api.raster import same_rows, warm_up
from imu.kernels import raster as kernel

HEIGHT, COLUMNS = 20, 24
BLACK, WHITE = 0xFF000000, 0xFFFFFF

VALUES = st.lists(
    st.one_of(st.floats(-5.0, 25.0), st.integers(-2, 22).map(float), st.just(math.nan), st.sampled_from([-1e9, 1e9])),
    min_size=1,
    max_size=40,
)
WIDTHS = st.sampled_from([1.0, 2.2, 4.4])


def laid(y, *, width=1.0, smooth=False, columns=COLUMNS, x=None, zero=0.0):
    """One curve over all columns, a row of the picture per unit of y."""
    raster = CurveRaster(1)
    raster.resize(columns)
    raster.set_colours([WHITE])
    y = np.asarray(y, dtype=float)
    x = np.linspace(0.0, 1.0, len(y)) if x is None else np.asarray(x, dtype=float)
    raster.lay(0, x, y, (float(columns), zero), (1.0, 0.0), width=width, smooth=smooth)
    return raster


def picture(raster, ground):
    """The whole picture, tile by tile."""
    out = np.zeros_like(ground)
    raster.lay_ground(ground, 0, 0, len(ground))
    for top in range(0, len(ground), TILE_ROWS):
        rows = min(TILE_ROWS, len(ground) - top)
        raster.paint(top, 0, rows, ground.shape[1])
        out[top : top + rows] = raster.tile[:rows, : ground.shape[1]]
    return out


def black(height=HEIGHT, columns=COLUMNS):
    return np.full((height, columns), BLACK, dtype=np.uint32)


def covered(raster, height=HEIGHT):
    """How much of each pixel is covered, 0 to 1."""
    return (picture(raster, black(height, raster.spans.shape[2])) & 0xFF) / 255.0


@given(y=VALUES, width=WIDTHS, smooth=st.booleans(), zero=st.sampled_from([0.0, -3.25, 7.5]))
def test_spans_are_those_of_the_twin(y, width, smooth, zero):
    raster = laid(y, width=width, smooth=smooth, zero=zero)
    wanted = naive_raster.spans(
        np.linspace(0.0, 1.0, len(y)),
        np.clip(y, -30000.0, 30000.0),
        scale_x=float(COLUMNS),
        zero_x=zero,
        scale_y=1.0,
        zero_y=0.0,
        columns=COLUMNS,
        width=width,
        smooth=smooth,
    )
    for got, want in zip(raster.spans[0].T, wanted, strict=True):
        if want is None:
            assert got[kernel.BEGIN] == got[kernel.END]
        else:
            np.testing.assert_allclose(got / kernel.PIXEL, want, rtol=1e-6, atol=1.01 / kernel.PIXEL)


@given(
    ys=st.lists(VALUES, min_size=1, max_size=3),
    width=WIDTHS,
    smooth=st.booleans(),
    seed=st.integers(0, 9),
    cut=st.tuples(st.integers(1, HEIGHT - 1), st.integers(1, COLUMNS - 1)),
)
def test_pixels_are_those_of_the_twin_however_the_picture_is_cut(ys, width, smooth, seed, cut):
    rng = np.random.default_rng(seed)
    ground = (rng.integers(0, 1 << 24, (HEIGHT, COLUMNS)) | 0xFF000000).astype(np.uint32)
    ground[5:9] = ground[4]
    colours = rng.integers(0, 1 << 24, len(ys)).tolist()
    raster = CurveRaster(len(ys))
    raster.resize(COLUMNS)
    raster.set_colours(colours)
    for k, y in enumerate(ys):
        x = np.linspace(0.0, 1.0, len(y))
        raster.lay(k, x, np.array(y), (float(COLUMNS), 0.0), (1.0, 0.0), width=width, smooth=smooth)
    wanted = naive_raster.paint(ground, raster.spans, colours)
    framed = np.zeros((HEIGHT + 7, COLUMNS + 11), dtype=np.uint32)
    framed[4 : 4 + HEIGHT, 9 : 9 + COLUMNS] = ground
    raster.lay_ground(framed, 4, 9, HEIGHT)
    row, column = cut
    for rows in (slice(0, row), slice(row, HEIGHT)):
        for columns in (slice(0, column), slice(column, COLUMNS)):
            height, width = rows.stop - rows.start, columns.stop - columns.start
            raster.paint(rows.start, columns.start, height, width)
            np.testing.assert_array_equal(raster.tile[:height, :width], wanted[rows, columns])


@given(st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=1, max_size=12))
def test_same_rows_are_the_first_of_their_run(rows):
    ground = np.array(rows, dtype=np.uint32)
    same = same_rows(ground)
    for r, s in enumerate(same.tolist()):
        assert all(rows[k] == rows[r] for k in range(s, r + 1))
        assert s == 0 or rows[s - 1] != rows[s]


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0, 4.0, 15.0])
@pytest.mark.parametrize("width", [1.0, 2.2, 4.4])
@pytest.mark.parametrize("smooth", [False, True])
def test_a_line_is_equally_wide_at_any_slope(slope, width, smooth):
    height, columns = 1000, 60
    y = 30.0 + slope * np.array([0.0, columns])
    got = covered(laid(y, width=width, smooth=smooth, columns=columns), height)[:, 20:30].sum(axis=0).mean()
    assert got == pytest.approx(width * math.hypot(1.0, slope), rel=0.03, abs=0.02)


def test_a_smooth_line_passes_from_column_to_column_without_a_step():
    steep = covered(laid([0.0, 6.0 * 30], smooth=True, columns=30), 180)
    np.testing.assert_allclose(steep[40:120].sum(axis=1), 1.0, atol=0.1)  # as much in each row
    hard = covered(laid([0.0, 6.0 * 30], columns=30), 180)
    assert np.diff(hard[40:120, 10]).max() > 0.8
    assert np.diff(steep[40:120, 10]).max() < 0.3


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("width", [1.0, 2.2])
def test_a_peak_stands_as_high_as_it_is(smooth, width):
    """Half a line above the value at most: a mitre would show more than was measured."""
    got = covered(laid([15.0, 15.0, 5.0, 15.0, 15.0], width=width, smooth=smooth), HEIGHT)
    highest = np.flatnonzero(got.max(axis=1) > 0.05)[0]
    assert math.floor(5.0 - width / 2.0) <= highest <= 5


def test_a_hole_is_a_hole_and_a_point_between_holes_is_a_dot():
    x = np.arange(24.0) + 0.5
    y = np.full(24, 10.0)
    y[8:13] = math.nan
    y[14:18] = math.nan
    raster = CurveRaster(1)
    raster.resize(COLUMNS)
    raster.lay(0, x, y, (1.0, 0.0), (1.0, 0.0))
    begin, end = raster.spans[0, kernel.BEGIN], raster.spans[0, kernel.END]
    assert np.flatnonzero(end > begin).tolist() == [*range(8), 13, *range(18, 24)]


def test_nothing_is_shown_of_holes_alone_and_of_what_lies_outside():
    assert not covered(laid([math.nan] * 9)).any()
    assert not covered(laid([-40.0, -41.0, -39.0])).any()
    assert not covered(laid([40.0, 41.0, 39.0], width=4.4)).any()
    assert covered(laid([-40.0, 60.0])).any()
    raster = laid([10.0, 10.0])
    assert covered(raster).any()
    raster.clear()
    assert not covered(raster).any()


def test_a_part_beside_the_ground_is_refused():
    raster = laid([1.0, 2.0])
    with pytest.raises(ValueError, match="within"):
        raster.paint(0, 0, 1, 1)  # there is none yet
    raster.lay_ground(black(), 0, 0, HEIGHT)
    for part in [(-1, 0, 4, 4), (0, -1, 4, 4), (HEIGHT - 3, 0, 4, 4), (0, COLUMNS - 3, 4, 4), (2, 2, -4, 4)]:
        with pytest.raises(ValueError, match="within"):
            raster.paint(*part)
    for top, left, rows in [(-1, 0, 4), (0, -1, 4), (HEIGHT - 3, 0, 4), (0, 1, 4), (2, 0, -4)]:
        with pytest.raises(ValueError, match="within"):
            raster.lay_ground(black(), top, left, rows)
    raster.resize(TILE_COLUMNS + 1)
    raster.lay_ground(black(TILE_ROWS + 1, TILE_COLUMNS + 1), 0, 0, TILE_ROWS + 1)
    for rows, columns in [(TILE_ROWS + 1, 1), (1, TILE_COLUMNS + 1)]:
        with pytest.raises(ValueError, match="at most"):
            raster.paint(0, 0, rows, columns)


@pytest.mark.compiled
def test_no_frame_compiles_anything():
    warm_up()
    known = [len(k.signatures) for k in (kernel.curve_spans, kernel.paint_tile)]
    read_only = np.arange(5.0)
    read_only.setflags(write=False)
    raster = laid(np.arange(20, dtype=np.float32)[::2], width=2.2, smooth=True)
    raster.lay(0, read_only, read_only, (1, 0), (1, 0), width=1)
    for ground in (black(), black(HEIGHT, COLUMNS + 9)[:, :COLUMNS], np.broadcast_to(black(1), (HEIGHT, COLUMNS))):
        picture(raster, ground)
    assert [len(k.signatures) for k in (kernel.curve_spans, kernel.paint_tile)] == known
