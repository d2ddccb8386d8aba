"""Which way of calling a function fits the arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.policy.conditions.expr import Call, Constant, Expr
from seawall.policy.conditions.fault import Fault
from seawall.policy.conditions.functions import FUNCTIONS, Function, Overload, Parameter
from seawall.policy.conditions.moments import UNITS
from seawall.policy.conditions.regexes import BadPattern, regexp_extract, regexp_matches
from seawall.policy.conditions.typed import Typed, as_null_of, as_number, plain
from seawall.policy.near import near

if TYPE_CHECKING:
    from seawall.policy.conditions.syntax import Function as Written

_SPECIAL = ("coalesce", "ifnull", "nullif", "matches")
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
    if parameter.type.kind is Kind.NUMBER and arg.is_scalar_number and not parameter.type.is_list:
        return as_number(arg).expr
    return arg.expr if plain(arg.type) == parameter.type else None


def _bad_literal(overload: Overload, fitted: tuple[Expr, ...], written: Written) -> Fault | None:
    """A literal whose value the function does not take."""
    if overload.operation == "date_diff" and isinstance(fitted[0], Constant) and fitted[0].value not in UNITS:
        return Fault(
            written.args[0].at.start,
            written.args[0].at.end,
            "bad-unit",
            f"there is no unit {fitted[0].value!r}",
            f"one of {', '.join(UNITS)}",
        )
    test = {"regexp_matches": regexp_matches, "regexp_extract": regexp_extract}.get(overload.operation)
    if test is None:
        return None
    behind = [arg.value for arg in fitted[1:] if isinstance(arg, Constant)]
    try:
        test(*behind)  # type: ignore[arg-type]
    except BadPattern as failure:
        at = written.args[1].at
        return Fault(
            at.start, at.end, "bad-pattern", f"the pattern is refused: {failure}", "see RE2's syntax"
        )
    return None


def _usage(function: Function) -> str:
    """The first ways to call it: `(text: string, pattern: a literal string)`."""
    ways = [", ".join(_parameter(each) for each in overload.parameters) for overload in function.overloads]
    return " or ".join(f"({way})" for way in ways[:3])


def _parameter(parameter: Parameter) -> str:
    return f"{parameter.name}: {'a literal ' if parameter.literal else ''}{parameter.type}"
