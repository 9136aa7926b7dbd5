"""What every test shares: no display, nothing of the user's own folders, and the way to the real recordings."""

from __future__ import annotations

import gc
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples at every run, so that a red gate means a change; STRIDE_FUZZ=1 draws new ones. No deadline: the
# first call of a kernel compiles it.
settings.register_profile("steady", deadline=None, derandomize=not os.environ.get("STRIDE_FUZZ"))
settings.load_profile("steady")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Settings and sessions of the person who runs the tests are neither read nor written. The kernel cache stays where it
# is: compiling anew would take longer than the tests.
_OWN_FOLDERS = tempfile.TemporaryDirectory(prefix="stride-tests-")
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = str(Path(_OWN_FOLDERS.name) / _name)

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("STRIDE_DATA") or ROOT.parent / "shared" / "data")

LONG_FILES = {
    "test_gui_window.py",
    "test_gui_viewmodel.py",
    "test_simulator.py",
    "test_store.py",
    "test_library_crash.py",
    "test_demo.py",
    "test_faults.py",
    "test_link.py",
    "test_live.py",
    "test_bluez.py",
    "test_loss.py",
    "test_gui_states.py",
    "test_cli.py",
    "test_decode_quick.py",
    "test_sacral.py",
}
"""Files that take more than 8 s."""


def _require_data() -> Path:
    if not (DATA / "README.md").is_file():
        pytest.skip(f"the real recordings are not at {DATA} (set STRIDE_DATA)")
    return DATA


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`@pytest.mark.needs_data`: skip where the recordings are absent."""
    if item.get_closest_marker("needs_data"):
        _require_data()


def pytest_configure(config: pytest.Config) -> None:
    """Compile the kernels once, before the processes start that would each compile them for itself."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        from imu.api.warm import compile_once
        from imu.types import Place

        with ThreadPoolExecutor() as together:
            list(together.map(compile_once, (Place.SACRUM, Place.FOOT)))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no process is left with one at the end; otherwise in random order."""
    items.sort(key=lambda item: item.path.name not in LONG_FILES)


def pytest_collection_finish() -> None:
    """Set aside what stays: going over all modules and tests again and again is a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def stride_data() -> Path:
    """Folder of the real recordings."""
    return _require_data()


def _skipped_in_ci(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter and os.environ.get("CI") == "true" else 0


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI everything is there, so a skipped test is a failure: nothing goes untested unnoticed."""
    if session.exitstatus == pytest.ExitCode.OK and _skipped_in_ci(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say why the run fails."""
    if count := _skipped_in_ci(config):
        terminalreporter.write_line(f"{count} skipped: CI does not allow that (reasons below)", red=True)
