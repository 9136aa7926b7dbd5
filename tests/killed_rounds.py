"""Driver of the kill -9 test: forks recorders into one library and kills each at a random moment.

Usage: killed_rounds.py LIBRARY ROUNDS SEED. Prints a JSON list with, per round, the number of packets that had been
handed over one second before the kill, and at the kill.
"""

import json
import os
import random
import signal
import struct
import sys
import time
from pathlib import Path

from imu.acquisition.profiles import get_profile_text
from imu.acquisition.simulator import PacketStream, Simulation
from imu.api import Library
from imu.settings import Settings
from imu.store.fresh import StreamHeader
from imu.store.packing import Shape
from imu.store.writer import SessionWriter
from imu.types import StreamInfo

RATE_HZ = 1000.0
SIDE_BY_SIDE = 10
PIECE = struct.Struct("<qd")


def header(number):
    info = StreamInfo(sampling_rate_hz=RATE_HZ, acc_range_g=16.0, name=f"round {number}")
    return StreamHeader(info, "open_packet", get_profile_text("open_packet"), {"rate_hz": 1000}, Shape(8, 6))


def child(path, number, pipe):
    """Record in real time until killed, saying after each packet that it was handed over, and when."""
    library = Library.open(path)
    target = library.record()
    writer = SessionWriter(target.path, Settings(speed_mps=3.0), header(number), library=target)
    start = time.monotonic()
    for n, packet in enumerate(PacketStream(Simulation(sampling_rate_hz=RATE_HZ, seed=number)), 1):
        ahead = packet.t_arrival_ns / 1e9 - (time.monotonic() - start)
        if ahead > 0:
            time.sleep(ahead)
        writer.append(packet)
        os.write(pipe, PIECE.pack(n, time.monotonic()))


def one_round(path, number):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            child(path, number, writing)
        finally:
            os._exit(1)
    os.close(writing)
    return pid, reading


def main(path, rounds, seed):
    rng = random.Random(seed)
    out = []
    for first in range(0, rounds, SIDE_BY_SIDE):
        running = [one_round(path, n) for n in range(first, min(first + SIDE_BY_SIDE, rounds))]
        begun = time.monotonic()
        ends = sorted((begun + rng.uniform(0.05, 1.6), pid, pipe) for pid, pipe in running)
        data = {}
        for end, pid, pipe in ends:
            time.sleep(max(0.0, end - time.monotonic()))
            killed = time.monotonic()
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            with os.fdopen(pipe, "rb") as file:
                said = list(PIECE.iter_unpack(file.read()))
            data[pid] = (sum(t <= killed - 1.0 for _, t in said), len(said))
        out += [data[pid] for pid, _ in running]
    print(json.dumps(out))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
