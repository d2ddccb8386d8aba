"""One event after the other over HTTP: eight clients with kept connections, at half of saturation."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 8
_LISTENS = re.compile(r"http://127\.0\.0\.1:(\d+)")


class Latency(NamedTuple):
    """Milliseconds, and the pace they were measured at."""

    saturated: float
    pace: float
    p50: float
    p99: float
    requests: int


def latency(project: Path, events: Iterator[dict[str, Any]], *, seconds: float) -> Latency:
    """Serve a project, saturate it, then measure at half of that."""
    seawall = Path(sys.executable).with_name("seawall")
    made = subprocess.run(
        [seawall, "keys", "create", "--project", project, "--name", "bench", "--scope", "events:write"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    key = made.stdout.split()[-1]
    server = subprocess.Popen(
        [seawall, "serve", "--project", project, "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        port = next(int(said[1]) for line in server.stdout if (said := _LISTENS.search(line)))
        threading.Thread(target=server.stdout.read, daemon=True).start()
        lock = threading.Lock()

        def following() -> bytes:
            with lock:
                return json.dumps(next(events)).encode()

        saturated = _drive(port, key, following, seconds=seconds, pause_s=0.0)
        pace = len(saturated) / seconds / 2
        times = np.array(_drive(port, key, following, seconds=seconds, pause_s=CLIENTS / pace))
        p50, p99 = (float(each) * 1e3 for each in np.percentile(times, (50, 99)))
        return Latency(len(saturated) / seconds, pace, p50, p99, len(times))
    finally:
        server.terminate()
        server.wait()


def _drive(port: int, key: str, following: Any, *, seconds: float, pause_s: float) -> list[float]:
    """Seconds of every request; each client begins one every `pause_s`, or when the last is answered."""
    times: list[float] = []
    ends = time.monotonic() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        due = time.monotonic()
        while (now := time.monotonic()) < ends:
            if due > now:
                time.sleep(due - now)
            due = max(due, now) + pause_s
            body = following()
            began = time.perf_counter()
            connection.request("POST", "/v1/events", body, head)
            answer = connection.getresponse()
            said = answer.read()
            times.append(time.perf_counter() - began)
            assert answer.status == 200, said
        connection.close()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    return times
