"""Counts of a backtest on its way through the history; those of several parts add up to the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seawall.measure.backtest.model import Example

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.columns import Columns
    from seawall.core.decision import Decision
    from seawall.decide.column import Pairs
    from seawall.measure.backtest.prepare import Prepared
    from seawall.review.model import Label

DAY_US = 86_400_000_000
EXAMPLES = 3
COUNTS = ("fired", "alone", "asked", "missing", "newly", "no_longer", "as_before", "certain")

Labels = "Mapping[tuple[str, str], Label]"


class Judged(NamedTuple):
    """A labelled event: what the label says, and which strategies would have fired.

    `open` are those that took a signal to tell; `audit` is the chance with which the signals of the event
    were all bought whatever came of it, 0 where they were not.
    """

    type: str
    label: Label
    fired: frozenset[str]
    open: frozenset[str] = frozenset()
    audit: float = 1.0


@dataclass
class Counted:
    """One strategy so far."""

    fired: int = 0
    by_market: Counter[str] = field(default_factory=Counter[str])
    by_type: Counter[str] = field(default_factory=Counter[str])
    by_day: Counter[int] = field(default_factory=Counter[int])
    users: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    alone: int = 0
    together: Counter[str] = field(default_factory=Counter[str])
    queues: Counter[str] = field(default_factory=Counter[str])
    asked: int = 0
    missing: int = 0
    newly: int = 0
    no_longer: int = 0
    as_before: int = 0
    certain: int = 0  # fires that took no signal
    draws: Counter[tuple[bool, float]] = field(default_factory=Counter[tuple[bool, float]])
    ids: set[str] = field(default_factory=set[str])
    examples: dict[str, list[Example]] = field(default_factory=dict[str, "list[Example]"])

    def keep(self, kind: str, prepared: Prepared, columns: Columns, row: int, n: int) -> None:
        """Keep an event as an example of a kind, if there are not enough."""
        kept = self.examples.setdefault(kind, [])
        if len(kept) < EXAMPLES:
            kept.append(example(prepared, columns, row, n))


class Found(NamedTuple):
    """What an engine found on one batch of one type.

    Attributes:
        columns: the batch, with what the conditions read.
        fired: (row, condition) pairs that hold and are in scope, ordered by row.
        asked: for each condition, for how many events a signal was needed to tell.
        missing: for how many of these it was NULL.
        decided: for each row what was really decided; empty where nobody knows.
        open: the pairs, likewise, that took a signal to tell.
        audit: where signals are those that deciding read: for each row the chance with which it came into the
            audit sample, 0 where it did not; None where signals were computed anew.
    """

    columns: Columns
    fired: Pairs
    asked: NDArray[np.intp]
    missing: NDArray[np.intp]
    decided: Sequence[Decision | None] = ()
    open: Pairs | None = None
    audit: NDArray[np.float64] | None = None


class Tally:
    """What was counted.

    Args:
        against: what fired in another backtest of the same history: ids of events by strategy. Where it is
            given, even empty, the ids of what fires here are kept, and examples of what fires `newly` and `no
            longer` for the strategies in it.
    """

    def __init__(self, against: Mapping[str, Collection[str]] | None = None) -> None:
        self.against = against
        self._was: dict[str, list[str]] = {}
        for name, ids in (against or {}).items():
            for event_id in ids:
                self._was.setdefault(event_id, []).append(name)
        self.strategies: dict[str, Counted] = {}
        self.events: Counter[str] = Counter()
        self.active: dict[str, dict[int, set[str]]] = {}
        self.days: set[int] = set()
        self.first: int | None = None
        self.last: int | None = None
        self.refused = 0
        self.decided = False
        self.weighed = False
        self.judged: list[Judged] = []
        self.queues: Counter[str] = Counter()

    def add(self, prepared: Prepared, found: Found, labels: Mapping[tuple[str, str], Label] | None) -> None:
        """Count one batch of one type."""
        columns, names = found.columns, prepared.plan.names
        self._add_events(prepared, columns)
        rows, conditions = found.fired
        for n, name in enumerate(names):
            counted = self.strategies.setdefault(name, Counted())
            counted.asked += int(found.asked[n])
            counted.missing += int(found.missing[n])
        self._add_fired(prepared, columns, rows, conditions)
        self._add_overlap(names, rows, conditions)
        self._add_queues(prepared, rows, conditions)
        if found.audit is not None:
            self._weigh(names, found, found.audit)
        if self.against is not None:
            self._hold_against(self.against, prepared, found)
        if found.decided:
            self._compare(names, found)
        if labels is not None:
            self._judge(prepared, found, labels)

    def _add_events(self, prepared: Prepared, columns: Columns) -> None:
        self.events[columns.type] += columns.count
        ts = columns["ts"].numbers.values
        self.hear(ts)
        if prepared.actor is None:
            return
        active, days, actors = (
            self.active.setdefault(columns.type, {}),
            ts // DAY_US,
            columns[prepared.actor].codes,
        )
        if len(ts) and days.min() == days.max():  # then everybody in the batch is of that day
            active.setdefault(int(days[0]), set()).update(map(str, actors.distinct))
            return
        for day in np.unique(days).tolist():
            codes = np.unique(actors.codes[days == day])
            places: list[int] = codes.tolist()
            known = [str(actors.distinct[code]) for code in places if code >= 0]
            active.setdefault(day, set()).update(known)

    def hear(self, ts: NDArray[np.int64]) -> None:
        """Note when events happened."""
        if len(ts):
            self.days.update(np.unique(ts // DAY_US).tolist())
            first, last = int(ts.min()), int(ts.max())
            self.first = first if self.first is None else min(self.first, first)
            self.last = last if self.last is None else max(self.last, last)

    def _add_fired(
        self, prepared: Prepared, columns: Columns, rows: NDArray[np.intp], conditions: NDArray[np.intp]
    ) -> None:
        names, counted = prepared.plan.names, self.strategies
        for n, count in _counts(conditions):
            counted[names[n]].fired += count
            counted[names[n]].by_type[columns.type] += count
        markets = columns["market"].codes
        for n, code, count in _pairs(conditions, markets.codes[rows]):
            market = markets.distinct[code] if code >= 0 else ""
            counted[names[n]].by_market[str(market)] += count
        days = columns["ts"].numbers.values[rows] // DAY_US
        for n, day, count in _pairs(conditions, days):
            counted[names[n]].by_day[day] += count
        if prepared.actor is not None:
            actors = columns[prepared.actor].codes
            codes = actors.codes[rows]
            for n, day, _ in _pairs(conditions, days):
                here: list[int] = np.unique(codes[(conditions == n) & (days == day)]).tolist()
                counted[names[n]].users.update(
                    (day, str(actors.distinct[code])) for code in here if code >= 0
                )
        self._keep_fired(prepared, columns, rows, conditions)

    def _keep_fired(
        self, prepared: Prepared, columns: Columns, rows: NDArray[np.intp], conditions: NDArray[np.intp]
    ) -> None:
        """The first events on which each strategy fires, whichever of its forms does."""
        forms: dict[str, list[int]] = {}
        for n, name in enumerate(prepared.plan.names):
            forms.setdefault(name, []).append(n)
        for name, mine in forms.items():
            room = EXAMPLES - len(self.strategies[name].examples.get("fired", ()))
            if room > 0:
                for place in np.flatnonzero(np.isin(conditions, mine))[:room].tolist():
                    n, row = int(conditions[place]), int(rows[place])
                    self.strategies[name].keep("fired", prepared, columns, row, n)

    def _add_overlap(
        self, names: Sequence[str], rows: NDArray[np.intp], conditions: NDArray[np.intp]
    ) -> None:
        if not len(rows):
            return
        _, first, many = np.unique(rows, return_index=True, return_counts=True)
        alone: list[int] = conditions[first[many == 1]].tolist()
        for n in alone:
            self.strategies[names[n]].alone += 1
        for step in range(1, int(many.max())):
            same = rows[step:] == rows[:-step]
            pairs = conditions[:-step][same] * len(names) + conditions[step:][same]
            for pair, count in zip(*np.unique(pairs, return_counts=True), strict=True):
                one, other = divmod(int(pair), len(names))
                self.strategies[names[one]].together[names[other]] += int(count)
                self.strategies[names[other]].together[names[one]] += int(count)

    def _add_queues(self, prepared: Prepared, rows: NDArray[np.intp], conditions: NDArray[np.intp]) -> None:
        by_queue: dict[str, list[int]] = {}
        for n, strategy in enumerate(prepared.plan.strategies):
            for queue in {then.queue for then in strategy.review}:
                self.strategies[strategy.name].queues[queue] += int(np.count_nonzero(conditions == n))
                by_queue.setdefault(queue, []).append(n)
        for queue, senders in by_queue.items():
            self.queues[queue] += len(np.unique(rows[np.isin(conditions, senders)]))

    def _weigh(self, names: Sequence[str], found: Found, audit: NDArray[np.float64]) -> None:
        """What takes a signal counts in the audit sample alone, with the chance of being drawn into it."""
        self.weighed = True
        rows, conditions = found.fired
        open_ = found.open if found.open is not None else found.fired
        count, chances = len(names), audit[open_.rows]
        fired = np.isin(open_.rows * count + open_.conditions, rows * count + conditions)
        for n, name in enumerate(names):
            mine, counted = open_.conditions == n, self.strategies[name]
            counted.certain += int(np.count_nonzero(conditions == n)) - int(np.count_nonzero(fired & mine))
            for chance in np.unique(chances[mine & (chances > 0)]).tolist():
                drawn = mine & (chances == chance)
                right = int(np.count_nonzero(fired & drawn))
                counted.draws[True, chance] += right
                counted.draws[False, chance] += int(np.count_nonzero(drawn)) - right

    def _compare(self, names: Sequence[str], found: Found) -> None:
        self.decided = True
        now = found.fired.by_row(found.columns.count)
        for decision, fired in zip(found.decided, now, strict=True):
            if decision is None:
                continue
            before = {*decision.fired, *decision.shadow}
            after = {names[n] for n in fired}
            for name in after:
                if name in before:
                    self.strategies[name].as_before += 1
                else:
                    self.strategies[name].newly += 1
            for name in before - after:
                if name in self.strategies:
                    self.strategies[name].no_longer += 1

    def _hold_against(self, against: Mapping[str, Collection[str]], prepared: Prepared, found: Found) -> None:
        names, columns = prepared.plan.names, found.columns
        ids = [str(each) for each in columns["id"].values]
        rows, conditions = _lists(found.fired.rows, found.fired.conditions)
        fired = {(row, names[n]) for row, n in zip(rows, conditions, strict=True)}
        for row, n in zip(rows, conditions, strict=True):
            counted = self.strategies[names[n]]
            counted.ids.add(ids[row])
            if names[n] in against and ids[row] not in against[names[n]]:
                counted.keep("newly", prepared, columns, row, n)
        if not self._was:
            return
        for row, event_id in enumerate(ids):
            was = self._was.get(event_id)
            places = {names[n]: n for n in _forms(prepared, columns, row)} if was else {}
            for name in was or ():
                n = places.get(name)
                if n is not None and (row, name) not in fired:
                    self.strategies[name].keep("no longer", prepared, columns, row, n)

    def _judge(self, prepared: Prepared, found: Found, labels: Mapping[tuple[str, str], Label]) -> None:
        columns, names = found.columns, prepared.plan.names
        surface, fired = prepared.plan.event_type.surface, None
        ids, subjects = columns["id"].values, columns[prepared.subject].values
        for row, (event_id, subject) in enumerate(zip(ids, subjects, strict=True)):
            label = labels.get(("", str(event_id))) or labels.get((surface, str(subject)))
            if label is None:
                continue
            fired = fired or found.fired.by_row(columns.count)
            took, chance = list[int](), 1.0
            if found.audit is not None and found.open is not None:
                took = found.open.conditions[found.open.rows == row].tolist()
                chance = float(found.audit[row])
            self.judged.append(
                Judged(columns.type, label, _named(names, fired[row]), _named(names, took), chance)
            )
            self._keep_examples(prepared, columns, row, set(fired[row]), label)

    def _keep_examples(
        self, prepared: Prepared, columns: Columns, row: int, fired: set[int], label: Label
    ) -> None:
        for n in _forms(prepared, columns, row):
            strategy = prepared.plan.strategies[n]
            kind = kind_of(label, f"{strategy.policy}#{strategy.clause}", fired=n in fired)
            if kind is not None:
                self.strategies[strategy.name].keep(kind, prepared, columns, row, n)

    def merge(self, later: Tally) -> None:
        """Add what was counted on a later part of the history."""
        for name, other in later.strategies.items():
            mine = self.strategies.setdefault(name, Counted())
            for number in COUNTS:
                setattr(mine, number, getattr(mine, number) + getattr(other, number))
            for counter in ("by_market", "by_type", "by_day", "together", "queues", "draws"):
                getattr(mine, counter).update(getattr(other, counter))
            mine.users |= other.users
            mine.ids |= other.ids
            for kind, kept in other.examples.items():
                mine.examples[kind] = [*mine.examples.get(kind, ()), *kept][:EXAMPLES]
        self.events.update(later.events)
        for name, by_day in later.active.items():
            for day, actors in by_day.items():
                self.active.setdefault(name, {}).setdefault(day, set()).update(actors)
        self.days |= later.days
        self.first = _earlier(self.first, later.first, min)
        self.last = _earlier(self.last, later.last, max)
        self.refused += later.refused
        self.decided = self.decided or later.decided
        self.weighed = self.weighed or later.weighed
        self.judged += later.judged
        self.queues.update(later.queues)


def _forms(prepared: Prepared, columns: Columns, row: int) -> list[int]:
    """Every strategy once: in the form it has for an event, else in its first."""
    plan, at = prepared.plan, np.array([row])
    market, language, seen = (columns[name].at(at)[0] for name in ("market", "language", "available_in"))
    first = {name: n for n, name in reversed(list(enumerate(plan.names)))}
    here = {plan.names[n]: n for n in plan.in_scope(market, language, tuple(seen or ()))}
    return sorted((first | here).values())


def _named(names: Sequence[str], conditions: Iterable[int]) -> frozenset[str]:
    return frozenset(names[n] for n in conditions)


def _counts(values: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Each value, and how often it stands there."""
    found, counts = np.unique(values, return_counts=True)
    return list(zip(found.tolist(), counts.tolist(), strict=True))


def _pairs(conditions: NDArray[np.intp], others: NDArray[Any]) -> list[tuple[int, int, int]]:
    """Each pair of a condition and something else, and how often it stands there."""
    if not len(others):
        return []
    least = int(others.min())
    width = int(others.max()) - least + 1
    found = _counts(conditions * width + (others - least))
    return [(key // width, key % width + least, count) for key, count in found]


def _lists(*arrays: NDArray[np.intp]) -> list[list[int]]:
    return [each.tolist() for each in arrays]


def _earlier(mine: int | None, other: int | None, which: object) -> int | None:
    known = [each for each in (mine, other) if each is not None]
    return None if not known else min(known) if which is min else max(known)


def about(label: Label, clause: str) -> bool:
    """Whether a label says something about a clause: it names it, or says that nothing is violated at all."""
    return label.clause in ("", clause) or not label.violates


def kind_of(label: Label, clause: str, *, fired: bool) -> str | None:
    """What a labelled event is an example of."""
    if not about(label, clause):
        return None
    if fired:
        return None if label.violates else "wrong"
    return "missed" if label.violates and label.clause == clause else None


def example(prepared: Prepared, columns: Columns, row: int, n: int) -> Example:
    """One event, as far as a condition reads it and its features; signals may not have been bought."""
    at = np.array([row])
    condition = prepared.plan.conditions[n]
    reads = [name for name in condition.reads if name not in condition.signals]
    return Example(
        event_id=str(columns["id"].at(at)[0]),
        subject=str(columns[prepared.subject].at(at)[0]),
        type=columns.type,
        market=columns["market"].at(at)[0],
        read={name: columns[name].at(at)[0] for name in reads},
    )


def by_key(labels: Iterable[Label]) -> dict[tuple[str, str], Label]:
    """Labels by what they are found by: the event they name, else surface and subject; the latest wins."""
    ordered = sorted(labels, key=lambda label: label.at)
    return {
        ("", label.event_id) if label.event_id else (label.subject.surface, label.subject.id): label
        for label in ordered
    }
