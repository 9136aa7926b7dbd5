"""The report as one paragraph of plain text, to paste into a patient record that takes no file."""

from __future__ import annotations

from gui.i18n import Texts
from gui.reports.shown import Cell, Group, Report


def paragraph_of(report: Report) -> str:
    """Return title, conditions, warnings, numbers per speed, cue, pain, plan and purpose as one line of text.

    What is not known is left out. No-break spaces become plain ones, and the star of an estimate a word: footnotes and
    typography do not survive pasting.
    """
    t = Texts(report.language)
    pain = ", ".join(f"{label} {value}" for label, value in report.pain if value)
    plan = " ".join(_sentence(line) for line in report.plan if line)
    cue = ", ".join(f"{name} {value} {interval}".rstrip() for name, value, interval in report.cue)
    parts = [
        _sentence(", ".join(text for text in (f"{report.title} {report.client}".strip(), report.date) if text)),
        _sentence(report.practice),
        _sentence(report.conditions.replace(" · ", ", ")),
        *(_sentence(text) for text in report.warnings),
        _sentence(report.sentence),
        _sentence(report.sentence_note),
        *(_group(group, t) for group in report.groups),
        f"{report.cue_title}: {_sentence(cue)} {_sentence(report.cue_said)}".strip() if cue else "",
        f"{report.pain_title}: {pain}." if pain else "",
        f"{report.plan_title}: {plan}" if plan else "",
        _sentence(report.purpose),
    ]
    text = " ".join(part for part in parts if part)
    return " ".join(text.replace("\u00a0", " ").replace(" *", f" ({t('report.estimated')})").split())


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".?!" else f"{text}."


def _group(group: Group, t: Texts) -> str:
    rows = "; ".join(_row(row, t) for row in group.rows)
    return f"{group.title} ({group.note.replace(' · ', ', ')}): {rows}."


def _row(row: Cell, t: Texts) -> str:
    out = f"{row.name} {row.value} {row.interval}".rstrip()
    more = [
        f"{t(f'report.col_{name}')} {text}"
        for name, text in (
            ("difference", f"{row.difference} {row.difference_interval}".strip()),
            ("usual", row.usual),
            ("change", row.change),
            ("error", row.error),
            ("verdict", row.verdict),
        )
        if text
    ]
    return f"{out} ({', '.join(more)})" if more else out
