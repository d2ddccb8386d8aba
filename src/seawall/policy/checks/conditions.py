"""Conditions that parse, type and can be both true and false, on every event type they judge."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import msgspec

from seawall.core.diagnostic import Span
from seawall.core.errors import ConditionError
from seawall.core.truth import Truth
from seawall.policy.checks.cycles import cycle_through
from seawall.policy.conditions.compile import compile_condition
from seawall.policy.conditions.expr import Matches, walk
from seawall.policy.conditions.fault import Refused
from seawall.policy.conditions.lex import lex
from seawall.policy.effective import strategy_condition
from seawall.policy.flatten import forms
from seawall.policy.kinds.allow import is_for
from seawall.policy.kinds.feature import parse_value
from seawall.policy.places import place_in
from seawall.policy.scope import filter_scope_of, scope_of
from seawall.policy.source import Source
from seawall.policy.yaml_nodes import YamlScalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seawall.core.diagnostic import Diagnostic
    from seawall.policy.conditions.model import Condition, Scope
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.model import Project


class Written(msgspec.Struct, frozen=True):
    """A condition as a part of a scalar in a file, on one of the event types it judges."""

    text: str
    scalar: YamlScalar
    offset: int  # of the text in the scalar
    source: Source
    event_type: str
    strategy: str | None = None
    several: bool = False  # it judges other event types too
    feature: str | None = None  # whose filter it is, if it is no strategy's
    definition: str | None = None  # whose condition it is

    def place(self, relative: Span) -> Span:
        """Where a place in the text, counted from line 1 and column 1, stands in the file."""
        inside = Source("", self.text)
        offset = inside.starts[min(relative.line, len(inside.starts)) - 1] + relative.column - 1
        length = max(relative.end_column - relative.column, 1)
        return place_in(self.scalar, self.source, self.offset + offset, length)

    def part(self, relative: Span) -> str:
        """The text between the columns of a place."""
        line = Source("", self.text).line(relative.line) or ""
        return line[relative.column - 1 : relative.end_column - 1]


class Use(msgspec.Struct, frozen=True):
    """What one condition reads on one event type."""

    strategy: str | None  # None: a feature's filter
    event_type: str
    reads: tuple[str, ...]
    banks: tuple[str, ...]
    definitions: tuple[str, ...] = ()


def check_conditions(draft: Draft, project: Project, found: Diagnostics) -> list[Use]:
    """Compile every condition on every event type it judges, and return what they read."""
    uses: list[Use] = []
    strategies = list(_of_strategies(draft, project))
    allows = list(_of_events(draft, project))
    definitions = _of_definitions([*strategies, *allows], draft, project)
    for written in (*definitions, *strategies, *allows, *_of_features(draft, project)):
        if written.feature is None:
            scope = scope_of(project, written.event_type)
        else:
            scope = filter_scope_of(project, project.features[written.feature], written.event_type)
        condition = _compile(written, scope, draft, project, found)
        if condition is not None and written.definition is None:
            banks = sorted({node.bank for node in walk(condition.expr) if isinstance(node, Matches)})
            uses.append(
                Use(
                    written.strategy, written.event_type, condition.reads, tuple(banks), condition.definitions
                )
            )
    _check_excepted(draft, project, found)
    return uses


def _of_strategies(draft: Draft, project: Project) -> Iterator[Written]:
    for name, file in draft.strategies.items():
        source, several = draft.sources[file.span.file], len(file.on) > 1
        overlaid = (scalar for each in file.overlays for scalar in (each.when, each.except_when))
        for scalar in (file.when, file.except_when, *overlaid):
            if scalar is None:
                continue
            text, start = _stripped(scalar)
            for event in file.on:
                if text and event.value in project.events:
                    yield Written(text, scalar, start, source, event.value, name, several)


def _stripped(scalar: YamlScalar) -> tuple[str, int]:
    """The condition in a scalar, and where it begins in it."""
    return scalar.text.strip(), len(scalar.text) - len(scalar.text.lstrip())


def _of_events(draft: Draft, project: Project) -> Iterator[Written]:
    for event_type in project.events:
        file = draft.events[event_type]
        everywhere = (
            [each for each in draft.settings.allow if is_for(each, event_type)] if draft.settings else []
        )
        for entry in (*file.allow, *everywhere):
            text, start = _stripped(entry.value.when)
            source = draft.sources[entry.key.span.file]
            several = entry not in file.allow
            yield Written(text, entry.value.when, start, source, event_type, several=several)


def _of_definitions(users: Sequence[Written], draft: Draft, project: Project) -> Iterator[Written]:
    """Each definition on each event type that it is used on; on the first it could be if it is not used."""
    for name, entry in draft.definitions.items():
        text, start = _stripped(entry.value.when)
        source = draft.sources[entry.key.span.file]
        used_on = [user.event_type for user in users if name in _names_in(user.text, project)]
        events = list(dict.fromkeys(used_on)) or [_first_fit(text, name, project)]
        for event_type in events:
            if event_type is not None and text:
                several = len(events) > 1
                yield Written(text, entry.value.when, start, source, event_type, None, several, None, name)


def _names_in(text: str, project: Project) -> frozenset[str]:
    """The definitions that a condition mentions, and those that they mention."""
    found, waiting = set[str](), [text]
    while waiting:
        for name in _mentioned(waiting.pop()) & project.definitions.keys() - found:
            found.add(name)
            waiting.append(project.definitions[name].when)
    return frozenset(found)


@lru_cache(maxsize=4_096)
def _mentioned(text: str) -> frozenset[str]:
    try:
        return frozenset(token.text for token in lex(text))
    except Refused:
        return frozenset()


def _first_fit(text: str, name: str, project: Project) -> str | None:
    """An event type on which a condition compiles, else any."""
    for event_type in project.events:
        try:
            compile_condition(text, scope_of(project, event_type), at=Span(""), path=(name,))
        except ConditionError:
            continue
        return event_type
    return next(iter(project.events), None)


def _check_excepted(draft: Draft, project: Project, found: Diagnostics) -> None:
    """A strategy that its exceptions never let fire."""
    if found.has_errors:
        return
    for name, strategy in project.strategies.items():
        for event_type, form in product(strategy.on, forms(strategy)):
            condition = strategy_condition(project, form, event_type)
            if condition.always in (Truth.FALSE, Truth.NULL):
                message = f"on {event_type} what is excepted or let off never leaves this strategy anything"
                place = draft.strategies[name].key("except when")
                found.error("always-false", place, message, hint="look for parts that exclude each other")
                break


def _of_features(draft: Draft, project: Project) -> Iterator[Written]:
    for name in project.features:
        entry = draft.features[name].value
        source = draft.sources[entry.span.file]
        count = parse_value(entry.value.text)
        for event in entry.on if count else ():
            if count and count.where and event.value in project.events:
                yield Written(count.where, entry.value, count.where_at, source, event.value, feature=name)


def _compile(
    written: Written, scope: Scope, draft: Draft, project: Project, found: Diagnostics
) -> Condition | None:
    try:
        path = (written.definition,) if written.definition else ()
        condition = compile_condition(written.text, scope, at=Span(written.source.path, 1, 1), path=path)
    except ConditionError as error:
        for diagnostic in error.diagnostics:
            if not _follows_from_another(diagnostic, written, draft):
                found.add(_explained(diagnostic, written, project))
        return None
    for warning in condition.warnings:
        found.add(_moved(warning, written))
    _report_constant(condition, written, found)
    return condition


def _moved(diagnostic: Diagnostic, written: Written) -> Diagnostic:
    return msgspec.structs.replace(diagnostic, span=written.place(diagnostic.span), snippet=None)


def _follows_from_another(diagnostic: Diagnostic, written: Written, draft: Draft) -> bool:
    """Whether a name is unknown only because the file that declares it did not read."""
    name = _name(diagnostic, written)
    match diagnostic.code:
        case "unknown-name":
            return any(draft.is_broken(folder, name) for folder in ("signals", "features"))
        case "unknown-list":
            return "lists" in draft.unread
        case _:
            return False


def _name(diagnostic: Diagnostic, written: Written) -> str:
    return written.part(diagnostic.span).strip('"').lower()


def _explained(diagnostic: Diagnostic, written: Written, project: Project) -> Diagnostic:
    """In its place in the file; of a name that exists but not here, why."""
    moved = _moved(diagnostic, written)
    name = _name(diagnostic, written)
    spec = project.signals.get(name) or project.features.get(name)
    if diagnostic.code != "unknown-name":
        return moved
    if spec is None:
        message = f"{moved.message} on {written.event_type}" if written.several else moved.message
        return msgspec.structs.replace(moved, message=message)
    what = "signal" if name in project.signals else "feature"
    if written.feature is None:
        message = f"the {what} {name!r} is not there on {written.event_type}"
        hint = f"add {written.event_type} to its `on` ({spec.span})"
        return msgspec.structs.replace(moved, message=message, hint=hint)
    hint = "filter by fields of the event; compare the two counts in the strategy"
    cycle = cycle_through(written.feature, project.features)
    if cycle and name in cycle:
        message = f"these features are defined by each other: {' reads '.join(cycle)}"
        return msgspec.structs.replace(moved, code="cycle", message=message, hint=hint)
    message = f"a feature is counted before anything is computed, so it cannot read the {what} {name!r}"
    return msgspec.structs.replace(moved, code="computed-in-filter", message=message, hint=hint)


def _report_constant(condition: Condition, written: Written, found: Diagnostics) -> None:
    place = written.place(Span("", 1, 1, 2))
    match condition.always:
        case Truth.TRUE:
            message = "this condition is true whatever comes in"
            found.error("always-true", place, message, hint="say what must hold; mode: off pauses a strategy")
        case Truth.FALSE | Truth.NULL:
            message = "this condition is never true, whatever comes in"
            found.error("always-false", place, message, hint="look for parts that exclude each other")
        case _:
            pass
