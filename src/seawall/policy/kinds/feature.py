"""features/*.yml: windowed counts over the stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from seawall.policy.kinds.names import NAME, NAMES, text_or, values
from seawall.policy.model import FeatureSpec
from seawall.policy.normal import fingerprint, normal_condition
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Condition, Duration, Entry, MapOf, Text
from seawall.policy.yaml_nodes import YamlScalar  # noqa: TC001  (a struct's field)

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics

_COUNT = re.compile(
    r"""\s* count \s* \( \s* (?: (?P<star>\*) | (?P<distinct>distinct\s+)? (?P<field>[a-z][a-z0-9_]*) ) \s* \)
        (?: \s* filter \s* \( \s* where \s (?P<where>.*) \) )? \s*""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_FORMS = "count(*), count(FIELD) or count(DISTINCT FIELD), each with FILTER (WHERE condition) where wanted"


class FeatureEntry(Lines, frozen=True, kw_only=True):
    """One feature as written."""

    describes: Annotated[At[str] | None, Key(Text(), "What it counts.")] = None
    on: Annotated[
        tuple[At[str], ...], Key(NAMES, "The event types that are counted, and that it can be read on.")
    ]
    value: Annotated[YamlScalar, Key(Condition("a count"), f"What is counted: {_FORMS}.")]
    by: Annotated[tuple[At[str], ...], Key(NAMES, "The fields whose values it is counted for.")]
    over: Annotated[At[float], Key(Duration("a window"), "The window that ends at the event itself.")]


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


class Count(msgspec.Struct, frozen=True):
    """A feature's value, taken apart."""

    function: str
    argument: str | None
    argument_at: int  # offset in the text
    where: str | None
    where_at: int  # offset in the text


def parse_count(text: str) -> Count | None:
    """Take `count(...) FILTER (WHERE ...)` apart; None if it is anything else.

    >>> parse_count("count(DISTINCT actor_id) FILTER (WHERE a > 1)").argument
    'actor_id'
    >>> parse_count("sum(x)")
    """
    match = _COUNT.fullmatch(text)
    if match is None or (match["where"] is not None and not match["where"].strip()):
        return None
    where = match["where"]
    return Count(
        function="count_distinct" if match["distinct"] else "count",
        argument=match["field"],
        argument_at=max(match.start("field"), 0),
        where=where.strip() if where is not None else None,
        where_at=match.start("where") + len(where) - len(where.lstrip()) if where is not None else 0,
    )


def build_feature(entry: Entry[FeatureEntry], found: Diagnostics) -> FeatureSpec | None:
    """The feature with the fingerprint of its definition, or None if what it counts cannot be read."""
    written = entry.value
    count = parse_count(written.value.text)
    if count is None:
        found.error("bad-count", written.value.span, "this is no count that a feature can keep", hint=_FORMS)
        return None
    on, by, over_us = tuple(sorted(values(written.on))), values(written.by), round(written.over.value)
    where = normal_condition(count.where) if count.where else None
    return FeatureSpec(
        name=entry.key.value,
        on=on,
        function=count.function,
        argument=count.argument,
        where=count.where,
        by=by,
        over_us=over_us,
        fingerprint=fingerprint([on, count.function, count.argument, where, sorted(by), over_us]),
        describes=text_or(written.describes),
        span=entry.key.span,
    )
