"""Small plots as inline SVG: axes with round ticks, points, lines, marks. No scripts, no files, nothing fetched."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from imu.types import FloatArray

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f")
"""Okabe and Ito's colours: told apart with colour-vision deficiencies as well."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 10.0, 26.0, 42.0


@dataclass(slots=True)
class Plot:
    """One set of axes.

    Attributes
    ----------
    title, x_label, y_label : str
    x, y : (float, float)
        Range of each axis; points outside are drawn at the edge as triangles, so that none is lost.
    width, height : float
        Pixels.
    """

    title: str
    x_label: str
    y_label: str
    x: tuple[float, float]
    y: tuple[float, float]
    width: float = 420.0
    height: float = 270.0
    _parts: list[str] = field(default_factory=list)
    _legend: list[tuple[str, str]] = field(default_factory=list)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixel of a point."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return (
            _LEFT + across * (self.width - _LEFT - _RIGHT),
            self.height - _BOTTOM - up * (self.height - _TOP - _BOTTOM),
        )

    def points(self, x: FloatArray, y: FloatArray, colour: str, name: str = "", radius: float = 2.2) -> None:
        """Draw dots; what lies outside the axes becomes a triangle at the edge."""
        for a, b in zip(x, y, strict=True):
            if not (math.isfinite(a) and math.isfinite(b)):
                continue
            inside_y = min(max(float(b), self.y[0]), self.y[1])
            px, py = self.at(min(max(float(a), self.x[0]), self.x[1]), inside_y)
            if inside_y == b:
                mark = f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{radius:g}"'
            else:
                tip = -6 if b > inside_y else 6
                mark = f'<path d="M{px - 4:.1f} {py:.1f}h8l-4 {tip}z"'
            self._parts.append(f'{mark} fill="{colour}" fill-opacity="0.6"/>')
        self._name(name, colour)

    def line(self, x: FloatArray, y: FloatArray, colour: str, name: str = "", width: float = 1.3) -> None:
        """Draw a curve; it breaks where a value is missing."""
        path, pen = [], "M"
        for a, b in zip(x, y, strict=True):
            if not (math.isfinite(a) and math.isfinite(b)):
                pen = "M"
                continue
            px, py = self.at(float(a), min(max(float(b), self.y[0]), self.y[1]))
            path.append(f"{pen}{px:.1f} {py:.1f}")
            pen = "L"
        self._parts.append(f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>')
        self._name(name, colour)

    def level(self, y: float, colour: str = "#444", *, dashed: bool = False, text: str = "") -> None:
        """Draw a horizontal line with a word at its right end."""
        if not self.y[0] <= y <= self.y[1]:
            return
        (x0, py), (x1, _) = self.at(self.x[0], y), self.at(self.x[1], y)
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self._parts.append(
            f'<line x1="{x0:.1f}" y1="{py:.1f}" x2="{x1:.1f}" y2="{py:.1f}" stroke="{colour}" stroke-width="1"{dash}/>'
        )
        if text:
            self._parts.append(
                f'<text x="{x1 - 3:.1f}" y="{py - 3:.1f}" text-anchor="end" class="s">{html.escape(text)}</text>'
            )

    def ticks_at(self, times: FloatArray, colour: str, row: int, *, name: str = "", from_top: bool = False) -> None:
        """Draw short vertical marks in a row at the top or the bottom of the axes."""
        edge = _TOP + 13.0 * row if from_top else self.height - _BOTTOM - 13.0 * (row + 1)
        for t in times:
            if self.x[0] <= t <= self.x[1]:
                px, _ = self.at(float(t), self.y[0])
                self._parts.append(f'<path d="M{px:.1f} {edge + 1:.1f}v11" stroke="{colour}" stroke-width="2"/>')
        self._name(name, colour)

    def _name(self, name: str, colour: str) -> None:
        if name and (name, colour) not in self._legend:
            self._legend.append((name, colour))

    def text(self) -> str:
        """Return the `<svg>` element."""
        (x0, y0), (x1, y1) = self.at(self.x[0], self.y[0]), self.at(self.x[1], self.y[1])
        out = [
            f'<svg viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}" '
            f'role="img" aria-label="{html.escape(self.title)}">',
            f'<text x="{_LEFT:g}" y="15" class="t">{html.escape(self.title)}</text>',
        ]
        for value in round_ticks(*self.x):
            px, _ = self.at(value, self.y[0])
            out.append(f'<path d="M{px:.1f} {y1:.1f}V{y0:.1f}" class="g"/>')
            out.append(f'<text x="{px:.1f}" y="{y0 + 14:.1f}" text-anchor="middle" class="s">{_number(value)}</text>')
        for value in round_ticks(*self.y):
            _, py = self.at(self.x[0], value)
            out.append(f'<path d="M{x0:.1f} {py:.1f}H{x1:.1f}" class="g"/>')
            out.append(f'<text x="{x0 - 5:.1f}" y="{py + 3.5:.1f}" text-anchor="end" class="s">{_number(value)}</text>')
        out += self._parts
        middle = (y0 + y1) / 2
        out += [
            f'<path d="M{x0:.1f} {y1:.1f}V{y0:.1f}H{x1:.1f}" class="a"/>',
            f'<text x="{(x0 + x1) / 2:.1f}" y="{self.height - 8:.1f}" text-anchor="middle" class="l">'
            f"{html.escape(self.x_label)}</text>",
            f'<text transform="translate(13 {middle:.1f}) rotate(-90)" text-anchor="middle" class="l">'
            f"{html.escape(self.y_label)}</text>",
        ]
        at = x1
        for name, colour in reversed(self._legend):
            at -= 6.2 * len(name) + 16
            out.append(f'<circle cx="{at:.1f}" cy="11" r="4" fill="{colour}"/>')
            out.append(f'<text x="{at + 7:.1f}" y="15" class="s">{html.escape(name)}</text>')
        return "".join([*out, "</svg>"])


def round_ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Return round numbers between two limits, about so many: steps of 1, 2 or 5 times a power of ten."""
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = power * next(m for m in (1.0, 2.0, 5.0, 10.0) if m * power >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def span(values: Sequence[float] | FloatArray, *, share: float = 1.0, margin: float = 0.06) -> tuple[float, float]:
    """Limits of an axis that hold the middle `share` of the values, with a margin; (0, 1) without a value."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if len(known) == 0:
        return 0.0, 1.0
    tail = 50.0 * (1.0 - share)
    low, high = (float(v) for v in np.percentile(known, (tail, 100.0 - tail)))
    wide = high - low or abs(high) or 1.0
    return low - margin * wide, high + margin * wide


def _number(value: float) -> str:
    return f"{value:.10g}".replace("-", "−")
