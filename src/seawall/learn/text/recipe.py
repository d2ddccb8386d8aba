"""What a model is made from: a YAML file that says which texts, labels, languages, bounds."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import yaml

from seawall.core.errors import UsageError
from seawall.signals.text.plain import plain

if TYPE_CHECKING:
    from pathlib import Path

Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]


class Labelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a source's column says whether a head is true.

    Attributes:
        column: its name.
        yes: values that mean true; one of them is enough where the column holds several.
        no: values that mean false; a row that holds neither has no label for this head.
        separator: what stands between several values in one cell.
    """

    column: str
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    separator: str | None = None


class Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values of a column whose rows are for one use, so that a group never falls on both sides."""

    column: str
    calibrate: tuple[str, ...] = ()
    test: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Labelled texts in one file.

    Attributes:
        path: below the folder that the command is given; `.csv`, `.tsv`, or a `.zip` that holds one.
        member: of a `.zip`, which file.
        columns: names, where the file has no header.
        text: the column of the text.
        language: of all its texts, ISO 639-1.
        licence: SPDX.
        credit: who made it, and where it is from.
        replace: text that stands for something else in this source, such as its own mark of a link.
        labels: by head.
        assume: heads that are false throughout, though nobody labelled them so; the card says it.
        part: all rows are for this use; else they are drawn.
        parts: some rows are for a use of their own.
    """

    path: str
    member: str | None = None
    columns: tuple[str, ...] = ()
    text: str = "text"
    language: str
    licence: str
    credit: str
    replace: dict[str, str] = {}
    labels: dict[str, Labelled] = {}
    assume: tuple[str, ...] = ()
    part: str | None = None
    parts: Parts | None = None


class HeadRecipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing to learn.

    Attributes:
        describes: what people labelled, in words.
        prevalence: share of positive texts in the traffic that its probabilities are for.
        languages: where it is wanted; it is given those where it is good enough.
    """

    describes: str
    prevalence: Share = 0.1
    languages: tuple[str, ...]


class Fairness(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is fair enough to ship.

    Attributes:
        bound: how much more often texts of a group may be flagged wrongly than all other texts of the
            language.
        least: clean texts that a group must have for its rate to be known.
        terms: by language, identity groups and the words that name them.
        probes: by language, harmless sentences with `{}` where a group is named; never trained on.
        neutral: likewise, and trained on: sentences that teach that naming a group is no offence.
        leave_out: a head is left out of a language where a gap exceeds the bound, instead of the model being
            refused.
        blind: the model does not see the terms at all, neither in training nor later.
        even: clean texts that name a group count so much in training that naming it says nothing of the
            label.
    """

    bound: Share
    least: int = 50
    terms: dict[str, dict[str, tuple[str, ...]]] = {}
    probes: dict[str, tuple[str, ...]] = {}
    neutral: dict[str, tuple[str, ...]] = {}
    leave_out: bool = False
    blind: bool = False
    even: bool = False

    @property
    def unseen(self) -> tuple[str, ...]:
        """The terms that the model does not see, plain."""
        terms = {plain(term) for groups in self.terms.values() for some in groups.values() for term in some}
        return tuple(sorted(terms)) if self.blind else ()


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole recipe.

    Attributes:
        name: of the model.
        describes: what it is for.
        licence: of the weights.
        stage: linear, static or encoder.
        seed: of everything that is drawn.
        buckets: of hashed n-grams, a power of two; only for `linear`.
        dimensions: of a token's vector; only for `static`.
        strength: inverse of regularisation; larger fits closer.
        least_auc: what the area under the ROC curve must surely exceed for a language to be calibrated.
        flagged: false positive rate at which fairness is looked at.
        heads: by name.
        absent: things that people will look for and that it does not tell, each with the reason.
        sources: by name.
        fairness: the gate.
        limits: what else a reader of its card must know.
    """

    name: Name
    describes: str
    licence: str = "Apache-2.0"
    stage: str = "linear"
    seed: int = 1
    buckets: Annotated[int, msgspec.Meta(ge=1024, le=2**24)] = 2**18
    dimensions: Annotated[int, msgspec.Meta(ge=8, le=384)] = 256
    strength: Annotated[float, msgspec.Meta(gt=0)] = 4.0
    least_auc: float = 0.75
    flagged: Share = 0.05
    heads: dict[str, HeadRecipe]
    absent: dict[str, str] = {}
    sources: dict[str, Source]
    fairness: Fairness
    limits: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the recipe as it was understood."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


class _Texts(yaml.SafeLoader):
    """YAML in which every scalar is a text until its field says otherwise: `no` is a label and a language."""

    yaml_implicit_resolvers = {"<": yaml.SafeLoader.yaml_implicit_resolvers["<"]}  # noqa: RUF012  yaml's own way


PARTS = ("train", "calibrate", "test")
STAGES = ("linear", "static", "encoder")


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file.

    Raises:
        UsageError: it cannot be read, or does not hold together; says where.
    """
    try:
        written: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_Texts)  # noqa: S506  a safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{path} cannot be read: {error}", hint="a recipe in YAML") from error
    try:
        recipe = msgspec.convert(written, Recipe, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"{path}: {error}", hint="docs/how-to/train-a-text-model.md has a whole recipe"
        ) from error
    for said in _faults(recipe):
        raise UsageError(f"{path}: {said}", hint="docs/how-to/train-a-text-model.md has a whole recipe")
    return recipe


def _faults(recipe: Recipe) -> list[str]:
    found: list[str] = []
    if recipe.stage not in STAGES:
        found.append(f"there is no stage {recipe.stage!r}; stages: {', '.join(STAGES)}")
    if recipe.buckets & (recipe.buckets - 1):
        found.append(f"buckets is {recipe.buckets}, which is no power of two")
    for name, source in recipe.sources.items():
        unknown = sorted({*source.labels, *source.assume} - set(recipe.heads))
        if unknown:
            found.append(f"source {name} labels {unknown[0]!r}, which is no head")
        if source.part is not None and source.part not in PARTS:
            found.append(f"source {name} is for {source.part!r}; one of {', '.join(PARTS)}")
    return found
