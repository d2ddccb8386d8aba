"""Which decisions of the lake a sweep has to look at, as one condition of SQL.

A strategy can fire only where each part of its AND is true. The parts that read nothing but plain fields and
the envelope are asked of the lake in DuckDB; the others (signals, counts, lists) are left to judging. So what
is chosen may be too much and is never too little: where a value cannot be read the row stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind
from seawall.policy.conditions import compile_condition
from seawall.policy.conditions.computed import is_computed
from seawall.policy.conditions.expr import And, Constant, Expr, Matches, Read, children
from seawall.policy.conditions.to_duckdb import SQL_TYPES, expression, literal, quoted
from seawall.policy.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.model import EventType, Project, Strategy
    from seawall.serve.sweep.model import Selection

_PLAIN = (Kind.STRING, Kind.HASH, Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN)
_ENVELOPE = ("market", "language", "source", "type")


def where(project: Project, selection: Selection) -> str:
    """The condition on the view `decisions`, with `$name` for what the selection says itself."""
    types = [name for name in project.events if not selection.types or name in selection.types]
    chosen = [project.strategies[name] for name in selection.strategies if name in project.strategies]
    parts: list[str] = []
    for name in types:
        own = [each for each in chosen if name in each.on]
        if selection.without is not None or not selection.strategies:
            parts.append(f"type = {_text(name)}")
        elif own:
            any_of = " OR ".join(_could_fire(project, project.events[name], each) for each in own)
            parts.append(f"(type = {_text(name)} AND (event IS NULL OR {any_of}))")
    return f"({' OR '.join(parts)})" if parts else "false"


def _could_fire(project: Project, kind: EventType, strategy: Strategy) -> str:
    condition = compile_condition(strategy.when, scope_of(project, kind.name), at=strategy.when_span)
    parts = [f"({_in_lake(part, kind)}) IS NOT FALSE" for part in _conjuncts(condition.expr, kind)]
    if strategy.languages:
        parts.append(f"language IN ({', '.join(map(_text, strategy.languages))})")
    if strategy.markets and not _by_law(project, strategy):
        parts.append(f"market IN ({', '.join(map(_text, strategy.markets))})")
    return f"({' AND '.join(parts)})" if parts else "true"


def _by_law(project: Project, strategy: Strategy) -> bool:
    """Whether its clause is of law anywhere: then it also holds where the subject can be seen."""
    policy = project.policies[strategy.policy]
    versions = [policy.clauses, *policy.overlays.values()]
    return any(held[strategy.clause].ground == "law" for held in versions if strategy.clause in held)


def _conjuncts(expr: Expr, kind: EventType) -> Iterator[Expr]:
    if isinstance(expr, And):
        for part in expr.parts:
            yield from _conjuncts(part, kind)
    elif all(_readable(each, kind) for each in _nodes(expr)):
        yield expr


def _readable(expr: Expr, kind: EventType) -> bool:
    """Whether the lake has it as it was: a plain field of the event, or a part of the envelope."""
    if isinstance(expr, Matches) or is_computed(expr):
        return False
    if isinstance(expr, Constant):
        return not isinstance(expr.value, str) or '"' not in expr.value  # it must not look like a column
    if not isinstance(expr, Read):
        return True
    type_ = kind.fields.get(expr.name)
    return expr.name in _ENVELOPE if type_ is None else not type_.is_list and type_.kind in _PLAIN


def _in_lake(expr: Expr, kind: EventType) -> str:
    """The expression with each field read out of the event's JSON."""
    text = expression(expr)
    for name in {each.name for each in _nodes(expr) if isinstance(each, Read)}:
        type_ = kind.fields.get(name)
        if type_ is not None:
            text = text.replace(quoted(name), _field(name, type_))
    return text


def _field(name: str, type_: FieldType) -> str:
    return f"TRY_CAST(json_extract_string(event, '$.\"{name}\"') AS {SQL_TYPES[type_.kind]})"


def _nodes(expr: Expr) -> Iterator[Expr]:
    yield expr
    for part in children(expr):
        yield from _nodes(part)


def _text(value: str) -> str:
    return literal(value, FieldType(Kind.STRING))
