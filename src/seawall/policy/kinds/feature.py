"""features/*.yml: windowed values over the stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from seawall.core.types import Kind
from seawall.policy.kinds.feature_forms import COMPANY, check_forms, matched
from seawall.policy.kinds.names import NAME, NAMES, text_or, values
from seawall.policy.model import FeatureSpec
from seawall.policy.normal import fingerprint, normal_condition
from seawall.policy.people import AMONG, PEOPLE
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Choice, Condition, Duration, Entry, MapOf, Text
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
_OF_NUMBERS = ("sum", "min", "max", "mean")
_OF_FIELDS = (*_OF_NUMBERS, COMPANY)
_RATES = frozenset({"count", "count_distinct", "sum"})
_FORMS = (
    "count(*), count(FIELD), count(DISTINCT FIELD), sum(FIELD), mean(FIELD), min(FIELD), max(FIELD), "
    "first_seen(*), last_seen(*), seconds_since_first(*), seconds_since_last(*) or company(FIELD), each with "
    "FILTER (WHERE condition) where wanted"
)


class FeatureEntry(Lines, frozen=True, kw_only=True):
    """One feature as written."""

    describes: Annotated[At[str] | None, Key(Text(), "What it says.")] = None
    on: Annotated[
        tuple[At[str], ...],
        Key(NAMES, "The event types it can be read on; they are what is counted, unless `from` says else."),
    ]
    from_: Annotated[
        At[str] | None,
        Key(
            Choice("what people decide", tuple(PEOPLE)),
            "What people decided is counted instead of events: verdicts, labels, strikes or appeals.",
        ),
    ] = msgspec.field(default=None, name="from")
    value: Annotated[YamlScalar, Key(Condition("a value"), f"What is kept: {_FORMS}.")]
    by: Annotated[tuple[At[str], ...], Key(NAMES, "The fields whose values it is counted for.")]
    of: Annotated[
        tuple[At[str], ...],
        Key(
            NAMES,
            "With `from`, the columns that `by` is compared with; default: actor or subject, if it is one.",
        ),
    ] = ()
    over: Annotated[
        At[float], Key(Duration("a window", least=1), "The window that ends at the event itself.")
    ]
    per: Annotated[
        At[float] | None,
        Key(
            Duration("a length of time"), "Makes a rate of a count or sum: how much for this length of time."
        ),
    ] = None
    half_life: Annotated[
        At[float] | None,
        Key(
            Duration("a half-life"),
            "What is counted, summed or averaged weighs half as much for each of these that have passed.",
        ),
    ] = None
    among: Annotated[
        At[str] | None,
        Key(Choice("what is bad about company", AMONG), "In what the accounts of `company` are looked up."),
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
    if function not in {*_OF_ROWS, "count_distinct"} and (function not in _OF_FIELDS or match["star"]):
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
    fit = check_forms(written, value.function, found)
    of = matched(written, events, found)
    if not fit or (written.from_ is not None and not of):
        return None
    per_us = _us(written.per)
    if written.per is not None and value.function not in _RATES:
        hint = "leave per out, or take count or sum"
        found.error("bad-value", written.per.span, f"a rate of {value.function} means nothing", hint=hint)
    on, by, over_us = tuple(sorted(values(written.on))), values(written.by), round(written.over.value)
    source, among = text_or(written.from_) or None, text_or(written.among) or None
    half_life_us = _us(written.half_life)
    argument_kind = _argument_kind(value, on, source, events)
    where = normal_condition(value.where) if value.where else None
    definition = [on, value.function, value.argument, where, sorted(by), over_us]
    if per_us is not None or argument_kind is not None:
        definition += [per_us, argument_kind]
    if source or half_life_us or among:
        definition += [source, of, by if source else None, half_life_us, among]
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
        source=source,
        of=of,
        half_life_us=half_life_us,
        among=among,
        kind=Kind.NUMBER if half_life_us else _kind(value.function, argument_kind, per_us),
        fingerprint=fingerprint(definition),
        describes=text_or(written.describes),
        span=entry.key.span,
    )


def _us(written: At[float] | None) -> int | None:
    return round(written.value) if written else None


def _argument_kind(
    value: Aggregate, on: tuple[str, ...], source: str | None, events: Mapping[str, EventType]
) -> Kind | None:
    """Of what a function of numbers looks at; a field that is none is reported by the checks."""
    if value.function not in _OF_NUMBERS or value.argument is None:
        return None
    if source is None:
        types = [events[name].fields.get(value.argument) for name in on if name in events]
    else:
        types = [PEOPLE[source].get(value.argument)]
    kinds = [type_.kind for type_ in types if type_ is not None]
    numeric = {Kind.INTEGER, Kind.NUMBER, Kind.TIMESTAMP, Kind.BOOLEAN}
    return kinds[0] if kinds and kinds[0] in numeric else None


def _kind(function: str, argument_kind: Kind | None, per_us: int | None) -> Kind:
    if per_us is not None or function in {"mean", "seconds_since_first", "seconds_since_last"}:
        return Kind.NUMBER
    if function in {"first_seen", "last_seen"}:
        return Kind.TIMESTAMP
    return argument_kind or Kind.INTEGER
