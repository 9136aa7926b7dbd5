"""What is installed and shipped: the wheel's content, the pins, the console scripts, who owns the import names."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"imu", "firmware_profiles", "gui"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MACHINES = [
    {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.1", "sys_platform": system}
    | {"platform_machine": machine, "platform_python_implementation": "CPython", "extra": ""}
    for minor in (11, 12, 13, 14)
    for system, machine in [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")]
]


def pins() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def required() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    named = [*PROJECT["dependencies"], *(name for extra in extras for name in extra)]
    return [r for r in map(Requirement, named) if r.name != PROJECT["name"]]


def applies(requirement: Requirement, machine: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(machine)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: f"{m['python_version']}-{m['sys_platform']}")
def test_every_requirement_has_exactly_one_pin_that_satisfies_it(machine: dict[str, str]) -> None:
    for requirement in required():
        if applies(requirement, machine):
            name = re.sub(r"[-_.]+", "-", requirement.name).lower()  # as the index writes it
            found = [pin for pin in pins() if pin.name == name and applies(pin, machine)]
            assert len(found) == 1, f"{name}: {[str(pin) for pin in found]}; run `make constraints`"
            (version,) = (s.version for s in found[0].specifier)
            assert requirement.specifier.contains(version), f"{found[0]} against {requirement}; run `make constraints`"


def test_pins_hold_names_versions_and_markers_only() -> None:
    text = (ROOT / "constraints.txt").read_text()
    assert not re.search(r"https?:|file:|--|@|/", text)
    assert all(len(pin.specifier) == 1 and next(iter(pin.specifier)).operator == "==" for pin in pins())


def test_python_3_11_never_gets_the_qt_that_kills_it() -> None:
    """PySide6 6.12.0 loses a reference to None with each setter call there."""
    machine = next(m for m in MACHINES if m["python_version"] == "3.11")
    requirement = next(r for r in required() if r.name == "pyside6-essentials" and applies(r, machine))
    assert not requirement.specifier.contains("6.12.0")
    assert requirement.specifier.contains("6.11.3")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_the_three_packages_and_nothing_else(wheel_names: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES
    assert not [name for name in wheel_names if "__pycache__" in name or "test" in Path(name).name]


def test_the_wheel_holds_every_module_and_data_file_of_the_packages(wheel_names: list[str]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", *sorted(PACKAGES)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git clone: what belongs to the packages is not known")
    present = {name for name in listed.stdout.split() if (ROOT / name).exists()}
    assert present - set(wheel_names) == set()
    assert any(name.endswith("/LICENSE") for name in wheel_names)


def test_console_scripts_name_functions_of_this_project() -> None:
    scripts = PROJECT["scripts"] | PROJECT["gui-scripts"]
    for name, target in scripts.items():
        module, function = target.split(":")
        source = ROOT / (module.replace(".", "/") + ".py")
        package = ROOT / module.replace(".", "/") / "__init__.py"
        text = (source if source.exists() else package).read_text()
        assert re.search(rf"^(def {function}\(|{function} = |from .* import .*\b{function}\b)", text, re.M), name


def installed_here() -> bool:
    return any(point.name == "stride" for point in entry_points(group="console_scripts"))


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_no_other_distribution_owns_our_import_names(name: str) -> None:
    if not installed_here():
        pytest.skip("the project is not installed in this environment")
    assert set(packages_distributions().get(name, [PROJECT["name"]])) == {PROJECT["name"]}
