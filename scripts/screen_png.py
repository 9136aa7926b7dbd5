"""Small PNG files: 256 colours, the most frequent ones kept as they are, without any tool but Qt and numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtGui import QImage

_MOST: Final = 256
_SPACING: Final = 28.0
"""Colours of the palette lie at least so far apart, so that those of an edge do not take all places."""


def save_png(image: QImage, path: Path) -> None:
    """Write a picture with at most 256 colours.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    width, height = plain.width(), plain.height()
    rows = np.frombuffer(plain.constBits(), np.uint32).reshape(height, plain.bytesPerLine() // 4)[:, :width]
    colours, where, counts = np.unique(rows & 0xFFFFFF, return_inverse=True, return_counts=True)
    rgb = np.stack([(colours >> shift) & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.float64)
    kept = _palette(rgb, counts)
    # nearest colour of the palette, for each colour that occurs
    nearest = np.empty(len(colours), np.uint8)
    for start in range(0, len(colours), 4096):
        part = rgb[start : start + 4096]
        distance = ((part[:, None, :] - rgb[kept][None, :, :]) ** 2).sum(axis=2)
        nearest[start : start + 4096] = distance.argmin(axis=1)
    indexed = QImage(width, height, QImage.Format.Format_Indexed8)
    indexed.setColorTable([0xFF000000 | int(colours[k]) for k in kept])
    target = np.frombuffer(indexed.bits(), np.uint8).reshape(height, indexed.bytesPerLine())
    target[:, :width] = nearest[where].reshape(height, width)
    if not indexed.save(str(path), "PNG", 1):
        raise OSError(f"{path} cannot be written")


def _palette(rgb: np.ndarray, counts: np.ndarray) -> list[int]:
    """Choose colours by how often they occur; first those that lie apart, then the most frequent of the rest."""
    order = np.argsort(-counts, kind="stable")
    if len(order) <= _MOST:
        return [int(k) for k in order]
    kept: list[int] = [int(k) for k in order[:64]]
    for k in order[64:]:
        if len(kept) == _MOST:
            return kept
        if ((rgb[kept] - rgb[k]) ** 2).sum(axis=1).min() >= _SPACING**2 / 4.0:
            kept.append(int(k))
    rest = [int(k) for k in order if int(k) not in set(kept)]
    return [*kept, *rest[: _MOST - len(kept)]]
