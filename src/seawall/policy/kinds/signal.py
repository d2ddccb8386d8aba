"""signals/*.yml: detectors, what they read and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from seawall.core.types import FieldType, Kind
from seawall.policy.kinds.event import TypeShape
from seawall.policy.kinds.names import LANGUAGES, NAME, NAMES, text_or, values
from seawall.policy.model import SignalSpec
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import Anything, At, Duration, Entry, MapOf, Number, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.policy.diagnostics import Diagnostics

OPTION = Anything("a text, a number or a boolean", scalar=True)


class SignalEntry(Lines, frozen=True, kw_only=True):
    """One signal as written."""

    describes: Annotated[At[str] | None, Key(Text(), "What it measures, and on what scale.")] = None
    kind: Annotated[At[str], Key(NAME, "Which detector computes it.")]
    on: Annotated[tuple[At[str], ...], Key(NAMES, "The event types it is computed for.")]
    input: Annotated[At[str], Key(NAME, "The field it reads, or the signal whose value it reads.")]
    type: Annotated[
        At[FieldType] | None, Key(TypeShape(), "Of its value; default number. It may always be NULL.")
    ] = None
    languages: Annotated[
        tuple[At[str], ...],
        Key(LANGUAGES, "Where it is calibrated; elsewhere it is NULL. None: it does not depend on language."),
    ] = ()
    cost: Annotated[
        At[float] | None, Key(Duration("a cost in time", 0, 3_600_000_000), "Of one reading; default 1 us.")
    ] = None
    latency: Annotated[
        At[float] | None,
        Key(
            Duration("a latency", 0, 3_600_000_000),
            "How long an answer usually takes; default: its cost. It is not asked where less time is left.",
        ),
    ] = None
    batch: Annotated[
        At[float] | None,
        Key(Number("a number from 1 to 10000", 0, 10_000), "Inputs it takes at once; default 64."),
    ] = None
    version: Annotated[
        At[str] | None, Key(Text("a version"), "Change it when the detector changes; default 1.")
    ] = None
    options: Annotated[
        tuple[Entry[At[Any]], ...],
        Key(MapOf(NAME, OPTION, "a map from option to value"), "What the kind needs to know."),
    ] = ()


class SignalsFile(Lines, frozen=True, kw_only=True):
    """A file of signals as written."""

    signals: Annotated[
        tuple[Entry[SignalEntry], ...],
        Key(
            MapOf(
                NAME,
                Record(SignalEntry, "a signal"),
                "a map from name to signal",
                may_be_empty=False,
                keep_fit=True,
            ),
            "The signals.",
        ),
    ]


SIGNALS = Record(SignalsFile, "a file of signals")


def build_signal(entry: Entry[SignalEntry], found: Diagnostics) -> SignalSpec:
    """The signal; it may be NULL whatever was written, since any detector can fail."""
    written = entry.value
    declared = written.type.value if written.type else FieldType(Kind.NUMBER)
    if declared.kind is Kind.MEDIA and written.type:
        found.error("bad-value", written.type.span, "a signal gives values, not media")
    batch = written.batch.value if written.batch else 64.0
    if written.batch and (batch < 1 or batch != int(batch)):
        found.error("bad-value", written.batch.span, "a batch is a whole number of inputs, 1 or more")
    cost = written.cost.value if written.cost else 1.0
    return SignalSpec(
        name=entry.key.value,
        kind=written.kind.value,
        on=values(written.on),
        input=written.input.value,
        type=msgspec.structs.replace(declared, nullable=True),
        languages=tuple(sorted(values(written.languages))),
        cost_us=cost,
        latency_us=written.latency.value if written.latency else cost,
        batch=int(batch),
        version=text_or(written.version, "1"),
        options={option.key.value: option.value.value for option in written.options},
        describes=text_or(written.describes),
        span=entry.key.span,
    )


def field_behind(spec: SignalSpec, signals: Mapping[str, SignalSpec]) -> str:
    """The field that a signal reads in the end, through the signals that it reads.

    Args:
        spec: of the signal.
        signals: of the project; where they read each other in a circle, any name of it is given.
    """
    seen = {spec.name}
    while spec.input in signals and spec.input not in seen:
        seen.add(spec.input)
        spec = signals[spec.input]
    return spec.input


def with_sources(signals: dict[str, SignalSpec]) -> dict[str, SignalSpec]:
    """Signals whose cost and latency hold those of the signal they read: buying one buys the other."""
    return {name: _with_source(spec, signals, frozenset()) for name, spec in signals.items()}


def _with_source(spec: SignalSpec, signals: dict[str, SignalSpec], seen: frozenset[str]) -> SignalSpec:
    source = signals.get(spec.input)
    if source is None or source.name in seen or source.name == spec.name:
        return spec
    whole = _with_source(source, signals, seen | {spec.name})
    cost, latency = spec.cost_us + whole.cost_us, spec.latency_us + whole.latency_us
    return msgspec.structs.replace(spec, cost_us=cost, latency_us=latency)
