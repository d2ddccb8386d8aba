"""Small safety projects made of types, without a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seawall.core.action import Ladders
from seawall.core.diagnostic import Span
from seawall.core.types import FieldType, Kind, parse_type
from seawall.policy.model import (
    Bank,
    Clause,
    EventType,
    FeatureSpec,
    Mode,
    Policy,
    Project,
    ReviewThen,
    SignalSpec,
    Strategy,
    Then,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AT = Span("project.yml", 1, 1)

COMMENT: Mapping[str, str] = {
    "comment_id": "string",
    "actor_id": "string?",
    "text": "string",
    "link_domain": "string?",
    "account_age_days": "integer?",
}


def event_type(name: str = "comment", fields: Mapping[str, str] = COMMENT, **more: Any) -> EventType:
    """An event type from the words of its fields; its first field is the subject."""
    types = {field: parse_type(text) for field, text in fields.items()}
    known: dict[str, Any] = {"surface": name, "subject": next(iter(fields)), "actor": None, "span": AT}
    if "actor_id" in fields:
        known["actor"] = "actor_id"
    return EventType(name=name, fields=types, **known | more)


def clause(severity: str = "low", ground: str = "terms", **more: Any) -> Clause:
    """A clause with nothing remarkable about it."""
    known: dict[str, Any] = {"id": "c1", "title": "A clause", "text": "What it says.", "span": AT}
    return Clause(severity=severity, ground=ground, **known | more)


def policy(name: str = "spam", clauses: Iterable[Clause] | None = None, **more: Any) -> Policy:
    """A policy of some clauses."""
    held = {each.id: each for each in ([clause()] if clauses is None else clauses)}
    known: dict[str, Any] = {"title": name, "owner": "policy", "version": "1", "text": "", "span": AT}
    return Policy(name=name, clauses=held, **known | more)


def strategy(name: str, when: str, *then: Then | ReviewThen, mode: Mode = Mode.LIVE, **more: Any) -> Strategy:
    """A strategy on comments under `spam#c1`."""
    known: dict[str, Any] = {
        "policy": "spam",
        "clause": "c1",
        "on": ("comment",),
        "span": AT,
        "when_span": AT,
    }
    return Strategy(
        name=name,
        when=when,
        then=tuple(each for each in then if isinstance(each, Then)),
        review=tuple(each for each in then if isinstance(each, ReviewThen)),
        mode=mode,
        **known | more,
    )


def signal(name: str, *, kind: str = "scripted", type_: Kind = Kind.NUMBER, **more: Any) -> SignalSpec:
    """A signal on the text of comments."""
    known: dict[str, Any] = {"on": ("comment",), "input": "text", "span": AT}
    return SignalSpec(name=name, kind=kind, type=FieldType(type_, nullable=True), **known | more)


def feature(name: str, by: tuple[str, ...] = ("actor_id",), *, over_s: int = 600, **more: Any) -> FeatureSpec:
    """A count of comments."""
    known: dict[str, Any] = {"on": ("comment",), "function": "count", "argument": None, "where": None}
    made = known | more
    return FeatureSpec(
        name=name,
        by=by,
        over_us=over_s * 1_000_000,
        fingerprint=f"{name} {by} {over_s} {made}",
        span=AT,
        **made,
    )


def table(name: str, rows: Mapping[str, Mapping[str, str]], *, match: str = "exact") -> Bank:
    """A bank with columns."""
    columns = ("key", *dict.fromkeys(column for row in rows.values() for column in row))
    return Bank(
        name=name,
        match=match,
        entries=tuple(rows),
        table={key: dict(row) for key, row in rows.items()},
        columns=columns,
        version="1",
        span=AT,
    )


def bank(name: str, *entries: str, match: str = "words", version: str = "1") -> Bank:
    """A list of some entries."""
    return Bank(name=name, match=match, entries=entries, version=version, span=AT)


def project(
    *,
    strategies: Iterable[Strategy] = (),
    events: Iterable[EventType] | None = None,
    signals: Iterable[SignalSpec] = (),
    features: Iterable[FeatureSpec] = (),
    policies: Iterable[Policy] | None = None,
    banks: Iterable[Bank] = (),
    **more: Any,
) -> Project:
    """A project of these parts, with comments and one policy unless told otherwise."""
    known: dict[str, Any] = {
        "root": ".",
        "name": "test",
        "markets": ("DE", "ID", "SG"),
        "groups": {},
        "locales": ("en",),
        "market_tz": {},
        "retention_days": 30,
        "data": ".seawall",
        "ladders": Ladders.extended(),
        "queues": {},
        "version": "v1",
    }
    return Project(
        events={each.name: each for each in ([event_type()] if events is None else events)},
        banks={each.name: each for each in banks},
        signals={each.name: each for each in signals},
        features={each.name: each for each in features},
        policies={each.name: each for each in ([policy()] if policies is None else policies)},
        strategies={each.name: each for each in sorted(strategies, key=lambda each: each.name)},
        **known | more,
    )
