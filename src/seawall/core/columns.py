"""Rows of one event type, column by column: what ingest decodes, features count and column programs read.

A column keeps one form and makes the others when somebody asks, once: Python values for what works row by
row, numbers for arithmetic, codes into distinct values for whatever is dear per text.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seawall.core.types import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.types import Value

DTYPES = {Kind.INTEGER: np.int64, Kind.TIMESTAMP: np.int64, Kind.NUMBER: np.float64, Kind.BOOLEAN: np.bool_}
"""Kinds that have a numeric form."""

_TEXTS = (Kind.STRING, Kind.HASH)

_FEW = 4  # up to a quarter of the rows it is cheaper to take their values alone


class Numbers(NamedTuple):
    """`values` of shape (rows,); where `known` (same shape, boolean) is False, 0 stands for NULL."""

    values: NDArray[Any]
    known: NDArray[np.bool_]


class Codes(NamedTuple):
    """`codes` of shape (rows,), int32, are places in `distinct`; -1 is NULL."""

    codes: NDArray[np.int32]
    distinct: list[Value]


class Column:
    """One column. Made of one of its forms (an Arrow array is one); not to be changed afterwards."""

    __slots__ = ("_arrow", "_codes", "_numbers", "_objects", "_values", "type")

    def __init__(
        self,
        type_: FieldType,
        *,
        values: Sequence[Value] | None = None,
        arrow: Any = None,
        numbers: Numbers | None = None,
    ) -> None:
        self.type = type_
        self._values: Sequence[Value] | None = values
        self._arrow = arrow
        self._numbers = numbers
        self._codes: Codes | None = None
        self._objects: NDArray[np.object_] | None = None

    @property
    def arrow(self) -> Any:
        """The Arrow array it was made of, if it was made of one."""
        return self._arrow

    def __len__(self) -> int:
        for form in (self._values, self._arrow):
            if form is not None:
                return len(form)
        assert self._numbers is not None
        return len(self._numbers.known)

    @property
    def values(self) -> Sequence[Value]:
        """Python values, None for NULL.

        >>> Column(FieldType(Kind.INTEGER), numbers=Numbers(np.array([1, 0]), np.array([True, False]))).values
        [1, None]
        """
        if self._values is None:
            self._values = self._made_values()
        return self._values

    def at(self, rows: NDArray[np.intp]) -> list[Any]:
        """Python values of some rows.

        >>> Column(FieldType(Kind.STRING), values=["a", None, "b"]).at(np.array([2, 1]))
        ['b', None]
        """
        if self._values is None and len(rows) * _FEW < len(self):
            arrow, numbers = self._arrow, self._numbers
            if arrow is not None:
                return list(Column(self.type, arrow=arrow.take(rows)).values)
            assert numbers is not None
            return list(Column(self.type, numbers=Numbers(numbers.values[rows], numbers.known[rows])).values)
        if self.type.is_list:
            values = self.values
            return [values[row] for row in rows.tolist()]
        if self._objects is None:
            self._objects = np.array(self.values, object)
        return self._objects[rows].tolist()

    @property
    def coded(self) -> Codes | None:
        """The codes, if somebody has asked for them before."""
        return self._codes

    @property
    def numbers(self) -> Numbers:
        """The numeric form of an integer, number, boolean or timestamp column.

        Raises:
            KeyError: the column holds something else.

        >>> Column(FieldType(Kind.NUMBER), values=[0.5, None]).numbers.known.tolist()
        [True, False]
        """
        if self._numbers is None:
            self._numbers = self._made_numbers(DTYPES[self.type.kind])
        return self._numbers

    @property
    def codes(self) -> Codes:
        """Distinct values and where each row's stands among them.

        >>> Column(FieldType(Kind.STRING), values=["a", None, "a"]).codes
        Codes(codes=array([ 0, -1,  0], dtype=int32), distinct=['a'])
        """
        if self._codes is None:
            self._codes = self._made_codes()
        return self._codes

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where the value is not NULL; shape (rows,)."""
        if self._numbers is None and self.type.kind in DTYPES and not self.type.is_list:
            return self.numbers.known
        if self._numbers is not None:
            return self._numbers.known
        if self._codes is not None:
            return self._codes.codes >= 0
        if self._arrow is not None:
            return np.asarray(self._arrow.is_valid())
        return np.fromiter((each is not None for each in self.values), np.bool_, len(self))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many elements each list of a column of lists has; 0 for NULL.

        >>> Column(FieldType(Kind.STRING, is_list=True), values=[("a", "b"), None]).lengths
        array([2, 0])
        """
        if self._arrow is not None:
            return np.asarray(self._arrow.value_lengths().fill_null(0)).astype(np.int64)
        return np.array([len(each) if isinstance(each, tuple) else 0 for each in self.values], np.int64)

    @property
    def elements(self) -> Column:
        """The elements of all lists of a column of lists, one after the other."""
        type_ = FieldType(self.type.kind)
        if self._arrow is not None:
            return Column(type_, arrow=self._arrow.flatten())
        lists: list[Any] = [each for each in self.values if each]
        return Column(type_, values=list(chain.from_iterable(lists)))

    def _made_values(self) -> Sequence[Value]:
        if self._arrow is not None:
            if self.type.kind in _TEXTS and not self.type.is_list:
                return self._arrow.to_numpy(zero_copy_only=False).tolist()
            listed: list[Any] = self._arrow.to_pylist()
            return [None if each is None else tuple(each) for each in listed] if self.type.is_list else listed
        assert self._numbers is not None
        values, known = self._numbers
        plain: list[Any] = values.tolist()
        for place in np.flatnonzero(~known).tolist():
            plain[place] = None
        return plain

    def _made_numbers(self, dtype: Any) -> Numbers:
        if self._arrow is not None:
            whole = not self._arrow.null_count
            known = np.ones(len(self), np.bool_) if whole else np.asarray(self._arrow.is_valid())
            filled = self._arrow if whole else self._arrow.fill_null(dtype(0).item())
            return Numbers(np.asarray(filled).astype(dtype, copy=False), known)
        values = self.values
        if None not in values:
            return Numbers(np.array(values, dtype), np.ones(len(values), np.bool_))
        known = np.array([each is not None for each in values], np.bool_)
        return Numbers(np.array([0 if each is None else each for each in values], dtype), known)

    def _made_codes(self) -> Codes:
        if self._arrow is not None and not self.type.is_list:
            coded = self._arrow.dictionary_encode()
            indices = np.asarray(coded.indices.fill_null(-1)).astype(np.int32, copy=False)
            return Codes(indices, list(Column(self.type, arrow=coded.dictionary).values))
        places: dict[Value, int] = {None: -1}
        codes = [places.setdefault(each, len(places) - 1) for each in self.values]
        return Codes(np.array(codes, np.int32), list(places)[1:])


class Columns:
    """`count` rows of one event type.

    Attributes:
        type: name of the event type.
        by_name: a column of `count` rows for each name; what no condition reads may be missing.
    """

    __slots__ = ("by_name", "count", "type")

    def __init__(self, type_: str, count: int, by_name: Mapping[str, Column]) -> None:
        self.type = type_
        self.count = count
        self.by_name = dict(by_name)

    def __getitem__(self, name: str) -> Column:
        return self.by_name[name]
