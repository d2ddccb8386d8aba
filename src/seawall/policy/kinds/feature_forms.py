"""What goes together in a feature: its window, its half-life, and whose decisions it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.types import Kind
from seawall.policy.people import AMONG, PEOPLE, SHARED_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seawall.core.diagnostic import Span
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.kinds.feature import FeatureEntry
    from seawall.policy.model import EventType

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
SHORTEST_US = 10 * SECOND_US
LONGEST_US = 30 * DAY_US
LONGEST_OF_PEOPLE_US = 366 * DAY_US
"""People decide thousands of times less often than things happen, so their decisions are kept for longer."""

WEIGHED = frozenset({"count", "sum", "mean"})
"""Functions that can give what is longer ago less weight."""

COMPANY = "company"


class _Problem(NamedTuple):
    code: str
    span: Span
    message: str
    hint: str


def check_forms(entry: FeatureEntry, function: str, found: Diagnostics) -> bool:
    """Report what does not go together; whether all of it does."""
    parts = (_of_window(entry), _of_half_life(entry, function), _of_among(entry, function), _of_match(entry))
    problems = [problem for part in parts for problem in part]
    for code, span, message, hint in problems:
        found.error(code, span, message, hint=hint)
    return not problems


def _of_match(entry: FeatureEntry) -> Iterator[_Problem]:
    if entry.of and entry.from_ is None:
        hint = "leave of out: events are counted by their own fields"
        yield _Problem("bad-value", entry.key("of"), "only what people decide needs to be matched", hint)
    elif entry.of and len(entry.of) != len(entry.by):
        message = f"of names {len(entry.of)} columns, and by {len(entry.by)} fields"
        yield _Problem("bad-value", entry.of[0].span, message, "one column for each field, in the same order")


def _of_window(entry: FeatureEntry) -> Iterator[_Problem]:
    over = entry.over
    longest, days = (LONGEST_US, 30) if entry.from_ is None else (LONGEST_OF_PEOPLE_US, 366)
    what = "events" if entry.from_ is None else "what people decide"
    if over.value < SHORTEST_US:
        hint = f"windows over {what} are 10 seconds to {days} days long; ask shorter questions of the event"
        yield _Problem("bad-value", over.span, "this window is shorter than 10 seconds", hint)
    elif over.value > longest:
        hint = f"windows over {what} are 10 seconds to {days} days long; longer ones are asked of history"
        yield _Problem("bad-value", over.span, f"this window is longer than {days} days", hint)


def _of_half_life(entry: FeatureEntry, function: str) -> Iterator[_Problem]:
    half = entry.half_life
    if half is None:
        return
    if function not in WEIGHED:
        hint = "leave half_life out, or take count, sum or mean"
        yield _Problem("bad-value", half.span, f"{function} has no weights that could halve", hint)
    elif entry.per is not None:
        hint = "leave one of per and half_life out"
        yield _Problem("bad-value", entry.per.span, "what decays is no rate", hint)
    elif not SHORTEST_US <= half.value <= entry.over.value:
        hint = "10 seconds at least, and the window at most: the window forgets what is older"
        yield _Problem("bad-value", half.span, "this half-life does not fit its window", hint)


def _of_among(entry: FeatureEntry, function: str) -> Iterator[_Problem]:
    if function == COMPANY and entry.among is None:
        hint = f"add among: {', '.join(AMONG[:-1])} or {AMONG[-1]}"
        yield _Problem("missing-field", entry.value.span, "company needs to know what is bad about it", hint)
    elif function == COMPANY and entry.from_ is not None:
        hint = "leave from out: the accounts are those of events, among says what people found"
        yield _Problem("bad-value", entry.from_.span, "company is kept in events", hint)
    elif function != COMPANY and entry.among is not None:
        hint = "leave among out, or count company(FIELD)"
        yield _Problem("bad-value", entry.among.span, f"{function} looks nobody up", hint)


def matched(entry: FeatureEntry, events: Mapping[str, EventType], found: Diagnostics) -> tuple[str, ...]:
    """The columns of the source that the fields of `by` are compared with; empty if one is not known."""
    if entry.from_ is None:
        return ()
    columns = PEOPLE[entry.from_.value]
    if entry.of:
        for name in entry.of:
            known = name.value in SHARED_KEYS
            if not known and (name.value not in columns or columns[name.value].kind is not Kind.STRING):
                texts = [each for each, type_ in columns.items() if type_.kind is Kind.STRING]
                hint = f"one of {', '.join((*texts, *SHARED_KEYS))}"
                message = f"{entry.from_.value} have no column {name.value!r} to be matched by"
                found.error("unknown-field", name.span, message, hint=hint)
                return ()
        return tuple(name.value for name in entry.of)
    types = [events[name.value] for name in entry.on if name.value in events]
    result: list[str] = []
    for name in entry.by:
        if name.value in SHARED_KEYS:
            result.append(name.value)
        elif types and all(each.actor == name.value for each in types):
            result.append("actor")
        elif types and all(each.subject == name.value for each in types):
            result.append("subject")
        elif types:
            message = f"{name.value!r} is neither actor nor subject, so say what it is compared with"
            found.error("missing-field", name.span, message, hint="add of: actor, subject, clause ...")
            return ()
    return tuple(result)
