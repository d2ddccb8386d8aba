"""How much of a weighted word list a text holds: 1 - product of (1 - weight) over the distinct terms."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from seawall.core.decision import Reading
from seawall.policy.conditions.banks import folded, stands_alone
from seawall.signals.options import bank_of, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.policy.model import Bank, Project, SignalSpec
    from seawall.signals.ports import Input

NOTHING = Reading(0.0)


def score(weights: Sequence[float]) -> float:
    """Independent hints combined: none is 0, several weak ones add up, and nothing exceeds 1.

    >>> score([]), score([0.5]), score([0.5, 0.5])
    (0.0, 0.5, 0.75)
    """
    return 1.0 - prod(1.0 - weight for weight in sorted(weights))


class Lexicon:
    """A table of terms, their weights, and the language each belongs to (none: to every one)."""

    def __init__(self, spec: SignalSpec, project: Project) -> None:
        bank = bank_of(spec, project.banks)
        if "weight" not in bank.columns[1:]:  # the first column is the term
            raise refusal(
                spec, "unknown-column", f"the list {bank.name!r} has no column 'weight'", "add weights 0 to 1"
            )
        self._whole = bank.match != "anywhere"
        terms: dict[str, list[tuple[float, str | None]]] = {}
        for term, row in bank.table.items():
            weight = _weight(spec, bank, term, row["weight"])
            terms.setdefault(folded(term), []).append((weight, row.get("language") or None))
        terms.pop("", None)
        self._terms = [terms[term] for term in sorted(terms)]
        self._automaton = AhoCorasick(sorted(terms))

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The score of each text, in its own language."""
        return [self._score(str(each.value), each.language) for each in inputs]

    def _score(self, text: str, language: str | None) -> Reading:
        known = folded(text)
        found = self._automaton.find_matches_as_indexes(known, overlapping=True)
        if not found:
            return NOTHING
        distinct = {term for term, start, end in found if not self._whole or stands_alone(known, start, end)}
        weights = [
            max(spoken)
            for term in distinct
            if (spoken := [weight for weight, of in self._terms[term] if of is None or of == language])
        ]
        return Reading(score(weights)) if weights else NOTHING


def _weight(spec: SignalSpec, bank: Bank, term: str, text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not 0.0 <= weight <= 1.0:
        raise refusal(
            spec, "bad-weight", f"in {bank.name!r} the weight of {term!r} is {text!r}", "a number from 0 to 1"
        )
    return weight
