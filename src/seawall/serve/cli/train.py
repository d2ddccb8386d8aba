"""`seawall train`: labelled texts to a model and its card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from seawall.core.errors import UsageError
from seawall.learn.text import read_recipe, train
from seawall.learn.text.card_markdown import card_markdown
from seawall.learn.text.recipe import STAGES

if TYPE_CHECKING:
    from seawall.learn.text import Card

TRAIN = typer.Typer(help="Labels to models, for people to read before they are used.", no_args_is_help=True)


@TRAIN.callback()
def _group() -> None:
    """Labels to models, for people to read before they are used."""


@TRAIN.command()
def text(
    recipe: Path = typer.Argument(..., help="A YAML file: heads, sources, labels, fairness."),
    data: Path = typer.Option(Path(), "--data", help="The folder in which the recipe's paths begin."),
    out: Path = typer.Option(Path(), "--out", help="Where the model and its card are written."),
    stage: str | None = typer.Option(None, "--stage", help=f"Instead of the recipe's: {', '.join(STAGES)}."),
    name: str | None = typer.Option(None, "--name", help="Instead of the recipe's."),
    unshipped: bool = typer.Option(
        False,
        "--unshipped",
        help="Write a model that is refused too, named NAME.unshipped, to look into why.",
    ),
) -> None:
    """Fit, calibrate and measure a text model; write it with its card, or say why not (exit 1)."""
    wanted = read_recipe(recipe)
    if stage is not None and stage not in STAGES:
        raise UsageError(f"there is no stage {stage!r}", hint=f"stages: {', '.join(STAGES)}")
    wanted = msgspec.structs.replace(wanted, stage=stage or wanted.stage, name=name or wanted.name)
    made = train(wanted, data, said=lambda sentence: typer.echo(sentence, err=True))
    refused = made.card.refused
    _say(made.card)
    if refused is not None:
        typer.echo(f"refused: {refused}", err=True)
        if not unshipped:
            raise typer.Exit(1)
    called = wanted.name if refused is None else f"{wanted.name}.unshipped"
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{called}.safetensors").write_bytes(made.model)
    (out / f"{called}.card.json").write_bytes(made.card.as_json())
    (out / f"{called}.card.md").write_text(card_markdown(made.card), encoding="utf-8")
    typer.echo(f"wrote {called}.safetensors and its card to {out}; sha256 {made.card.sha256}")
    if refused is not None:
        raise typer.Exit(1)


def _say(card: Card) -> None:
    for each in card.languages:
        figure = each.quality.auprc
        typer.echo(
            f"{each.head} in {each.language}: AUPRC {figure.value:.3f} "
            f"({figure.low:.3f} to {figure.high:.3f}) on {each.quality.n:,} texts, "
            f"{each.quality.positive:,} of them positive"
        )
    for place, why in card.left_out.items():
        typer.echo(f"{place}: left out, {why}")
