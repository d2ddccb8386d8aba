"""Which strategies differ between two versions of a project: in their own file, or in what they read."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import msgspec

from seawall.policy.checks.hash_banks import banks_named
from seawall.policy.conditions import compile_condition
from seawall.policy.conditions.expr import Matches, walk
from seawall.policy.effective import lets_off, strategy_condition
from seawall.policy.flatten import forms
from seawall.policy.normal import normal_condition
from seawall.policy.scope import filter_scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.conditions.expr import Expr
    from seawall.policy.model import Project, Strategy

_SILENT = frozenset({"name", "span", "when_span", "except_span", "describes", "owner"})
_WHOLE = "condition"


def changed_strategies(before: Project, after: Project) -> dict[str, tuple[str, ...]]:
    """For each strategy that differs, by name, what does: `added`, `removed`, its own keys, `list scams` ...

    A strategy differs too if a definition, list, feature or signal that it reads does, or a reason to let
    events off that concerns it. Descriptions, owners and layout make no difference.

    Raises:
        ConditionError: a condition does not compile.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(before.strategies.keys() | after.strategies.keys()):
        if name not in before.strategies:
            found[name] = ("added",)
        elif name not in after.strategies:
            found[name] = ("removed",)
        else:
            one, other = (_parts(each, each.strategies[name]) for each in (before, after))
            different = [key for key in {**one, **other} if one.get(key) != other.get(key)]
            named = [key for key in different if not key.startswith(_WHOLE)]
            if different:
                found[name] = tuple(named or different)
    return found


def _parts(project: Project, strategy: Strategy) -> dict[str, Any]:
    """Everything that makes the strategy what it is, by what a person would call it."""
    parts = {
        key.replace("_", " "): value
        for key, value in msgspec.structs.asdict(strategy).items()
        if key not in _SILENT
    }
    parts["when"] = normal_condition(strategy.when)
    parts["except when"] = _normal(strategy.except_when)
    parts["on"] = tuple(sorted(strategy.on))
    parts["overlays"] = [
        (
            each.name,
            each.markets,
            _normal(each.when),
            _normal(each.except_when),
            each.then,
            each.review,
            each.mode,
        )
        for each in strategy.overlays
    ]
    for (place, form), type_ in product(enumerate(forms(strategy)), strategy.on):
        event = project.events[type_]
        condition = strategy_condition(project, form, type_)
        parts[f"event {type_}"] = (event.surface, event.subject, event.actor)
        parts[f"allow of {type_}"] = [
            *parts.get(f"allow of {type_}", ()),
            *(
                (place, each.name, normal_condition(each.when))
                for each in event.allow
                if lets_off(project, each, form)
            ),
        ]
        parts.update(_lists(condition.expr))
        parts.update(
            (f"definition {each}", normal_condition(project.definitions[each].when))
            for each in condition.definitions
        )
        for name in condition.reads:
            parts.update(_read(project, name, type_))
        parts[f"{_WHOLE} {place} on {type_}"] = condition.expr
    return parts


def _normal(condition: str | None) -> Any:
    return None if condition is None else normal_condition(condition)


def _lists(expr: Expr) -> Iterator[tuple[str, Any]]:
    for node in walk(expr):
        if isinstance(node, Matches):
            yield f"list {node.bank}", node.version


def _read(project: Project, name: str, type_: str) -> Iterator[tuple[str, Any]]:
    """What stands behind a column that is a feature or a signal."""
    if (feature := project.features.get(name)) is not None and type_ in feature.on:
        yield f"feature {name}", feature.fingerprint
        if feature.where is not None:
            for each in feature.on:
                filter_ = compile_condition(
                    feature.where, filter_scope_of(project, feature, each), at=feature.span
                )
                yield from _lists(filter_.expr)
    if (signal := project.signals.get(name)) is not None and type_ in signal.on:
        said = msgspec.structs.asdict(signal)
        yield f"signal {name}", {key: value for key, value in said.items() if key not in _SILENT}
        for bank in banks_named(signal.options.get("bank", "")):
            if (kept := project.hash_banks.get(bank)) is not None:
                yield f"bank {bank}", (kept.hash, kept.within, sorted(kept.matches), kept.clause)
        if signal.input in project.signals:
            yield from _read(project, signal.input, type_)
        for option in signal.options.values():
            if isinstance(option, str) and option in project.banks:
                yield f"list {option}", project.banks[option].version
            elif isinstance(option, str) and option in project.policies:
                yield f"policy {option}", " ".join(project.policies[option].text.split())
