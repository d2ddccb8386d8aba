"""Texts over HTTP at the drop-in endpoints: alone and with eight clients, one by one and in arrays."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LISTENS = re.compile(r"http://127\.0\.0\.1:(\d+)")
_TICKS = os.sysconf("SC_CLK_TCK")

CASES = (("moderations", 1, 1), ("moderations", 8, 1), ("moderations", 1, 64), ("moderations", 8, 64),
         ("moderations", 1, 512), ("comments", 1, 1), ("comments", 8, 1))  # fmt: skip
"""Endpoint, clients, texts in a request."""


class Pace(NamedTuple):
    """What one case came to; `cpu_us` is the server's processor time for each text."""

    endpoint: str
    clients: int
    size: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


def paces(project: Path, *, seconds: float) -> list[Pace]:
    """Serve the project, and drive every case at it for so long."""
    seawall = Path(sys.executable).with_name("seawall")
    made = subprocess.run(
        [seawall, "keys", "create", "--project", project, "--name", "bench", "--scope", "texts:score"],
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
        texts = itertools.cycle([each["text"] or "-" for each in workload.records(5_000)])
        return [_pace(port, key, server.pid, texts, each, seconds) for each in CASES]
    finally:
        server.terminate()
        server.wait()


def _pace(
    port: int, key: str, pid: int, texts: Iterator[str], case: tuple[str, int, int], seconds: float
) -> Pace:
    endpoint, clients, size = case
    path, body_of = _BODIES[endpoint]
    bodies = [json.dumps(body_of(list(itertools.islice(texts, size)))).encode() for _ in range(200)]
    before = _cpu_s(pid)
    began = time.perf_counter()
    times = _drive(port, key, path, bodies, clients=clients, seconds=seconds)
    took, cpu = time.perf_counter() - began, _cpu_s(pid) - before
    p50, p99 = (float(each) * 1e3 for each in np.percentile(times, (50, 99)))
    done = len(times) * size
    return Pace(endpoint, clients, size, done / took, p50, p99, cpu / done * 1e6)


def _comment(texts: list[str]) -> dict[str, Any]:
    return {
        "comment": {"text": texts[0]},
        "requestedAttributes": {"TOXICITY": {}, "SPAM": {}},
        "languages": ["en"],
    }


_BODIES: dict[str, tuple[str, Callable[[list[str]], dict[str, Any]]]] = {
    "moderations": ("/v1/moderations", lambda texts: {"input": texts}),
    "comments": ("/v1alpha1/comments:analyze", _comment),
}


def _cpu_s(pid: int) -> float:
    said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / _TICKS


def _drive(
    port: int, key: str, path: str, bodies: list[bytes], *, clients: int, seconds: float
) -> list[float]:
    """Seconds of every request."""
    times: list[float] = []
    ends = time.monotonic() + seconds

    def client(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        for body in itertools.islice(itertools.cycle(bodies), first, None):
            began = time.perf_counter()
            connection.request("POST", path, body, head)
            answer = connection.getresponse()
            said = answer.read()
            times.append(time.perf_counter() - began)
            assert answer.status == 200, said
            if time.monotonic() > ends:
                break
        connection.close()

    threads = [threading.Thread(target=client, args=(number * 7,)) for number in range(clients)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return times
