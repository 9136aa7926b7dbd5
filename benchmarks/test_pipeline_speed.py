"""Rows 1, 2, 3 and 11: the whole online path per packet, and the detector alone."""

from __future__ import annotations

import numpy as np
from scipy import signal

from benchmarks import peers
from benchmarks.timing import interleave
from imu.acquisition.decode import make_decoder
from imu.acquisition.profiles import get_profile
from imu.acquisition.simulator import PROFILE, Simulation, simulate_packets
from imu.constants import G_MPS2
from imu.events.sacral import filters
from imu.kernels import rows, sacral
from imu.pipeline import Pipeline
from imu.settings import Settings
from imu.types import RawPacket

FS = 208.0
CHUNK = 250
"""Packets per round: some 10 s of running, so every round holds the same number of steps."""


def packets_of(seconds: float) -> list[RawPacket]:
    packets, _ = simulate_packets(Simulation(standing_s=2.0, walking_s=0.0), seconds)
    return packets


class Ours:
    """Decoder and pipeline, with the history that the screen is drawn from."""

    def __init__(self) -> None:
        self.decoder = make_decoder(get_profile(PROFILE))
        self.pipeline = Pipeline(Settings(mounting="+y-x+z", body_mass_kg=72.0), self.decoder.info, history_s=10.0)
        self.steps = 0

    def push(self, packet: RawPacket) -> int:
        for block in self.decoder.push(packet):
            self.steps += len(self.pipeline.push(block))
        return self.steps


def test_whole_path_per_packet(gates, show):
    packets = packets_of(120.0)
    scales = make_decoder(get_profile(PROFILE))._codec.scales
    header = len(packets[0].payload) - 8 * 6 * 2
    made = {
        "ours": Ours(),
        "straight": peers.StraightScipy(FS, scales, header),
        "best": peers.BestScipy(FS, scales, header),
        "copy": peers.CopyOnly(),
    }
    place = dict.fromkeys(made, 0)

    def chunk(name):
        def run():
            at = place[name]
            if at + CHUNK > len(packets):  # the stream begins anew
                if name == "ours":
                    made[name].__init__()
                at = 0
            push = made[name].push
            if name == "ours":
                for packet in packets[at : at + CHUNK]:
                    push(packet)
            else:
                for packet in packets[at : at + CHUNK]:
                    push(packet.payload)
            place[name] = at + CHUNK

        return run

    variants = {name: chunk(name) for name in made}
    both = {name: variants[name] for name in ("ours", "straight")}
    times = {n: t / CHUNK for n, t in interleave(both, rounds=20, warm_up=3, seconds=10.0).items()}
    gates.faster("1", "pipeline: a packet of 8 against straightforward scipy", times, "ours", "straight", 20)
    # The straightforward one takes 20 ms a round and leaves nothing in the caches; the others are measured without it,
    # in many short rounds.
    del variants["straight"]
    times = {n: t / CHUNK for n, t in interleave(variants, rounds=400, warm_up=3, seconds=10.0).items()}
    gates.faster("2", "pipeline: against the best scipy", times, "ours", "best", 3)
    gates.within("3", "pipeline: against a Python method and a copy", times, "ours", "copy", 12)
    show(variants["ours"])


def test_whole_path_finds_the_same_steps_as_scipy():
    """The comparison is about the same work: the peers find as many steps as we do."""
    packets = packets_of(40.0)
    scales = make_decoder(get_profile(PROFILE))._codec.scales
    header = len(packets[0].payload) - 8 * 6 * 2
    ours = Ours()
    others = [peers.StraightScipy(FS, scales, header), peers.BestScipy(FS, scales, header)]
    for packet in packets:
        ours.push(packet)
        for other in others:
            other.push(packet.payload)
    assert ours.steps > 90
    for other in others:
        assert abs(other.peaks - ours.steps) <= 4


def test_detector_alone(gates, show):
    """The running detector on its ring against find_peaks over the newest 2 s, per packet of 8."""
    n = 8
    decoder = make_decoder(get_profile(PROFILE))
    samples = np.concatenate([block.samples for packet in packets_of(60.0) for block in decoder.push(packet)])
    vertical = samples[:, 1]
    designs = filters(FS)
    detect = signal.sosfilt(designs[rows.DET_IS].sos, vertical)
    capacity = len(detect)
    sig = np.zeros((rows.N_ROWS, 2 * capacity))
    for row in (rows.IS, *designs):
        source = {rows.DET_ML: -samples[:, 0], rows.DET_PA: samples[:, 2]}.get(row, vertical)
        filtered = source if row == rows.IS else signal.sosfilt(designs[row].sos, source)
        sig[row, :capacity] = sig[row, capacity:] = filtered
    from imu.events.sacral import SacralParams, pack

    params = pack(SacralParams(), FS, forward_known=True)
    istate, fstate = np.zeros(sacral.N_ISTATE, np.int64), np.zeros(sacral.N_FSTATE)
    out, live = np.zeros((128, sacral.N_ROW)), np.zeros((512, sacral.N_LIVE))
    sacral.sacral_reset(istate, fstate, params)
    first = int(4 * FS)
    place = {"ours": 0, "peaks": first}
    found = 0

    def ours():
        nonlocal found
        events = sacral.sacral_events
        at = place["ours"]
        if at + CHUNK * n > capacity:
            at = 0
            sacral.sacral_reset(istate, fstate, params)
        for _ in range(CHUNK):
            found += events(sig, at, n, params, istate, fstate, out, live)[0]
            at += n
        place["ours"] = at

    def find_peaks():
        at = place["peaks"]
        if at + CHUNK * n > capacity:
            at = first
        back, apart = int(2 * FS), int(0.25 * FS)
        for _ in range(CHUNK):
            signal.find_peaks(detect[at - back : at], height=1.5 * G_MPS2, distance=apart)
            at += n
        place["peaks"] = at

    times = {name: t / CHUNK for name, t in interleave({"ours": ours, "find_peaks": find_peaks}).items()}
    assert found > 100
    gates.faster("11", "detector: a packet of 8 against find_peaks over 2 s", times, "ours", "find_peaks", 15)
    show(ours)
