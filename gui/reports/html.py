"""The report as one HTML file: nothing is loaded from elsewhere; every chart has its numbers as a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QFont, QPainter
from PySide6.QtSvg import QSvgGenerator

from gui.i18n import Texts
from gui.numbers import half_width, number
from gui.paint import Canvas, font
from gui.reports.charts import draw_minutes, draw_sides, draw_trend
from gui.reports.paragraph import paragraph_of
from gui.reports.shown import MinutesChart, Report, SidesChart, TrendChart
from gui.theme import LIGHT

_TEXT: Final = re.compile(r'(<text [^>]*font-size="(\d+)" font-weight="(\d+)"[^>]*?)\s*>([^<]+)</text>')
"""A text as Qt writes it into an SVG."""

_STYLE: Final = f"""
:root {{ color-scheme: light; }}
body {{ font: 16px/1.5 "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: {LIGHT.ink};
  background: {LIGHT.bg}; margin: 0; }}
main {{ max-width: 1000px; margin: 0 auto; background: {LIGHT.panel}; padding: 40px 48px; box-sizing: border-box; }}
header {{ display: flex; justify-content: space-between; gap: 24px; border-bottom: 2px solid {LIGHT.ink}; }}
h1 {{ font-size: 28px; margin: 0; }} h2 {{ font-size: 18px; margin: 28px 0 8px; }}
header p {{ margin: 4px 0 12px; color: {LIGHT.ink2}; }} .right {{ text-align: right; }}
.right strong {{ font-size: 20px; }} .quiet {{ color: {LIGHT.ink3}; font-size: 14px; }}
.head {{ background: {LIGHT.sub}; border-left: 6px solid {LIGHT.acc}; padding: 16px 24px; display: flex; gap: 32px;
  align-items: center; flex-wrap: wrap; }}
.big {{ white-space: nowrap; }} .big b {{ font-size: 52px; line-height: 1.1; }} .big span {{ font-size: 26px; }}
.head p {{ margin: 4px 0; flex: 1 1 320px; }} .head small {{ color: {LIGHT.ink2}; font-size: 15px; }}
.warn {{ background: {LIGHT.warnbg}; border-left: 6px solid {LIGHT.warn}; padding: 8px 24px; margin: 0 0 12px; }}
.warn ul {{ margin: 4px 0; padding-left: 20px; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }}
th, td {{ text-align: right; padding: 5px 6px; border-bottom: 1px solid {LIGHT.grid}; white-space: nowrap; }}
th:first-child, td:first-child {{ text-align: left; white-space: normal; }}
thead th {{ font-weight: 400; color: {LIGHT.ink3}; border-bottom-color: {LIGHT.ink3}; white-space: normal;
  vertical-align: bottom; }}
tbody th {{ font-weight: 700; border-top: 1px solid {LIGHT.ink3}; }} tbody th span {{ font-weight: 400; }}
.charts {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)); gap: 32px; }}
figure {{ margin: 0; }} figure svg {{ width: 100%; height: auto; }} dt {{ font-weight: 700; }} dd {{ margin: 0; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; }}
details {{ font-size: 14px; }} summary {{ color: {LIGHT.acc}; cursor: pointer; }}
.paste p {{ user-select: all; font-size: 14px; }}
.box {{ display: inline-block; width: 44px; height: 26px; border: 1.5px solid {LIGHT.ink3}; border-radius: 4px; }}
footer {{ border-top: 1px solid {LIGHT.line}; margin-top: 24px; font-size: 13px; color: {LIGHT.ink2}; }}
footer p {{ margin: 6px 0; overflow-wrap: anywhere; }}
@media print {{ body {{ background: none; }} main {{ padding: 0; }} details, .paste {{ display: none; }} }}
"""


def to_html(report: Report, family: str) -> str:
    """Return the report as one HTML page."""
    t = Texts(report.language)
    client = report.copy == "client"
    parts = [_head(report)]
    if client:
        parts += [f"<p>{escape(s)}</p>" for s in report.sentences]
        parts.append(f'<p class="quiet">{escape(report.how_to_read)}</p>')
    else:
        parts.append(_table(report))
    charts = (report.first_chart,) if client else (report.first_chart, report.second_chart)
    parts.append(f'<div class="charts">{"".join(_figure(c, report, family, t, wide=client) for c in charts)}</div>')
    if not client:
        parts += [_cue(report), _events(report), _pain(report)]
    parts.append(_plan(report))
    if not client:
        parts.append(_paragraph(report, t))
    if client:
        parts.append(f"<p><strong>{escape(report.pain_advice)}</strong></p>")
    method = () if client else (f"<strong>{escape(report.method_title)}</strong>", *map(escape, report.method))
    foot = "".join(f"<p>{text}</p>" for text in (*method, escape(report.purpose), escape(report.foot)))
    title = escape(f"{report.title} {report.client}")
    return (
        f'<!doctype html>\n<html lang="{report.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{chr(10).join(parts)}\n<footer>{foot}</footer>\n"
        "</main>\n</body>\n</html>\n"
    )


def _head(report: Report) -> str:
    sentence = f"<strong>{escape(report.sentence)}</strong><br><small>{escape(report.sentence_note)}</small>"
    return (
        f'<header><div><h1>{escape(report.title)}</h1><p>{escape(report.practice)}</p></div><div class="right">'
        f"<strong>{escape(report.client)}</strong><p>{escape(report.date)}</p></div></header>\n"
        f'<p class="quiet">{escape(report.conditions)}</p>\n{_warnings(report)}'
        f'<section class="head" aria-label="{escape(report.headline_title)}"><div class="big"><b>{escape(report.value)}'
        f"</b> <span>{escape(report.unit)}</span> {escape(report.interval)}</div><p>{sentence}</p></section>"
    )


def _warnings(report: Report) -> str:
    if not report.warnings:
        return ""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in report.warnings)
    title = escape(report.warnings_title)
    return f'<section class="warn" aria-label="{title}"><strong>{title}</strong><ul>{items}</ul></section>\n'


def _table(report: Report) -> str:
    n = 9 if report.compared else 5
    names = report.columns if report.compared else report.columns[:4]
    rows = []
    for group in report.groups:
        rows.append(
            f'<tr><th scope="rowgroup" colspan="{n}">{escape(group.title)} <span class="quiet">{escape(group.note)}'
            "</span></th></tr>"
        )
        for row in group.rows:
            change = f"<b>{escape(row.change)}</b>" if row.larger else escape(row.change)
            cells = [
                f"<b>{escape(row.value)}</b> {escape(row.interval)}",
                escape(row.left),
                escape(row.right),
                f"{escape(row.difference)} {escape(row.difference_interval)}",
            ]
            if report.compared:
                verdict = f"<b>{escape(row.verdict)}</b>" if row.larger else escape(row.verdict)
                cells += [escape(row.usual), change, escape(row.error), verdict]
            rows.append(f"<tr><td>{escape(row.name)}</td>{''.join(f'<td>{c}</td>' for c in cells)}</tr>")
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    return (
        f'<h2>{escape(report.table_title)}</h2><div class="scroll"><table><thead><tr><td></td>{head}</tr></thead>'
        f'<tbody>{"".join(rows)}</tbody></table></div><p class="quiet">{escape(report.table_note)}</p>'
    )


def _figure(chart: MinutesChart | SidesChart | TrendChart, report: Report, family: str, t: Texts, *, wide: bool) -> str:
    size = (1000.0, 400.0) if wide else (500.0, 330.0)

    def paint(canvas: Canvas) -> None:
        box = (0.0, 0.0, *size)
        if isinstance(chart, MinutesChart):
            draw_minutes(canvas, box, chart, report.language)
        elif isinstance(chart, SidesChart):
            draw_sides(canvas, box, chart)
        else:
            draw_trend(canvas, box, chart, report.language)

    heads, rows = chart_table(chart, t)
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in rows)
    return (
        f'<figure role="group" aria-label="{escape(chart.title)}">{svg(paint, size, family)}<details><summary>'
        f"{escape(t('report.data_table'))}</summary><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        "</details></figure>"
    )


def chart_table(
    chart: MinutesChart | SidesChart | TrendChart, t: Texts
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the numbers of a chart as headings and rows."""
    language = t.language
    if isinstance(chart, MinutesChart):
        series = [(t("word.left"), chart.left), (t("word.right"), chart.right)] if chart.left else []
        series = series or [(chart.unit, chart.both)]
        by_minute: dict[int, list[str]] = {}
        for k, (_, points) in enumerate(series):
            for p in points:
                cells = by_minute.setdefault(int(p.x) + 1, [""] * len(series))
                cells[k] = f"{number(p.value, 2, language)} {chart.unit} {half_width(p.half, 2, language)}".strip()
        heads = (t("report.minute"), *(name for name, _ in series))
        return heads, [(str(minute), *cells) for minute, cells in sorted(by_minute.items())]
    if isinstance(chart, SidesChart):
        return ("", chart.title), [(f"{name} {row.label}", row.text) for name, rows in chart.groups for row in rows]
    return ("", chart.unit, t("report.interval_word"), ""), [
        (p.label, number(p.value, 2, language), half_width(p.half, 2, language), p.why) for p in chart.points
    ]


def svg(paint: Callable[[Canvas], None], size: Sequence[float], family: str) -> str:
    """Return what `paint` paints as an SVG element."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(round(size[0]), round(size[1])))
    generator.setViewBox(QRectF(0.0, 0.0, size[0], size[1]))
    painter = QPainter(generator)
    paint(Canvas(painter, 1.0, LIGHT, family))
    painter.end()
    text = bytes(buffer.data().data()).decode()
    text = _TEXT.sub(lambda found: _of_its_width(found, family), text)
    return text[text.index("<svg") :].replace("<svg ", '<svg aria-hidden="true" ', 1)


def _of_its_width(found: re.Match[str], family: str) -> str:
    """Say how wide a text is: a browser without this font takes another, which would not fit where it was painted."""
    start, size, weight, words = found.groups()
    wide = font(family, int(size), int(weight) > QFont.Weight.Medium)[1].horizontalAdvance(unescape(words))
    return f'{start} textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs">{words}</text>'


def _cue(report: Report) -> str:
    if not report.cue:
        return ""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(f'{v} {i}')}</dd>" for name, v, i in report.cue)
    return f"<h2>{escape(report.cue_title)}</h2><dl>{rows}</dl><p>{escape(report.cue_said)}</p>"


def _events(report: Report) -> str:
    rows = "".join(f"<dt>{escape(time)}</dt><dd>{escape(text)}</dd>" for time, text in report.events)
    return f"<h2>{escape(report.events_title)}</h2><dl>{rows}</dl>"


def _pain(report: Report) -> str:
    cells = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(value) or '<span class=box></span>'}</dd>" for label, value in report.pain
    )
    return (
        f'<h2>{escape(report.pain_title)} <span class="quiet">{escape(report.pain_note)}</span></h2><dl>{cells}</dl>'
        f"<p>{escape(report.pain_advice)}</p>"
    )


def _paragraph(report: Report, t: Texts) -> str:
    title, text = escape(t("report.for_record")), escape(paragraph_of(report))
    return f'<section class="paste"><h2>{title}</h2><p>{text}</p></section>'


def _plan(report: Report) -> str:
    lines = report.plan or ("",) * 3
    return f"<h2>{escape(report.plan_title)}</h2><ol>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ol>"
