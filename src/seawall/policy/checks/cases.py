"""Tests that name what exists, and send events that fit their types."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from seawall.core.event import ENVELOPE
from seawall.core.types import FieldType, Kind
from seawall.policy.kinds.case import documents_of
from seawall.policy.model import Mode
from seawall.policy.near import did_you_mean
from seawall.policy.words import a
from seawall.policy.yaml_nodes import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.kinds.case import CaseFile, Document
    from seawall.policy.model import EventType, Project
    from seawall.policy.shapes import At, Entry

_INT64 = 2**63


def check_cases(draft: Draft, project: Project, found: Diagnostics) -> None:
    """Every event type, field, signal, feature, strategy, action and queue that a test names exists."""
    named: dict[str, At[str]] = {}
    for case, defaults in draft.cases:
        first = named.setdefault(case.name.value, case.name)
        if first is not case.name:
            message = "two tests have this name"
            found.error("duplicate-name", case.name.span, message, hint=f"the other is {first.span}")
        for document in documents_of(case):
            _check_event(document, defaults, case, draft, project, found)
        _check_values(case.signals, "signals", project.signals, draft, found)
        _check_values(case.features, "features", project.features, draft, found)
        _check_expectation(case, draft, project, found)
    for defaults in _distinct(draft):
        _check_defaults(defaults, draft, project, found)


def _distinct(draft: Draft) -> Iterable[dict[str, Document]]:
    return {id(defaults): defaults for _, defaults in draft.cases}.values()


def _check_defaults(
    defaults: dict[str, Document], draft: Draft, project: Project, found: Diagnostics
) -> None:
    for name, document in defaults.items():
        event = project.events.get(name)
        if event is not None:
            _check_fields(document, event, found)
        elif document and not draft.may_have("events", name):
            hint = did_you_mean(name, project.events, what="event types")
            found.error("unknown-event", document[0].key.span, f"there is no event type {name!r}", hint=hint)


def _check_event(
    document: Document,
    defaults: Mapping[str, Document],
    case: CaseFile,
    draft: Draft,
    project: Project,
    found: Diagnostics,
) -> None:
    type_ = next((entry for entry in document if entry.key.value == "type"), None)
    if type_ is None:
        found.error(
            "missing-field", case.name.span, "an event of this test has no type", hint="add type: EVENT"
        )
        return
    name = str(type_.value.value)
    event = project.events.get(name)
    if event is None:
        if not draft.may_have("events", name):
            hint = did_you_mean(name, project.events, what="event types")
            found.error(
                "unknown-event", type_.value.span, f"there is no event type {shorten(name)!r}", hint=hint
            )
        return
    _check_fields(document, event, found)
    given = {entry.key.value for entry in (*document, *defaults.get(name, ()))}
    missing = [
        field for field, field_type in event.fields.items() if not field_type.nullable and field not in given
    ]
    if missing:
        message = f"this {name} has no {', '.join(missing)}"
        found.error(
            "missing-field", type_.value.span, message, hint="give them here, or once under `defaults`"
        )


def _check_fields(document: Document, event: EventType, found: Diagnostics) -> None:
    for entry in document:
        name, value = entry.key.value, entry.value
        field = event.fields.get(name)
        if field is not None:
            if not fits(value.value, field):
                message = f"{name} is {a(field)}, and {shorten(repr(value.value))} is none"
                found.error("wrong-type", value.span, message)
        elif name == "parties":
            _check_parties(entry, event, found)
        elif name not in ENVELOPE:
            hint = did_you_mean(name, {*event.fields, *ENVELOPE}, what="fields")
            found.error("unknown-field", entry.key.span, f"{event.name} has no field {name!r}", hint=hint)


def _check_parties(entry: Entry[At[Any]], event: EventType, found: Diagnostics) -> None:
    parties = entry.value.value
    for role in cast("dict[str, Any]", parties) if isinstance(parties, dict) else ():
        if role not in event.parties:
            hint = did_you_mean(role, event.parties, what="parties")
            found.error(
                "unknown-target", entry.value.span, f"{event.name} names no party {role!r}", hint=hint
            )


def fits(value: Any, type_: FieldType) -> bool:
    """Whether a test's value can be one of a field.

    >>> fits(3, FieldType(Kind.NUMBER)), fits(True, FieldType(Kind.INTEGER)), fits(None, FieldType(Kind.HASH))
    (True, False, False)
    """
    if value is None:
        return type_.nullable
    if type_.is_list:
        return isinstance(value, list) and all(
            _fits_kind(each, type_.kind) for each in cast("list[Any]", value)
        )
    return _fits_kind(value, type_.kind)


def _fits_kind(value: Any, kind: Kind) -> bool:
    match kind:
        case Kind.STRING | Kind.HASH | Kind.TIMESTAMP:
            return isinstance(value, str)
        case Kind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64
        case Kind.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.MEDIA:
            return isinstance(value, dict) and "uri" in value


def _check_values(
    values: Document, folder: str, declared: Mapping[str, Any], draft: Draft, found: Diagnostics
) -> None:
    for entry in values:
        name = entry.key.value
        if not draft.may_have(folder, name):
            what = folder.removesuffix("s")
            hint = did_you_mean(name, declared, what=folder)
            found.error(f"unknown-{what}", entry.key.span, f"there is no {what} {name!r}", hint=hint)
        elif folder == "signals" and name in declared and not fits(entry.value.value, declared[name].type):
            message = f"{name} is {a(declared[name].type)}, and {shorten(repr(entry.value.value))} is none"
            found.error("wrong-type", entry.value.span, message)


def _check_expectation(case: CaseFile, draft: Draft, project: Project, found: Diagnostics) -> None:
    expect = case.expect
    visibility = project.ladders.axes["visibility"]
    every = tuple(action for ladder in project.ladders.axes.values() for action in ladder)
    if draft.settings is not None:
        for action, known in (
            *((each, visibility) for each in (expect.action,) if each),
            *((each, every) for each in expect.actions or ()),
        ):
            if action.value not in known:
                hint = did_you_mean(action.value, known, what="one of")
                found.error(
                    "unknown-action", action.span, f"{action.value!r} is no action this could be", hint=hint
                )
    for queue in expect.review or ():
        if not draft.may_have("queues", queue.value):
            hint = did_you_mean(queue.value, project.queues, what="queues")
            found.error("unknown-queue", queue.span, f"there is no queue {queue.value!r}", hint=hint)
    for strategy in (*(expect.fired or ()), *expect.not_fired):
        if not draft.may_have("strategies", strategy.value):
            hint = did_you_mean(strategy.value, project.strategies, what="strategies")
            found.error(
                "unknown-strategy", strategy.span, f"there is no strategy {strategy.value!r}", hint=hint
            )
    _check_can_fire(case, project, found)


def _check_can_fire(case: CaseFile, project: Project, found: Diagnostics) -> None:
    judged = _last_type(case)
    for name in case.expect.fired or ():
        strategy = project.strategies.get(name.value)
        if strategy is None or not strategy.on or not set(strategy.on) <= project.events.keys():
            continue
        if strategy.mode is Mode.OFF:
            found.error("cannot-fire", name.span, f"{name.value} is off, so it fires for nothing")
        elif judged in project.events and judged not in strategy.on:
            message = f"{name.value} judges {', '.join(strategy.on)}, and the last event is {a(judged)}"
            found.error("cannot-fire", name.span, message)


def _last_type(case: CaseFile) -> str | None:
    documents = documents_of(case)
    last = documents[-1] if documents else ()
    return next((str(entry.value.value) for entry in last if entry.key.value == "type"), None)
