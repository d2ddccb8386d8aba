"""`seawall show`: a strategy as it stands in one place."""

from __future__ import annotations

from pathlib import Path

import typer

from seawall.core.errors import NotFound, UsageError
from seawall.policy.flatten import applies, flattened
from seawall.policy.near import did_you_mean
from seawall.policy.written import written
from seawall.serve.wiring import open_project


def show(
    strategy: str = typer.Argument(help="Its name."),
    project: Path = typer.Option(Path(), "--project", help="The safety project."),
    market: str | None = typer.Option(None, "--market", help="Where the event was posted."),
    language: str | None = typer.Option(None, "--language", help="Of the event."),
) -> None:
    """Print a strategy as it stands in a market and language, with what its overlays change there.

    Groups are spelled out, and targets are filled in. What is printed is a strategy file that would decide
    such an event in the same way. Without --market and --language it is what holds where no overlay does.
    """
    checked = open_project(project)
    known = checked.strategies.get(strategy)
    if known is None:
        hint = did_you_mean(strategy, checked.strategies, what="strategies")
        raise NotFound(f"there is no strategy {strategy!r}", hint=hint)
    if market is not None and market not in checked.markets:
        hint = did_you_mean(market, checked.markets, what="markets")
        raise UsageError(f"{market} is no market of this project", hint=hint)
    held = [each.name for each in known.overlays if applies(each, market, language)]
    others = [each.name for each in known.overlays if each.name not in held]
    if held:
        typer.echo(f"# with what it changes for {', then '.join(held)}")
    if others:
        typer.echo(f"# overlays that do not hold here: {', '.join(others)}")
    form = flattened(known, market, language)
    for place, places in ((market, form.markets), (language, form.languages)):
        if place is not None and places and place not in places:
            typer.echo(f"# it does not judge {place}")
    typer.echo(written(form), nl=False)
