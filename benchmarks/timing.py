"""Measure variants side by side in shuffled rounds: a clock that wanders meets all of them alike."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

Times = dict[str, npt.NDArray[np.float64]]


def interleave(
    variants: Mapping[str, Callable[[], object]], *, rounds: int = 40, warm_up: int = 2, seconds: float = 20.0
) -> Times:
    """Call every variant once per round, in shuffled order.

    Parameters
    ----------
    variants : mapping of name to callable
        Each call should last some 0.1 ms or more: repeat short work inside.
    rounds : int
        At most; fewer (but at least 5) when `seconds` have passed.
    warm_up : int
        Calls before anything is measured (compilation, caches).

    Returns
    -------
    dict of name to ndarray
        Seconds of each round.
    """
    for call in variants.values():
        for _ in range(warm_up):
            call()
    order = list(variants)
    rng = random.Random(1)
    measured: dict[str, list[float]] = {name: [] for name in variants}
    end = time.perf_counter() + seconds
    collecting = gc.isenabled()
    gc.disable()
    try:
        for k in range(rounds):
            if k >= 5 and time.perf_counter() > end:
                break
            rng.shuffle(order)
            for name in order:
                start = time.perf_counter()
                variants[name]()
                measured[name].append(time.perf_counter() - start)
    finally:
        if collecting:
            gc.enable()
    return {name: np.array(values) for name, values in measured.items()}


def ratio(times: Times, over: str, under: str) -> tuple[float, float]:
    """Ratio of the fastest rounds, and the median of the rounds' ratios."""
    a, b = times[over], times[under]
    return float(a.min() / b.min()), float(np.median(a / b))
