"""`seawall simulate`: a day on the platform, with its truth beside it."""

from __future__ import annotations

import time
from pathlib import Path

import typer
from rich.console import Console

from seawall.core.clock import parse_time
from seawall.core.errors import UsageError
from seawall.policy.read import require_project
from seawall.serve.cli.working import counting
from seawall.simulate import misfits, write_day
from seawall.simulate.rhythm import HOUR, Period

DEFAULT_START = "2026-01-05T00:00:00Z"


def simulate(
    project: Path = typer.Option(Path(), "--project", help="The safety project the events are for."),
    events: int = typer.Option(10_000, "--events", "-n", min=1, help="How many events."),
    output: Path = typer.Option(..., "--output", "-o", help="Where the events go, as JSON lines."),
    truth: Path | None = typer.Option(
        None, "--truth", help="Where their truth goes. [default: OUTPUT.truth.jsonl]"
    ),
    seed: int = typer.Option(1, "--seed", help="The same seed gives the same bytes."),
    start: str = typer.Option(DEFAULT_START, "--start", help="When the period begins, RFC 3339."),
    hours: float = typer.Option(24.0, "--hours", min=0.01, help="How long it lasts."),
) -> None:
    """Simulate a day: people, adversaries and accidents over markets, languages and surfaces.

    The truth of each event (clause, adversary, story) goes into a file of its own that `decide` never reads.
    """
    period = period_of(start, hours)
    fit(project)
    beside = truth or truth_path(output)
    began = time.perf_counter()
    with counting("Simulating", total=events) as advance:
        write_day(period, events=events, seed=seed, output=output, truth=beside, progress=advance)
    seconds = time.perf_counter() - began
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        f"{events:,} events in {output}, their truth in {beside} ({events / seconds:,.0f} events/s)"
    )


def truth_path(output: Path) -> Path:
    """Where the truth of a simulated file lies unless one says otherwise."""
    return output.with_name(f"{output.name}.truth.jsonl")


def period_of(start: str, hours: float) -> Period:
    """The stretch of event time that was asked for.

    Raises:
        UsageError: the start is no RFC 3339 time.
    """
    try:
        begins = parse_time(start)
    except ValueError as error:
        msg = f"--start is no RFC 3339 time: {error}"
        raise UsageError(msg, hint=f"write it like {DEFAULT_START}") from None
    return Period(begins, int(hours * HOUR))


def fit(project: Path) -> None:
    """Refuse a project whose event types the simulated events would not fit.

    Raises:
        ProjectError: the project does not check.
        UsageError: it does, and its types are others.
    """
    if found := misfits(require_project(project).events):
        listing = "".join(f"\n  - {one}" for one in found)
        msg = (
            f"the simulator makes the events of the starter project, and {project} declares others:{listing}"
        )
        raise UsageError(
            msg, hint="simulate for a project made by `seawall init`, or add these types and fields to yours"
        )
