"""Conditions as one program over many rows: what is true whatever is bought, and what is still open.

Everything cheap is looked at for all rows at once. What is dear is looked at only where everything cheaper
has left a row standing, the part that rules out most for its cost first. Only what fires and what is open
comes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seawall.core.truth import NOT_BOUGHT
from seawall.decide.column_lazy import LazyBatch, LazyParts
from seawall.decide.column_masks import Masks
from seawall.decide.column_nodes import Batch, Nodes
from seawall.decide.column_tree import Every, is_vector, leaves_in, shared_form, tree_of
from seawall.decide.row import compile_row
from seawall.decide.row_source import needs_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.columns import Columns
    from seawall.core.truth import NotBought
    from seawall.core.types import Value
    from seawall.decide.column_nodes import Node
    from seawall.decide.column_tree import Tree
    from seawall.policy.conditions import Condition

    Mask = NDArray[np.bool_]

SMALL = 48
"""Batches of fewer rows are decided row by row, which is faster for them."""


class Pairs(NamedTuple):
    """Which condition on which row: two arrays of the same length, ordered by row, then condition."""

    rows: NDArray[np.intp]
    conditions: NDArray[np.intp]

    def by_row(self, count: int) -> list[list[int]]:
        """The conditions of each of `count` rows.

        >>> Pairs(np.array([0, 2, 2]), np.array([1, 0, 1])).by_row(3)
        [[1], [], [0, 1]]
        """
        listed: list[list[int]] = [[] for _ in range(count)]
        rows: list[int] = self.rows.tolist()
        for row, condition in zip(rows, self.conditions.tolist(), strict=True):
            listed[row].append(condition)
        return listed


class Found(NamedTuple):
    """What a program found: conditions that are true whatever is bought, and those that could still be."""

    must: Pairs
    open: Pairs


class ColumnProgram:
    """Decides many rows, each as the row program of the same conditions does.

    Attributes:
        reads: names of the columns that a batch must have, except signals that were not bought.
    """

    def __init__(self, conditions: Sequence[Condition], *, small: int = SMALL) -> None:
        self.reads = tuple(sorted({name for condition in conditions for name in condition.reads}))
        self._small = small
        self._signals = tuple(sorted({name for condition in conditions for name in condition.signals}))
        self._row = compile_row(conditions, self.reads)
        self._conditions = [_Compiled(condition) for condition in conditions]
        cheap = [part for each in self._conditions for part in each.cheap]
        dear = [part for each in self._conditions for part in each.dear]
        vectors = [leaf for tree in dear for leaf in leaves_in(tree) if is_vector(leaf)]
        open_ = [leaf for each in self._conditions if each.signals for leaf in leaves_in(each.tree)]
        self._masks = Masks([*cheap, *vectors, *(leaf for leaf in open_ if is_vector(leaf))])
        lazy = [leaf.expr for tree in dear for leaf in leaves_in(tree) if not is_vector(leaf)]
        self._lazy = LazyParts(lazy)
        nodes = Nodes(self._masks, self._lazy)
        for each in self._conditions:
            each.finish(nodes)
        self._order = sorted(range(len(conditions)), key=lambda n: -len(self._conditions[n].cheap))
        self._conjuncts = self._laid_out()
        self._plain = np.array([not each.dear and not each.signals for each in self._conditions], np.bool_)

    def __call__(self, columns: Columns, bought: Mapping[str, Mask] | None = None) -> Found:
        """Decide a batch.

        Args:
            columns: rows of the type the conditions are on; a signal without a column was bought for none.
            bought: for signals that were bought for some rows only, for which.
        """
        missing: dict[str, Mask | None] = {}
        for name in self._signals:
            if name not in columns.by_name:
                missing[name] = None
            elif bought is not None and name in bought and not bought[name].all():
                missing[name] = ~bought[name]
        if columns.count < max(self._small, 1):
            return self._row_by_row(columns, missing)
        with np.errstate(all="ignore"):
            return self._all_at_once(columns, missing)

    def _all_at_once(self, columns: Columns, missing: Mapping[str, Mask | None]) -> Found:
        matrix = self._masks.fill(columns, missing)
        conditions, rows = self._standing(matrix)
        plain = self._plain[conditions]
        must = [(conditions[plain], rows[plain])]
        open_: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
        conditions, rows = conditions[~plain], rows[~plain]
        starts = np.searchsorted(conditions, np.arange(len(self._conditions) + 1))
        batch = Batch(matrix, LazyBatch(self._lazy, columns), missing)
        for n in np.flatnonzero(starts[1:] > starts[:-1]).tolist():
            each = self._conditions[n]
            left = each.narrowed(rows[starts[n] : starts[n + 1]], batch)
            certain, still = each.split(left, batch)
            if len(certain):
                must.append((np.full(len(certain), n), certain))
            if len(still):
                open_.append((np.full(len(still), n), still))
        return Found(_pairs(must, len(self._conditions)), _pairs(open_, len(self._conditions)))

    def _standing(self, matrix: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Which rows meet all cheap parts of which condition, ordered by condition."""
        bits = np.packbits(matrix, axis=1).view(np.uint64)
        standing = np.zeros((len(self._conditions), bits.shape[1]), np.uint64)
        first = True
        for places, count in self._conjuncts:
            if first:
                standing[:count] = bits[places]
                first = False
            else:
                standing[:count] &= bits[places]
        words = np.flatnonzero(standing)
        owners, columns = np.divmod(words, bits.shape[1])
        each = np.unpackbits(standing.ravel()[words].view(np.uint8).reshape(-1, 8), axis=1)
        word, bit = np.divmod(np.flatnonzero(each), 64)
        conditions = np.array(self._order, np.intp)[owners[word]]
        rows = columns[word] * 64 + bit
        ordered = np.argsort(conditions, kind="stable")
        return conditions[ordered], rows[ordered]

    def _laid_out(self) -> list[tuple[NDArray[np.intp], int]]:
        """The places of the first, second ... cheap part of the conditions in `_order` that have so many."""
        layers: list[tuple[NDArray[np.intp], int]] = []
        depth = max((len(each.cheap) for each in self._conditions), default=0)
        for layer in range(max(depth, 1)):
            places = [
                self._masks.place[each.cheap[layer]] if layer < len(each.cheap) else 0
                for each in (self._conditions[n] for n in self._order)
                if layer == 0 or layer < len(each.cheap)
            ]
            layers.append((np.array(places, np.intp), len(places)))
        return layers

    def _row_by_row(self, columns: Columns, missing: Mapping[str, Mask | None]) -> Found:
        listed = [self._cells(columns, name, missing) for name in self.reads]
        must: list[tuple[int, int]] = []
        open_: list[tuple[int, int]] = []
        for row in range(columns.count):
            certain, still = self._row([values[row] for values in listed])
            must += [(row, n) for n in certain]
            open_ += [(row, n) for n in still]
        return Found(_of_list(must), _of_list(open_))

    @staticmethod
    def _cells(
        columns: Columns, name: str, missing: Mapping[str, Mask | None]
    ) -> Sequence[Value | NotBought]:
        if name not in missing:
            return columns[name].values
        mask = missing[name]
        if mask is None:
            return [NOT_BOUGHT] * columns.count
        pairs = zip(columns[name].values, mask.tolist(), strict=True)
        return [NOT_BOUGHT if is_missing else value for value, is_missing in pairs]


class _Compiled:
    """One condition: its cheap parts, its dear parts, and how what is left is split."""

    def __init__(self, condition: Condition) -> None:
        self.tree = tree_of(shared_form(condition.expr))
        parts: tuple[Tree, ...] = self.tree.parts if isinstance(self.tree, Every) else (self.tree,)
        self.cheap = [part for part in parts if is_vector(part)]
        self.dear = [part for part in parts if not is_vector(part)]
        self.signals = condition.signals
        self._needs_all = needs_all(condition)
        self._dear: Node | None = None
        self._whole: Node | None = None

    def finish(self, nodes: Nodes) -> None:
        if self.dear:
            self._dear = nodes.of(Every(tuple(self.dear)))
        if self.signals and not self._needs_all:
            self._whole = nodes.of(self.tree)

    def narrowed(self, rows: NDArray[np.intp], batch: Batch) -> NDArray[np.intp]:
        """Those rows for which the condition could hold."""
        return rows if self._dear is None else rows[self._dear.holds(rows, batch, certain=False)]

    def split(self, rows: NDArray[np.intp], batch: Batch) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Of the rows for which it could hold, those for which it does whatever is bought, and the others."""
        lacks = batch.lacks(self.signals, rows)
        if lacks is None:
            return rows, rows[:0]
        if self._whole is None:
            return rows[~lacks], rows[lacks]
        certain = ~lacks
        certain[lacks] = self._whole.holds(rows[lacks], batch, certain=True)
        return rows[certain], rows[~certain]


def compile_columns(conditions: Sequence[Condition], *, small: int = SMALL) -> ColumnProgram:
    """Compile conditions on one event type into a program over batches of rows.

    Args:
        conditions: their places in what comes out are their places here.
        small: batches of fewer rows than this go to the row program.
    """
    return ColumnProgram(conditions, small=small)


def _pairs(found: list[tuple[NDArray[np.intp], NDArray[np.intp]]], count: int) -> Pairs:
    if not found:
        return Pairs(np.empty(0, np.intp), np.empty(0, np.intp))
    conditions = np.concatenate([each for each, _ in found])
    rows = np.concatenate([each for _, each in found])
    keys = np.sort(rows * count + conditions)
    return Pairs(*np.divmod(keys, max(count, 1)))


def _of_list(found: list[tuple[int, int]]) -> Pairs:
    both = np.array(found, np.intp).reshape(-1, 2)
    return Pairs(both[:, 0], both[:, 1])
