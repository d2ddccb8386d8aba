"""`seawall signals`: what the cascade buys, and what comes of it."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from seawall.core.clock import format_time
from seawall.core.errors import NotFound
from seawall.serve.cascade import cascade
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.purse import recall
from seawall.serve.settings import Settings
from seawall.serve.web.words import cost, percent
from seawall.serve.wiring import data_folder, open_project, open_store
from seawall.store.asides import DAY_US

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.serve.cascade import Cascade


def signals(project: Path = typer.Option(Path(), "--project", help="The safety project.")) -> None:
    """Say what each signal was bought for, what that cost, and what came of it.

    The last seven days, from sealed decisions; then what the server counted since it began, as it last kept
    it; then shadow strategies and decisions that wait for another round.
    """
    settings, clock = Settings(), SystemClock()  # pyright: ignore[reportCallIssue]  the environment fills it
    checked = open_project(project)
    data = data_folder(checked, project, settings)
    if not (data / "journal").is_dir():
        raise NotFound(f"nothing was decided in {data} yet", hint="start the server, and send it events")
    ledger, _ = open_ledger(project, settings)
    store = open_store(checked, project, settings, clock=clock, read_only=True)
    try:
        found = cascade(checked, store, ledger, recall(data), now=clock.now())
    finally:
        store.close()
        ledger.close()
    if not found.lines:
        typer.echo("the project has no signals, so nothing is bought")
        return
    _bought(found)
    _counted(found)
    _after(found)


def _bought(found: Cascade) -> None:
    upto = "none is sealed" if found.complete_to is None else f"complete to {format_time(found.complete_to)}"
    typer.echo(f"sealed decisions of {len(found.days)} days, {upto}")
    rows = [
        (one.name, f"{one.purchases:,}", percent(one.purchases, one.of), _failed(one.failed),
         cost(one.cost_us), percent(one.fired, one.purchases))
        for one in found.lines
    ]  # fmt: skip
    _table(("signal", "bought for", "of decisions", "no answer", "spent", "a strategy fired"), rows)
    for day in found.days:
        paid = [f"{one.name} {cost(one.by_day[day])}" for one in found.lines if one.by_day.get(day)]
        if paid:
            typer.echo(f"{format_time(day * DAY_US)[:10]}: {', '.join(paid)}")


def _counted(found: Cascade) -> None:
    if found.spent is None:
        typer.echo("\nno server has kept what it counted here yet; it does so every ten seconds")
        return
    since, at = format_time(found.spent.since), format_time(found.spent.at)
    typer.echo(f"\ncounted by the server since {since}, as of {at}")
    rows = [
        (one.name, f"{one.usage.calls:,}", f"{one.usage.inputs:,}", _failed(one.usage.failed),
         *(_within(bound) for bound in one.quantiles_s), cost(one.spec.cost_us) if one.spec else "–",
         "–" if one.usage.measured_us is None else cost(one.usage.measured_us))
        for one in found.lines if one.usage
    ]  # fmt: skip
    heads = ("signal", "calls", "inputs", "no answer", "p50", "p95", "p99", "declared", "measured")
    _table(heads, rows)
    for one in found.lines:
        if (waits := one.waits) is None:
            continue
        settled = percent(waits.settled, waits.purchases)
        typer.echo(f"{one.name}: {waits.purchases:,} purchases, {settled} settled a strategy that waited")
        for name, spent in waits.ranked:
            typer.echo(f"  {name}  {cost(spent)}")
        if waits.audited:
            typer.echo(f"  (the audit sample)  {cost(waits.audited_us)}")


def _after(found: Cascade) -> None:
    typer.echo(f"\n{found.rounds:,} decisions wait for another round")
    for name, one in found.shadows.items():
        looked = one.fired + one.not_fired + one.unknown
        typer.echo(
            f"in shadow {name}: looked into {looked:,}, would have fired about {one.would_fire:,.0f} times, "
            f"spent {cost(one.cost_us)}"
        )


def _failed(failed: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in failed.items() if count) or "0"


def _within(bound: float | None) -> str:
    if bound is None:
        return "–"
    return f"≤ {cost(bound * 1e6)}" if isfinite(bound) else "longer"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = [
            f"{cell:<{width}}" if n == 0 else f"{cell:>{width}}"
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        typer.echo("  ".join(cells).rstrip())
