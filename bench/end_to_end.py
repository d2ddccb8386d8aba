"""`seawall decide` as people run it: JSON lines in, decisions out, everything durable."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_SAID = re.compile(r"([\d,]+) of ([\d,]+) events decided in ([\d.]+) s \(([\d,]+) events/s\)")


class Ran(NamedTuple):
    """One run: events decided, what it says of its pace, processor seconds of all its processes, memory."""

    events: int
    per_second: float
    cpu_us: float
    memory_mb: float


def run(project: Path, source: Path, *, workers: int, piped: bool = False) -> Ran:
    """Decide a file."""
    command = [str(Path(sys.executable).with_name("seawall")), "decide", "-" if piped else str(source)]
    command += ["--project", str(project), "-o", str(project / "out.jsonl"), "--workers", str(workers)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with source.open("rb") as stream:
        done = subprocess.run(command, stdin=stream, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = _SAID.search(done.stderr)
    assert said is not None, done.stderr
    events = int(said[1].replace(",", ""))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(events, float(said[4].replace(",", "")), cpu / max(events, 1) * 1e6, after.ru_maxrss / 1024)
