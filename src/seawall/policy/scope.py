"""The one place that knows which columns an event type has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind
from seawall.policy.conditions.model import Column, Scope
from seawall.policy.people import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.model import EventType, FeatureSpec, Project

ENVELOPE_COLUMNS: dict[str, FieldType] = {
    "id": FieldType(Kind.STRING),
    "type": FieldType(Kind.STRING),
    "ts": FieldType(Kind.TIMESTAMP),
    "market": FieldType(Kind.STRING, nullable=True),
    "locale": FieldType(Kind.STRING, nullable=True),
    "language": FieldType(Kind.STRING, nullable=True),
    "tz": FieldType(Kind.STRING, nullable=True),
    "source": FieldType(Kind.STRING, nullable=True),
}
"""What a condition may read of every event, whatever its type."""


def scope_of(project: Project, event_type: str) -> Scope:
    """What a strategy on this event type may read: envelope, fields, features and signals.

    Raises:
        KeyError: the project has no such event type.
    """
    columns = (
        *_event_columns(project.events[event_type]),
        *_features(project, event_type),
        *_signals(project, event_type),
    )
    named = {column.name: column for column in columns}
    return Scope(named, project.banks, project.market_tz, project.definitions)


def event_scope_of(project: Project, event_type: str) -> Scope:
    """What a feature's FILTER may read: what the event itself carries.

    Raises:
        KeyError: the project has no such event type.
    """
    return Scope(
        {column.name: column for column in _event_columns(project.events[event_type])},
        project.banks,
        project.market_tz,
    )


PEOPLE_ENVELOPE = ("ts", "market", "language")
"""What a filter may read of the envelope where people's decisions are counted."""


def filter_scope_of(project: Project, feature: FeatureSpec, event_type: str) -> Scope:
    """What the FILTER of a feature may read: the event counted, or the decision of a person.

    Raises:
        KeyError: the project has no such event type.
    """
    if feature.source is None:
        return event_scope_of(project, event_type)
    columns = [Column(name=name, type=ENVELOPE_COLUMNS[name], source="envelope") for name in PEOPLE_ENVELOPE]
    columns += [
        Column(name=name, type=type_, source="field") for name, type_ in PEOPLE[feature.source].items()
    ]
    return Scope({column.name: column for column in columns}, project.banks, project.market_tz)


def _event_columns(event: EventType) -> Iterator[Column]:
    for name, type_ in ENVELOPE_COLUMNS.items():
        yield Column(name=name, type=type_, source="envelope")
    for name, type_ in event.fields.items():
        yield Column(name=name, type=type_, source="field")


def _features(project: Project, event_type: str) -> Iterator[Column]:
    for feature in project.features.values():
        if event_type in feature.on:
            yield Column(name=feature.name, type=FieldType(feature.kind, nullable=True), source="feature")


def _signals(project: Project, event_type: str) -> Iterator[Column]:
    for signal in project.signals.values():
        if event_type in signal.on:
            yield Column(
                name=signal.name,
                type=signal.type,
                source="signal",
                cost_us=signal.cost_us,
                languages=signal.languages,
            )
