"""Operations on whole columns of numbers, truths and times: the answers of `operations`, all rows at once.

A value is a pair of arrays: values, and where they are known (the rest is NULL). Constants are arrays of
one element. An operation that is not in the table is looked at value by value instead, with its own function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.columns import DTYPES, Numbers
from seawall.policy.conditions import arithmetic, moments
from seawall.policy.conditions.arithmetic import HIGHEST, LOWEST
from seawall.policy.conditions.expr import And, Call, Case, Constant, Expr, Not, Or, Read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from seawall.core.columns import Columns

_SURE = 2.0**62  # a product that is smaller in doubles fits 64 bits
_TRUE = np.ones(1, np.bool_)


def _compared(ufunc: Any) -> Callable[[Numbers, Numbers], Numbers]:
    return lambda a, b: Numbers(ufunc(a.values, b.values), a.known & b.known)


def _between(a: Numbers, low: Numbers, high: Numbers) -> Numbers:
    return both((_compared(np.greater_equal)(a, low), _compared(np.less_equal)(a, high)))


def both(parts: Sequence[Numbers]) -> Numbers:
    """AND: FALSE where a part is, TRUE where all are."""
    true = parts[0].values & parts[0].known
    false = ~parts[0].values & parts[0].known
    for values, known in parts[1:]:
        true = true & values & known
        false = false | (~values & known)
    return Numbers(true, true | false)


def either(parts: Sequence[Numbers]) -> Numbers:
    """OR: TRUE where a part is, FALSE where all are."""
    true = parts[0].values & parts[0].known
    false = ~parts[0].values & parts[0].known
    for values, known in parts[1:]:
        true = true | (values & known)
        false = false & ~values & known
    return Numbers(true, true | false)


def opposite(a: Numbers) -> Numbers:
    """NOT."""
    return Numbers(~a.values, a.known)


def _distinct(a: Numbers, b: Numbers) -> Numbers:
    differ = (a.known != b.known) | (a.known & b.known & (a.values != b.values))
    return Numbers(differ, _TRUE)


def _not_distinct(a: Numbers, b: Numbers) -> Numbers:
    return opposite(_distinct(a, b))


def _coalesce(*parts: Numbers) -> Numbers:
    values, known = parts[-1]
    for earlier in reversed(parts[:-1]):
        values = np.where(earlier.known, earlier.values, values)
        known = earlier.known | known
    return Numbers(values, known)


def _nullif(a: Numbers, b: Numbers) -> Numbers:
    return Numbers(a.values, a.known & ~(b.known & (a.values == b.values)))


def _add(a: Numbers, b: Numbers) -> Numbers:
    total = a.values + b.values
    over = ((a.values ^ total) & (b.values ^ total)) < 0
    return Numbers(total, a.known & b.known & ~over)


def _subtract(a: Numbers, b: Numbers) -> Numbers:
    rest = a.values - b.values
    over = ((a.values ^ b.values) & (a.values ^ rest)) < 0
    return Numbers(rest, a.known & b.known & ~over)


def _multiply(a: Numbers, b: Numbers) -> Numbers:
    product = a.values * b.values
    known = a.known & b.known
    unsure = known & (np.abs(a.values.astype(np.float64) * b.values.astype(np.float64)) >= _SURE)
    if unsure.any():
        product, known = product.copy(), known.copy()
        left, right = np.broadcast_arrays(a.values, b.values)
        for place in np.flatnonzero(unsure).tolist():
            exact = arithmetic.multiply_integers(int(left[place]), int(right[place]))
            known[place] = exact is not None
            product[place] = exact or 0
    return Numbers(product, known)


def _negate(a: Numbers) -> Numbers:
    return Numbers(-a.values, a.known & (a.values != LOWEST))


def _negate_number(a: Numbers) -> Numbers:
    return Numbers(-a.values, a.known)


def _not_zero(a: Numbers) -> Numbers:
    return Numbers(a.values != 0, a.known)


def _divided(a: Numbers, b: Numbers) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    fits = (b.values != 0) & ~((a.values == LOWEST) & (b.values == -1))
    return a.values, np.where(fits, b.values, 1), a.known & b.known & fits


def _quotient(a: Numbers, b: Numbers) -> Numbers:
    left, right, known = _divided(a, b)
    floor = left // right
    cut = floor + ((left - floor * right != 0) & ((left < 0) != (right < 0)))
    return Numbers(cut, known)


def _remainder(a: Numbers, b: Numbers) -> Numbers:
    left, right, known = _divided(a, b)
    return Numbers(np.fmod(left, right), known)


def _finite(ufunc: Any) -> Callable[[Numbers, Numbers], Numbers]:
    def run(a: Numbers, b: Numbers) -> Numbers:
        values = ufunc(a.values, b.values)
        finite = np.isfinite(values)
        return Numbers(np.where(finite, values, 0.0), a.known & b.known & finite)

    return run


def _rounded(a: Numbers) -> Numbers:
    nearest = np.rint(a.values)
    fits = (nearest >= float(LOWEST)) & (nearest < float(HIGHEST))
    return Numbers(np.where(fits, nearest, 0.0).astype(np.int64), a.known & fits)


def _cast(dtype: Any) -> Callable[[Numbers], Numbers]:
    return lambda a: Numbers(a.values.astype(dtype), a.known)


def _on_arrays(run: Callable[[Any], Any]) -> Callable[[Numbers], Numbers]:
    """Plain arithmetic on integers that cannot overflow: the row function takes arrays as they are."""
    return lambda a: Numbers(run(a.values), a.known)


def _elapsed(end: Numbers, start: Numbers) -> Numbers:
    return Numbers(end.values - start.values, end.known & start.known)


def _later(moment: Numbers, micros: Numbers) -> Numbers:
    return _in_calendar(moment.values + micros.values, moment.known & micros.known)


def _earlier(moment: Numbers, micros: Numbers) -> Numbers:
    return _in_calendar(moment.values - micros.values, moment.known & micros.known)


def _in_calendar(values: NDArray[Any], known: NDArray[np.bool_]) -> Numbers:
    return Numbers(values, known & (values >= moments.FIRST) & (values <= moments.LAST))


def _never_null(run: Callable[[Numbers], NDArray[np.bool_]]) -> Callable[[Numbers], Numbers]:
    return lambda a: Numbers(run(a), _TRUE)


VECTOR_FORMS: Mapping[str, Callable[..., Numbers]] = {
    "equal": _compared(np.equal),
    "unequal": _compared(np.not_equal),
    "less": _compared(np.less),
    "at_most": _compared(np.less_equal),
    "greater": _compared(np.greater),
    "at_least": _compared(np.greater_equal),
    "distinct": _distinct,
    "not_distinct": _not_distinct,
    "between": _between,
    "is_null": _never_null(lambda a: ~a.known),
    "is_true": _never_null(lambda a: a.known & a.values),
    "is_false": _never_null(lambda a: a.known & ~a.values),
    "coalesce": _coalesce,
    "nullif": _nullif,
    "add_integers": _add,
    "subtract_integers": _subtract,
    "multiply_integers": _multiply,
    "negate_integer": _negate,
    "quotient": _quotient,
    "remainder": _remainder,
    "add_numbers": _finite(np.add),
    "subtract_numbers": _finite(np.subtract),
    "multiply_numbers": _finite(np.multiply),
    "negate_number": _negate_number,
    "divide": _finite(np.divide),
    "remainder_of_numbers": _finite(np.fmod),
    "integer_to_number": _cast(np.float64),
    "number_to_integer": _rounded,
    "boolean_to_integer": _cast(np.int64),
    "integer_to_boolean": _not_zero,
    "number_to_boolean": _not_zero,
    "hour": _on_arrays(moments.hour),
    "minute": _on_arrays(moments.minute),
    "elapsed": _elapsed,
    "later": _later,
    "earlier": _earlier,
    "dayofweek": _on_arrays(moments.dayofweek),
}
"""What has a vector form. What does not, falls back to its row function."""


class Vectors:
    """The values of expressions over one batch, each computed once."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._known: dict[Expr, Numbers] = {}

    def value(self, expr: Expr) -> Numbers:
        """The value of an expression on every row, or one element where it reads no column."""
        found = self._known.get(expr)
        if found is None:
            found = self._known[expr] = self._computed(expr)
        return found

    def _computed(self, expr: Expr) -> Numbers:
        match expr:
            case Read(name=name):
                return self.columns[name].numbers
            case Constant(value=value, type=type_):
                dtype = DTYPES[type_.kind]
                values = np.zeros(1, dtype) if value is None else np.array([value], dtype)
                return Numbers(values, np.array([value is not None]))
            case Call(operation="is_null", args=(Read(name=name),)):
                return Numbers(~self.columns[name].known, _TRUE)
            case Call(operation="len", args=(Read(name=name),)):
                return Numbers(self.columns[name].lengths, self.columns[name].known)
            case Call(operation="in", args=(about, Constant(value=tuple() as items))):
                values, known = self.value(about)
                return Numbers(np.isin(values, np.array(items, values.dtype)), known)
            case Call(operation="date_diff", args=(Constant(value=str() as unit), start, end)):
                first, last = self.value(start), self.value(end)
                run: Any = moments.date_diff
                return Numbers(run(unit, first.values, last.values), first.known & last.known)
            case Call(operation=operation, args=args):
                return VECTOR_FORMS[operation](*(self.value(arg) for arg in args))
            case And(parts=parts):
                return both([self.value(part) for part in parts])
            case Or(parts=parts):
                return either([self.value(part) for part in parts])
            case Not(part=part):
                return opposite(self.value(part))
            case Case(branches=branches, default=default):
                return self._case(branches, default)
            case _:
                raise AssertionError(expr)  # is_vector_expr let it through

    def _case(self, branches: Sequence[tuple[Expr, Expr]], default: Expr) -> Numbers:
        values, known = self.value(default)
        for when, then in reversed(branches):
            chosen, chosen_known = self.value(when)
            taken = chosen & chosen_known
            branch = self.value(then)
            values, known = np.where(taken, branch.values, values), np.where(taken, branch.known, known)
        return Numbers(values, known)
