"""Fitted heads on texts they were not fitted to: calibrated, measured, and held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.learn.text.card import LanguageCard
from seawall.learn.text.fairness import beside, groups, refusal, sentences
from seawall.learn.text.platt import calibration_error, platt
from seawall.learn.text.quality import quality, threshold_at
from seawall.signals.text.model import Calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from seawall.learn.text.fairness import Group
    from seawall.learn.text.quality import Quality
    from seawall.learn.text.recipe import Recipe
    from seawall.learn.text.rows import Row

RATES = (0.001, 0.01, 0.05)
"""False positive rates for which a card has thresholds."""

LEAST_KIND = 25
"""Texts of either kind without which nothing is fitted, calibrated or tested."""


class Examined(NamedTuple):
    """What was found of one head.

    Attributes:
        languages: how it is calibrated, where it is good enough.
        cards: its figures there.
        left_out: the other languages, and why.
        groups: how often clean texts of each group are flagged.
    """

    languages: dict[str, Calibration]
    cards: list[LanguageCard]
    left_out: dict[str, str]
    groups: list[Group]


class Examination:
    """All rows of a recipe with the logits of its heads."""

    def __init__(
        self, recipe: Recipe, rows: Sequence[Row], logits: Callable[[Sequence[str]], NDArray[np.float64]]
    ) -> None:
        """Take the rows.

        Args:
            recipe: names heads, languages and groups.
            rows: of every part.
            logits: of plain texts, one column per head.
        """
        self._recipe = recipe
        self._rows: list[Row] = [row for row in rows if row.part != "train"]
        self._logits = logits([row.plain for row in self._rows])
        self._read = logits

    def examine(self, head: str, *, rng: np.random.Generator) -> Examined:
        """One head in all its languages."""
        found = Examined({}, [], {}, [])
        column = list(self._recipe.heads).index(head)
        clean: dict[str, NDArray[np.bool_]] = {}
        for language in self._recipe.heads[head].languages:
            told = self._language(head, column, language, rng)
            if isinstance(told, str):
                found.left_out[f"{head} in {language}"] = told
                continue
            calibration, card = told
            flagged, fair = self._fair(head, column, language, calibration)
            unfair = refusal(fair, self._recipe.fairness.bound) if self._recipe.fairness.leave_out else None
            if unfair is not None:
                found.left_out[f"{head} in {language}"] = unfair
                continue
            clean[language] = flagged
            found.languages[language] = calibration
            found.cards.append(card)
            found.groups.extend(fair)
        self._between(found, head, clean)
        return found

    def _language(
        self, head: str, column: int, language: str, rng: np.random.Generator
    ) -> tuple[Calibration, LanguageCard] | str:
        held, tested = self._places(head, language, "calibrate"), self._places(head, language, "test")
        truth, proof = self._truth(held, head), self._truth(tested, head)
        if min(truth.sum(), (~truth).sum(), proof.sum(), (~proof).sum()) < LEAST_KIND:
            return f"too few labels of either kind: {len(held)} to calibrate with, {len(tested)} to test with"
        figures = quality(proof, self._logits[tested, column], rng=rng)
        assert figures is not None
        if figures.auc.low < self._recipe.least_auc:
            return (
                f"the area under the ROC curve is {figures.auc.value:.2f} ({figures.auc.low:.2f} to "
                f"{figures.auc.high:.2f}) on {figures.n:,} texts; "
                f"more than {self._recipe.least_auc:g} is asked for"
            )
        prevalence = self._recipe.heads[head].prevalence
        logits = self._logits[held, column]
        a, b = platt(truth, logits, prevalence=prevalence)
        clean = _chance(logits[~truth], a, b)
        rates = sorted({*RATES, self._recipe.flagged})
        calibration = Calibration(
            a=a, b=b, thresholds={f"{rate:g}": round(threshold_at(clean, rate), 6) for rate in rates}
        )
        its = _chance(self._logits[tested, column], a, b)
        card = LanguageCard(
            head=head,
            language=language,
            calibrated_on=len(held),
            quality=figures,
            by_source={
                source: told
                for source in sorted({self._rows[place].source for place in map(int, tested)})
                if (told := self._of(source, tested, head, column, rng)) is not None
            },
            calibration_error=round(calibration_error(proof, its, prevalence=prevalence), 4),
            thresholds=calibration.thresholds,
            found_at=_shares(its[proof], calibration),
            wrong_at=_shares(its[~proof], calibration),
        )
        return calibration, card

    def _of(
        self, source: str, tested: NDArray[np.intp], head: str, column: int, rng: np.random.Generator
    ) -> Quality | None:
        some = np.array([place for place in map(int, tested) if self._rows[place].source == source], np.intp)
        return quality(self._truth(some, head), self._logits[some, column], rng=rng)

    def _fair(
        self, head: str, column: int, language: str, calibration: Calibration
    ) -> tuple[NDArray[np.bool_], list[Group]]:
        """Whether each clean text of the test is flagged; and what that is by group."""
        fairness = self._recipe.fairness
        cut = calibration.thresholds[f"{self._recipe.flagged:g}"]
        tested = self._places(head, language, "test")
        clean = tested[~self._truth(tested, head)]
        flagged = _chance(self._logits[clean, column], calibration.a, calibration.b) >= cut
        texts = [self._rows[place].plain for place in map(int, clean)]
        found = groups(head, language, texts, flagged, fairness=fairness)
        templates = fairness.probes.get(language, ())
        for group, terms in fairness.terms.get(language, {}).items() if templates else ():
            logits = self._read(sentences(templates, terms))[:, column]
            here = _chance(logits, calibration.a, calibration.b) >= cut
            found.append(
                beside(here, flagged, head=head, language=language, group=group, kind="probes", least=1)
            )
        return flagged, found

    def _between(self, found: Examined, head: str, clean: dict[str, NDArray[np.bool_]]) -> None:
        for language, flagged in clean.items() if len(clean) > 1 else ():
            others = np.concatenate([clean[other] for other in clean if other != language])
            least = self._recipe.fairness.least
            found.groups.append(
                beside(
                    flagged, others, head=head, language=language, group="language", kind="texts", least=least
                )
            )

    def _places(self, head: str, language: str, part: str) -> NDArray[np.intp]:
        return np.array(
            [
                place
                for place, row in enumerate(self._rows)
                if row.part == part and row.language == language and head in row.labels
            ],
            np.intp,
        )

    def _truth(self, places: NDArray[np.intp], head: str) -> NDArray[np.bool_]:
        return np.array([self._rows[place].labels[head] for place in map(int, places)], np.bool_)


def _shares(chance: NDArray[np.float64], calibration: Calibration) -> dict[str, float]:
    return {rate: round(float((chance >= cut).mean()), 4) for rate, cut in calibration.thresholds.items()}


def _chance(logits: NDArray[np.float64], a: float, b: float) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(logits * a + b, -40, 40)))
