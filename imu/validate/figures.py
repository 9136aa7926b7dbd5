"""The plots of the report: agreement of moments and values, error against speed and slope, worst recordings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from imu.constants import G_MPS2
from imu.errors import ImuError
from imu.frames import parse_mounting
from imu.types import FloatArray, Place, Recording
from imu.validate.evaluate import Read, Scored
from imu.validate.matching import inside, match_nearest
from imu.validate.score import TOLERANCE_S, group_pairs
from imu.validate.svg import COLOURS, Plot, span

STRETCH_S = 6.0
"""What is drawn of a worst recording."""

Group = tuple[str, list[Scored]]
Errors = tuple[FloatArray, FloatArray]


def groups_of(scored: Sequence[Scored]) -> list[Group]:
    """Sort recordings with events by set, place and activity."""
    out: dict[str, list[Scored]] = {}
    for s in scored:
        if len(s.truth.ic):
            extra = "" if s.main else " (+)"
            out.setdefault(f"{s.truth.set_name}{extra}, {s.place.value}, {s.truth.activity}", []).append(s)
    return list(out.items())


def moments(group: Sequence[Scored], kind: str) -> list[Errors]:
    """Per recording: time to the next true event and found minus true, both in ms."""
    out = []
    for s in group:
        true, found = (s.truth.ic, s.found_ic()) if kind == "ic" else (s.truth.tc, s.found_tc())
        pairs = match_nearest(found, true, 2.0 * TOLERANCE_S)
        follows = np.append(np.diff(true), np.nan)
        out.append((1000.0 * follows[pairs[:, 1]], 1000.0 * (found[pairs[:, 0]] - true[pairs[:, 1]])))
    return out


def values(group: Sequence[Scored], kind: str) -> list[Errors]:
    """Per recording: mean of estimate and truth, and estimate minus truth (ms, or body weights)."""
    attribute, factor = ("contact_time_s", 1000.0) if kind == "contact" else ("vgrf_peak_bw", 1.0)
    out = []
    for s, matched in group_pairs(group):
        truth = s.truth.contact_time_s if kind == "contact" else s.truth.active_peak_bw
        both = [
            (estimate, float(truth[j]))
            for step, j in matched
            if (estimate := getattr(step, attribute)) is not None and np.isfinite(truth[j])
        ]
        rows = factor * np.array(both, dtype=np.float64).reshape(-1, 2)
        out.append((rows.mean(axis=1), rows[:, 0] - rows[:, 1]))
    return out


_QUANTITIES: tuple[tuple[str, str, str, Callable[[Sequence[Scored], str], list[Errors]], str], ...] = (
    ("Initial contact", "time to the next contact, ms", "found − true, ms", moments, "ic"),
    ("Toe-off", "time to the next toe-off, ms", "found − true, ms", moments, "tc"),
    ("Contact time", "mean of both, ms", "estimate − measured, ms", values, "contact"),
    ("Peak force", "mean of both, BW", "estimate − measured, BW", values, "force"),
)


def agreement_plots(scored: Sequence[Scored]) -> list[tuple[str, list[str]]]:
    """Difference plots (Bland and Altman) with bias and 95 % limits, one dot per step, one colour per person."""
    out = []
    for name, group in groups_of(scored):
        plots = []
        people = list(dict.fromkeys(s.truth.runner for s in group))
        for title, x_label, y_label, errors_of, kind in _QUANTITIES:
            parts = errors_of(group, kind)
            x, d = (np.concatenate([p[k] for p in parts]) for k in (0, 1))
            known = np.isfinite(x)
            if known.sum() < 3:
                continue
            bias, sd = float(d.mean()), float(d.std(ddof=1))
            low, high = span(np.append(d, [bias - 2.2 * sd, bias + 2.2 * sd]), share=0.99)
            digits = 3 if kind == "force" else 1
            plot = Plot(f"{title}, n = {len(d)}", x_label, y_label, span(x[known], share=0.9, margin=0.12), (low, high))
            for s, (a, b) in zip(group, parts, strict=True):
                plot.points(a, b, COLOURS[people.index(s.truth.runner) % len(COLOURS)])
            plot.level(bias, text=_signed(bias, digits))
            for limit in (bias - 1.96 * sd, bias + 1.96 * sd):
                plot.level(limit, dashed=True, text=_signed(limit, digits))
            plots.append(plot.text())
        if plots:
            out.append((name, plots))
    return out


def _signed(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")


def condition_plots(scored: Sequence[Scored]) -> list[tuple[str, list[str]]]:
    """Mean error of each recording against the belt's speed, and its slope, where a set has several."""
    out = []
    for name, group in groups_of(scored):
        plots = []
        for label, attribute in (("speed, m/s", "speed_mps"), ("slope, degrees", "slope_deg")):
            at = np.array([v if (v := getattr(s.truth, attribute)) is not None else np.nan for s in group])
            if len(np.unique(at[np.isfinite(at)])) < 2:
                continue
            for title, _, y_label, errors_of, kind in _QUANTITIES:
                means = np.array([d.mean() if len(d) else np.nan for _, d in errors_of(group, kind)])
                if not (np.isfinite(means) & np.isfinite(at)).any():
                    continue
                plot = Plot(title, label, y_label, span(at, margin=0.1), span(np.append(means, 0.0), margin=0.15))
                plot.level(0.0)
                plot.points(at, means, COLOURS[0], radius=4.0)
                plots.append(plot.text())
        if plots:
            out.append((name, plots))
    return out


def worst_plots(scored: Sequence[Scored], read: Read) -> list[tuple[str, str]]:
    """One drawing per set, place and activity: signal, true and found events around the worst stretch."""
    out = []
    for name, group in groups_of(scored):
        readable = [s for s in group if s.path is not None]
        if not readable:
            continue
        worst = min(readable, key=_badness)
        try:
            recording = read(worst.path, worst.sensor)  # type: ignore[arg-type]  # filtered above
        except ImuError:
            continue
        file = worst.path.name if worst.path else ""
        out.append((f"{name}: {file}", _signal_plot(worst, recording).text()))
    return out


def _errors(s: Scored) -> tuple[FloatArray, float]:
    """Find the times of missed and extra contacts in the window, and the largest error of a matched one (s)."""
    found, true = s.found_ic(), s.truth.ic
    pairs = match_nearest(found, true, TOLERANCE_S)
    missed = np.delete(true, pairs[:, 1])
    extra = np.delete(found, pairs[:, 0])
    wrong = np.concatenate([missed[inside(missed, s.window)], extra[inside(extra, s.window)]])
    errors = np.abs(found[pairs[:, 0]] - true[pairs[:, 1]])
    return np.sort(wrong), float(errors.max()) if len(errors) else 0.0


def _badness(s: Scored) -> tuple[float, float]:
    wrong, largest = _errors(s)
    return -len(wrong) / max(len(s.truth.ic), 1), -largest


def _stretch(s: Scored) -> tuple[float, float]:
    """Where most contacts are wrong; else around the largest error."""
    wrong, _ = _errors(s)
    if len(wrong):
        counts = np.searchsorted(wrong, wrong + STRETCH_S - 1.0) - np.arange(len(wrong))
        start = float(wrong[int(np.argmax(counts))]) - 0.5
    else:
        found, true = s.found_ic(), s.truth.ic
        pairs = match_nearest(found, true, TOLERANCE_S)
        errors = np.abs(found[pairs[:, 0]] - true[pairs[:, 1]])
        centre = float(true[pairs[int(np.argmax(errors)), 1]]) if len(errors) else s.start_s
        start = centre - STRETCH_S / 2.0
    start = max(s.start_s, min(start, s.end_s - STRETCH_S))
    return start, min(start + STRETCH_S, s.end_s)


def signal_of(recording: Recording, place: Place, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray, str]:
    """Time, acceleration in g and its name: along the stated vertical, else the resultant; NaN between blocks."""
    up = None
    if place not in {Place.FOOT, Place.SHANK}:
        up = _up(recording)
    times: list[FloatArray] = []
    values_g: list[FloatArray] = []
    pause = np.array([np.nan])
    for block in recording.blocks:
        t = recording.stream.t0_s + np.arange(block.start_index, block.stop_index) / recording.stream.sampling_rate_hz
        keep = (t >= start_s) & (t <= end_s)
        acc = np.nan_to_num(block.acc[keep]) / G_MPS2
        times += [t[keep], pause]
        values_g += [acc @ up if up is not None else np.sqrt((acc * acc).sum(axis=1)), pause]
    name = "vertical, g" if up is not None else "resultant, g"
    return np.concatenate(times), np.concatenate(values_g), name


def _up(recording: Recording) -> FloatArray | None:
    mounting = recording.suggested.get("mounting")
    if mounting:
        return np.asarray(parse_mounting(str(mounting))[0], dtype=np.float64)
    axis = recording.suggested.get("axis_hints", {}).get("is", "")
    if len(axis) != 2:
        return None
    up = np.zeros(3)
    up["xyz".index(axis[1])] = 1.0 if axis[0] == "+" else -1.0
    return up


def _signal_plot(s: Scored, recording: Recording) -> Plot:
    start, end = _stretch(s)
    t, g, name = signal_of(recording, s.place, start, end)
    low, high = span(g)
    room = 0.22 * (high - low)
    plot = Plot("", "time, s", name, (start, end), (low - room, high + room), width=1240.0, height=300.0)
    plot.line(t, g, "#333", width=1.0)
    plot.ticks_at(s.truth.ic, COLOURS[0], 0, name="true contact", from_top=True)
    plot.ticks_at(s.found_ic(), COLOURS[1], 1, name="found contact", from_top=True)
    plot.ticks_at(s.truth.tc, COLOURS[2], 1, name="true toe-off")
    plot.ticks_at(s.found_tc(), COLOURS[3], 0, name="found toe-off")
    return plot
