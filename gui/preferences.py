"""What the dashboard remembers between runs: language, theme, units, feedback line, practice. Nothing of clients."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QSettings


class Preferences(Protocol):
    """Remembered words by name."""

    def get(self, name: str) -> str | None:
        """Return what was remembered, or None."""

    def put(self, name: str, value: str) -> None:
        """Remember."""


class StoredPreferences:
    """In the settings of the user's account."""

    def __init__(self) -> None:
        self._settings = QSettings("stride-impact", "dashboard")

    def get(self, name: str) -> str | None:
        """Return what was remembered, or None."""
        value = self._settings.value(name)
        return value if isinstance(value, str) else None

    def put(self, name: str, value: str) -> None:
        """Remember."""
        self._settings.setValue(name, value)


class MemoryPreferences:
    """For one run only: tests, pictures."""

    def __init__(self, **start: str) -> None:
        self.values = dict(start)

    def get(self, name: str) -> str | None:
        """Return what was remembered, or None."""
        return self.values.get(name)

    def put(self, name: str, value: str) -> None:
        """Remember."""
        self.values[name] = value
