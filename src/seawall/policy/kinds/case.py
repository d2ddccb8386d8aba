"""tests/**/*.yml: events and the decisions they must get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

from seawall.core.clock import format_time, parse_time
from seawall.policy.kinds.names import NAME, STRATEGY_NAMES, values
from seawall.policy.model import Case
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import Anything, At, Boolean, Entry, ListOf, MapOf, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.core.types import Scalar, Value
    from seawall.policy.diagnostics import Diagnostics

FIRST_TS = parse_time("2026-01-01T00:00:00Z")
SECOND_US = 1_000_000

Document = tuple[Entry[At[Any]], ...]

_WORD = Text("a word", r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_DOCUMENT = MapOf(_WORD, Anything(), "an event: a map of its fields", may_be_empty=False)
_FIELDS = MapOf(_WORD, Anything(), "a map of fields")
_VALUES = MapOf(NAME, Anything(), "a map from name to value")
_ACTIONS = ListOf(NAME, "one action or a list of them", may_be_empty=True, key=lambda item: item.value)
_QUEUES = ListOf(NAME, "one queue or a list of them", may_be_empty=True, key=lambda item: item.value)


class CaseExpect(Lines, frozen=True, kw_only=True):
    """What the last event must get, as written."""

    action: Annotated[At[str] | None, Key(NAME, "The decision's action, on the visibility axis.")] = None
    actions: Annotated[tuple[At[str], ...] | None, Key(_ACTIONS, "All of its actions, in any order.")] = None
    review: Annotated[tuple[At[str], ...] | None, Key(_QUEUES, "All queues it goes to, in any order.")] = None
    fired: Annotated[
        tuple[At[str], ...] | None, Key(STRATEGY_NAMES, "Strategies that must have fired, live or shadow.")
    ] = None
    not_fired: Annotated[
        tuple[At[str], ...], Key(STRATEGY_NAMES, "Strategies that must not have fired.")
    ] = ()
    only_fired: Annotated[At[bool] | None, Key(Boolean(), "Whether nothing but `fired` may have fired.")] = (
        None
    )


class CaseFile(Lines, frozen=True, kw_only=True):
    """One test as written."""

    name: Annotated[At[str], Key(Text(), "What must hold, as a sentence.")]
    event: Annotated[Document | None, Key(_DOCUMENT, "The event: envelope and fields side by side.")] = None
    events: Annotated[
        tuple[Document, ...] | None,
        Key(ListOf(_DOCUMENT, "a list of events"), "Several events in order; the last is the one judged."),
    ] = None
    signals: Annotated[Document, Key(_VALUES, "Values to use instead of computing signals.")] = ()
    features: Annotated[Document, Key(_VALUES, "Values to use instead of counting features.")] = ()
    expect: Annotated[CaseExpect, Key(Record(CaseExpect, "an expectation"), "What the last event must get.")]


class CasesFile(Lines, frozen=True, kw_only=True):
    """A file of tests as written."""

    defaults: Annotated[
        tuple[Entry[Document], ...],
        Key(
            MapOf(NAME, _FIELDS, "a map from event type to fields"),
            "What events of a type have unless they say otherwise.",
        ),
    ] = ()
    tests: Annotated[
        tuple[CaseFile, ...],
        Key(ListOf(Record(CaseFile, "a test"), "a list of tests", keep_fit=True), "The tests."),
    ]


CASES = Record(CasesFile, "a file of tests")


def documents_of(case: CaseFile) -> tuple[Document, ...]:
    """The events of a test as written, one or several."""
    return case.events or ((case.event,) if case.event else ())


def build_case(case: CaseFile, defaults: Mapping[str, Document], found: Diagnostics) -> Case:
    """The test with defaults, ids and times filled in."""
    _check_form(case, found)
    expect = case.expect
    return Case(
        name=case.name.value,
        events=tuple(
            _event(document, defaults, position) for position, document in enumerate(documents_of(case))
        ),
        signals=_values(case.signals),
        features=_values(case.features),
        action=expect.action.value if expect.action else None,
        actions=None if expect.actions is None else values(expect.actions),
        review=None if expect.review is None else values(expect.review),
        fired=None if expect.fired is None else values(expect.fired),
        not_fired=values(expect.not_fired),
        only_fired=expect.only_fired.value if expect.only_fired else False,
        span=case.name.span,
    )


def _check_form(case: CaseFile, found: Diagnostics) -> None:
    if (case.event is None) == (case.events is None):
        message = "a test has either `event` or `events`"
        found.error("missing-field" if case.event is None else "bad-value", case.name.span, message)
    expect = case.expect
    said = (expect.action, expect.actions, expect.review, expect.fired, expect.only_fired)
    if all(each is None for each in said) and not expect.not_fired:
        hint = "say action, actions, review, fired, not_fired or only_fired"
        found.error(
            "missing-field", case.key("expect"), "this test expects nothing, so it cannot fail", hint=hint
        )


def _event(document: Document, defaults: Mapping[str, Document], position: int) -> dict[str, object]:
    written = {entry.key.value: entry.value.value for entry in document}
    given = defaults.get(str(written.get("type")), ())
    filled = {
        "id": f"e{position + 1}",
        "ts": format_time(FIRST_TS + position * SECOND_US),
        **{entry.key.value: entry.value.value for entry in given},
    }
    return filled | written


def _values(document: Document) -> dict[str, Value]:
    return {entry.key.value: _value(entry.value.value) for entry in document}


def _value(value: Any) -> Value:
    return tuple(cast("list[Scalar]", value)) if isinstance(value, list) else value
