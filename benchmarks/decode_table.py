"""What decoding costs, for every movement profile.

python -m benchmarks.decode_table [--minutes 5] [--rounds 20] [FORM ...]

On the whole way: codec, order, loss, sample clock; blocks come out. A round is a recording of so many minutes from its
first packet on. Processor time of the fastest round; all forms take turns, so that a clock that wanders meets them all
alike.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Sequence

from benchmarks.test_decode_speed import stream
from imu.acquisition.decode import make_decoder
from tests.test_codec_fuzz import FORMS

_EIGHT = 8


def measure(forms: Sequence[str], rounds: int, seconds: float) -> dict[str, tuple[float, int, int, int]]:
    """Return seconds, packets, notifications and samples of the fastest round of each."""
    streams = {form: stream(form, seconds) for form in forms}
    fastest = dict.fromkeys(forms, float("inf"))
    received = {}
    gc.disable()
    for _ in range(rounds):
        for form, (profile, options, packets) in streams.items():
            before = time.thread_time()
            decoder = make_decoder(profile, options)
            push = decoder.push
            for packet in packets:
                push(packet)
            decoder.flush()
            fastest[form] = min(fastest[form], time.thread_time() - before)
            received[form] = decoder.received
        gc.collect()
    return {
        form: (fastest[form], received[form] // FORMS[form][2], len(streams[form][2]), received[form]) for form in forms
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("forms", nargs="*", default=list(FORMS))
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args(arguments)
    print("| form | samples in a packet | notifications | us per notification | per packet | per 8 samples |")
    print("|---|---|---|---|---|---|")
    for form, (seconds, packets, notifications, samples) in measure(
        given.forms, given.rounds, 60.0 * given.minutes
    ).items():
        us = 1e6 * seconds
        cells = (us / notifications, us / packets, us / samples * _EIGHT)
        sent = notifications / packets
        print(f"| {form} | {samples // packets} | {sent:g} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")


if __name__ == "__main__":
    main()
