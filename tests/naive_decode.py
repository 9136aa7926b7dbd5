"""The slow obvious decoder: one byte at a time, plain Python."""

import struct

import numpy as np


def open_packet(payload, acc_range_g=16, gyr_range_dps=2000):
    """Return (counter, t_us, samples) of one open packet, or None where it is not one."""
    if len(payload) < 8:
        return None
    version, n, counter, t_us = struct.unpack("<BBHI", payload[:8])
    if version != 1 or not 1 <= n <= 41 or len(payload) != 8 + 12 * n:
        return None
    rows = []
    for i in range(n):
        row = []
        for c in range(6):
            low, high = payload[8 + 12 * i + 2 * c], payload[8 + 12 * i + 2 * c + 1]
            value = low + 256 * high
            if value > 32767:
                value -= 65536
            full = acc_range_g * 9.80665 if c < 3 else gyr_range_dps
            row.append(value * full / 32768)
        rows.append(row)
    return counter, t_us, np.array(rows)


def records(payload, at, n, channels, value_bytes, scales):
    """Signed little-endian values of 2 or 3 bytes, scaled."""
    out = np.empty((n, channels))
    for i in range(n):
        for c in range(channels):
            start = at + (i * channels + c) * value_bytes
            raw = payload[start : start + value_bytes]
            out[i, c] = int.from_bytes(raw, "little", signed=True) * scales[c]
    return out


def values(raw, n, letter, endian, together):
    """Values of one type: all of a sample together, or all of an axis; rows of three."""
    size = 3 if letter == "t" else struct.calcsize("<" + letter)
    order = "<" if endian == "little" else ">"
    rows = []
    for i in range(n):
        row = []
        for c in range(3):
            start = (3 * i + c if together else n * c + i) * size
            piece = raw[start : start + size]
            if letter == "t":
                row.append(float(int.from_bytes(piece, endian, signed=True)))
            else:
                row.append(float(struct.unpack(order + letter, piece)[0]))
        rows.append(row)
    return rows


def delta(frame, most_bits=17):
    """Frame of differences, one bit at a time: rows of three counts, or None where it is malformed."""
    if len(frame) < 16:
        return None
    rows = [[int.from_bytes(frame[10 + 2 * c : 12 + 2 * c], "little", signed=True) for c in range(3)]]
    at = 16
    while at < len(frame):
        head = frame[at : at + 2]
        if len(head) < 2 or not 1 <= head[0] <= most_bits or not head[1]:
            return None
        bits, n = head
        block = frame[at + 2 : at + 2 + (3 * n * bits + 7) // 8]
        if len(block) < (3 * n * bits + 7) // 8:
            return None
        stream = "".join(f"{byte:08b}"[::-1] for byte in block)
        for i in range(n):
            row = []
            for c in range(3):
                field = stream[(3 * i + c) * bits : (3 * i + c + 1) * bits][::-1]
                step = int(field, 2) - (2**bits if field[0] == "1" else 0)
                row.append(rows[-1][c] + step)
            rows.append(row)
        at += 2 + len(block)
    return rows
