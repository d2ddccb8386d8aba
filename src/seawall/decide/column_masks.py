"""Vector leaves of all conditions, looked at once for a whole batch: one row of bits for each leaf.

Tests of one column against constants are done together: thresholds as one comparison, texts as one look-up.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from seawall.core.columns import DTYPES
from seawall.decide.column_tree import Every, Leaf, leaves_in, member_test_of, text_test_of
from seawall.decide.column_vector import Vectors
from seawall.policy.conditions.expr import Call, Constant, Read, reads_of, signals_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.columns import Column, Columns
    from seawall.decide.column_tree import Tree

    Mask = NDArray[np.bool_]

_UFUNCS: Mapping[str, Any] = {
    "equal": np.equal,
    "unequal": np.not_equal,
    "less": np.less,
    "at_most": np.less_equal,
    "greater": np.greater,
    "at_least": np.greater_equal,
}
_OPPOSITES = {
    "equal": "unequal",
    "unequal": "equal",
    "less": "at_least",
    "at_least": "less",
    "greater": "at_most",
    "at_most": "greater",
}
_MIRRORED = {"less": "greater", "greater": "less", "at_most": "at_least", "at_least": "at_most"}


class Group(Protocol):
    """Leaves that are looked at together; `reads` are the columns they need."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of columns."""
        ...

    @property
    def leaves(self) -> Sequence[Leaf]:
        """In the order of the rows that `fill` writes."""
        ...

    def fill(self, out: Mask, vectors: Vectors) -> None:
        """Write where each leaf holds; `out` has the shape (leaves, rows)."""
        ...


class Thresholds:
    """One number column compared in one way with several constants."""

    def __init__(self, name: str, operation: str) -> None:
        self.reads = (name,)
        self.leaves: list[Leaf] = []
        self.constants: list[Any] = []
        self._ufunc = _UFUNCS[operation]

    def fill(self, out: Mask, vectors: Vectors) -> None:
        """One comparison for each constant."""
        values, known = vectors.columns[self.reads[0]].numbers
        for position, constant in enumerate(self.constants):
            self._ufunc(values, constant, out=out[position])
        if not known.all():
            np.logical_and(out, known, out=out)


class Texts:
    """One text column asked for several texts: a table of leaves by any other text, NULL, and each text."""

    def __init__(self, name: str, leaves: Sequence[Leaf]) -> None:
        self.reads = (name,)
        self.leaves = leaves
        tests = [(leaf, test) for leaf in leaves if (test := text_test_of(leaf.expr)) is not None]
        self._places: dict[Any, int] = {None: 1}
        for _, (_, texts, _) in tests:
            for text in texts:
                self._places.setdefault(text, len(self._places) + 1)
        self._table = np.zeros((len(tests), len(self._places) + 1), np.bool_)
        for row, (leaf, (_, texts, negated)) in zip(self._table, tests, strict=True):
            row[[self._places[text] for text in texts]] = True
            if negated is leaf.wanted:
                row[:] = ~row
                row[1] = False

    def fill(self, out: Mask, vectors: Vectors) -> None:
        """One look-up for each row, or for each distinct text where the column has codes."""
        places = _places(vectors.columns[self.reads[0]], self._places)
        np.take(self._table, places, axis=1, out=out, mode="clip")


class Members:
    """One column of lists asked whether they have each of several texts."""

    def __init__(self, name: str, leaves: Sequence[Leaf]) -> None:
        self.reads = (name,)
        self.leaves = leaves
        self._places: dict[Any, int] = {}
        tests = [test for leaf in leaves if (test := member_test_of(leaf.expr)) is not None]
        self._asked = [self._places.setdefault(text, len(self._places) + 1) for _, text in tests]

    def fill(self, out: Mask, vectors: Vectors) -> None:
        """One look-up for each element of all the lists."""
        column = vectors.columns[self.reads[0]]
        known, places = column.known, _places(column.elements, self._places)
        met = np.flatnonzero(places)
        places, rows = places[met], np.repeat(np.arange(len(column)), column.lengths)[met]
        out[:] = False
        for n, (place, leaf) in enumerate(zip(self._asked, self.leaves, strict=True)):
            out[n, rows[places == place]] = True
            if not leaf.wanted:
                out[n] = known & ~out[n]


class Single:
    """One leaf by its vector operations."""

    def __init__(self, leaf: Leaf) -> None:
        self.reads = reads_of(leaf.expr)
        self.leaves = (leaf,)
        self._leaf = leaf

    def fill(self, out: Mask, vectors: Vectors) -> None:
        """The truth that is wanted, where it is known."""
        values, known = vectors.value(self._leaf.expr)
        out[0] = (values if self._leaf.wanted else ~values) & known


class Masks:
    """Compiles vector trees to places in a matrix of bits, and fills it."""

    def __init__(self, trees: Iterable[Tree]) -> None:
        wanted = list(dict.fromkeys(trees))
        self._groups = _grouped(dict.fromkeys(leaf for tree in wanted for leaf in leaves_in(tree)))
        self.place: dict[Tree, int] = {}
        for group in self._groups:
            for leaf in group.leaves:
                self.place[leaf] = len(self.place) + 1  # 0 is what holds everywhere
        self._built: list[tuple[int, bool, list[int]]] = []
        for tree in wanted:
            self._build(tree)
        self._signals = [
            (place, signals)
            for leaf, place in self.place.items()
            if isinstance(leaf, Leaf) and (signals := signals_of(leaf.expr))
        ]

    def _build(self, tree: Tree) -> int:
        if tree in self.place:
            return self.place[tree]
        assert not isinstance(tree, Leaf)
        parts = [self._build(part) for part in tree.parts]
        place = self.place[tree] = len(self.place) + 1
        self._built.append((place, isinstance(tree, Every), parts))
        return place

    def fill(self, columns: Columns, missing: Mapping[str, Mask | None]) -> Mask:
        """Where each tree could hold: shape (places, rows rounded up to 64); False beyond the rows.

        Args:
            columns: the batch.
            missing: signals that were not bought, and on which rows; None: on any.
        """
        count = columns.count
        matrix = np.empty((len(self.place) + 1, -(-count // 64) * 64), np.bool_)
        matrix[:, count:] = False
        rows = matrix[:, :count]
        rows[0] = True
        vectors, place = Vectors(columns), 1
        for group in self._groups:
            end = place + len(group.leaves)
            if not any(name in missing and missing[name] is None for name in group.reads):
                group.fill(rows[place:end], vectors)
            place = end
        for place, signals in self._signals:
            for name in signals:
                if name in missing:
                    mask = missing[name]
                    rows[place] = True if mask is None else rows[place] | mask
        for place, every, parts in self._built:
            combine = np.logical_and if every else np.logical_or
            combine.reduce(rows[parts], axis=0, out=rows[place])
        return matrix


def _places(column: Column, places: Mapping[Any, int]) -> NDArray[np.intp]:
    """The place of each value of a text column, 0 for those that have none."""
    coded = column.codes if column.arrow is not None else column.coded
    if coded is None:
        return np.fromiter(map(places.get, column.values, repeat(0)), np.intp, len(column))
    by_code = [places.get(each, 0) for each in (*coded.distinct, None)]
    return np.array(by_code, np.intp)[coded.codes]  # code -1 is the last: NULL


def _grouped(leaves: Iterable[Leaf]) -> list[Group]:
    thresholds: dict[tuple[str, str], Thresholds] = {}
    texts: dict[str, list[Leaf]] = {}
    members: dict[str, list[Leaf]] = {}
    singles: list[Single] = []
    for leaf in leaves:
        test, compared = text_test_of(leaf.expr), _threshold(leaf)
        if test is not None:
            texts.setdefault(test[0], []).append(leaf)
        elif (member := member_test_of(leaf.expr)) is not None:
            members.setdefault(member[0], []).append(leaf)
        elif compared is not None:
            name, operation, constant = compared
            group = thresholds.setdefault((name, operation), Thresholds(name, operation))
            group.leaves.append(leaf)
            group.constants.append(constant)
        else:
            singles.append(Single(leaf))
    return [
        *thresholds.values(),
        *(Texts(name, each) for name, each in texts.items()),
        *(Members(name, each) for name, each in members.items()),
        *singles,
    ]


def _threshold(leaf: Leaf) -> tuple[str, str, Any] | None:
    """(column, comparison, constant): a number, time or truth against a constant."""
    match leaf.expr:
        case Call(operation=operation, args=(Read() as read, Constant(value=value))) if operation in _UFUNCS:
            pass
        case Call(operation=operation, args=(Constant(value=value), Read() as read)) if operation in _UFUNCS:
            operation = _MIRRORED.get(operation, operation)
        case _:
            return None
    if value is None or read.type.kind not in DTYPES or read.type.is_list:
        return None
    constant = np.array(value, DTYPES[read.type.kind])
    return read.name, operation if leaf.wanted else _OPPOSITES[operation], constant
