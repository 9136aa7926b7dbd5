"""A library of 1,000 sessions of 30 minutes at 208 Hz, six axes: how long it takes to open, list and open one of them.

It is built from one recorded session, whose rows are copied (3 to 4 GB on the disk, removed afterwards);
STRIDE_BENCH_SESSIONS makes it smaller. Measured in a process of its own each time, from the moment `imu.api` is loaded:
the first session that it opens, and another one. Samples are read apart, where a page wants them: shown; the first time
loads the compiled kernels too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.gates import Gate, Gates
from imu.acquisition.simulator import Simulation
from imu.api import Library, Session
from imu.store.rows import chunk_crc

SESSIONS = int(os.environ.get("STRIDE_BENCH_SESSIONS", "1000"))
MINUTES = 30.0
ROOT = Path(__file__).resolve().parent.parent

LOOK = """
import json, sys, time
from imu.api import Library
start = time.perf_counter()
library = Library.open(sys.argv[1])
opened = time.perf_counter()
rows = library.sessions()
listed = time.perf_counter()
found = library.sessions(search="K-003 run")
searched = time.perf_counter()
library.session(rows[0].id)
first = time.perf_counter()
run = library.session(rows[len(rows) // 2].id)
second = time.perf_counter()
library.recording(rows[0].id)
decoded = time.perf_counter()
samples = library.recording(run.row.id).n_samples
done = time.perf_counter()
assert samples == run.n_samples
print(json.dumps({"open": opened - start, "list": listed - opened, "search": searched - listed,
                  "first": first - searched, "session": second - first, "cold": decoded - second,
                  "decode": done - decoded, "rows": len(rows), "steps": len(run.steps)}))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("library")
    path = folder / "library.stride-library"
    if shutil.disk_usage(folder).free < SESSIONS * 12_000_000:
        pytest.skip("not enough room on the disk")
    build(path)
    yield path
    shutil.rmtree(folder)


def build(path: Path) -> None:
    """Record one session and copy it under ids of their own."""
    with Library.open(path) as library:
        clients = [library.add_client(f"K-{n:03d}").id for n in range(max(1, SESSIONS // 20))]
        session = Session.simulate(
            Simulation(speed_mps=2.78),
            out=library.record(clients[0], notes="run"),
            duration_s=60 * MINUTES,
            realtime=False,
        )
        with session:
            assert session.wait(600.0)
        with library._open() as connection:
            connection.execute("PRAGMA synchronous = OFF")
            columns = [row["name"] for row in connection.execute("PRAGMA table_info(session)")]
            streams = [row["name"] for row in connection.execute("PRAGMA table_info(stream)")]
            steps = [row["name"] for row in connection.execute("PRAGMA table_info(step)")]
            chunks = connection.execute("SELECT * FROM packet_chunk WHERE stream_id = 1 ORDER BY number").fetchall()
            for new in range(2, SESSIONS + 1):
                fresh = {
                    "id": new,
                    "uuid": f"'copy-{new}'",
                    "client_id": clients[new % len(clients)],
                    "started_utc": f"datetime(started_utc, '-{new} hours')",
                }
                connection.execute("BEGIN")
                for table, names, changed in (
                    ("session", columns, fresh),
                    ("stream", streams, {"id": new, "session_id": new}),
                    ("step", steps, {"stream_id": new}),
                ):
                    values = ", ".join(str(changed.get(name, name)) for name in names)
                    key = "stream_id" if table == "step" else "id"
                    connection.execute(f"INSERT INTO {table} SELECT {values} FROM {table} WHERE {key} = 1")
                connection.executemany(
                    "INSERT INTO packet_chunk VALUES (?, ?, ?, ?, ?)",
                    [
                        (
                            new,
                            c["number"],
                            c["n_packets"],
                            chunk_crc(new, c["number"], c["n_packets"], c["data"]),
                            c["data"],
                        )
                        for c in chunks
                    ],
                )
                connection.execute("COMMIT")


def test_a_library_of_a_thousand_sessions(library: Path, gates: Gates, benchmark) -> None:  # type: ignore[no-untyped-def]
    runs = []
    for _ in range(3):
        out = subprocess.run(
            [sys.executable, "-c", LOOK, str(library)],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            timeout=120,
        )
        runs.append(json.loads(out.stdout))
    assert runs[0]["rows"] == min(SESSIONS, 500)
    assert runs[0]["steps"] > 4000
    size = f"{library.stat().st_size / 1e9:.2f} GB, {SESSIONS} sessions of {MINUTES:g} min"
    for name, what, limit in (
        ("open", "library opens", 0.5),
        ("list", "list of sessions (500 rows)", 0.1),
        ("search", "search among all of them", None),
        ("first", "one session of 30 min opens, the first one of a process", 1.0),
        ("session", "one session of 30 min opens", 1.0),
        ("cold", "its samples decoded, kernels loaded", None),
        ("decode", "its samples decoded", None),
    ):
        times = sorted(run[name] for run in runs)
        verdict = "shown" if limit is None else "met" if times[1] <= limit else "MISSED"
        asked = "" if limit is None else f"<= {limit:g} s"
        gates.add(Gate("L", what, asked, verdict, times[0], times[1], unit=" s", note=size))  # type: ignore[arg-type]
    with Library.open(library) as opened:
        benchmark.pedantic(opened.sessions, rounds=5)
