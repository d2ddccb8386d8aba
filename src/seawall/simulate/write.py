"""Puts a simulated day on disk: the events, and their truth in a file of its own."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from seawall.simulate.day import day

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seawall.simulate.rhythm import Period

CHUNK = 2_000


def write_day(
    period: Period,
    *,
    events: int,
    seed: int,
    output: Path,
    truth: Path,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Write `events` event lines to one file and as many truth lines to another.

    The files appear under their names only when they are whole; until then they are `NAME.part`. `progress`
    is called with the number of events written since the last call.

    Raises:
        OSError: a file cannot be written.
    """
    parts = [path.with_name(f"{path.name}.part") for path in (output, truth)]
    lines = day(period, events=events, seed=seed)
    with parts[0].open("wb") as events_file, parts[1].open("wb") as truth_file:
        while chunk := list(islice(lines, CHUNK)):
            events_file.write(b"".join([line.encode() for line, _ in chunk]))  # singly: most are plain ASCII
            truth_file.write("".join([line for _, line in chunk]).encode())
            progress(len(chunk))
    parts[0].replace(output)
    parts[1].replace(truth)
