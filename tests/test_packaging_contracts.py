"""Each import contract of pyproject.toml holds, and each one bites when its rule is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("imu", "firmware_profiles", "gui")

# contract -> (module that breaks it, the line that does)
OFFENCES = [
    ("packages", "imu/dsp/offence.py", "import gui"),
    ("packages", "firmware_profiles/offence.py", "import imu.constants"),
    ("engine", "imu/constants.py", "import imu.types"),
    ("engine", "imu/kernels/offence.py", "import imu.dsp"),
    ("engine", "imu/store/offence.py", "import imu.acquisition"),
    ("engine", "imu/acquisition/offence.py", "import imu.store"),
    ("engine", "imu/errors.py", "import imu.constants"),
    ("engine", "imu/not_in_the_layers.py", ""),
    ("numba", "imu/kernels/offence.py", "def late():\n    import numba"),
    ("numba", "gui/offence.py", "import numba"),
    ("bleak", "imu/store/offence.py", "import bleak"),
    ("bleak", "gui/offence.py", "import bleak"),
    ("bumble", "imu/acquisition/offence.py", "import bumble"),
    ("qt", "imu/dsp/offence.py", "import PySide6.QtCore"),
    ("qt", "gui/viewmodel.py", "import pyqtgraph"),
    ("facade", "gui/offence.py", "import imu.kernels"),
    ("facade", "gui/views/offence.py", "from imu.store import anything"),
    ("profiles", "imu/store/offence.py", "import firmware_profiles"),
    ("profiles", "gui/offence.py", "import firmware_profiles"),
    ("profiles-lowest", "firmware_profiles/offence.py", "import bleak"),
    ("decoders", "imu/acquisition/decode_readings.py", "import imu.acquisition.decode_quick"),
    ("codecs", "firmware_profiles/codecs/offence.py", "import firmware_profiles.codecs.second_offence"),
]


def contracts() -> dict[str, str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {c["id"]: c["name"] for c in settings["contracts"]}


def lint(root: Path, *names: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c()"
    chosen = [word for name in names for word in ("--contract", name)]
    command = [sys.executable, "-c", code, "pyproject.toml", "--no-cache", "--no-logo", *chosen]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the sources that may be spoilt."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=lambda _, names: [n for n in names if "pycache" in n]
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_all_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_an_offence_below() -> None:
    assert {contract for contract, _, _ in OFFENCES} == set(contracts())


@pytest.mark.parametrize(("contract", "module", "line"), OFFENCES)
def test_a_contract_bites(tree: Path, contract: str, module: str, line: str) -> None:
    path = tree / module
    kept = path.read_text() if path.exists() else ""
    path.write_text(f"{kept}\n{line}\n")
    if contract == "codecs":
        path.with_name("second_offence.py").write_text("")
    done = lint(tree, contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout, done.stdout
