"""features/*.yml: windowed values over the stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from seawall.core.types import Kind
from seawall.policy.kinds.names import NAME, NAMES, text_or, values
from seawall.policy.model import FeatureSpec
from seawall.policy.normal import fingerprint, normal_condition
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Condition, Duration, Entry, MapOf, Text
from seawall.policy.yaml_nodes import YamlScalar  # noqa: TC001  (a struct's field)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.model import EventType

_VALUE = re.compile(
    r"""\s* (?P<function>[a-z_]+) \s*
        \( \s* (?: (?P<star>\*) | (?P<distinct>distinct\s+)? (?P<field>[a-z][a-z0-9_]*) ) \s* \)
        (?: \s* filter \s* \( \s* where \s (?P<where>.*) \) )? \s*""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_OF_ROWS = ("count", "first_seen", "last_seen", "seconds_since_first", "seconds_since_last")
_OF_NUMBERS = ("sum", "min", "max")
_RATES = frozenset({"count", "count_distinct", "sum"})
_FORMS = (
    "count(*), count(FIELD), count(DISTINCT FIELD), sum(FIELD), min(FIELD), max(FIELD), first_seen(*), "
    "last_seen(*), seconds_since_first(*) or seconds_since_last(*), each with FILTER (WHERE condition) where "
    "wanted"
)


class FeatureEntry(Lines, frozen=True, kw_only=True):
    """One feature as written."""

    describes: Annotated[At[str] | None, Key(Text(), "What it says.")] = None
    on: Annotated[
        tuple[At[str], ...], Key(NAMES, "The event types that are counted, and that it can be read on.")
    ]
    value: Annotated[YamlScalar, Key(Condition("a value"), f"What is kept: {_FORMS}.")]
    by: Annotated[tuple[At[str], ...], Key(NAMES, "The fields whose values it is counted for.")]
    over: Annotated[At[float], Key(Duration("a window"), "The window that ends at the event itself.")]
    per: Annotated[
        At[float] | None,
        Key(
            Duration("a length of time"), "Makes a rate of a count or sum: how much for this length of time."
        ),
    ] = None


class FeaturesFile(Lines, frozen=True, kw_only=True):
    """A file of features as written."""

    features: Annotated[
        tuple[Entry[FeatureEntry], ...],
        Key(
            MapOf(
                NAME,
                Record(FeatureEntry, "a feature"),
                "a map from name to feature",
                may_be_empty=False,
                keep_fit=True,
            ),
            "The features.",
        ),
    ]


FEATURES = Record(FeaturesFile, "a file of features")


class Aggregate(msgspec.Struct, frozen=True):
    """A feature's value, taken apart."""

    function: str
    argument: str | None
    argument_at: int  # offset in the text
    where: str | None
    where_at: int  # offset in the text


def parse_value(text: str) -> Aggregate | None:
    """Take `function(...) FILTER (WHERE ...)` apart; None if it is anything else.

    >>> parse_value("count(DISTINCT actor_id) FILTER (WHERE a > 1)").function
    'count_distinct'
    >>> parse_value("sum(*)"), parse_value("median(x)")
    (None, None)
    """
    match = _VALUE.fullmatch(text)
    if match is None or (match["where"] is not None and not match["where"].strip()):
        return None
    function = match["function"].lower()
    if match["distinct"]:
        function += "_distinct"
    if function not in {*_OF_ROWS, "count_distinct"} and (function not in _OF_NUMBERS or match["star"]):
        return None
    if function == "count_distinct" and not match["distinct"]:
        return None
    where = match["where"]
    return Aggregate(
        function=function,
        argument=match["field"],
        argument_at=max(match.start("field"), 0),
        where=where.strip() if where is not None else None,
        where_at=match.start("where") + len(where) - len(where.lstrip()) if where is not None else 0,
    )


def build_feature(
    entry: Entry[FeatureEntry], events: Mapping[str, EventType], found: Diagnostics
) -> FeatureSpec | None:
    """The feature with the fingerprint of its definition, or None if its value cannot be read."""
    written = entry.value
    value = parse_value(written.value.text)
    if value is None:
        found.error("bad-count", written.value.span, "this is no value that a feature can keep", hint=_FORMS)
        return None
    per_us = round(written.per.value) if written.per else None
    if written.per is not None and value.function not in _RATES:
        hint = "leave per out, or take count or sum"
        found.error("bad-value", written.per.span, f"a rate of {value.function} means nothing", hint=hint)
    on, by, over_us = tuple(sorted(values(written.on))), values(written.by), round(written.over.value)
    argument_kind = _argument_kind(value, on, events)
    where = normal_condition(value.where) if value.where else None
    definition = [on, value.function, value.argument, where, sorted(by), over_us]
    if per_us is not None or argument_kind is not None:
        definition += [per_us, argument_kind]
    return FeatureSpec(
        name=entry.key.value,
        on=on,
        function=value.function,
        argument=value.argument,
        argument_kind=argument_kind,
        where=value.where,
        by=by,
        over_us=over_us,
        per_us=per_us,
        kind=_kind(value.function, argument_kind, per_us),
        fingerprint=fingerprint(definition),
        describes=text_or(written.describes),
        span=entry.key.span,
    )


def _argument_kind(value: Aggregate, on: tuple[str, ...], events: Mapping[str, EventType]) -> Kind | None:
    """Of what a function of numbers looks at; a field that is none is reported by the checks."""
    if value.function not in _OF_NUMBERS or value.argument is None:
        return None
    types = [events[name].fields.get(value.argument) for name in on if name in events]
    kinds = [type_.kind for type_ in types if type_ is not None]
    return kinds[0] if kinds and kinds[0] in {Kind.INTEGER, Kind.NUMBER, Kind.TIMESTAMP} else None


def _kind(function: str, argument_kind: Kind | None, per_us: int | None) -> Kind:
    if per_us is not None or function in {"seconds_since_first", "seconds_since_last"}:
        return Kind.NUMBER
    if function in {"first_seen", "last_seen"}:
        return Kind.TIMESTAMP
    return argument_kind or Kind.INTEGER
