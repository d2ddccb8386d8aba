"""What differs between two versions of a project, definition by definition."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from seawall.policy.normal import normal_condition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seawall.policy.model import Project


class Change(StrEnum):
    """What happened to a definition."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Difference(msgspec.Struct, frozen=True, order=True):
    """One definition that is not the same on both sides; `fields` say what changed in it."""

    kind: str
    name: str
    change: Change
    fields: tuple[str, ...] = ()


_KINDS = (
    *("events", "banks", "signals", "features", "strategies", "queues", "definitions"),
    *("hash_banks", "endpoints"),
)
_SETTINGS = (
    *("name", "markets", "groups", "locales", "market_tz", "retention_days", "data", "ladders", "media"),
)
_LAYOUT = frozenset({"span", "when_span", "except_span"})
_WORDS = ("event", "list", "signal", "feature", "strategy", "queue", "definition", "bank", "endpoint")


def diff_projects(before: Project, after: Project) -> tuple[Difference, ...]:
    """Every difference from `before` to `after`, by kind and name; where a definition stands makes none."""
    found = [
        Difference("setting", name, Change.CHANGED)
        for name in _SETTINGS
        if getattr(before, name) != getattr(after, name)
    ]
    for kind, word in zip(_KINDS, _WORDS, strict=True):
        found.extend(_compare(word, getattr(before, kind), getattr(after, kind)))
    found.extend(_compare("policy", before.policies, after.policies, skipped=("clauses", "overlays", "text")))
    found.extend(_compare("clause", _clauses(before), _clauses(after)))
    found.extend(_compare("test", *({case.name: case for case in each.cases} for each in (before, after))))
    return tuple(sorted(found))


def _clauses(project: Project) -> dict[str, msgspec.Struct]:
    """Every clause by citation; one that a market changes as `policy#clause (SG)`."""
    base = {
        f"{policy.name}#{id_}": clause
        for policy in project.policies.values()
        for id_, clause in policy.clauses.items()
    }
    changed = {
        f"{policy.name}#{id_} ({market})": clause
        for policy in project.policies.values()
        for market, clauses in policy.overlays.items()
        for id_, clause in clauses.items()
    }
    return {**base, **changed}


def _compare(
    kind: str,
    before: Mapping[str, msgspec.Struct],
    after: Mapping[str, msgspec.Struct],
    *,
    skipped: tuple[str, ...] = (),
) -> Iterator[Difference]:
    for name in before.keys() - after.keys():
        yield Difference(kind, name, Change.REMOVED)
    for name in after.keys() - before.keys():
        yield Difference(kind, name, Change.ADDED)
    for name in before.keys() & after.keys():
        one, other = _said(before[name]), _said(after[name])
        fields = tuple(each for each in one if one[each] != other[each] and each not in skipped)
        if fields:
            yield Difference(kind, name, Change.CHANGED, fields)


def _said(definition: msgspec.Struct) -> dict[str, Any]:
    said = {name: value for name, value in msgspec.structs.asdict(definition).items() if name not in _LAYOUT}
    for name in ("when", "except_when"):
        if isinstance(said.get(name), str):
            said[name] = normal_condition(said[name])
    if "overlays" in said:
        said["overlays"] = [_said(each) for each in said["overlays"]]
    return said
