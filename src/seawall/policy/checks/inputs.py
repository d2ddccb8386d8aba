"""Signals and features that read fields which their event types have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind
from seawall.policy.kinds.feature import parse_value
from seawall.policy.kinds.feature_forms import COMPANY
from seawall.policy.kinds.names import values
from seawall.policy.near import did_you_mean
from seawall.policy.people import PEOPLE
from seawall.policy.places import place_in
from seawall.policy.shapes import At
from seawall.policy.words import a

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.kinds.feature import FeatureEntry
    from seawall.policy.kinds.signal import SignalEntry
    from seawall.policy.model import Project

KEY_COLUMNS = ("market", "language", "source")
"""Parts of the envelope that a feature may be counted by."""

_ALLOWED = {
    "sum": (Kind.INTEGER, Kind.NUMBER),
    "min": (Kind.INTEGER, Kind.NUMBER, Kind.TIMESTAMP),
    "max": (Kind.INTEGER, Kind.NUMBER, Kind.TIMESTAMP),
    "mean": (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN),
}
"""What a function of numbers may look at."""


def check_inputs(draft: Draft, project: Project, found: Diagnostics) -> None:
    """Every event type, field and list that a signal or feature names exists."""
    for entry in draft.signals.values():
        _check_events(entry.value.on, draft, found)
        _check_source(entry.key.value, entry.value, draft, project, found)
        _check_list(entry.value, draft, found)
    for entry in draft.features.values():
        _check_events(entry.value.on, draft, found)
        for key in entry.value.by:
            if key.value not in KEY_COLUMNS:
                type_ = _check_field(key, entry.value.on, project, found)
                _check_countable(key, type_, found)
                if entry.value.from_ is not None:
                    _check_matched(key, type_, found)
        _check_argument(entry.value, draft, project, found)


def _check_events(on: tuple[At[str], ...], draft: Draft, found: Diagnostics) -> None:
    for event in on:
        if not draft.may_have("events", event.value):
            hint = did_you_mean(event.value, draft.events, what="event types")
            found.error("unknown-event", event.span, f"there is no event type {event.value!r}", hint=hint)


def _check_source(name: str, signal: SignalEntry, draft: Draft, project: Project, found: Diagnostics) -> None:
    """A signal reads a field, or what another signal gives on the same event types."""
    if signal.input.value not in draft.signals:
        _check_field(signal.input, signal.on, project, found)
        return
    chain = [name]
    while (read := draft.signals.get(chain[-1])) is not None:
        source = read.value.input.value
        if source in chain:
            path = " -> ".join([*chain, source])
            message = f"these signals read each other: {path}"
            found.error("cycle", signal.input.span, message, hint="let one of them read a field")
            return
        chain.append(source)
    given = values(draft.signals[signal.input.value].value.on)
    for event in signal.on:
        if event.value not in given:
            message = f"the signal {signal.input.value!r} is not computed for {event.value}"
            hint = f"add {event.value} to its `on`"
            found.error("unknown-signal", event.span, message, hint=hint)


def _check_field(
    name: At[str], on: tuple[At[str], ...], project: Project, found: Diagnostics
) -> FieldType | None:
    """Its type, the same on every event type; None where it has none."""
    first: tuple[str, FieldType] | None = None
    for event in on:
        if event.value not in project.events:
            continue
        fields = project.events[event.value].fields
        type_ = fields.get(name.value)
        if type_ is None:
            hint = did_you_mean(name.value, fields, what="fields")
            found.error("unknown-field", name.span, f"{event.value} has no field {name.value!r}", hint=hint)
        elif first is None:
            first = (event.value, type_)
        elif (first[1].kind, first[1].is_list) != (type_.kind, type_.is_list):
            message = f"{name.value!r} is {a(first[1])} on {first[0]} but {a(type_)} on {event.value}"
            found.error(
                "type-mismatch", name.span, message, hint="declare one for each, under different names"
            )
    return first[1] if first else None


def _check_countable(name: At[str], type_: FieldType | None, found: Diagnostics) -> None:
    if type_ is not None and (type_.is_list or type_.kind is Kind.MEDIA):
        message = f"{name.value!r} is {a(type_)}, which cannot be counted by"
        found.error("type-mismatch", name.span, message, hint="use a field with one plain value")


def _check_matched(name: At[str], type_: FieldType | None, found: Diagnostics) -> None:
    if type_ is not None and not type_.is_list and type_.kind not in (Kind.STRING, Kind.HASH):
        message = f"{name.value!r} is {a(type_)}, and what people decide is matched by text"
        found.error("type-mismatch", name.span, message, hint="use a field that is a string or a hash")


def _check_argument(entry: FeatureEntry, draft: Draft, project: Project, found: Diagnostics) -> None:
    count = parse_value(entry.value.text)
    if count is None or count.argument is None:
        return
    span = place_in(entry.value, draft.sources[entry.span.file], count.argument_at, len(count.argument))
    name = At(count.argument, span)
    if count.function in _ALLOWED and count.argument in KEY_COLUMNS:
        _check_numeric(name, FieldType(Kind.STRING), count.function, found)
    if count.argument not in KEY_COLUMNS:
        if entry.from_ is None:
            type_ = _check_field(name, entry.on, project, found)
        else:
            type_ = _check_column(name, entry.from_.value, found)
        if count.function in {"count_distinct", COMPANY}:
            _check_countable(name, type_, found)
        elif count.function in _ALLOWED:
            _check_numeric(name, type_, count.function, found)


def _check_column(name: At[str], source: str, found: Diagnostics) -> FieldType | None:
    type_ = PEOPLE[source].get(name.value)
    if type_ is None:
        hint = did_you_mean(name.value, PEOPLE[source], what="columns")
        found.error("unknown-field", name.span, f"{source} have no column {name.value!r}", hint=hint)
    return type_


def _check_numeric(name: At[str], type_: FieldType | None, function: str, found: Diagnostics) -> None:
    allowed = _ALLOWED[function]
    if type_ is not None and (type_.is_list or type_.kind not in allowed):
        message = f"{name.value!r} is {a(type_)}, of which there is no {function}"
        hint = f"use a field that is {' or '.join(a(kind) for kind in allowed)}"
        found.error("type-mismatch", name.span, message, hint=hint)


def _check_list(signal: SignalEntry, draft: Draft, found: Diagnostics) -> None:
    for option in signal.options:
        if option.key.value == "list" and not draft.may_have("lists", str(option.value.value)):
            hint = did_you_mean(str(option.value.value), draft.banks, what="lists")
            found.error(
                "unknown-list", option.value.span, f"there is no list {option.value.value!r}", hint=hint
            )
