"""What is dear per value: looked at only for the rows that are asked for, and kept for whoever asks again.

A part with one text column whose values repeat is looked at once per distinct value. Parts that several
conditions share (a text in lower case) are columns of their own, made as far as they are needed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.decide.row_source import value_source
from seawall.policy.conditions.cost import cost_of
from seawall.policy.conditions.expr import (
    And,
    Call,
    Case,
    Constant,
    Expr,
    Matches,
    Not,
    Or,
    Read,
    children,
    reads_of,
    signals_of,
    walk,
)
from seawall.policy.conditions.meetings import meetings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.columns import Columns
    from seawall.policy.conditions.meetings import Meeting

    Rows = NDArray[np.intp]

UNSEEN, TRUE, FALSE, NULL = range(4)
"""What is known about a part on a row."""

_TRUTHS = f"bytes([{TRUE} if (v := {{value}}) is True else {FALSE} if v is False else {NULL} {{each}}])"
_CHEAP_US = 0.06  # to keep a value and find it again


class LazyPart:
    """A compiled part: `reads` are columns or kept parts; `run` takes their values as lists."""

    __slots__ = ("expr", "name", "reads", "run")

    def __init__(self, expr: Expr, name: str, run_of: str, meetings: Mapping[str, Meeting]) -> None:
        self.expr = expr
        self.name = name
        self.reads = reads_of(expr)
        value, names = value_source(expr, self.reads, meetings)
        takes = range(len(self.reads) or 1)  # what reads nothing is given the rows
        locals_, lists = [f"c{each}" for each in takes], [f"a{each}" for each in takes]
        rows = f"zip({', '.join(lists)}, strict=True)" if len(lists) > 1 else lists[0]
        each = f"for {', '.join(locals_)} in {rows}"
        text = f"def run({', '.join(lists)}):\n    return {run_of.format(value=value, each=each)}\n"
        exec(compile(text, "<part>", "exec"), names)  # noqa: S102  our own source, from typed nodes
        self.run: Callable[..., Any] = names["run"]


class LazyParts:
    """The lazy leaves of all conditions, and the parts that they share."""

    def __init__(self, leaves: Iterable[Expr]) -> None:
        known = list(dict.fromkeys(leaves))
        meetings = meetings_of(known)
        names = {expr: f"#{place}" for place, expr in enumerate(_worth_keeping(known))}
        self.kept = {
            name: LazyPart(_with(expr, names, top=True), name, "[{value} {each}]", meetings)
            for expr, name in names.items()
        }
        self.leaves = [
            LazyPart(
                _with(expr, names, top=True),
                str(place),
                _TRUTHS,
                meetings,
            )
            for place, expr in enumerate(known)
        ]
        self.place = {expr: place for place, expr in enumerate(known)}


class LazyBatch:
    """What is known of the lazy parts on one batch."""

    def __init__(self, parts: LazyParts, columns: Columns) -> None:
        self._parts = parts
        self._columns = columns
        self._seen: dict[int, tuple[NDArray[np.uint8], NDArray[np.int32] | None]] = {}
        self._kept: dict[str, tuple[NDArray[np.object_], NDArray[np.bool_]]] = {}

    def truths(self, place: int, rows: Rows) -> NDArray[np.uint8]:
        """TRUE, FALSE or NULL of a leaf on some rows (each at most once)."""
        if place not in self._seen:
            self._seen[place] = self._begin(self._parts.leaves[place])
        seen, codes = self._seen[place]
        places: Any = rows if codes is None else codes[rows]
        found = seen[places]
        unseen = found == UNSEEN
        if unseen.any():
            wanted = rows[unseen]
            if codes is not None:
                _, first = np.unique(codes[wanted], return_index=True)
                wanted = wanted[first]
            part = self._parts.leaves[place]
            truths = np.frombuffer(self._run(part, wanted), np.uint8)
            seen[wanted if codes is None else codes[wanted]] = truths
            found = seen[places]
        return found

    def _begin(self, part: LazyPart) -> tuple[NDArray[np.uint8], NDArray[np.int32] | None]:
        count = self._columns.count
        if len(part.reads) == 1 and part.reads[0] in self._columns.by_name:
            column = self._columns[part.reads[0]]
            coded = None if column.type.is_list else column.coded
            if coded is not None and len(coded.distinct) * 2 < count:
                return np.zeros(len(coded.distinct) + 1, np.uint8), coded.codes
        return np.zeros(count, np.uint8), None

    def _run(self, part: LazyPart, rows: Rows) -> Any:
        return part.run(*([self._at(name, rows) for name in part.reads] or [rows]))

    def _at(self, name: str, rows: Rows) -> list[Any]:
        part = self._parts.kept.get(name)
        if part is None:
            return self._columns[name].at(rows)
        if name not in self._kept:
            count = self._columns.count
            self._kept[name] = np.empty(count, object), np.zeros(count, np.bool_)
        values, seen = self._kept[name]
        unseen = rows[~seen[rows]]
        if len(unseen):
            found = self._run(part, unseen)
            if part.expr.type.is_list:  # NumPy would take lists of one length for a table
                for row, value in zip(unseen.tolist(), found, strict=True):
                    values[row] = value
            else:
                values[unseen] = found
            seen[unseen] = True
        return values[rows].tolist()


def _worth_keeping(leaves: Sequence[Expr]) -> list[Expr]:
    """Parts of several leaves that are dear enough, outer ones first."""
    uses: Counter[Expr] = Counter()
    for leaf in leaves:
        uses.update(list(dict.fromkeys(node for part in children(leaf) for node in walk(part))))
    return [
        expr
        for expr, count in uses.items()
        if count > 1
        and cost_of(expr) > _CHEAP_US
        and reads_of(expr)
        and not isinstance(expr, Read | Constant)
    ]


def _with(expr: Expr, names: Mapping[Expr, str], *, top: bool = False) -> Expr:
    """The expression with every kept part read by its name."""
    if not top and expr in names:
        return Read(names[expr], expr.type, bool(signals_of(expr)))
    match expr:
        case Call(args=args):
            return replace(expr, args=tuple(_with(arg, names) for arg in args))
        case And(parts=parts) | Or(parts=parts):
            return replace(expr, parts=tuple(_with(part, names) for part in parts))
        case Not(part=part):
            return replace(expr, part=_with(part, names))
        case Case(branches=branches, default=default):
            return replace(
                expr,
                branches=tuple((_with(when, names), _with(then, names)) for when, then in branches),
                default=_with(default, names),
            )
        case Read() | Constant() | Matches():
            return expr
