"""Small synthetic recordings in the documented NPZ form, written by the tests themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

G = 9.80665


def running(seconds: float = 12.0, rate: float = 100.0, step_s: float = 0.36, stand_s: float = 0.0) -> np.ndarray:
    """Vertical, lateral and fore-aft acceleration at the pelvis: half-sine stances, flight at 0 g; mean 1 g."""
    t = np.arange(round(seconds * rate)) / rate
    phase = np.mod(t - stand_s, step_s)
    contact = 0.24
    up = np.where(phase < contact, np.pi / 2 * step_s / contact * np.sin(np.pi * phase / contact), 0.0)
    fore = np.where(phase < contact, -0.3 * np.cos(np.pi * phase / contact), 0.0)
    side = 0.1 * np.sin(np.pi * (t - stand_s) / step_s)
    still = t < stand_s
    up[still], fore[still], side[still] = 1.0, 0.0, 0.0
    wobble = np.random.default_rng(0).normal(0.0, 0.02, (len(t), 3))
    return (np.stack([up, side, fore], axis=1) + wobble) * G


def write(path: Path, acc: np.ndarray | None = None, *, rate: float = 100.0, meta: Any = None, **arrays: Any) -> Path:
    """Write a recording; `meta` may be a dict or any text; other arrays as they are, None leaves one out."""
    acc = running(rate=rate) if acc is None else acc
    content: dict[str, Any] = {"t": np.arange(len(acc)) / rate, "acc": acc}
    if meta is not None:
        content["meta"] = np.array(meta if isinstance(meta, str) else json.dumps(meta))
    content.update(arrays)
    np.savez(path, **{k: v for k, v in content.items() if v is not None})
    return path


def contacts(seconds: float = 12.0, step_s: float = 0.36) -> np.ndarray:
    """Contacts of `running`."""
    return np.arange(0.0, seconds - step_s, step_s)
