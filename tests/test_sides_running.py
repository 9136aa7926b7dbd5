"""Left and right of running steps, told or found, through the whole pipeline."""

import pytest

from benchmarks import sides


@pytest.mark.parametrize(
    ("case", "most_known"),
    [
        ("145 steps/min", False),  # votes are weak there
        ("205 steps/min", True),
        ("20° backward", True),
        ("40° about the vertical", True),
        ("noise 0.3 g, 10°/s", True),
    ],
)
@pytest.mark.parametrize("told", [True, False])
def test_of_the_sides_given_99_of_100_are_right(
    case: str, most_known: bool, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sides, "RUN_S", 30.0)
    right, wrong, unknown = sides.counted(case, 7001, told)
    assert wrong <= 0.01 * (right + wrong)
    assert right + unknown > 60
    if most_known:
        assert unknown <= 0.1 * right


def test_without_a_gyroscope_only_what_was_told_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sides, "RUN_S", 30.0)
    right, wrong, _ = sides.counted("no gyroscope", 7001, True)
    assert right > 50
    assert wrong == 0
    assert sides.counted("no gyroscope", 7001, False)[:2] == (0, 0)


def test_the_table_has_a_row_for_each_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sides, "counted", lambda case, seed, told: (8, 2, 10) if told else (0, 0, 20))
    rows = sides.table(3).splitlines()[2:]
    assert len(rows) == len(sides.CASES)
    assert rows[0].endswith("| 60 | 80.00 %, 50.0 % | –, 100.0 % | 0 of 6 |")
