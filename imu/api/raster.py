"""Curves painted into pixels by a kernel, for plots that are painted thirty times a second: arrays, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from imu.kernels import raster as kernel
from imu.types import FloatArray, IntArray

Pixels = npt.NDArray[np.uint32]
"""Opaque pixels, 0xffRRGGBB, a row of the picture per row."""

TILE_COLUMNS: Final = 512
TILE_ROWS: Final = 128
"""A tile stays in the processor's cache while it is painted: 0.27 MB. Sizes around it are as quick."""
_MARGIN: Final = 16
"""Unused columns of a tile: rows that lie a power of two apart would push each other out of the cache."""


class CurveRaster:
    """Some curves over one row of pixel columns, and tiles of the picture with them.

    Parameters
    ----------
    n : int
        Number of curves; the last one is painted on top.

    Attributes
    ----------
    tile : ndarray of uint32
        The part that was painted last, in its upper left corner.
    spans : ndarray of int32, shape (n, 4, columns)
        As `imu.kernels.raster.curve_spans` leaves them, in 1/256 of a pixel: where a curve begins and ends in each
        column (the same where it is not), and how softly.
    """

    def __init__(self, n: int) -> None:
        self.tile: Pixels = np.zeros((TILE_ROWS, TILE_COLUMNS + _MARGIN), dtype=np.uint32)
        self._n = n
        self._colours = np.zeros(n, dtype=np.int64)
        self._place: FloatArray = np.zeros(kernel.N_PLACE)
        self.resize(1)

    def resize(self, columns: int) -> None:
        """Have so many pixel columns, without curves and ground."""
        self.spans = np.zeros((self._n, kernel.N_SPAN, columns), dtype=np.int32)
        self._edges: FloatArray = np.zeros((2, columns))
        self._ground: Pixels = np.zeros((0, columns), dtype=np.uint32)
        self._rows: IntArray = np.zeros(0, dtype=np.int64)
        self._left = 0

    def clear(self) -> None:
        """Have no curves."""
        self.spans[:] = 0

    def set_colours(self, colours: Sequence[int]) -> None:
        """Give each curve its colour, 0xRRGGBB."""
        self._colours[:] = [0xFF000000 | colour for colour in colours]

    def lay(
        self,
        k: int,
        x: FloatArray,
        y: FloatArray,
        x_to_column: tuple[float, float],
        y_to_row: tuple[float, float],
        *,
        width: float = 1.0,
        smooth: bool = False,
    ) -> None:
        """Lay a curve through the columns.

        Parameters
        ----------
        k : int
            Number of the curve.
        x, y : ndarray, shape (n,)
            Points in rising x, joined by straight lines; NaN in y is a hole.
        x_to_column, y_to_row : tuple of float
            Scale and zero: column = x * scale + zero.
        width : float
            In pixels, at least 1.
        smooth : bool
            Steep lines fade in and out over as many rows as they pass per column; for curves that are not dense,
            whose extremes would fade with them.
        """
        place = self._place
        place[kernel.X_SCALE], place[kernel.X_ZERO] = x_to_column
        place[kernel.Y_SCALE], place[kernel.Y_ZERO] = y_to_row
        place[kernel.WIDTH], place[kernel.SMOOTH] = width, smooth
        # copied: arrays that are read-only or have strides would be compiled for anew
        kernel.curve_spans(np.array(x, dtype=float), np.array(y, dtype=float), place, self._edges, self.spans[k])

    def lay_ground(self, picture: Pixels, top: int, left: int, rows: int) -> None:
        """Have the curves over a part of a picture, as wide as they are.

        Parameters
        ----------
        picture : ndarray of uint32, shape (height, width)
            Not copied, and not to be changed: which of its rows are equal is found here.
        top, left, rows : int
            The part.

        Raises
        ------
        ValueError
            If the part is not within the picture.
        """
        height, width = picture.shape
        columns = self.spans.shape[2]
        if not (0 <= top <= top + rows <= height and 0 <= left <= left + columns <= width):
            raise ValueError("the ground of the curves has to lie within its picture")
        self._ground = np.require(picture, np.uint32, ["C", "W"])  # else it would be compiled for anew
        self._left = left
        self._rows = top + same_rows(picture[top : top + rows, left : left + columns])

    def paint(self, top: int, left: int, rows: int, columns: int) -> None:
        """Paint a part of the ground with the curves into the tile.

        Parameters
        ----------
        top, left, rows, columns : int
            The part, counted from where the ground begins; at most TILE_ROWS x TILE_COLUMNS.

        Raises
        ------
        ValueError
            If the part is not within the ground and the tile: the kernel would write beside its memory.
        """
        if not (0 <= top <= top + rows <= len(self._rows) and 0 <= left <= left + columns <= self.spans.shape[2]):
            raise ValueError("a part of the ground has to lie within it")
        if rows > TILE_ROWS or columns > TILE_COLUMNS:
            raise ValueError(f"a tile has at most {TILE_ROWS} rows and {TILE_COLUMNS} columns")
        kernel.paint_tile(
            self._ground, self._rows, self._left, top, left, rows, columns, self.spans, self._colours, self.tile
        )


def same_rows(ground: Pixels) -> IntArray:
    """Return for each row of a picture the first of the equal rows that it follows, itself where it is another one.

    The ground of a plot has few different rows, and those stay in the processor's cache: painting fetches no second
    picture from memory.
    """
    index = np.arange(len(ground))
    index[1:][(ground[1:] == ground[:-1]).all(axis=1)] = 0
    return np.maximum.accumulate(index)


def warm_up() -> None:
    """Have the kernels compiled and loaded, before there is a frame."""
    warm_up_curves()
    warm_up_tiles()


def warm_up_curves() -> None:
    """Have the kernel that lays curves compiled and loaded."""
    CurveRaster(1).lay(0, np.zeros(2), np.zeros(2), (1.0, 0.0), (1.0, 0.0))


def warm_up_tiles() -> None:
    """Have the kernel that paints tiles compiled and loaded."""
    raster = CurveRaster(1)
    raster.lay_ground(np.zeros((1, 1), dtype=np.uint32), 0, 0, 1)
    raster.paint(0, 0, 1, 1)
