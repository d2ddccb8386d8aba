"""What every benchmark says about itself: the machine, the versions, medians and spread."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LIBRARIES = ("seawall", "msgspec", "numpy", "google-re2", "pyarrow", "duckdb")


def machine() -> list[str]:
    """Lines about the machine, its load included: figures of a busy one are no figures."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return [
        f"- {os.cpu_count()} cores of {cpu}, {memory:.0f} GB, {platform.system()} {platform.release()}",
        f"- load when it began: {load}"
        + (" (busy: look at ratios, not figures)" if os.getloadavg()[0] > 1 else ""),
        f"- Python {platform.python_version()}; "
        + ", ".join(f"{each} {version(each)}" for each in LIBRARIES),
    ]


def repeated(work: Callable[[], object], *, times: int) -> list[float]:
    """Processor seconds of each repetition."""
    found: list[float] = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return found


def spread(values: Sequence[float], *, digits: int = 1) -> str:
    """The median, and how far the repetitions lie apart."""
    middle = statistics.median(values)
    return f"{middle:,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def peak_children_mb() -> float:
    """The most memory any one finished child had."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Markdown."""
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
