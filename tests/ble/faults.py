"""What can go wrong between a sensor and the computer; used by the tests and by the table in docs/faults.md."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable

from ble.outcome import Against, Fault, Outcome, Script, run, undisturbed

from imu.acquisition.virtual.world import World

TROUBLE_S = 8.0

Change = Callable[[bytes], list[tuple[float, bytes]]]
"""A notification -> what arrives instead: (seconds later, value) each."""


def at(times_s: list[float], change: Change) -> Script:
    """Do something to the first notification after each of these times; the same time twice means the next one."""

    async def script(world: World) -> None:
        loop = asyncio.get_running_loop()
        due = list(times_s)

        def mangle(_: int, value: bytes) -> list[tuple[float, bytes]]:
            if due and loop.time() >= due[0]:
                due.pop(0)
                return change(value)
            return [(0.0, value)]

        world.sensors[0].weather.mangle = mangle

    return script


def flipped(byte: int, bit: int) -> Change:
    """A bit of the part that says where the packet belongs."""
    return lambda value: [(0.0, value[:byte] + bytes([value[byte] ^ 1 << bit]) + value[byte + 1 :])]


async def bunch(world: World) -> None:
    """Twelve notifications at a time."""
    held: list[bytes] = []

    def mangle(_: int, value: bytes) -> list[tuple[float, bytes]]:
        held.append(value)
        if len(held) < 12:
            return []
        out = [(0.0, v) for v in held]
        held.clear()
        return out

    await asyncio.sleep(5.0)
    world.sensors[0].weather.mangle = mangle


async def slower_interval(world: World) -> None:
    """As slow as a phone that saves its battery, and the sensor still gets rid of all."""
    await asyncio.sleep(5.0)
    world.sensors[0].weather.interval_s = 0.1
    await asyncio.sleep(4.0)
    world.sensors[0].weather.interval_s = 0.03


async def slow_interval(world: World) -> None:
    """Slow, then slower than the sensor sends, then quick again."""
    await asyncio.sleep(5.0)
    world.sensors[0].weather.interval_s = 0.1
    await asyncio.sleep(2.0)
    world.sensors[0].weather.interval_s = 0.9
    await asyncio.sleep(3.0)
    world.sensors[0].weather.interval_s = 0.03


async def drop_link(world: World) -> None:
    await asyncio.sleep(TROUBLE_S)
    await world.sensors[0].peripheral.drop()


async def drop_link_in_mid_packet(world: World) -> None:
    """Half a packet arrives, then nothing."""
    cut = False

    def mangle(_: int, value: bytes) -> list[tuple[float, bytes]]:
        nonlocal cut
        if cut:
            return []
        cut = True
        return [(0.0, value[: len(value) // 2])]

    await asyncio.sleep(TROUBLE_S)
    world.sensors[0].weather.mangle = mangle
    while not cut:
        await asyncio.sleep(0.001)
    await world.sensors[0].peripheral.drop()
    world.sensors[0].weather.mangle = None


async def drop_twice(world: World) -> None:
    await asyncio.sleep(TROUBLE_S - 2.0)
    await world.sensors[0].peripheral.drop()
    await asyncio.sleep(3.0)
    await world.sensors[0].peripheral.drop()


async def out_of_range(world: World) -> None:
    await asyncio.sleep(6.0)
    world.sensors[0].leave_range()
    await asyncio.sleep(3.0)
    world.sensors[0].return_to_range()


async def freeze(world: World) -> None:
    await asyncio.sleep(TROUBLE_S)
    world.sensors[0].firmware.frozen = True
    await asyncio.sleep(1.5)
    world.sensors[0].firmware.frozen = False


async def fall_silent(world: World) -> None:
    await asyncio.sleep(5.0)
    world.sensors[0].firmware.hung = True
    await asyncio.sleep(11.0)
    world.sensors[0].firmware.hung = False


async def go_deaf(world: World) -> None:
    world.sensors[0].peripheral.deaf = True


LOST = Fault("4 notifications lost", at([7.0, TROUBLE_S, TROUBLE_S, TROUBLE_S], lambda _: []))
DOUBLED = Fault("20 notifications twice", at([7.5] * 20, lambda value: [(0.0, value)] * 2))
LATE = Fault("a notification overtaken by the next ones", at([7.5], lambda value: [(0.25, value)]))
BUNCHED = Fault("twelve notifications at a time", bunch)
SLOWER = Fault("connection interval of 0.1 s", slower_interval)
SLOW = Fault("connection interval of 0.1 and 0.9 s", slow_interval)
SMALL = Fault("MTU of 23 bytes", max_mtu=23)
CUT = Fault("a notification cut short", at([7.5], lambda value: [(0.0, value[: len(value) // 2])]))
DROPPED = Fault("link lost, found again", drop_link)
MID_PACKET = Fault("link lost in mid-packet", drop_link_in_mid_packet)
TWICE = Fault("link lost twice", drop_twice)
AWAY = Fault("out of range for 3 s", out_of_range)
SILENT = Fault("connected but silent for 11 s", fall_silent, duration_s=22.0)
FROZEN = Fault("frozen for 1.5 s", freeze, nonsense_s=(TROUBLE_S, TROUBLE_S + 2.0))
UNASKED = Fault("streams before it is started", firmware={"streams_unasked": True}, interval_s=0.03)
FAST_CLOCK = Fault("its clock is 200 ppm fast", firmware={"ppm": 200.0})


HEADER = "a bit flipped in the header"


def bit(byte: int, number: int) -> Fault:
    return Fault(HEADER, at([7.5], flipped(byte, number)))


def rollover(first_tick: int) -> Fault:
    return Fault("device time rolls over", firmware={"first_tick": first_tick})


EVERYWHERE = [LOST, DOUBLED, LATE, BUNCHED, SLOWER, SLOW, SMALL, CUT, DROPPED, MID_PACKET, TWICE, FROZEN, FAST_CLOCK]

FAULTS: dict[str, list[Fault]] = {
    "open_packet": [*EVERYWHERE, bit(3, 4), AWAY, SILENT, UNASKED, rollover(2**32 - 8_000_000)],
    "movesense": [*EVERYWHERE, bit(4, 4), rollover(2**32 - 8_000)],
    "polar_h10": [*EVERYWHERE, bit(5, 4)],
    "witmotion_wt901ble": [*EVERYWHERE, bit(0, 4)],
}
"""By how they show what is missing: counter and time, time in ms, time in ns (long packets), nothing at all."""

UNREADABLE = {("movesense", SMALL.name), ("polar_h10", SMALL.name)}
"""Their packets do not fit: everything arrives cut, and nothing can be read."""


LOSES_NOTHING = (DOUBLED, BUNCHED, SLOWER, SMALL, FAST_CLOCK)
"""Whatever the sensor, where its packets can be read at all."""


@functools.cache
def outcome_of(profile: str, name: str) -> Outcome:
    return run(profile, next(fault for fault in FAULTS[profile] if fault.name == name))


@functools.cache
def compared(profile: str, name: str) -> Against:
    return Against(outcome_of(profile, name), undisturbed(profile))


def unseen(profile: str, name: str) -> bool:
    """Whether nothing in the packets can show this trouble exactly: no counter and no clock."""
    return profile == "witmotion_wt901ble" and name in {LATE.name, CUT.name, SLOWER.name, SLOW.name}
