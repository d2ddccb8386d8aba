"""Which way of calling a function fits the arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.policy.conditions.expr import Call, Constant, Expr
from seawall.policy.conditions.fault import Fault
from seawall.policy.conditions.functions import FUNCTIONS, Function, Overload, Parameter
from seawall.policy.conditions.moments import DIFFERENCES, TRUNCATIONS
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.typed import Typed, as_null_of, as_number, as_numbers, plain
from seawall.policy.near import near

if TYPE_CHECKING:
    from seawall.policy.conditions.syntax import Function as Written

_SPECIAL = ("coalesce", "ifnull", "nullif", "matches", "match_count", "near", "local_hour")
_UNITS = {"date_diff": DIFFERENCES, "date_trunc": TRUNCATIONS}
_AGGREGATES = (
    "count",
    "sum",
    "avg",
    "mean",
    "min",
    "max",
    "any_value",
    "first",
    "last",
    "array_agg",
    "median",
    "mode",
)


def aggregate_hint(name: str) -> str | None:
    """What to do instead of an aggregate."""
    return "a condition sees one event; count past events with a feature" if name in _AGGREGATES else None


def close_functions(name: str) -> str:
    """The nearest function, or where to look."""
    nearest = near(name, (*FUNCTIONS, *_SPECIAL))
    return f"did you mean {nearest}?" if nearest else "docs/reference/conditions.md lists the functions"


def choose(function: Function, args: list[Typed], written: Written, faults: list[Fault]) -> Typed | None:
    """The call in its compiled form, or a fault that says what the function takes."""
    for overload in function.overloads:
        fitted = _fit(overload, args)
        if fitted is None:
            continue
        fault = _bad_literal(overload, fitted, written)
        if fault is not None:
            faults.append(fault)
            return None
        return Typed(Call(overload.operation, fitted, overload.result), written.at)
    got = ", ".join("NULL" if arg.bare_null else str(plain(arg.type)) for arg in args)
    message = f"{written.name} cannot be called with ({got})"
    faults.append(
        Fault(written.at.start, written.at.end, "bad-arguments", message, f"it takes {_usage(function)}")
    )
    return None


def _fit(overload: Overload, args: list[Typed]) -> tuple[Expr, ...] | None:
    parameters = overload.parameters
    if overload.repeats and len(args) > len(parameters):
        parameters = (*parameters, *(parameters[-1:] * (len(args) - len(parameters))))
    if len(args) > len(parameters):
        return None
    fitted: list[Expr] = []
    for position, parameter in enumerate(parameters):
        if position >= len(args):
            if parameter.default is None:
                return None
            fitted.append(Constant(parameter.default, parameter.type))
            continue
        arg = _fit_one(parameter, args[position])
        if arg is None:
            return None
        fitted.append(arg)
    return tuple(fitted)


def _fit_one(parameter: Parameter, arg: Typed) -> Expr | None:
    if parameter.literal and (arg.bare_null or not isinstance(arg.expr, Constant)):
        return None
    arg = as_null_of(arg, parameter.type)
    if parameter.type.is_list and parameter.type.kind is Kind.NUMBER:
        arg = as_numbers(arg)
    if parameter.type.kind is Kind.NUMBER and arg.is_scalar_number and not parameter.type.is_list:
        return as_number(arg).expr
    return arg.expr if plain(arg.type) == parameter.type else None


def _bad_literal(overload: Overload, fitted: tuple[Expr, ...], written: Written) -> Fault | None:
    """A literal whose value the function does not take."""
    units = _UNITS.get(overload.operation)
    if units is not None:
        unit, at = fitted[0], written.args[0].at
        if isinstance(unit, Constant) and unit.value not in units:
            message, hint = f"there is no unit {unit.value!r}", f"one of {', '.join(units)}"
            return Fault(at.start, at.end, "bad-unit", message, hint)
    prepare = OPERATIONS[overload.operation].prepare
    if prepare is None:
        return None
    try:
        prepare(*(arg.value for arg in fitted[1:] if isinstance(arg, Constant)))
    except ValueError as failure:
        at = written.args[1].at
        if overload.operation == "bucket":
            return Fault(written.args[2].at.start, written.args[2].at.end, "bad-arguments", str(failure))
        message = f"the pattern is refused: {failure}"
        return Fault(at.start, at.end, "bad-pattern", message, "see RE2's syntax")
    return None


def _usage(function: Function) -> str:
    """The first ways to call it: `(text: string, pattern: a literal string)`."""
    ways = [", ".join(_parameter(each) for each in overload.parameters) for overload in function.overloads]
    return " or ".join(f"({way})" for way in ways[:3])


def _parameter(parameter: Parameter) -> str:
    return f"{parameter.name}: {'a literal ' if parameter.literal else ''}{parameter.type}"
