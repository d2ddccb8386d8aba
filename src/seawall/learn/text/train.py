"""A recipe to a model and its card."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seawall.core.errors import UsageError
from seawall.learn.text.card import Card, SourceCard
from seawall.learn.text.examine import LEAST_KIND, Examination
from seawall.learn.text.fairness import evened, sentences
from seawall.learn.text.fit_sklearn import fit
from seawall.learn.text.recipe import PARTS
from seawall.learn.text.rows import Row, read_rows
from seawall.learn.text.stages import maker_of
from seawall.signals.text.blind import Blind
from seawall.signals.text.model import Head, ModelInfo
from seawall.signals.text.open import written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seawall.learn.text.examine import Examined
    from seawall.learn.text.recipe import Recipe
    from seawall.learn.text.rows import Read
    from seawall.learn.text.stages import Maker


class Trained(NamedTuple):
    """What training made.

    Attributes:
        model: the bytes of its file.
        card: every figure, and `refused` where it must not ship.
    """

    model: bytes
    card: Card


def train(recipe: Recipe, folder: Path, *, said: Callable[[str], object] = lambda _: None) -> Trained:
    """Fit, calibrate and measure a model; the same recipe and texts give the same bytes.

    Weights are fitted to the rows for training, calibrated on others, and every figure of the card is from a
    third part, which neither has seen.

    Args:
        recipe: what is wanted.
        folder: where the paths of its sources begin.
        said: told what is being done.

    Raises:
        UsageError: a source cannot be read, or is not enough; something that training needs is not installed.
    """
    read = read_rows(recipe, folder)
    said(f"{len(read.rows):,} labelled texts from {len(recipe.sources)} sources")
    rows = read.rows + _neutral(recipe)
    maker = maker_of(recipe, said=said)
    weights, bias = _fitted(recipe, [row for row in rows if row.part == "train"], maker, said)
    arrays, stage = maker.made(weights, bias)
    said("measuring on texts it has not seen")
    blind = Blind(recipe.fairness.unseen)
    examination = Examination(recipe, rows, lambda texts: stage.logits([blind(text) for text in texts]))
    rng = np.random.default_rng(recipe.seed)
    found = {name: examination.examine(name, rng=rng) for name in recipe.heads}
    info = ModelInfo(
        name=recipe.name,
        stage=recipe.stage,
        licence=recipe.licence,
        heads=tuple(
            Head(
                name=name,
                describes=head.describes,
                prevalence=head.prevalence,
                languages=found[name].languages,
            )
            for name, head in recipe.heads.items()
        ),
        settings=maker.settings,
        blind=recipe.fairness.unseen,
    )
    model = written(info, arrays)
    return Trained(model, _card(recipe, maker, model, read, found))


def _neutral(recipe: Recipe) -> list[Row]:
    """Sentences that teach that naming a group is no offence."""
    rows: list[Row] = []
    for language, templates in recipe.fairness.neutral.items():
        labels = {name: False for name, head in recipe.heads.items() if language in head.languages}
        for terms in recipe.fairness.terms.get(language, {}).values():
            rows += [
                Row(text, text, language, "neutral", "train", labels) for text in sentences(templates, terms)
            ]
    return rows


def _fitted(
    recipe: Recipe, rows: Sequence[Row], maker: Maker, said: Callable[[str], object]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    blind = Blind(recipe.fairness.unseen)
    matrix: Any = maker.matrix([blind(row.plain) for row in rows])
    weights: list[NDArray[np.float64]] = []
    bias: list[float] = []
    for name in recipe.heads:
        places = np.array([n for n, row in enumerate(rows) if name in row.labels], np.intp)
        truth = np.array([rows[place].labels[name] for place in map(int, places)], np.bool_)
        if min(truth.sum(), (~truth).sum()) < LEAST_KIND:
            raise UsageError(
                f"head {name} has {truth.sum()} true and {(~truth).sum()} false texts to learn from",
                hint=f"it needs {LEAST_KIND} of each",
            )
        said(f"fitting {name} to {len(places):,} texts")
        some = [rows[place] for place in map(int, places)]
        counts = _balanced([row.source for row in some], truth)
        if recipe.fairness.even:
            counts = counts * evened(some, truth, counts, fairness=recipe.fairness)
        found, shift = fit(matrix[places], truth, counts, strength=recipe.strength, seed=recipe.seed)
        weights.append(found)
        bias.append(shift)
    return np.stack(weights, axis=1), np.array(bias)


def _balanced(sources: Sequence[str], truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """True and false texts of a source count alike; a source counts as much as it has texts."""
    weights = np.ones(len(truth))
    named = np.array(sources)
    for source in sorted(set(sources)):
        for kind in (True, False):
            here = (named == source) & (truth == kind)
            other = int(((named == source) & (truth != kind)).sum())
            if here.any() and other:
                weights[here] = (int(here.sum()) + other) / (2 * int(here.sum()))
    return weights


def _card(recipe: Recipe, maker: Maker, model: bytes, read: Read, found: dict[str, Examined]) -> Card:
    return Card(
        name=recipe.name,
        describes=recipe.describes,
        stage=recipe.stage,
        licence=recipe.licence,
        sha256=hashlib.sha256(model).hexdigest(),
        bytes=len(model),
        seed=recipe.seed,
        recipe=recipe.digest,
        built_from=maker.built_from,
        heads={name: head.describes for name, head in recipe.heads.items()},
        prevalence={name: head.prevalence for name, head in recipe.heads.items()},
        absent=recipe.absent,
        sources={name: _source(recipe, name, read) for name in recipe.sources},
        languages=tuple(card for each in found.values() for card in each.cards),
        left_out={place: why for each in found.values() for place, why in each.left_out.items()},
        flagged_at=recipe.flagged,
        bound=recipe.fairness.bound,
        least=recipe.fairness.least,
        groups=tuple(group for each in found.values() for group in each.groups),
        limits=recipe.limits,
    )


def _source(recipe: Recipe, name: str, read: Read) -> SourceCard:
    source = recipe.sources[name]
    return SourceCard(
        licence=source.licence,
        credit=source.credit,
        language=source.language,
        sha256=read.digests[name],
        labels={
            head: f"{how.column}: {', '.join(how.yes)} against {', '.join(how.no)}"
            for head, how in source.labels.items()
        },
        assumed=source.assume,
        rows={part: sum(row.source == name and row.part == part for row in read.rows) for part in PARTS},
    )
