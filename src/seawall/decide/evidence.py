"""What a decision rests on that a human may not have known: the evidence that may end a shield.

- `clause:POLICY#ID=DIGEST`: the text of the clause as it was in force; a changed clause is new evidence.
- `bank:NAME=DIGEST`: an entry of a list or bank that the content meets; one that was not there before is new.
- `edit:MICROS`: the subject was changed then, where the platform tells no versions apart.
- `reports:MICROS`: a further step of independent clusters of reporters was reached then; evidence for
  strategies whose condition reads their number, and for no other.

A new opinion of a strategy or a model on the same content is no evidence: the human has seen the content.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from seawall.core.milestone import CLUSTERS_FIELD, by_milestone
from seawall.policy.conditions.expr import Expr, Matches, children
from seawall.policy.conditions.matched import matched
from seawall.policy.effective import strategy_condition
from seawall.policy.flatten import flattened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.core.decision import Decision, Reading
    from seawall.core.event import Event
    from seawall.policy.model import Project, Strategy

MOST_ENTRIES = 16
"""Entries of one bank that are kept as evidence of one decision, the first by name."""


class Evidence:
    """Tells the evidence of decisions under one project; conditions are compiled when first asked."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._signals_of: dict[tuple[Strategy, str], tuple[str, ...]] = {}
        self._banks: dict[tuple[Strategy, str], tuple[tuple[str, str, int], ...]] = {}

    def of(self, decision: Decision, event: Event | None) -> dict[str, tuple[str, ...]]:
        """The evidence behind each strategy that fired.

        Args:
            decision: what was concluded.
            event: on what; without it, once it was erased, nothing is known of banks.
        """
        return {name: tuple(self._of(name, decision, event)) for name in decision.fired}

    def _of(self, name: str, decision: Decision, event: Event | None) -> Iterator[str]:
        strategy = self.project.strategies.get(name)
        kind = self.project.events.get(decision.type)
        if kind is not None and kind.edits and not by_milestone(decision.because):  # seen is not changed
            yield f"edit:{decision.ts}"
        if strategy is None:
            return
        local = flattened(strategy, decision.market, decision.language)
        if by_milestone(decision.because, CLUSTERS_FIELD) and self._reads_reports(local, decision.type):
            yield f"reports:{decision.ts}"
        yield of_clause(self.project, f"{strategy.policy}#{strategy.clause}", decision.market)
        if kind is not None and kind.name in strategy.on:
            for signal in self._signals(local, kind.name):
                yield from _of_signal(decision.signals.get(signal))
        if event is not None and kind is not None and kind.name in strategy.on:
            for field, bank, bits in self._read(flattened(strategy, event.market, event.language), kind.name):
                yield from _entries(self.project, bank, event.fields.get(field), bits)

    def _signals(self, strategy: Strategy, event_type: str) -> tuple[str, ...]:
        key = (strategy, event_type)
        if key not in self._signals_of:
            self._signals_of[key] = strategy_condition(self.project, strategy, event_type).signals
        return self._signals_of[key]

    def _reads_reports(self, strategy: Strategy, event_type: str) -> bool:
        if event_type not in strategy.on:
            return False
        return CLUSTERS_FIELD in strategy_condition(self.project, strategy, event_type).reads

    def _read(self, strategy: Strategy, event_type: str) -> tuple[tuple[str, str, int], ...]:
        """(field, bank, distance) wherever the condition asks whether a field meets a bank."""
        key = (strategy, event_type)
        if key not in self._banks:
            condition = strategy_condition(self.project, strategy, event_type)
            self._banks[key] = tuple(sorted(set(_matches(condition.expr))))
        return self._banks[key]


def of_clause(project: Project, cited: str, market: str | None) -> str:
    """A clause as it holds in a market, as evidence.

    >>> from seawall.testing.projects import project
    >>> of_clause(project(), "spam#c1", "SG").startswith("clause:spam#c1=")
    True
    """
    name, _, id_ = cited.partition("#")
    policy = project.policies.get(name)
    overlay = policy.overlays.get(market or "", {}) if policy else {}
    clause = overlay.get(id_) or (policy.clauses.get(id_) if policy else None)
    words = "" if clause is None else f"{clause.title}\n{clause.text}"
    return f"clause:{cited}={_short(' '.join(words.split()))}"


def _of_signal(reading: Reading | None) -> Iterator[str]:
    """What a signal that looks into banks says of their entries; how far they are makes no other evidence."""
    for said in reading.evidence if reading else ():
        if said.startswith("bank:"):
            yield said.partition(" ")[0]


def _entries(project: Project, name: str, value: object, distance: int) -> Iterator[str]:
    bank = project.banks.get(name)
    if bank is None or not isinstance(value, str):
        return
    for entry in matched(bank, value, distance=distance)[:MOST_ENTRIES]:
        yield f"bank:{name}={_short(entry)}"


def _matches(expr: Expr) -> Iterator[tuple[str, str, int]]:
    if isinstance(expr, Matches):
        yield expr.text.name, expr.bank, expr.distance
    for part in children(expr):
        yield from _matches(part)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
