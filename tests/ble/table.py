"""The tables of docs/faults.md, from the runs themselves: `python -m tests.ble.table`, with --write into the page."""

from __future__ import annotations

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ble.faults import FAULTS, UNREADABLE, compared, outcome_of

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
BEGIN, END = "<!-- table: python -m tests.ble.table --write -->\n", "<!-- end of table -->\n"
HEAD = [
    "fault",
    "samples lost",
    "counted",
    "packets refused",
    "reconnects",
    "steps affected",
    "of these away from it",
    "largest difference away from it",
]


def row(profile: str, name: str) -> list[str]:
    """One run in words."""
    outcome = outcome_of(profile, name)
    decoder = outcome.decoder
    refused = [
        f"{n} {what}"
        for n, what in ((decoder.duplicates, "twice"), (decoder.late, "late"), (decoder.errors, "damaged"))
        if n
    ]
    if outcome.report.early:
        refused.append(f"{outcome.report.early} before the start")
    if (profile, name) in UNREADABLE:
        return [name, "all", "0", ", ".join(refused), "0", "all", "0", "–"]
    against = compared(profile, name)
    affected = against.affected
    far = sum(not against.is_near_trouble(step) for step in affected)
    return [
        name,
        str(against.lost),
        str(outcome.counted),
        ", ".join(refused) or "0",
        str(outcome.report.reconnects),
        f"{len(affected)} of {len(against.pairs())}",
        str(far),
        difference(*against.largest),
    ]


def difference(load_g: float, contact_ms: float) -> str:
    """Say how much steps that no loss touches differ; rounded up."""
    if load_g == contact_ms == 0.0:
        return "none"
    return f"{math.ceil(load_g * 1000) / 1000:.3f} g, {math.ceil(contact_ms * 10) / 10:.1f} ms"


def table(profile: str) -> list[str]:
    """Markdown lines of one sensor."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    return lines + ["| " + " | ".join(row(profile, fault.name)) + " |" for fault in FAULTS[profile]]


def tables() -> str:
    """All sensors."""
    return "".join(f"\n### {profile}\n\n" + "\n".join(table(profile)) + "\n" for profile in FAULTS) + "\n"


def main() -> None:
    text = tables()
    if "--write" in sys.argv[1:]:
        page = PAGE.read_text("utf-8")
        before, _, rest = page.partition(BEGIN)
        PAGE.write_text(before + BEGIN + text + END + rest.partition(END)[2], "utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
