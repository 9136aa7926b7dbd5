"""The documents name what exists: links, commands, words, mountings, contracts."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from imu.cli import app, main
from imu.dsp import design
from imu.frames import mounting_names
from imu.types import Quality, Step

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.M | re.S)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://"), target
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(linked), f"{page.name}: {target}"


def test_every_page_of_docs_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        local = [t.partition("#")[0] for t in LINK.findall(page.read_text(encoding="utf-8")) if ":" not in t]
        for name in local:
            linked = (page.parent / name).resolve()
            waiting.append(linked / "README.md" if linked.is_dir() else linked)
    assert set(PAGES) - reached == set()


def options_of(command: Any) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def flat(group: Any, prefix: str = "") -> dict[str, Any]:
    """Commands by name, those of a group as `group command`."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        found |= flat(command, f"{name} ") if hasattr(command, "commands") else {prefix + name: command}
    return found


@pytest.fixture(scope="module")
def commands() -> dict[str, Any]:
    return flat(get_command(app))


def test_every_command_and_option_has_help_and_a_place_in_the_docs(commands: dict[str, Any]) -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    for name, command in commands.items():
        assert (command.help or "").strip(), f"stride {name} has no help"
        section = re.search(rf"^## `stride {name}\b.*?(?=^## |\Z)", text, re.M | re.S)
        assert section, f"docs/cli.md has no section '## `stride {name}'"
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option != "--help":
                    assert getattr(parameter, "help", None), f"stride {name} {option} has no help"
                    assert f"`{option}" in section.group(), f"docs/cli.md: stride {name} {option} is missing"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_code_blocks_exist(page: Path, commands: dict[str, Any]) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            words = (
                shlex.split(line.removeprefix("$ "), comments=True)
                if re.match(r"(\$ )?(\S*/)?(stride|make) ", line)
                else []
            )
            if not words:
                continue
            if words[0] == "make":
                assert words[1] in targets, f"{page.name}: {line}"
            elif words[1] != "--help":
                name = next((n for n in (words[1], " ".join(words[1:3])) if n in commands), None)
                assert name, f"{page.name}: {line}"
                given = {word.partition("=")[0] for word in words if word.startswith("--")}
                assert given <= options_of(commands[name]) | {"--help"}, f"{page.name}: {line}"


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", readme, re.M | re.S)
    (name,) = re.findall(r"\w+\.stride", code)
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--headless", "--seconds", "12", "--out", name]) == 0
    capsys.readouterr()
    exec(compile(code, "README.md", "exec"), {})
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert len(rows) > 10
    assert {"LEFT", "RIGHT"} <= {row[1] for row in rows}


def test_the_example_of_the_readme_looks_like_what_is_printed(tmp_path: Path, capsys: Any) -> None:
    """Line by line the same but for sides and, a little, the numbers, which may differ by machine."""

    def form(line: str) -> str:
        return " ".join(re.sub(r"[+-]?\d+(\.\d+)?| left | right ", " # ", line).split())

    def numbers(line: str) -> list[float]:
        return [float(number) for number in re.findall(r"[+-]?\d+(?:\.\d+)?", line)]

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = next(block for block in BLOCK.findall(readme) if block.startswith("$ stride demo"))
    command, *shown = block.splitlines()
    arguments = shlex.split(command)[2:]
    arguments[arguments.index("run.stride")] = str(tmp_path / "run.stride")
    assert main(arguments) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(shown) > 15
    assert {form(line) for line in shown} - {form(line) for line in printed} - {"..."} == set()
    now = {form(line): numbers(line) for line in printed}
    for line in (line for line in shown if "+-" in line):
        assert numbers(line) == pytest.approx(now[form(line)], rel=0.1, abs=0.15), line


def test_make_help_lists_every_target_with_a_purpose() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split())  # type: ignore[index]
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M))
    assert phony == described


def test_every_field_and_flag_of_a_step_is_in_the_words() -> None:
    text = (DOCS / "units.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(\w+)`", text))
    plain = {"index", "activity", "quality", "tc_latency_s", "load_latency_s"}  # said by their unit or type
    assert {field.name for field in fields(Step)} - plain - documented == set()
    assert {flag.name.lower() for flag in Quality if flag} - documented == set()  # type: ignore[union-attr]


def test_the_words_exist_in_the_code() -> None:
    text = (DOCS / "units.md").read_text(encoding="utf-8")
    files = [path for package in ("imu", "firmware_profiles") for path in (ROOT / package).rglob("*.py")]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in files)
    words = set(re.findall(r"`([a-z]\w+)`", text)) - {"null"}
    assert {word for word in words if not re.search(rf"\b{word}\b", sources, re.I)} == set()


def test_the_mountings_are_the_24_of_the_code() -> None:
    text = (DOCS / "frames.md").read_text(encoding="utf-8")
    table = text[text.index("| up |") : text.index("To find yours")]
    assert sorted(re.findall(r"`([+-][xyz][+-][xyz][+-][xyz])`", table)) == sorted(mounting_names())


def test_the_filter_delays_are_those_of_the_code() -> None:
    text = (DOCS / "latency.md").read_text(encoding="utf-8")
    rates = [float(rate) for rate in re.findall(r"at (\d+) Hz \|", re.search(r"^\| filter .*$", text, re.M)[0])]  # type: ignore[index]
    rows = re.findall(r"^\| `(\w+_HZ)` \|[^|]*\| (\d+) Hz \|(.*)\|$", text, re.M)
    assert len(rows) == 4
    assert len(rates) == 3
    for name, cutoff, delays in rows:
        assert getattr(design, name) == float(cutoff)
        computed = [f"{1000 * design.low_pass(float(cutoff), rate).delay_s:.1f}" for rate in rates]
        assert delays.replace(" ", "").split("|") == computed, name


def test_every_gate_of_ci_is_described() -> None:
    gates = re.search(r"^for gate in (.*); do$", (ROOT / ".ci" / "run").read_text(), re.M)
    assert gates
    text = (DOCS / "development.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| `make (\w+)`", text, re.M)
    assert [name for name in gates[1].split() if name != "setup"] == [gate for gate, _ in rows]
    assert all(gate == target for gate, target in rows)


def test_every_contract_is_described() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert {c["id"] for c in settings["contracts"]} - set(re.findall(r"`([\w-]+)`", text)) == set()


def sentences(path: Path) -> list[str]:
    """Texts of a module; what is filled in stands as a dash."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(v.value) if isinstance(v, ast.Constant) else "-" for v in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


def test_every_failure_on_the_page_on_bluetooth_is_said_by_the_program() -> None:
    text = (DOCS / "bluetooth.md").read_text(encoding="utf-8")
    table = re.search(r"^## What each failure means\n(.*?)^## ", text, re.M | re.S)
    assert table
    rows = re.findall(r"^\| (.+?) \|", table[1], re.M)[1:]
    assert len(rows) > 15
    said = [
        s for part in ("acquisition", "api", "cli") for p in (ROOT / "imu" / part).rglob("*.py") for s in sentences(p)
    ]
    for row in rows:
        for piece in re.split(r"'?NAME'?|\.\.\.|;", row):
            words = piece.strip(" ,.")
            assert not words or any(words in sentence for sentence in said), words


AVOIDED = r"injury risk|overload detected|\bunsafe\b|abnormal|pathological|healthy limit|disc load"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_speaks_of_health_verdicts(page: Path) -> None:
    """The intended purpose is movement; these words would claim more."""
    assert not re.findall(AVOIDED, page.read_text(encoding="utf-8"), re.I)
