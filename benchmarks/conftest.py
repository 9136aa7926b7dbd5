"""One table of gates for the whole run, printed at the end and written to out/."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.gates import Gates

OUT = Path(__file__).resolve().parent.parent / "out"
_GATES = pytest.StashKey[Gates]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--strict-gates", action="store_true", help="end with an error when a gate was missed")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_GATES] = Gates()


@pytest.fixture
def gates(request: pytest.FixtureRequest) -> Iterator[Gates]:
    """Collect gates; those of this test are printed as soon as it ends."""
    collected = request.config.stash[_GATES]
    before = len(collected.all)
    yield collected
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    for gate in collected.all[before:]:
        reporter.ensure_newline()
        reporter.write_line(gate.line())


@pytest.fixture
def show(benchmark) -> Callable[..., None]:  # type: ignore[no-untyped-def]
    """Put ours into pytest-benchmark's own table too (a few rounds; the ratios come from the interleaved ones)."""

    def run(call: Callable[[], object], rounds: int = 5) -> None:
        benchmark.pedantic(call, rounds=rounds, iterations=1, warmup_rounds=1)

    return run


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:  # type: ignore[no-untyped-def]
    gates = config.stash[_GATES]
    if not gates.all:
        return
    terminalreporter.section("gates: ratios measured in this run")
    for line in gates.table():
        terminalreporter.write_line(line)
    counts = {v: sum(g.verdict == v for g in gates.all) for v in ("met", "MISSED", "shown", "skipped")}
    terminalreporter.write_line(", ".join(f"{n} {word}" for word, n in counts.items()))
    for path in gates.write(OUT):
        terminalreporter.write_line(f"written to out/{path.name}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    missed = any(g.verdict == "MISSED" for g in session.config.stash[_GATES].all)
    if missed and session.config.getoption("--strict-gates"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
