"""Ctrl-C while something is loaded: the command line ends in words, and Qt's modules are loaded as a whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import imu
from imu.cli.qt import load
from imu.errors import ImuError


@pytest.mark.skipif(sys.platform == "win32", reason="a process there cannot send itself Ctrl-C")
def test_an_interrupt_waits_until_the_module_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_to_load.py").write_text(
        f"import os\nos.kill(os.getpid(), {signal.SIGINT.value})\nfor _ in range(1000):\n    pass\nis_whole = True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(os.environ, "QT_QPA_PLATFORM", "offscreen")
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        load("slow_to_load", window=False)
    assert sys.modules.pop("slow_to_load").is_whole
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(ImuError, match="cannot be loaded"):
        load("no_such_module_of_the_dashboard", window=False)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(sys.platform == "win32", reason="a process there cannot send itself Ctrl-C")
def test_an_interrupt_while_the_command_line_is_loaded_ends_in_words(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text(f"import os\nos.kill(os.getpid(), {signal.SIGINT.value})\n")
    paths = os.pathsep.join([str(tmp_path), str(Path(imu.__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-m", "imu", "profiles", "list"],
        env=os.environ | {"PYTHONPATH": paths}, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")
