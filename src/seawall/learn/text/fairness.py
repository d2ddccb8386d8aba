"""Whether a head flags harmless texts of one group more often than others, by language and identity term."""

from __future__ import annotations

import re
from math import sqrt
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from seawall.measure.proportion import wilson
from seawall.signals.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from seawall.learn.text.recipe import Fairness
    from seawall.learn.text.rows import Row
    from seawall.measure.model import Interval

_IDEOGRAPHS = 0x2E80  # from here on words are written without spaces


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """How often clean texts of one group are flagged, beside all other clean texts.

    Attributes:
        head: which flags.
        language: of the texts; of a row about a whole language, that language.
        group: `language`, or the identity group.
        kind: `texts` that people called clean and that name the group, or `probes` written for this.
        n: clean texts of the group.
        flagged: of them, those at or above the threshold.
        rate: their share, with limits (Wilson).
        gap: rate less that of the others.
        gap_low: of its 95 % interval (Newcombe 1998, method 10).
        gap_high: likewise.
        known: whether the group has enough texts to be held to the bound.
    """

    head: str
    language: str
    group: str
    kind: str
    n: int
    flagged: int
    rate: tuple[float, float, float]
    gap: float
    gap_low: float
    gap_high: float
    known: bool


def groups(
    head: str, language: str, texts: Sequence[str], flagged: NDArray[np.bool_], *, fairness: Fairness
) -> list[Group]:
    """Of each identity group of a language, on texts that people called clean.

    Args:
        head: which flags.
        language: of the texts.
        texts: plain, all clean.
        flagged: whether each is, in the same order.
        fairness: names the terms, and how many texts are enough.
    """
    found: list[Group] = []
    for group, terms in fairness.terms.get(language, {}).items():
        names = naming(terms)
        here = np.array([names.search(text) is not None for text in texts], np.bool_)
        if here.any() and not here.all():
            found.append(
                beside(flagged[here], flagged[~here], head=head, language=language, group=group, kind="texts",
                       least=fairness.least)
            )  # fmt: skip
    return found


def beside(
    flagged: NDArray[np.bool_],
    others: NDArray[np.bool_],
    *,
    head: str,
    language: str,
    group: str,
    kind: str,
    least: int,
) -> Group:
    """A group's rate beside that of the others."""
    rate = wilson(int(flagged.sum()), len(flagged))
    low, high = newcombe(rate, wilson(int(others.sum()), len(others)))
    return Group(
        head=head,
        language=language,
        group=group,
        kind=kind,
        n=len(flagged),
        flagged=int(flagged.sum()),
        rate=(round(rate.value, 4), round(rate.low, 4), round(rate.high, 4)),
        gap=round(rate.value - float(others.mean()), 4),
        gap_low=round(low, 4),
        gap_high=round(high, 4),
        known=len(flagged) >= least,
    )


def newcombe(one: Interval, other: Interval) -> tuple[float, float]:
    """Limits of the difference of two shares, from Wilson's limits of each.

    Source: Newcombe (1998), Statistics in Medicine 17:873, method 10.

    >>> low, high = newcombe(wilson(56, 70), wilson(48, 80))
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    gap = one.value - other.value
    low = gap - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = gap + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return low, high


def worst(found: Iterable[Group]) -> Group | None:
    """The known group that is flagged most beside the others; None where none is known."""
    return max((each for each in found if each.known), key=_gap, default=None)


def refusal(found: Iterable[Group], bound: float) -> str | None:
    """What speaks against shipping: the group whose gap exceeds the bound most; None where none does.

    A known group's gap must not exceed it; that of a group with few texts must not surely exceed it.
    """
    beyond = [each for each in found if (each.gap if each.known else each.gap_low) > bound]
    if not beyond:
        return None
    most = max(beyond, key=_gap)
    about = "clean texts" if most.kind == "texts" else "harmless probes"
    return (
        f"{most.head} flags {most.rate[0]:.1%} of the {most.n:,} {about} of {most.group} in {most.language}, "
        f"{100 * most.gap:+.1f} points beside the others "
        f"({100 * most.gap_low:+.1f} to {100 * most.gap_high:+.1f}); the bound is {100 * bound:g} points"
    )


def _gap(group: Group) -> float:
    return group.gap


def sentences(templates: Sequence[str], terms: Sequence[str]) -> list[str]:
    """Each template with each term, plain.

    >>> sentences(["My {} neighbour."], ["Deaf", "blind"])
    ['my deaf neighbour.', 'my blind neighbour.']
    """
    return [plain(template.replace("{}", term)) for template in templates for term in terms]


def evened(
    rows: Sequence[Row], truth: NDArray[np.bool_], weights: NDArray[np.float64], *, fairness: Fairness
) -> NDArray[np.float64]:
    """Factors by which naming a group says nothing of the label any more (Kamiran and Calders 2012).

    Clean texts that name a group count more where it is named in true ones more often than elsewhere; never
    less, and never more than 20 times as much.

    Args:
        rows: what is trained on.
        truth: the label of each.
        weights: how much each counts so far.
        fairness: names the terms.
    """
    factors = np.ones(len(rows))
    for language, terms in fairness.terms.items():
        spoken = np.array([row.language == language for row in rows], np.bool_)
        for names in map(naming, terms.values()):
            named = np.array(
                [row.language == language and names.search(row.plain) is not None for row in rows]
            )
            clean, true = weights[named & ~truth].sum(), weights[named & truth].sum()
            rest_clean, rest_true = (
                weights[spoken & ~named & ~truth].sum(),
                weights[spoken & ~named & truth].sum(),
            )
            if min(clean, true, rest_clean, rest_true) > 0:
                wanted = min(20.0, max(1.0, true * rest_clean / (rest_true * clean)))
                factors[named & ~truth] = np.maximum(factors[named & ~truth], wanted)
    return factors


def naming(terms: Sequence[str]) -> re.Pattern[str]:
    """Matches plain texts that hold one of the terms, as a whole word where words are told apart."""
    parts = [
        re.escape(known) if ord(known[0]) >= _IDEOGRAPHS else rf"(?<!\w){re.escape(known)}(?!\w)"
        for known in map(plain, terms)
    ]
    return re.compile("|".join(parts))
