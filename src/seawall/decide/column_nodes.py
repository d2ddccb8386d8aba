"""Trees that say on which of some rows they hold; dear parts are asked where the others leave it open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from seawall.decide.column_lazy import FALSE, TRUE
from seawall.decide.column_tree import Every, Leaf, cost_in
from seawall.policy.conditions.expr import signals_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.decide.column_lazy import LazyBatch, LazyParts
    from seawall.decide.column_masks import Masks
    from seawall.decide.column_tree import Tree

    Mask = NDArray[np.bool_]
    Rows = NDArray[np.intp]

_LOOKED_UP_US = 0.01
_RELEARN = 4_096  # rows between two looks at the order of parts
_FORGET = 0.5  # of what was learned before, at each look


class Batch:
    """One batch: vector leaves as bits, what is known of lazy ones, and which signals are missing where."""

    __slots__ = ("_missing", "lazy", "matrix")

    def __init__(self, matrix: Mask, lazy: LazyBatch, missing: Mapping[str, Mask | None]) -> None:
        self.matrix = matrix
        self.lazy = lazy
        self._missing = missing

    def lacks(self, signals: Sequence[str], rows: Rows) -> Mask | None:
        """On which rows one of the signals was not bought; None: on none."""
        found: Mask | None = None
        for name in signals:
            if name in self._missing:
                mask = self._missing[name]
                if mask is None:
                    return np.ones(len(rows), np.bool_)
                here = mask[rows]
                found = here if found is None else found | here
        return None if found is None or not found.any() else found


class Node(Protocol):
    """A compiled tree."""

    def holds(self, rows: Rows, batch: Batch, *, certain: bool) -> Mask:
        """On which rows it holds: certainly, or possibly once what was not bought is."""
        ...


class _Vector:
    def __init__(self, place: int, signals: Sequence[str]) -> None:
        self._place = place
        self._signals = signals

    def holds(self, rows: Rows, batch: Batch, *, certain: bool) -> Mask:
        found = batch.matrix[self._place][rows]
        if certain and self._signals:
            lacks = batch.lacks(self._signals, rows)
            if lacks is not None:
                return found & ~lacks
        return found


class _Lazy:
    def __init__(self, place: int, signals: Sequence[str], *, wanted: bool) -> None:
        self._place = place
        self._signals = signals
        self._truth = TRUE if wanted else FALSE

    def holds(self, rows: Rows, batch: Batch, *, certain: bool) -> Mask:
        lacks = batch.lacks(self._signals, rows) if self._signals else None
        if lacks is None:
            return batch.lazy.truths(self._place, rows) == self._truth
        found = np.full(len(rows), not certain)
        found[~lacks] = batch.lazy.truths(self._place, rows[~lacks]) == self._truth
        return found


class _Several:
    """Parts in the order of what each costs for a row that it settles, as learned from the batches so far.

    The order changes what is looked at, never what is found.
    """

    def __init__(self, parts: Sequence[tuple[Node, float]], *, every: bool) -> None:
        self._every = every
        self._parts: list[_Learned] = sorted(
            (_Learned(node, cost) for node, cost in parts), key=lambda part: part.cost
        )
        self._looked = 0

    def holds(self, rows: Rows, batch: Batch, *, certain: bool) -> Mask:
        self._looked += len(rows)
        if self._looked >= _RELEARN:
            self._looked = 0
            self._parts = sorted(self._parts, key=_Learned.price)
        open_: Any = None  # places of the rows that no part has settled yet; None: all of them
        every, settled = self._every, np.full(len(rows), self._every)
        for part in self._parts:
            here = rows if open_ is None else rows[open_]
            found = part.node.holds(here, batch, certain=certain)
            goes_on = found if every else ~found
            left = int(np.count_nonzero(goes_on))
            part.learn(len(here), len(here) - left)
            if left == len(here):
                continue
            places = np.flatnonzero(~goes_on)
            settled[places if open_ is None else open_[places]] = not every
            if not left:
                break
            open_ = np.flatnonzero(goes_on) if open_ is None else open_[goes_on]
        return settled


class _Learned:
    """A part, its cost, and how many of the rows that it was asked about it settled."""

    __slots__ = ("asked", "cost", "node", "settled")

    def __init__(self, node: Node, cost: float) -> None:
        self.node = node
        self.cost = cost
        self.asked = 2.0  # as if it had settled one of two
        self.settled = 1.0

    def learn(self, asked: int, settled: int) -> None:
        self.asked += asked
        self.settled += settled

    def price(self) -> float:
        price = self.cost * self.asked / max(self.settled, 1e-3)
        self.asked, self.settled = 2 + self.asked * _FORGET, 1 + self.settled * _FORGET
        return price


class Nodes:
    """Makes the nodes of trees over one matrix and one set of lazy parts."""

    def __init__(self, masks: Masks, lazy: LazyParts) -> None:
        self._masks = masks
        self._lazy = lazy

    def of(self, tree: Tree) -> Node:
        """The node of a tree."""
        if not isinstance(tree, Leaf):
            parts = [(self.of(part), self._cost(part)) for part in tree.parts]
            return parts[0][0] if len(parts) == 1 else _Several(parts, every=isinstance(tree, Every))
        signals = signals_of(tree.expr)
        place = self._masks.place.get(tree)
        if place is not None:
            return _Vector(place, signals)
        return _Lazy(self._lazy.place[tree.expr], signals, wanted=tree.wanted)

    def _cost(self, tree: Tree) -> float:
        return max(cost_in(tree) if tree not in self._masks.place else 0.0, _LOOKED_UP_US)
