"""One A4 page, painted: 1240 x 1754 design units are 210 x 297 mm."""

from __future__ import annotations

from typing import Final

from gui.paint import Canvas
from gui.reports.charts import draw_minutes, draw_sides, draw_trend
from gui.reports.shown import Cell, Report, SidesChart

PAGE: Final = (1240.0, 1754.0)
_LEFT: Final = 88.0
_RIGHT: Final = 1152.0
_WIDTH: Final = _RIGHT - _LEFT
_FOOT: Final = 1712.0
_CHART_H: Final = 312.0
_SMALLEST_CHART_H: Final = 210.0
_SMALLEST_ROW: Final = 19.0
_CLIENT_CHART_H: Final = 480.0
_CUE_H: Final = 124.0
_GUTTER: Final = 64.0
_HALF: Final = (_WIDTH - _GUTTER) / 2.0


def paint_record(canvas: Canvas, report: Report) -> None:
    """Paint the copy for the record: all rows, both charts, events, pain, plan and method."""
    y = paint_head(canvas, report)
    y = _headline(canvas, report, y + (12 if report.warnings else 22))
    method_top = _method_top(canvas, report)
    fixed = 40 + _CHART_H + 24 + _facts_height(report) + 16 + _plan_height(report, 3)
    lines = sum(len(g.rows) + 1.15 for g in report.groups) + 2.0
    room = method_top - y - fixed - 12
    row_h = min(max(room / lines, _SMALLEST_ROW), 34.0)
    chart_h = max(_CHART_H - max(_SMALLEST_ROW * lines - room, 0.0), _SMALLEST_CHART_H)
    y = _table(canvas, report, y + 14, row_h)
    spare = max(method_top - y - (fixed - 40), 0.0)
    y += min(24 + spare * 0.3, 46)
    paint_charts(canvas, report, y, chart_h)
    y += chart_h + 8
    canvas.line(_LEFT, y, _RIGHT, y, canvas.tokens.line, 1.2)
    y = _facts(canvas, report, y + 10)
    canvas.line(_LEFT, y, _RIGHT, y, canvas.tokens.line, 1.2)
    paint_plan(canvas, report, y + 10, method_top - 8, 17.0, 3)
    _method(canvas, report, method_top)
    paint_foot(canvas, report)


def paint_client(canvas: Canvas, report: Report) -> None:
    """Paint the copy for the runner: a few sentences, one chart, the plan; large type."""
    tokens = canvas.tokens
    y = paint_head(canvas, report)
    y = _headline(canvas, report, y + 30)
    y += 40
    for sentence in report.sentences:
        y += canvas.paragraph(_LEFT, y, _WIDTH, sentence, 24, tokens.ink) + 16
    y += canvas.paragraph(_LEFT, y, _WIDTH, report.how_to_read, 17, tokens.ink2) + 36
    draw_minutes(canvas, (_LEFT, y, _WIDTH, _CLIENT_CHART_H), report.first_chart, report.language)
    y += _CLIENT_CHART_H + 24
    canvas.line(_LEFT, y, _RIGHT, y, tokens.line, 1.2)
    y = paint_plan(canvas, report, y + 20, _FOOT - 200, 24.0, 5)
    advice_top = _FOOT - 172
    canvas.box(_LEFT, advice_top, _WIDTH, 62, fill=tokens.sub)
    canvas.icon("info", _LEFT + 34, advice_top + 31, 24, tokens.acc)
    canvas.paragraph(_LEFT + 62, advice_top + 31, _WIDTH - 84, report.pain_advice, 19, tokens.ink, centred=True)
    canvas.paragraph(_LEFT, _FOOT - 92, _WIDTH, report.purpose, 15, tokens.ink2)
    paint_foot(canvas, report)


def paint_head(canvas: Canvas, report: Report) -> float:
    """Paint title, client, practice, date and conditions; return the baseline reached."""
    tokens = canvas.tokens
    used = canvas.text(_RIGHT, 112, report.client, 24, tokens.ink, bold=True, align="right", width=420)
    canvas.text(_LEFT, 112, report.title, 36, tokens.ink, bold=True, width=_WIDTH - used - 40)
    canvas.text(_LEFT, 144, report.practice, 17, tokens.ink2, width=_WIDTH - 260)
    canvas.text(_RIGHT, 144, report.date, 17, tokens.ink2, align="right")
    canvas.line(_LEFT, 164, _RIGHT, 164, tokens.ink, 2.0)
    wraps = canvas.width_of(report.conditions, 16) > _WIDTH
    canvas.paragraph(_LEFT, 177, _WIDTH, report.conditions, 16, tokens.ink2, room=46.0)
    return _warnings(canvas, report, 216.0 if wraps else 194.0)


def _warnings(canvas: Canvas, report: Report, y: float) -> float:
    """Paint what is to be known before the numbers are believed; return the foot reached."""
    if not report.warnings:
        return y
    tokens = canvas.tokens
    top, height = y + 14, 14 + 22.0 * len(report.warnings)
    canvas.box(_LEFT, top, _WIDTH, height, fill=tokens.warnbg)
    canvas.box(_LEFT, top, 6, height, fill=tokens.warn)
    canvas.icon("warn", _LEFT + 34, top + height / 2, 20, tokens.warn)
    for k, sentence in enumerate(report.warnings):
        canvas.text(_LEFT + 60, top + 23 + 22 * k, sentence, 15, tokens.ink, width=_WIDTH - 84)
    return top + height


def _headline(canvas: Canvas, report: Report, y: float) -> float:
    tokens = canvas.tokens
    height = 148.0
    canvas.box(_LEFT, y, _WIDTH, height, fill=tokens.sub)
    canvas.box(_LEFT, y, 6, height, fill=tokens.acc)
    canvas.text(_LEFT + 32, y + 34, report.headline_title, 17, tokens.acc, bold=True)
    x = _LEFT + 32
    x += canvas.text(x, y + 116, report.value, 72, tokens.ink, bold=True) + 10
    x += canvas.text(x, y + 116, report.unit, 36, tokens.ink2) + 16
    x += canvas.text(x, y + 116, report.interval, 24, tokens.ink)
    left = max(x + 44, _LEFT + 344)
    room = _RIGHT - 28 - left
    used = _bold_paragraph(canvas, left, y + 64, room, report.sentence, 22)
    canvas.paragraph(left, y + 46 + used, room, report.sentence_note, 17, tokens.ink2)
    return y + height


def _bold_paragraph(canvas: Canvas, x: float, baseline: float, width: float, text: str, size: float) -> float:
    """Paint bold text in at most two lines; return the height used."""
    words = text.split(" ")
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if len(lines) < 2 and lines[-1] and canvas.width_of(longer, size, bold=True) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    for k, line in enumerate(lines):
        canvas.text(x, baseline + k * size * 1.45, line, size, canvas.tokens.ink, bold=True, width=width)
    return len(lines) * size * 1.45


def _columns(report: Report) -> tuple[float, ...]:
    """Right ends of today, its interval, left, right, difference, its interval, usual, change, error, verdict."""
    shares = (
        (0.325, 0.378, 0.432, 0.486, 0.556, 0.604, 0.736, 0.832, 0.912, 1.0)
        if report.compared
        else (0.43, 0.50, 0.64, 0.76, 0.92, 1.0)
    )
    return tuple(_LEFT + share * _WIDTH for share in shares)


def _table(canvas: Canvas, report: Report, y: float, row_h: float) -> float:
    tokens = canvas.tokens
    size = min(17.0, row_h * 0.69)
    ends = _columns(report)
    baseline = y + 34
    canvas.text(_LEFT, baseline, report.table_title, 20, tokens.ink, bold=True)
    for k, end in enumerate((ends[0], ends[2], ends[3], ends[4], *ends[6:])):
        canvas.text(end, baseline, report.columns[k], 15, tokens.ink3, align="right", width=136 if k == 4 else 92)
    y = baseline + 12
    canvas.line(_LEFT, y, _RIGHT, y, tokens.ink3, 1.4)
    for group in report.groups:
        used = canvas.text(_LEFT, y + row_h * 0.78, group.title, size + 1, tokens.ink, bold=True)
        canvas.text(_LEFT + used + 18, y + row_h * 0.78, group.note, size - 1, tokens.ink3, width=_WIDTH - used - 18)
        y += row_h * 1.15
        for k, row in enumerate(group.rows):
            if k:
                canvas.line(_LEFT, y, _RIGHT, y, tokens.grid, 1.0)
            _row(canvas, row, y + row_h * 0.70, size, ends)
            y += row_h
        canvas.line(_LEFT, y, _RIGHT, y, tokens.ink3, 1.2)
    if report.table_note:
        canvas.text(_LEFT, y + 21, report.table_note, 14, tokens.ink3, width=_WIDTH)
        y += 24
    return y


def _row(canvas: Canvas, row: Cell, baseline: float, size: float, ends: tuple[float, ...]) -> None:
    tokens = canvas.tokens
    canvas.text(_LEFT, baseline, row.name, size, tokens.ink, width=(ends[0] - _LEFT) * 0.68)
    texts: tuple[tuple[str, float, str, bool], ...] = (
        (row.value, size, tokens.ink, True),
        (row.interval, size - 1, tokens.ink2, False),
        (row.left, size, tokens.ink, False),
        (row.right, size, tokens.ink, False),
        (row.difference, size, tokens.ink, False),
        (row.difference_interval, size - 1, tokens.ink2, False),
        (row.usual, size, tokens.ink2, False),
        (row.change, size, tokens.ink, row.larger),
        (row.error, size - 1, tokens.ink2, False),
        (row.verdict, size - 1, tokens.acc if row.larger else tokens.ink2, row.larger),
    )
    for end, (text, pixels, colour, bold) in zip(ends, texts, strict=False):
        canvas.text(end, baseline, text, pixels, colour, bold=bold, align="right", width=136)


def paint_charts(canvas: Canvas, report: Report, y: float, height: float = _CHART_H) -> None:
    """Paint both charts side by side."""
    draw_minutes(canvas, (_LEFT, y, _HALF, height), report.first_chart, report.language)
    box = (_LEFT + _HALF + _GUTTER, y, _HALF, height)
    if isinstance(report.second_chart, SidesChart):
        draw_sides(canvas, box, report.second_chart)
    else:
        draw_trend(canvas, box, report.second_chart, report.language)


def _facts_height(report: Report) -> float:
    return 10 + max(40 + 24 * len(report.events) + (_CUE_H if report.cue else 0.0), 146.0) + 10


def _facts(canvas: Canvas, report: Report, y: float) -> float:
    tokens = canvas.tokens
    top = y
    if report.cue:
        _cue(canvas, report, y)
        y += _CUE_H
    canvas.text(_LEFT, y + 24, report.events_title, 20, tokens.ink, bold=True, width=_HALF)
    for k, (time, text) in enumerate(report.events):
        baseline = y + 54 + 24 * k
        canvas.text(_LEFT, baseline, time, 15, tokens.ink, bold=True)
        canvas.text(_LEFT + (68 if time else 0), baseline, text, 15, tokens.ink2, width=_HALF - 68)
    y = top
    x = _LEFT + _HALF + _GUTTER
    used = canvas.text(x, y + 24, report.pain_title, 20, tokens.ink, bold=True)
    canvas.text(x + used + 16, y + 24, report.pain_note, 15, tokens.ink3, width=_HALF - used - 16)
    pitch = _HALF / len(report.pain)
    for k, (label, value) in enumerate(report.pain):
        left = x + k * pitch
        canvas.text(left, y + 56, label, 15, tokens.ink2, width=pitch - 8)
        if value:
            canvas.text(left, y + 92, value, 24, tokens.ink, bold=True)
        else:
            canvas.box(left, y + 66, 56, 34, edge=tokens.ink3, edge_width=1.4, radius=4)
    canvas.paragraph(x, y + 108, _HALF, report.pain_advice, 15, tokens.ink2)
    return y + _facts_height(report) - 10


def _cue(canvas: Canvas, report: Report, y: float) -> None:
    """Paint the newest cue test: three means, and the verdict under them."""
    tokens = canvas.tokens
    canvas.text(_LEFT, y + 24, report.cue_title, 20, tokens.ink, bold=True, width=_HALF)
    pitch = _HALF / 3.0
    canvas.box(_LEFT + pitch, y + 32, pitch - 12, 50, fill=tokens.accbg)
    for k, (name, value, interval) in enumerate(report.cue):
        x = _LEFT + k * pitch + (10 if k == 1 else 0)
        canvas.text(x, y + 50, name, 14, tokens.ink2, width=pitch - 24)
        used = canvas.text(x, y + 74, value, 19, tokens.ink, bold=True)
        canvas.text(x + used + 8, y + 74, interval, 14, tokens.ink2, width=pitch - used - 24)
    canvas.paragraph(_LEFT, y + 86, _HALF, report.cue_said, 14, tokens.ink2)


def _plan_height(report: Report, lines: int) -> float:
    return 10 + 30 + 28 * (len(report.plan) or lines)


def paint_plan(canvas: Canvas, report: Report, y: float, foot: float, size: float, empty: int) -> float:
    """Paint the numbered plan, or lines to write it on."""
    tokens = canvas.tokens
    canvas.text(_LEFT, y + 24, report.plan_title, 20, tokens.ink, bold=True)
    n = len(report.plan) or empty
    pitch = min(size * 1.9, (foot - y - 34) / n)
    for k in range(n):
        baseline = y + 30 + pitch * (k + 0.8)
        canvas.text(_LEFT, baseline, str(k + 1), size, tokens.acc, bold=True)
        if report.plan and report.plan[k]:
            canvas.text(_LEFT + 32, baseline, report.plan[k], size, tokens.ink, width=_WIDTH - 32)
        else:
            canvas.line(_LEFT + 32, baseline + 4, _RIGHT, baseline + 4, tokens.line, 1.2)
    return y + 30 + pitch * n


def _method_top(canvas: Canvas, report: Report) -> float:
    used = sum(_paragraph_height(canvas, text) for text in report.method)
    return _FOOT - 74 - used - 30


def _paragraph_height(canvas: Canvas, text: str) -> float:
    """Height of a paragraph of the method, painted outside the page."""
    return canvas.paragraph(-4.0 * PAGE[0], 0.0, _WIDTH, text, 14, canvas.tokens.ink2) + 2


def _method(canvas: Canvas, report: Report, y: float) -> None:
    tokens = canvas.tokens
    canvas.line(_LEFT, y, _RIGHT, y, tokens.line, 1.2)
    canvas.text(_LEFT, y + 22, report.method_title, 15, tokens.ink, bold=True)
    y += 28
    for text in report.method:
        y += canvas.paragraph(_LEFT, y, _WIDTH, text, 14, tokens.ink2) + 2
    canvas.paragraph(_LEFT, y + 8, _WIDTH, report.purpose, 14, tokens.ink)


def paint_foot(canvas: Canvas, report: Report) -> None:
    """Paint which copy this is, and the page."""
    canvas.text(_LEFT, _FOOT, report.foot, 14, canvas.tokens.ink3)
    canvas.text(_RIGHT, _FOOT, "1 / 1", 14, canvas.tokens.ink3, align="right")
